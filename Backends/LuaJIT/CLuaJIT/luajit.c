// LuaJIT 2.1: its headers, its library, and what differs from Lua 5.1.
#ifdef LOBA_LUAJIT

#include "template/prelude.h"
#include "include/CLuaJIT.h"

#if __has_include(<luajit-2.1/lua.h>)  // Debian, Ubuntu, Fedora, Arch, Homebrew
#include <luajit-2.1/lauxlib.h>
#include <luajit-2.1/lua.h>
#include <luajit-2.1/luajit.h>
#include <luajit-2.1/lualib.h>
#elif __has_include(<luajit.h>)
#include <lauxlib.h>
#include <lua.h>
#include <luajit.h>
#include <lualib.h>
#else
#error                                                                                                                 \
    "The headers of LuaJIT are missing. Debian, Ubuntu: apt install libluajit-5.1-dev. Fedora: dnf install luajit-devel. Arch: pacman -S luajit. macOS: brew install luajit"
#endif

#define LOBA_API_ENGINE(X)                                                                                             \
  LOBA_API_LUA51(X)                                                                                                    \
  X(luaL_newstate) X(luaJIT_setmode) X(luaopen_bit) X(luaopen_jit) X(luaopen_ffi) X(lua_getfenv)
#include "template/api.h"
#define loba_set_level(from, co) ((void)(from), (void)(co))  // not counted
static void loba_after_resume(loba_state *S, lua_State *from);
#define loba_after_resume loba_after_resume
#include "template/lua51_family.h"
#define luaL_newstate loba_api.luaL_newstate
#define lua_getfenv loba_api.lua_getfenv

#define LOBA_ENGINE_NAME "LuaJIT"
#define LOBA_OPERATIONS loba_luajit_operations_table
#define LOBA_LIBRARY_NAMES                                                                                             \
  "libluajit-5.1.so.2", "libluajit-5.1.so", "libluajit-5.1.2.dylib", "libluajit-5.1.dylib",                            \
      "/opt/homebrew/opt/luajit/lib/libluajit-5.1.dylib", "/usr/local/opt/luajit/lib/libluajit-5.1.dylib"

#define LOBA_HAS_COMPILER 1
#define LOBA_HOOKS_ARE_SHARED 1
#define LOBA_LOADER_SKIPS_BOM 1
#define LOBA_POINTERS_ALLOCATE 1
#define LOBA_GROWING_RAISES 1
#define LOBA_HANDLERS_NEST 0
#define LOBA_LIBRARIES_ENGINE                                                                                          \
  {LOBA_LIBRARY_BIT, "bit", loba_api.luaopen_bit}, {LOBA_LIBRARY_JIT, "jit", loba_api.luaopen_jit},                    \
      {LOBA_LIBRARY_FFI, "ffi", loba_api.luaopen_ffi},

// LuaJIT's own allocator is kept, underneath Loba's, which counts; LuaJIT must find its own again to free it.
static lua_State *new_lua_state(loba_state *S) {
  lua_State *L = luaL_newstate();
  if (!L) return NULL;
  in(S)->base_allocator = lua_getallocf(L, &in(S)->base_allocator_data);
  S->memory_used = memory_in_use(L);
  lua_setallocf(L, loba_allocator, S);
  return L;
}

#define loba_new_lua_state new_lua_state

static void before_close(loba_state *S, lua_State *L) {
  lua_setallocf(L, in(S)->base_allocator, in(S)->base_allocator_data);
}
#define loba_before_close before_close

#define luaJIT_setmode loba_api.luaJIT_setmode
#define loba_drop_compiled_code(L) luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_FLUSH)

// Compiled code that runs out of memory takes the process down, in LuaJIT alone as well, and never looks for a hook; so
// limits turn the compiler off, and scripts cannot turn it on while there is one.
static lua_CFunction original_jit_on, original_jit_status;
static int jit_on_unlimited(lua_State *L);
static void loba_change_libraries(lua_State *L, loba_state *S);
static void loba_postpone_limit(loba_state *S, size_t limit);
static void loba_prepare_for_limit(lua_State *L, loba_state *S, bool is_limited);
static void loba_apply_limit_to_come(lua_State *L, loba_state *S);
#define loba_apply_limit_to_come loba_apply_limit_to_come
#define loba_change_libraries loba_change_libraries
#define loba_prepare_for_limit loba_prepare_for_limit
#define loba_postpone_limit loba_postpone_limit
static int require_ffi(lua_State *L);
#define LOBA_IS_OPAQUE_IN_ENGINE(function) ((function) == jit_on_unlimited || (function) == require_ffi)

