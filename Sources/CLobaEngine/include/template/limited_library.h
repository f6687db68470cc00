// The functions of the standard libraries that could keep what a limit raises, or run where no hook sees it.
//
// In a runtime that announces limits they are in place before any script; in another from its first limit on, as far as
// scripts have not kept what was there before. Such a runtime also keeps what runs without hooks: finalizers. (Those of
// coroutines always know of limits: see libraries.h and coroutines.h.)

static lua_CFunction original_pcall, original_xpcall, original_whole_load, original_create, original_debug_setmetatable,
    original_debug_getmetatable;

#ifndef loba_limit_calls
// ---------------------------------------------------------------- pcall, xpcall

#if LOBA_PCALL_CONTINUES
// In a coroutine the library's own would go on where it has caught an error, and not come back here.
static int finish_pcall(lua_State *L, int status, int skipped) {
  bool has_failed = status != 0 && status != LUA_YIELD;
  pass_stop(L, state_of(L), has_failed);
  if (!has_failed) return lua_gettop(L) - skipped;
  lua_pushboolean(L, 0);
  lua_pushvalue(L, -2);
  return 2;
}

// After an error the engine looks through all that is under way in the coroutine, at each pcall anew. A script can nest
// tens of thousands of them by yielding in between, and a stop that each caught would take seconds to get through: so
// it goes past all of them at once, as a yield does, to where the coroutine was resumed (end_thread).
static int go_on_with_pcall(lua_State *L, int status, int skipped) {
  loba_state *S = state_of(L);
  if (__builtin_expect(!limits_of(S)->stopped || !limits_of(S)->armed, 1)) return finish_pcall(L, status, skipped);
  limits_of(S)->left = L;
  return lua_yieldk(L, 0, 0, NULL);
}

static int limited_pcall(lua_State *L) {
  if (lua_type(L, 1) == LUA_TNONE) return original_pcall(L);  // says what is wrong
  loba_state *S = state_of(L);
  int outer = begin_catching(L, S);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  int status = loba_pcallk(L, lua_gettop(L) - 2, 0, 0);
  end_catching(S, outer);
  return finish_pcall(L, status, 0);
}
#else
static int pass_protected(lua_State *L, int results) {
  pass_stop(L, state_of(L), !lua_toboolean(L, -results));
  return results;
}

static int limited_pcall(lua_State *L) { return pass_protected(L, original_pcall(L)); }
#endif
#endif

