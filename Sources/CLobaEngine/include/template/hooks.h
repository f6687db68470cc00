// The one hook of Loba's.
//
// Lua has room for one hook: on LuaJIT for all coroutines together, elsewhere for each. Three things want it: an error
// that is thrown into a coroutine (throw.h), a memory limit that waits for a compiler to be turned off, and limits on
// what runs (limits.h). So all of them have the same function, which asks the state what is wanted; and `set_hook` is
// the only one that sets it. A script's own hook is put back when nothing is wanted any more.

static void run_hook(lua_State *L, lua_Debug *ar);
static void throw_now(lua_State *L, loba_state *S, loba_throw *thrown);
static void count_interval(lua_State *L, loba_state *S);
static int next_interval(const loba_state *S);

// What this thread is closing. An engine that closes with its own allocator has no other way to say whose a thread is,
// and finalizers run then.
static __thread loba_state *closing_state;

static inline loba_state *state_of(lua_State *L) {
  void *S;
  return lua_getallocf(L, &S) == loba_allocator ? S : closing_state;
}

static void close_state(loba_state *S, lua_State *L) {
  loba_state *outer = closing_state;
  closing_state = S;
  loba_before_close(S, L);
  lua_close(L);
  closing_state = outer;
}

static loba_kept_hook hook_of_script(lua_State *L) {
  lua_Hook hook = lua_gethook(L);
  if (!hook || hook == run_hook) return (loba_kept_hook){NULL, 0, 0};
  return (loba_kept_hook){(void *)hook, lua_gethookmask(L), lua_gethookcount(L)};
}

static inline bool is_throwing_into(const loba_state *S, lua_State *L) {
  return in(S)->thrown && (LOBA_HOOKS_ARE_SHARED || in(S)->thrown->co == L);
}

// Sets a thread's hook as the state wants it now; `otherwise` if nothing does.
static void set_hook(loba_state *S, lua_State *L, loba_kept_hook otherwise) {
  if (is_throwing_into(S, L))
    lua_sethook(L, run_hook, LUA_MASKRET | LUA_MASKCOUNT, 1);
  else if (in(S)->has_limit_to_come)
    lua_sethook(L, run_hook, LUA_MASKCOUNT, 1);
  else if (in(S)->limits.armed)
    lua_sethook(L, run_hook, LUA_MASKCOUNT, next_interval(S));
  else
    lua_sethook(L, (lua_Hook)otherwise.function, otherwise.mask, otherwise.count);
}

// The same of the thread that runs. What a script has set for the main thread is kept meanwhile; that of a coroutine is
// lost where each has its own.
static void settle_hook(loba_state *S, lua_State *L) {
  bool is_kept = LOBA_HOOKS_ARE_SHARED || L == in(S)->main;
  loba_kept_hook script = hook_of_script(L);
  if (is_kept && script.function) in(S)->kept_hook = script;
  set_hook(S, L, is_kept ? in(S)->kept_hook : script);
  if (is_kept && lua_gethook(L) != run_hook) in(S)->kept_hook = (loba_kept_hook){NULL, 0, 0};
}

#ifndef loba_apply_limit_to_come
#define loba_apply_limit_to_come(L, S) ((void)(L), (void)(S))
#endif

static void run_hook(lua_State *L, lua_Debug *ar) {
  loba_state *S = state_of(L);
  loba_throw *thrown = in(S)->thrown;
  if (thrown && thrown->co == L) {
    throw_now(L, S, thrown);
  } else if (in(S)->has_limit_to_come) {
    in(S)->has_limit_to_come = false;
    settle_hook(S, L);
    loba_apply_limit_to_come(L, S);
  } else if (!in(S)->limits.armed) {
    if (!thrown) settle_hook(S, L);  // left behind by what is over
  } else if (ar->event == LUA_HOOKCOUNT) {
    count_interval(L, S);
  }
}

// The state is about to be closed.
static void end_hooks(loba_state *S, lua_State *L) {
  in(S)->thrown = NULL;
  in(S)->has_limit_to_come = false;
  in(S)->limits.armed = 0;
  if (lua_gethook(L) == run_hook) lua_sethook(L, NULL, 0, 0);
}