static void loba_allow_hooks(lua_State *L);
#define loba_allow_hooks loba_allow_hooks

#define LOBA_HAS_FAST_LANE 1
static void loba_prepare_lane(lua_State *L, loba_state *S, bool is_open);
static void loba_keep_ffi(lua_State *L, loba_state *S);

static void loba_limit_calls(lua_State *L, loba_state *S);
static void loba_limit_announced(lua_State *L, loba_state *S);
#define loba_limit_calls loba_limit_calls
#define loba_limit_announced loba_limit_announced

#define LOBA_SET_UP_ENGINE 1
static void loba_set_up_engine(lua_State *L, bool is_open);

#include "template/loba_template.h"
#include "fast_lane.h"
#include "buffer_lane.h"
#include "limited_calls.h"

// LuaJIT tells its release only in its jit library, which also turns the compiler on. It is opened in every state;
// scripts see it only if the runtime is to have it.
static void loba_set_up_engine(lua_State *L, bool is_open) {
  if (!is_open) loba_open_library(L, "jit", loba_api.luaopen_jit);
  loba_push_globals(L);
  lua_getfield(L, -1, "jit");
  lua_getfield(L, -1, "version");
  const char *version = lua_tolstring(L, -1, NULL);
  pthread_mutex_lock(&library_lock);
  if (version && !release_text[0]) snprintf(release_text, sizeof release_text, "%s", version);
  pthread_mutex_unlock(&library_lock);
  lua_pop(L, 1);
  lua_getfield(L, -1, "status");
  keep_original(&original_jit_status, lua_tocfunction(L, -1));
  void *S;
  lua_getallocf(L, &S);
  loba_prepare_lane(L, S, is_open);
  if (!is_open) loba_clear_globals(L);
}

// lua_resume leaves the coroutine as the thread that LuaJIT takes for the running one, which is put right when the C
// function that called it returns, but not when it raises: compiled code would then go on in the wrong thread. Any
// protected call puts it right as well.
static int run_nothing(lua_State *L, loba_state *S, loba_job *job) {
  (void)L, (void)S, (void)job;
  return 0;
}

static void loba_after_resume(loba_state *S, lua_State *from) {
  if (!in(S)->current) return;  // closing
  loba_job job = {run_nothing, 0};
  int top = lua_gettop(from);
  run_inner_job(S, from, &job, 0);
  lua_settop(from, top);  // what a hook may have raised is nobody's
}

// While a hook runs none comes, in any coroutine; but LuaJIT takes it for over when an error ends a coroutine.
static int raise_nil(lua_State *L) {
  lua_pushnil(L);
  return lua_error(L);
}

static void loba_allow_hooks(lua_State *L) {
  lua_State *co = lua_newthread(L);
  lua_pushcclosure(L, raise_nil, 0);
  lua_xmove(L, co, 1);
  lua_resume(co, 0);
}

static int jit_on_unlimited(lua_State *L) {
  const loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  bool is_for_all = lua_type(L, 1) == LUA_TNONE || lua_type(L, 1) == LUA_TNIL;
  return is_for_all && keeps_compiler_off(S) ? 0 : original_jit_on(L);
}

static void loba_change_libraries(lua_State *L, loba_state *S) {
  if (push_library(L, "jit")) replace_with_state(L, S, (replacement){"on", jit_on_unlimited, &original_jit_on});
  loba_keep_ffi(L, S);
  keep_calls(L, S);
}

// A finalizer cannot turn the compiler on or off: a limit of memory that it sets holds from the next instruction on.
static void loba_apply_limit_to_come(lua_State *L, loba_state *S) {
  loba_prepare_for_limit(L, S, in(S)->limit_to_come != 0 || is_hooked(S));
  S->memory_limit = in(S)->limit_to_come;
}

static void loba_postpone_limit(loba_state *S, size_t limit) {
  in(S)->limit_to_come = limit;
  in(S)->has_limit_to_come = true;
  settle_hook(S, in(S)->main);
}

static void loba_prepare_for_limit(lua_State *L, loba_state *S, bool is_limited) {
  in(S)->lane_is_open = !is_limited;
  if (is_limited) {
    lua_pushcclosure(L, original_jit_status, 0);
    lua_call(L, 0, 1);
    in(S)->compiler_was_on |= lua_toboolean(L, -1);
    luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_FLUSH);
  } else if (in(S)->compiler_was_on) {
    luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_ON);
    in(S)->compiler_was_on = false;
  }
}

#endif
