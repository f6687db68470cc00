// What Loba changes in the standard libraries, before any script runs.
//
// A function of the library that stays is called directly, as the C function that it is: so messages and levels are as
// if nothing stood before it.

typedef struct replacement {
  const char *name;
  lua_CFunction function;
  lua_CFunction *original;  // where to keep what it replaces, or NULL
} replacement;

static pthread_mutex_t originals_lock = PTHREAD_MUTEX_INITIALIZER;

// It is the same one in every state: written by the first, before any script can call it.
static void keep_original(lua_CFunction *place, lua_CFunction original) {
  pthread_mutex_lock(&originals_lock);
  if (!*place) *place = original;
  pthread_mutex_unlock(&originals_lock);
}

// Replaces those functions of the table on top that are there.
static void replace_functions(lua_State *L, const replacement *replacements, size_t count) {
  for (size_t i = 0; i < count; i++) {
    lua_getfield(L, -1, replacements[i].name);
    lua_CFunction original = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    if (!original) continue;
    if (replacements[i].original) keep_original(replacements[i].original, original);
    lua_pushcclosure(L, replacements[i].function, 0);
    lua_setfield(L, -2, replacements[i].name);
  }
}

// The same for one that has the state as its upvalue, and is there whatever the library has.
static void replace_with_state(lua_State *L, loba_state *S, replacement replacement) {
  if (replacement.original) {
    lua_getfield(L, -1, replacement.name);
    keep_original(replacement.original, lua_tocfunction(L, -1));
    lua_pop(L, 1);
  }
  lua_pushlightuserdata(L, S);
  lua_pushcclosure(L, replacement.function, 1);
  lua_setfield(L, -2, replacement.name);
}

static bool push_library(lua_State *L, const char *name) {
  loba_push_globals(L);
  if (name[0]) {
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
  }
  if (lua_type(L, -1) == LUA_TTABLE) return true;
  lua_pop(L, 1);
  return false;
}

#define REPLACE(L, replacements) replace_functions(L, replacements, sizeof replacements / sizeof *replacements)

#include "lua51_guards.h"
#include "lua52_guards.h"
#include "lua54_guards.h"
#include "bounded/install.h"

// ---------------------------------------------------------------- debug

// C functions trust their upvalues, and what lies on their frames; so scripts can change neither, and see nothing of
// Loba's. (The standard library is no better off: `math.random` keeps its state in an upvalue.)

static lua_CFunction original_setlocal, original_getlocal, original_getupvalue, original_setupvalue, original_traceback,
    original_sethook;

static bool is_coroutine_function(lua_CFunction function);
static bool is_exit_function(lua_CFunction function);

#ifndef LOBA_IS_OPAQUE_IN_ENGINE
#define LOBA_IS_OPAQUE_IN_ENGINE(function) false
#endif

static bool is_opaque(lua_State *L, int index) {
  lua_CFunction function = lua_tocfunction(L, index);
  return function && (is_host_function(function) || is_buffer_function(function) || function == dispatcher ||
                      function == message_handler || is_coroutine_function(function) || is_exit_function(function) ||
                      is_bounded_function(function) || LOBA_IS_OPAQUE_IN_ENGINE(function));
}

static int debug_getupvalue(lua_State *L) { return is_opaque(L, 1) ? 0 : original_getupvalue(L); }

static int debug_setupvalue(lua_State *L) { return lua_iscfunction(L, 1) ? 0 : original_setupvalue(L); }

// What runs at the level that getlocal and setlocal are called for: 'L'ua, 'C', 'm'ain chunk, or 't' for one that a
// tail call has replaced; 0 if the library is to say what is wrong. Numbers that are no levels are refused here: the
// library makes levels of some, and Lua 5.1 takes negative ones for those of tail calls.
static char kind_of_level(lua_State *L) {
  int at = lua_type(L, 1) == LUA_TTHREAD ? 2 : 1;
  lua_State *thread = at == 2 ? lua_tothread(L, 1) : L;
  if (lua_type(L, at) != LUA_TNUMBER && lua_type(L, at) != LUA_TSTRING) return 0;
  double level = lua_tonumber(L, at);
  debug_record record;
  if (!(level >= 0 && level < INT_MAX)) luaL_argerror(L, at, "level out of range");
  if (!lua_getstack(thread, (int)level, &record.ar) || !lua_getinfo(thread, "S", &record.ar)) return 0;
  return record.ar.what[0];
}

static int no_variable(lua_State *L) {
  lua_pushnil(L);
  return 1;
}

static int debug_setlocal(lua_State *L) {
  char kind = kind_of_level(L);
  return kind == 'C' || kind == 't' ? no_variable(L) : original_setlocal(L);
}

