// Opening and closing states.

static int panic(lua_State *L) {
  // Every path of Loba's that can raise is protected; getting here is a bug of Loba's, and going on would corrupt.
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, NULL) : "(not a string)";
  fprintf(stderr, "Loba: unprotected error in a call to %s: %s\n", LOBA_ENGINE_NAME, text);
  abort();
}

// ---------------------------------------------------------------- libraries

typedef struct library_entry {
  uint32_t flag;
  const char *name;
  lua_CFunction open;
} library_entry;

static void open_some_libraries(lua_State *L, uint32_t flags) {
  if ((flags & LOBA_LIBRARY_ALL) == LOBA_LIBRARY_ALL) {
    luaL_openlibs(L);
    return;
  }
  const library_entry entries[] = {{LOBA_LIBRARY_PACKAGE, "package", luaopen_package},
                                   {LOBA_LIBRARY_TABLE, "table", luaopen_table},
                                   {LOBA_LIBRARY_IO, "io", luaopen_io},
                                   {LOBA_LIBRARY_OS, "os", luaopen_os},
                                   {LOBA_LIBRARY_STRING, "string", luaopen_string},
                                   {LOBA_LIBRARY_MATH, "math", luaopen_math},
                                   {LOBA_LIBRARY_DEBUG, "debug", luaopen_debug},
                                   LOBA_LIBRARIES_ENGINE};
  loba_open_base(L, flags);
  for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
    if (flags & entries[i].flag) loba_open_library(L, entries[i].name, entries[i].open);
}

// Where that must not be for want of memory, the limit counts again afterwards: then the next allocation fails.
static void open_libraries(lua_State *L, loba_state *S, uint32_t flags) {
  if (!LOBA_OPENS_IO_WHOLE) {
    open_some_libraries(L, flags);
    return;
  }
  memory_grant grant = grant_memory(S);
  open_some_libraries(L, flags);
  end_grant(S, grant);
}

// ---------------------------------------------------------------- open

typedef struct open_request {
  loba_state *S;
  uint32_t libraries;
  bool allows_c_modules;
} open_request;

static int set_up(lua_State *L) {
  open_request *request = lua_touserdata(L, 1);
  loba_state *S = request->S;
  // The auxiliary thread, in the registry only until this has returned.
  lua_pushlightuserdata(L, S);
  lua_State *A = lua_newthread(L);
  lua_rawset(L, LUA_REGISTRYINDEX);
  lua_settop(L, 0);
  in(S)->auxiliary = A;
  if (!grow_other(S, L, A, AUX_FIXED + AUX_FIRST_GROWTH + AUX_HEADROOM)) return raise_memory(L, S);
  bool opens_all = (request->libraries & LOBA_LIBRARY_ALL) == LOBA_LIBRARY_ALL;
  if (opens_all) open_libraries(L, S, request->libraries);
  // In the order of AUX_HANDLER …
  lua_pushlightuserdata(L, S);
  lua_pushcclosure(L, message_handler, 1);
  lua_pushlightuserdata(L, S);
  lua_pushcclosure(L, dispatcher, 1);
  lua_createtable(L, 0, 0);
  push_record_metatable(L, "Swift function", true);
  push_error_metatable(L);
  loba_push_resume(L, opens_all);
  push_first_weak_table(L, "v");
  lua_createtable(L, 0, 0);
  push_first_weak_table(L, "k");
  lua_pushboolean(L, 0);
  lua_pushboolean(L, 0);
  lua_pushlstring(L, "stopped", 7);
  for (int i = AUX_COROUTINES; i < AUX_KEYS; i++) lua_pushboolean(L, 0);
  lua_xmove(L, A, AUX_KEYS - 1);
  for (int i = AUX_KEYS; i <= AUX_FIXED; i++) lua_pushnil(A);
  in(S)->reference_top = AUX_FIXED;
  for (int i = 0; i < LOBA_KEY_CACHE; i++) in(S)->keys[i].length = ~(uint32_t)0;
  // Texts that Lua raises where it cannot be caught that memory is short: they are to exist already.
  static const char *const texts[] = {"error in error handling",      "C stack overflow",
                                      "cannot resume dead coroutine", "cannot resume non-suspended coroutine",
                                      "too many arguments to resume", "too many results to resume"};
  push_fixed(S, L, AUX_OVERFLOW);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, texts[i]);
  }
  lua_settop(L, 0);
#ifdef LOBA_SET_UP_ENGINE
  loba_set_up_engine(L, opens_all);
  lua_settop(L, 0);
#endif
  if (!opens_all) open_libraries(L, S, request->libraries);
  change_libraries(L, S, request->libraries, request->allows_c_modules);
  if (LOBA_HAS_EPHEMERONS && S->mode_bytes) hide_weak_modes(L, S->mode_bytes);
  return 0;
}

static const char *op_release_text(void) {
  pthread_mutex_lock(&library_lock);  // it is written once, by whoever comes first
  const char *text = release_text[0] ? release_text : NULL;
  pthread_mutex_unlock(&library_lock);
  return text;
}