// A message handler runs where the error is raised: in the hook itself, where no hook comes. It sees nothing of a stop,
// nor, while there are limits, of an error that Swift throws into its coroutine, which a hook raises too.
static int limited_handler(lua_State *L) {
  const loba_state *S = state_of(L);
  lua_settop(L, 1);
  if (in(S)->limits.stopped || (in(S)->limits.armed && is_throwing_into(S, L) && in(S)->thrown->co == L)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

// Of the value at an index. Functions in C are left alone, but for those that run whatever they are given anew.
static void limit_handler(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TFUNCTION) return;
  lua_CFunction function = lua_tocfunction(L, index);
  if (lua_iscfunction(L, index) && !is_coroutine_function(function) && !is_host_function(function)) return;
  lua_pushvalue(L, index);
  lua_pushcclosure(L, limited_handler, 1);
  lua_replace(L, index);
}

#ifndef loba_limit_calls
static int limited_xpcall(lua_State *L) {
  limit_handler(L, 2);
#if LOBA_PCALL_CONTINUES
  if (lua_type(L, 2) != LUA_TFUNCTION) return original_xpcall(L);
  loba_state *S = state_of(L);
  int outer = begin_catching(L, S), count = lua_gettop(L) - 2;
  lua_pushboolean(L, 1);
  lua_insert(L, 3);
  lua_pushvalue(L, 1);
  lua_insert(L, 4);
  int status = loba_pcallk(L, count, 2, 2);
  end_catching(S, outer);
  return finish_pcall(L, status, 2);
#else
  return pass_protected(L, original_xpcall(L));
#endif
}
#endif

// ---------------------------------------------------------------- load

// An error of the function that gives the text is caught; on LuaJIT no hook comes any more after one that a hook
// raised.
static int limited_load(lua_State *L) {
  int results = original_whole_load(L);
  pass_stop(L, state_of(L), results == 2);
  return results;
}

// ---------------------------------------------------------------- coroutines

static int limited_create(lua_State *L) {
  loba_state *S = state_of(L);
  admit_coroutine(L, S);
  int results = original_create(L);
  count_coroutine(L, S);
  return results;
}

// ---------------------------------------------------------------- finalizers

static void refuse_finalizer(lua_State *L, int metatable) {
  if (lua_type(L, metatable) != LUA_TTABLE) return;
  lua_pushlstring(L, "__gc", 4);
  lua_rawget(L, metatable);
  if (lua_type(L, -1) != LUA_TNIL) luaL_error(L, "there can be no finalizer (__gc) in a runtime with limits");
  lua_pop(L, 1);
}

#if LOBA_TABLES_HAVE_FINALIZERS
static lua_CFunction original_setmetatable;

static int limited_setmetatable(lua_State *L) {
  refuse_finalizer(L, 2);
  return original_setmetatable(L);
}
#endif

static int limited_debug_setmetatable(lua_State *L) {
  refuse_finalizer(L, 2);
  return original_debug_setmetatable(L);
}

// Metatables of the libraries' userdata have finalizers, which a script is not to replace.
static int limited_debug_getmetatable(lua_State *L) {
  int results = original_debug_getmetatable(L);
  if (lua_type(L, 1) != LUA_TUSERDATA) return results;
  lua_pushnil(L);
  return 1;
}

// ---------------------------------------------------------------- putting them in place

typedef struct limited_function {
  const char *library, *name;
  lua_CFunction function, *original;
} limited_function;

static const limited_function limited_functions[] = {
#ifndef loba_limit_calls
    {"", "pcall", limited_pcall, &original_pcall},
    {"", "xpcall", limited_xpcall, &original_xpcall},
#endif
    {"", "load", limited_load, &original_whole_load},
    {"coroutine", "create", limited_create, &original_create},
};

// Only where limits have been announced.
static const limited_function announced_functions[] = {
#if LOBA_TABLES_HAVE_FINALIZERS
    {"", "setmetatable", limited_setmetatable, &original_setmetatable},
#endif
    {"debug", "setmetatable", limited_debug_setmetatable, &original_debug_setmetatable},
    {"debug", "getmetatable", limited_debug_getmetatable, &original_debug_getmetatable},
};

static void raw_field(lua_State *L, const char *name) {
  lua_pushlstring(L, name, strlen(name));
  lua_rawget(L, -2);
}

static void set_raw_field(lua_State *L, const char *name) {
  lua_pushlstring(L, name, strlen(name));
  lua_insert(L, -2);
  lua_rawset(L, -3);
}

// Before a script has had them.
static void keep_limited_originals(lua_State *L, const limited_function *functions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const limited_function *f = &functions[i];
    if (!push_library(L, f->library)) continue;
    raw_field(L, f->name);
    lua_CFunction function = lua_tocfunction(L, -1);
    if (function && !is_bounded_function(function)) keep_original(f->original, function);
    lua_pop(L, 2);
  }
}

static void limit_functions(lua_State *L, const limited_function *functions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const limited_function *f = &functions[i];
    if (!push_library(L, f->library)) continue;
    raw_field(L, f->name);
    bool is_there = lua_tocfunction(L, -1) && lua_tocfunction(L, -1) == *f->original;
    lua_pop(L, 1);
    if (is_there) {
      lua_pushcclosure(L, f->function, 0);
      set_raw_field(L, f->name);
    }
    lua_pop(L, 1);
  }
}

static void remove_function(lua_State *L, const char *library, const char *name) {
  if (!push_library(L, library)) return;
  lua_pushnil(L);
  set_raw_field(L, name);
  lua_pop(L, 1);
}

#define COUNT_OF(functions) (sizeof functions / sizeof *functions)

static void limit_library(lua_State *L, loba_state *S) {
  (void)S;
  limit_functions(L, limited_functions, COUNT_OF(limited_functions));
#ifdef loba_limit_calls
  loba_limit_calls(L, S);
#endif
}

static int run_prepare(lua_State *L, loba_state *S, loba_job *job) {
  (void)job;
  limit_library(L, S);
  lua_settop(L, 0);
  return 0;
}

#ifndef loba_limit_announced
#define loba_limit_announced(L, S) ((void)(L), (void)(S))
#endif

// When the libraries have been opened.
static void prepare_for_limits(lua_State *L, loba_state *S) {
  keep_limited_originals(L, limited_functions, COUNT_OF(limited_functions));
  keep_limited_originals(L, announced_functions, COUNT_OF(announced_functions));
  if (!S->announces_limits) return;
  in(S)->limits.is_prepared = true;
  limit_library(L, S);
  limit_functions(L, announced_functions, COUNT_OF(announced_functions));
  remove_function(L, "", "newproxy");
  remove_function(L, "debug", "getregistry");
  if (push_library(L, "io")) {
    lua_getfield(L, -1, "stdout");
    if (lua_getmetatable(L, -1)) {
      lua_pushboolean(L, 0);
      lua_setfield(L, -2, "__metatable");
    }
  }
  loba_limit_announced(L, S);
  lua_settop(L, 0);
}