// Lua 5.1 takes the variables of a function that a tail call has replaced from the bottom of the main thread's stack.
static int debug_getlocal(lua_State *L) { return kind_of_level(L) == 't' ? no_variable(L) : original_getlocal(L); }

// The library's gives anything but a text back as it is; what is wanted of a Swift error is its text, and the levels.
static int debug_traceback(lua_State *L) {
  replace_error(L, lua_type(L, 1) == LUA_TTHREAD ? 2 : 1);
  return original_traceback(L);
}

// A hook of Loba's is not to be replaced.
static int debug_sethook(lua_State *L) {
  const loba_state *S = state_of(L);
  if (in(S)->limits.armed) return luaL_error(L, "there can be no hook while there are limits");
  if (in(S)->hook.box) return luaL_error(L, "there can be no hook while Swift has one");
  return original_sethook(L);
}

#if LUA_VERSION_NUM <= 501
// The `io` library keeps its files, and what closes them, in environments of its functions and of files.
static lua_CFunction original_getfenv, original_setfenv;

static bool has_environment_of_c(lua_State *L) { return lua_iscfunction(L, 1) || lua_type(L, 1) == LUA_TUSERDATA; }

static int debug_getfenv(lua_State *L) {
  if (!has_environment_of_c(L)) return original_getfenv(L);
  lua_pushvalue(L, LUA_GLOBALSINDEX);  // as the function that is not in `debug`
  return 1;
}

static int debug_setfenv(lua_State *L) {
  if (has_environment_of_c(L)) return luaL_error(L, "'setfenv' cannot change environment of given object");
  return original_setfenv(L);
}
#endif

static void guard_debug(lua_State *L) {
  static const replacement replacements[] = {
#if LUA_VERSION_NUM <= 501
    {"getfenv", debug_getfenv, &original_getfenv},
    {"setfenv", debug_setfenv, &original_setfenv},
#endif
    {"setlocal", debug_setlocal, &original_setlocal},
    {"getlocal", debug_getlocal, &original_getlocal},
    {"getupvalue", debug_getupvalue, &original_getupvalue},
    {"setupvalue", debug_setupvalue, &original_setupvalue},
    {"traceback", debug_traceback, &original_traceback},
    {"sethook", debug_sethook, &original_sethook},
  };
  if (push_library(L, "debug")) REPLACE(L, replacements);
}

// ---------------------------------------------------------------- coroutine

#if !LOBA_CLOSES_THREADS
#include "coroutines.h"
#else
// When a coroutine is resumed from Swift, the main thread below it has no frame, so that Lua takes it for a coroutine
// that has not been started. Resuming or closing it would destroy what lies at the bottom of its stack.

//
// Closing variables of a coroutine starts counting nested calls anew, so that coroutines in coroutines end with the C
// stack: here they end before.

static lua_CFunction original_resume, original_status, original_close, original_wrap;

static bool is_main_thread(lua_State *L) {
  return lua_type(L, 1) == LUA_TTHREAD && is_of_loba(state_of(L), lua_tothread(L, 1));
}

// Of a coroutine that an original function is about to run. What follows it is pass_stop.
static void enter_coroutine(lua_State *L, loba_state *S, lua_State *co) {
  uintptr_t limit;
  loba_thread(&limit);
  if ((uintptr_t)__builtin_frame_address(0) < limit) luaL_error(L, "C stack overflow");
  if (co) watch_thread(S, co);
}

// Resumes the coroutine at 1 by the library's own function, which raises nothing: the texts of its errors exist
// (set_up).
static int resume_originally(lua_State *L, loba_state *S) {
  lua_State *co = lua_tothread(L, 1);
  bool is_watched = __builtin_expect(limits_of(S)->armed, 0) && co;
  thread_scope outer = scope_of(S);
  if (is_watched && status_of_thread(S, L, co) == LOBA_THREAD_SUSPENDED) begin_thread(S, co);
  int results = original_resume(L);
  if (is_watched) finish_thread(S, outer);
  if (co && has_left(S, co)) {
    end_thread(S, co);
    lua_settop(co, -2);
  }
  return results;
}

static int coroutine_resume_guarded(lua_State *L) {
  if (!is_main_thread(L)) {
    loba_state *S = state_of(L);
    if (lua_type(L, 1) == LUA_TTHREAD) watch_thread(S, lua_tothread(L, 1));
    int results = resume_originally(L, S);
    pass_stop(L, S, !lua_toboolean(L, -results));
    return results;
  }
  lua_pushboolean(L, 0);
  lua_pushlstring(L, "cannot resume non-suspended coroutine", 37);
  return 2;
}