#if LOBA_MEMORY_ATTEMPTS == 1
// In the allocator: what these calls do is to set numbers. A multiplier of 0 is a step without end.
static void hasten_collector(loba_state *S, bool hastens) {
  lua_State *L = in(S)->main;
  if (!hastens) {
    lua_gc(L, LUA_GCSETSTEPMUL, in(S)->step_multiplier);
    return;
  }
  int multiplier = lua_gc(L, LUA_GCSETSTEPMUL, 0);
  if (multiplier) in(S)->step_multiplier = multiplier;
  lua_gc(L, LUA_GCRESTART, 0);  // the next step is due at once
}
#endif

static int op_open(loba_state *S, uint32_t libraries, bool allows_c_modules) {
  in(S)->string_type = LOBA_STRING_TYPE;
  lua_State *L = loba_new_lua_state(S);
  if (!L) return LOBA_ERROR_MEMORY;
  lua_atpanic(L, panic);
  watch_collector(S, L);
  watch_nodes(S);
  watch_strings(S);
  in(S)->lane_is_safe = (libraries & LOBA_LIBRARY_FFI) || !(libraries & (LOBA_LIBRARY_DEBUG | LOBA_LIBRARY_JIT));
  open_request request = {S, libraries, allows_c_modules};
  int status = loba_protected_c_call(L, set_up, &request);
  if (status != 0) {
    close_state(S, L);
    return status_of(status);
  }
  lua_settop(L, 0);
  S->integer_limit = LOBA_HAS_INTEGERS ? UINT64_MAX : (uint64_t)1 << 53;
  in(S)->main = in(S)->current = L;
#if LOBA_MEMORY_ATTEMPTS == 1
  in(S)->hasten_collector = hasten_collector;
#endif
  in(S)->hasten_hook = hasten_hook;
  in(S)->room = LUA_MINSTACK - ROOM_RESERVE;
  lua_pushlightuserdata(L, S);       // has been made before, so it needs no memory
  lua_rawget(L, LUA_REGISTRYINDEX);  // at BASE_AUXILIARY
  lua_pushlightuserdata(L, S);
  lua_pushnil(L);
  lua_rawset(L, LUA_REGISTRYINDEX);
  push_fixed(S, L, AUX_HANDLER);  // at BASE_HANDLER
  return LOBA_OK;
}

// ---------------------------------------------------------------- close

static void close_now(loba_state *S) {
  lua_State *L = in(S)->main;
  __atomic_store_n(&in(S)->closing, false, __ATOMIC_RELAXED);
  end_hooks(S, L);
  keep_identities(S);
  in(S)->current = NULL;  // finalizers that reach Swift find the runtime closed:
  in(S)->stack_limit = UINTPTR_MAX;
  S->memory_limit = 0;
  in(S)->string_sample.is_drawn_from = false;
  __atomic_store_n(&in(S)->main, NULL, __ATOMIC_RELAXED);
  S->allocations_left = -1;
  // On 5.1 and LuaJIT the main thread's stack is emptied first, so that the auxiliary thread is garbage, and finalizers
  // may have it collected.
  in(S)->auxiliary = NULL;
  close_state(S, L);
  forget_errors(S);
  forget_hook(S);
  loba_boxes_release(S);
  S->callbacks->closed(S);
}

// Inside a host call, or while results are held, the runtime closes when the outermost operation is done.
static void op_close(loba_state *S) {
  bool is_exposed = S->is_exposed;
  if (is_exposed && !loba_claim(S)) {
    __atomic_store_n(&in(S)->closing, true, __ATOMIC_RELAXED);
    return;
  }
  if (in(S)->main && in(S)->entered) {
    __atomic_store_n(&in(S)->closing, true, __ATOMIC_RELAXED);
  } else if (in(S)->main) {
    close_now(S);
  }
  if (is_exposed) loba_unclaim(S);
}

// Not as a job, since a job can fail: on 5.1 any call may collect garbage, and a finalizer raise.
static int keep_globals(loba_state *S, loba_reference *table) {
  *table = 0;
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  lua_State *L = current_of(S);
  loba_push_globals(L);
  if (lua_type(L, -1) != LUA_TTABLE) {  // a script can have put something else in its place
    lua_pop(L, 1);
    return LOBA_OK;
  }
  memory_grant grant = grant_memory(S);
  *table = make_reference(S, L);
  end_grant(S, grant);
  return *table ? LOBA_OK : fail_for_memory(S, L);
}

static int op_globals(loba_state *S, loba_reference *table) { UNENTERED(S, LOBA_ERROR_THREAD, keep_globals(S, table)); }

// ---------------------------------------------------------------- memory

static int op_limit_memory(loba_state *S, size_t limit) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  limit_job job = {{run_limit, 0}, limit != 0 || is_hooked(S)};
  S->memory_limit = 0;  // not to fail for what it is about to forbid
  status = run_job_for_nothing(S, &job.job);
  in(S)->has_limit_to_come = false;
  in(S)->lowest = 0;
#ifdef loba_postpone_limit
  if (status != LOBA_OK) {
    loba_postpone_limit(S, limit);
    limit = 0;
  }
#endif
  S->memory_limit = limit;
  leave(S);
  return status;
}
