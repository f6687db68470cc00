// Lua 5.3: its headers, its library, and what differs from other versions.
#include "template/prelude.h"
#include "include/CLua53.h"

#if __has_include(<lua5.3/lua.h>)  // Debian, Ubuntu
#include <lua5.3/lauxlib.h>
#include <lua5.3/lua.h>
#include <lua5.3/lualib.h>
#elif __has_include(<lua.h>)
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error "The headers of Lua 5.3 are missing. Debian, Ubuntu: apt install liblua5.3-dev"
#endif

#if LUA_VERSION_NUM != 503
#error "These are not the headers of Lua 5.3. Debian, Ubuntu: apt install liblua5.3-dev"
#endif

#define LOBA_API_ENGINE(X)                                                                                             \
  X(lua_callk) X(lua_pcallk) X(lua_tonumberx) X(lua_tointegerx) X(lua_isinteger) X(lua_rawlen) X(lua_newuserdata)      \
  X(lua_rotate) X(lua_copy) X(lua_compare) X(lua_len) X(luaL_requiref)                                                \
  X(luaL_tolstring) X(luaopen_coroutine) X(luaopen_utf8)
#include "template/api.h"
#define lua_callk loba_api.lua_callk
#define lua_pcallk loba_api.lua_pcallk
#define lua_tonumberx loba_api.lua_tonumberx
#define lua_tointegerx loba_api.lua_tointegerx
#define lua_isinteger loba_api.lua_isinteger
#define lua_rawlen loba_api.lua_rawlen
#define lua_newuserdata loba_api.lua_newuserdata
#define lua_rotate loba_api.lua_rotate
#define lua_copy loba_api.lua_copy
#define lua_compare loba_api.lua_compare
#define lua_len loba_api.lua_len
#define luaL_requiref loba_api.luaL_requiref
#define luaL_tolstring loba_api.luaL_tolstring

#define LOBA_ENGINE_NAME "Lua 5.3"
#define LOBA_OPERATIONS loba_lua53_operations_table
#define LOBA_LIBRARY_NAMES "liblua5.3.so.0", "liblua5.3.so", "liblua-5.3.so", "liblua5.3.dylib"

#define LOBA_IS_LUAJIT 0
#define LOBA_HAS_INTEGERS 1
#define LOBA_CLOSES_THREADS 0
#define LOBA_LOAD_HAS_MODE 1
#define LOBA_EXIT_CLOSES 1
#define LOBA_REQUIRE_BEGINS_LINES 0
#define LOBA_TEXT_RAISES_MEMORY 0
#define LOBA_MEMORY_ATTEMPTS 2  // it collects garbage and tries again
#define LOBA_RESUME_NAMES_STATUS 0
#define LOBA_COROUTINES_RUN_C 1
#define LOBA_FINALIZERS_RAISE 1  // out of any allocation
#define LOBA_SEARCHERS "searchers"
#define LOBA_LIBRARIES_ENGINE {LOBA_LIBRARY_COROUTINE, "coroutine", loba_api.luaopen_coroutine}, {LOBA_LIBRARY_UTF8, "utf8", loba_api.luaopen_utf8},

#define loba_rawget(L, index) lua_rawget(L, index)
#define loba_newuserdata(L, size) lua_newuserdata(L, size)
#define loba_load(L, reader, data, name) lua_load(L, reader, data, name, NULL)
#define loba_dump(L, writer, data, strip) lua_dump(L, writer, data, strip)
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

static int loba_resume(loba_state *S, lua_State *co, lua_State *from, int argument_count, int *given) {
  (void)S;
  int status = lua_resume(co, from, argument_count);
  *given = lua_gettop(co);
  return status;
}

#define loba_new_lua_state(S) lua_newstate(loba_allocator, S)

#include "template/loba_template.h"