static int coroutine_status_guarded(lua_State *L) {
  if (!is_main_thread(L)) return original_status(L);
  lua_pushfstring(L, "%s", lua_tothread(L, 1) == L ? "running" : "normal");
  return 1;
}

static int coroutine_close_guarded(lua_State *L) {
  if (is_main_thread(L))
    return luaL_error(L, "cannot close a %s coroutine", lua_tothread(L, 1) == L ? "running" : "normal");
  loba_state *S = state_of(L);
  lua_State *co = lua_tothread(L, 1);
  enter_coroutine(L, S, co);
  int status = co ? status_of_thread(S, L, co) : LOBA_THREAD_RUNNING;
  thread_scope outer = scope_of(S);
  if (status == LOBA_THREAD_SUSPENDED || status == LOBA_THREAD_DEAD) begin_thread(S, co);  // or it raises
  int results = original_close(L);
  finish_thread(S, outer);
  pass_stop(L, S, false);
  return results;
}

// In place of what the library's wrap gives, with the same upvalue: the coroutine.
static int call_wrapped(lua_State *L) {
  loba_state *S = state_of(L);
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  enter_coroutine(L, S, co);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  int results = resume_originally(L, S);
  if (lua_toboolean(L, -results)) {
    pass_stop(L, S, false);
    return results - 1;
  }
  int status = lua_status(co);
  if (status > LUA_YIELD) {
    status = close_thread(S, co);
    if (lua_gettop(co) > 0) lua_xmove(co, L, 1);  // up to 5.4.2 there is none if closing has raised nothing
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    charge_steps(L, S, lua_rawlen(L, -1) / BYTES_PER_STEP);  // a copy in each of those within each other
    luaL_where(L, 1);                                        // the place that called
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int coroutine_wrap(lua_State *L) {
  if (lua_type(L, 1) != LUA_TFUNCTION) return original_wrap(L);  // says what is wrong
  push_new_coroutine(L, state_of(L));
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

static bool is_coroutine_function(lua_CFunction function) { return function == call_wrapped; }

static void guard_coroutines(lua_State *L, loba_state *S) {
  (void)S;
  static const replacement replacements[] = {
      {"resume", coroutine_resume_guarded, &original_resume},
      {"status", coroutine_status_guarded, &original_status},
      {"close", coroutine_close_guarded, &original_close},
      {"wrap", coroutine_wrap, &original_wrap},
  };
  if (!push_library(L, "coroutine")) return;
  REPLACE(L, replacements);
}
#endif

// ---------------------------------------------------------------- base

// A runtime without the io library is not to reach files by those functions of the base library that do, nor to load
// binary chunks, which can do anything to the process.

#if LOBA_LOAD_HAS_MODE
static lua_CFunction original_load;

static int load_text(lua_State *L) {
  const char *mode = lua_type(L, 3) == LUA_TSTRING ? lua_tolstring(L, 3, NULL) : "t";
  bool allows_text = strchr(mode, 't') != NULL;
  if (lua_gettop(L) < 3) lua_settop(L, 3);
  lua_pushlstring(L, "t", allows_text ? 1 : 0);
  lua_replace(L, 3);
  int results = original_load(L);
  pass_stop(L, state_of(L), results == 2);
  return results;
}

static const replacement text_loaders[] = {{"load", load_text, &original_load}, {"loadstring", load_text, NULL}};
#else
static lua_CFunction original_loadstring;

static int refuse_binary(lua_State *L) {
  lua_pushnil(L);
  lua_pushlstring(L, "attempt to load a binary chunk (mode is 't')", 44);
  return 2;
}

static int loadstring_text(lua_State *L) {
  size_t length;
  const char *bytes = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &length) : NULL;
  return bytes && length && bytes[0] == 0x1B ? refuse_binary(L) : original_loadstring(L);
}

// A reader function's pieces, the last of which is kept at 3.
static const char *read_text(lua_State *L, void *data, size_t *size) {
  bool *has_begun = data;
  *size = 0;
  if (!lua_checkstack(L, 2)) luaL_error(L, "too many nested functions");
  lua_pushvalue(L, 1);
  lua_call(L, 0, 1);
  if (lua_type(L, -1) == LUA_TNIL) return NULL;
  if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
    luaL_error(L, "reader function must return a string");
  lua_replace(L, 3);
  const char *bytes = lua_tolstring(L, 3, size);
  if (*size && !*has_begun) {
    *has_begun = true;
    if (bytes[0] == 0x1B) luaL_error(L, "attempt to load a binary chunk (mode is 't')");
  }
  return bytes;
}

static int load_text(lua_State *L) {
  if (lua_type(L, 1) != LUA_TFUNCTION) return luaL_error(L, "bad argument #1 to 'load' (function expected)");
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, NULL) : "=(load)";
  bool has_begun = false;
  lua_settop(L, 3);
  if (lua_load(L, read_text, &has_begun, name) == 0) return 1;
  lua_pushnil(L);
  lua_pushvalue(L, -2);
  return 2;
}

static const replacement text_loaders[] = {{"load", load_text, NULL},
                                           {"loadstring", loadstring_text, &original_loadstring}};
#endif

static void keep_off_files(lua_State *L) {
  push_library(L, "");
  static const char *const names[] = {"dofile", "loadfile"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_pushnil(L);
    lua_setfield(L, -2, names[i]);
  }
  REPLACE(L, text_loaders);
}

// ---------------------------------------------------------------- os

#if LOBA_EXIT_CLOSES
// os.exit(code, true) closes the state under all that is running, and never comes back. What Swift has in it goes too.
static lua_CFunction original_exit;

static int os_exit(lua_State *L) {
  int type = lua_type(L, 1);
  bool is_good = type == LUA_TNONE || type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER;
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  if (!is_good || !lua_toboolean(L, 2)) return original_exit(L);
  int code = type == LUA_TNUMBER ? (int)lua_tonumber(L, 1) : EXIT_SUCCESS;
  if (type == LUA_TBOOLEAN && !lua_toboolean(L, 1)) code = EXIT_FAILURE;
  if (in(S)->main) close_now(S);  // unless it is closing
  exit(code);
}

static void guard_exit(lua_State *L, loba_state *S) {
  if (push_library(L, "os")) replace_with_state(L, S, (replacement){"exit", os_exit, &original_exit});
}

static bool is_exit_function(lua_CFunction function) { return function == os_exit; }
#else
static void guard_exit(lua_State *L, loba_state *S) { (void)L, (void)S; }
static bool is_exit_function(lua_CFunction function) { return (void)function, false; }
#endif

// ---------------------------------------------------------------- package

// A C module would be bound to whatever library is global in this process, so where that is not known to be this
// engine's there must be no way to load one. The searchers for Lua files stay.
static int refuse_c_module(lua_State *L) {
  return luaL_error(L, "C modules are not allowed in this runtime (see LuaConfiguration.allowsCModules)");
}

// Takes the place of the searcher for C modules; the one for C modules within others then finds nothing and says
// nothing.
static int search_no_c_module(lua_State *L) {
  static const char text[] = "\n\tno C modules: they are not allowed in this runtime";
  size_t skipped = LOBA_REQUIRE_BEGINS_LINES ? 2 : 0;
  lua_pushlstring(L, text + skipped, sizeof text - 1 - skipped);
  return 1;
}

static int search_nothing(lua_State *L) {
  (void)L;
  return 0;
}

static void forbid_c_modules(lua_State *L) {
  if (!push_library(L, "package")) return;
  lua_pushcclosure(L, refuse_c_module, 0);
  lua_setfield(L, -2, "loadlib");
  lua_getfield(L, -1, LOBA_SEARCHERS);
  lua_pushcclosure(L, search_no_c_module, 0);
  lua_rawseti(L, -2, 3);
  lua_pushcclosure(L, search_nothing, 0);
  lua_rawseti(L, -2, 4);
}

// ---------------------------------------------------------------- all of it

#include "limited_library.h"

#ifndef loba_change_libraries
#define loba_change_libraries(L, S) ((void)(L), (void)(S))
#endif

static void change_libraries(lua_State *L, loba_state *S, uint32_t libraries, bool allows_c_modules) {
  guard_lua51(L);
  guard_lua52(L);
  guard_lua54(L);
  if (libraries & LOBA_LIBRARY_DEBUG) guard_debug(L);
  lua_settop(L, 0);
  guard_coroutines(L, S);
  lua_settop(L, 0);
  if (libraries & LOBA_LIBRARY_OS) guard_exit(L, S);
  lua_settop(L, 0);
  if ((libraries & LOBA_LIBRARY_BASE) && !(libraries & LOBA_LIBRARY_IO)) keep_off_files(L);
  lua_settop(L, 0);
  loba_change_libraries(L, S);
  lua_settop(L, 0);
  if (!allows_c_modules && (libraries & LOBA_LIBRARY_PACKAGE)) forbid_c_modules(L);
  lua_settop(L, 0);
  if (S->is_bounded) install_bounded(L, S);
  prepare_for_limits(L, S);
  lua_settop(L, 0);
}
