// Lua 5.4: its headers, its library, and what differs from other versions.
#ifdef LOBA_LUA54

#include "template/prelude.h"
#include "include/CLua54.h"

#if __has_include(<lua5.4/lua.h>)  // Debian, Ubuntu
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#elif __has_include(<lua54/lua.h>)  // FreeBSD
#include <lua54/lauxlib.h>
#include <lua54/lua.h>
#include <lua54/lualib.h>
#elif __has_include(<lua/5.4/lua.h>)
#include <lua/5.4/lauxlib.h>
#include <lua/5.4/lua.h>
#include <lua/5.4/lualib.h>
#elif __has_include(<lua.h>)  // Fedora, Arch, Homebrew
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error "The headers of Lua 5.4 are missing. Debian, Ubuntu: apt install liblua5.4-dev. Fedora: dnf install lua-devel. Arch: pacman -S lua. macOS: brew install lua@5.4"
#endif

#if LUA_VERSION_NUM != 504
#error "These are not the headers of Lua 5.4. Debian, Ubuntu: apt install liblua5.4-dev. Fedora: dnf install lua-devel. Arch: pacman -S lua54. macOS: brew install lua@5.4"
#endif

#define LOBA_API_ENGINE(X)                                                                                             \
  X(lua_callk) X(lua_pcallk) X(lua_tonumberx) X(lua_tointegerx) X(lua_isinteger) X(lua_rawlen) X(lua_newuserdatauv)    \
  X(lua_rotate) X(lua_copy) X(lua_compare) X(lua_len) X(lua_setwarnf) X(lua_resetthread) X(luaL_requiref)              \
  X(luaL_tolstring) X(luaopen_coroutine) X(luaopen_utf8)
#include "template/api.h"
#define lua_callk loba_api.lua_callk
#define lua_pcallk loba_api.lua_pcallk
#define lua_tonumberx loba_api.lua_tonumberx
#define lua_tointegerx loba_api.lua_tointegerx
#define lua_isinteger loba_api.lua_isinteger
#define lua_rawlen loba_api.lua_rawlen
#define lua_newuserdatauv loba_api.lua_newuserdatauv
#define lua_rotate loba_api.lua_rotate
#define lua_copy loba_api.lua_copy
#define lua_compare loba_api.lua_compare
#define lua_len loba_api.lua_len
#define lua_setwarnf loba_api.lua_setwarnf
#define lua_resetthread loba_api.lua_resetthread
#define luaL_requiref loba_api.luaL_requiref
#define luaL_tolstring loba_api.luaL_tolstring

#define LOBA_ENGINE_NAME "Lua 5.4"
#define LOBA_OPERATIONS loba_lua54_operations_table
#define LOBA_LIBRARY_NAMES                                                                                             \
  "liblua5.4.so.0", "liblua5.4.so", "liblua-5.4.so", "liblua.so.5.4", "liblua5.4.dylib", "liblua.5.4.dylib",           \
      "/opt/homebrew/opt/lua@5.4/lib/liblua.5.4.dylib", "/usr/local/opt/lua@5.4/lib/liblua.5.4.dylib"

#define LOBA_IS_LUAJIT 0
#define LOBA_HAS_INTEGERS 1
#define LOBA_CLOSES_THREADS 1
#define LOBA_LOAD_HAS_MODE 1
#define LOBA_EXIT_CLOSES 1           // if asked to
#define LOBA_REQUIRE_BEGINS_LINES 1  // of its message, before what a searcher says
#define LOBA_TEXT_RAISES_MEMORY 1    // lua_error with the text of a memory error raises one
#define LOBA_MEMORY_ATTEMPTS 2       // it collects garbage and tries again
#define LOBA_FINALIZERS_RAISE 0  // they warn
#define LOBA_SEARCHERS "searchers"
#define LOBA_LIBRARIES_ENGINE {LOBA_LIBRARY_COROUTINE, "coroutine", loba_api.luaopen_coroutine}, {LOBA_LIBRARY_UTF8, "utf8", loba_api.luaopen_utf8},

#define loba_rawget(L, index) lua_rawget(L, index)
#define loba_newuserdata(L, size) lua_newuserdatauv(L, size, 0)
#define loba_load(L, reader, data, name) lua_load(L, reader, data, name, NULL)
#define loba_dump(L, writer, data, strip) lua_dump(L, writer, data, strip)
#define loba_resume(S, co, from, argument_count, given) lua_resume(co, from, argument_count, given)
#define loba_close_thread(co) lua_resetthread(co)
#define loba_push_length(L, index) lua_len(L, index)
#define loba_push_plain_text(L) luaL_tolstring(L, 1, NULL)
#define loba_push_globals(L) lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS)
#define loba_compare(L, a, b, how) lua_compare(L, a, b, (how) == 0 ? LUA_OPEQ : LUA_OPLT)
#define loba_before_close(S, L) ((void)(S), (void)(L))

static void loba_open_library(lua_State *L, const char *name, lua_CFunction open) {
  luaL_requiref(L, name, open, 1);
  lua_pop(L, 1);
}

static void loba_open_base(lua_State *L, uint32_t flags) {
  if (flags & LOBA_LIBRARY_BASE) loba_open_library(L, "_G", luaopen_base);
}

// The library's own coroutine.resume.
static void loba_push_resume(lua_State *L, bool is_open) {
  (void)is_open;
  lua_pushcfunction(L, loba_api.luaopen_coroutine);
  lua_call(L, 0, 1);
  lua_getfield(L, -1, "resume");
  lua_remove(L, -2);
}

static int loba_protected_c_call(lua_State *L, lua_CFunction function, void *data) {
  lua_pushcfunction(L, function);
  lua_pushlightuserdata(L, data);
  return lua_pcall(L, 1, 0, 0);
}

// As luaL_newstate does it: warnings are off until a script says warn("@on").
static void loba_warn(void *data, const char *text, int continues) {
  loba_state *S = data;
  if (!continues && !S->warning_continues && text[0] == '@') {
    if (strcmp(text, "@on") == 0) S->warnings_on = true;
    if (strcmp(text, "@off") == 0) S->warnings_on = false;
    return;
  }
  if (S->warnings_on) {
    if (!S->warning_continues) fputs("Lua warning: ", stderr);
    fputs(text, stderr);
    if (!continues) fputs("\n", stderr);
    fflush(stderr);
  }
  S->warning_continues = continues;
}

static lua_State *loba_new_lua_state(loba_state *S) {
  lua_State *L = lua_newstate(loba_allocator, S);
  if (L) lua_setwarnf(L, loba_warn, S);
  return L;
}

#include "template/loba_template.h"

#endif
