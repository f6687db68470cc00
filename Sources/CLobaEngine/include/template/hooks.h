// The one hook of Loba's.
//
// Lua has room for one hook: on LuaJIT for all coroutines together, elsewhere for each. Four things want it: an error
// that is thrown into a coroutine (throw.h), a memory limit that waits for a compiler to be turned off, limits on what
// runs (limits.h), and a hook of Swift's (swift_hook.h). So all of them have the same function, which asks the state
// what is wanted; and `set_hook` is the only one that sets it. A script's own hook is put back when nothing is wanted
// any more.

static void run_hook(lua_State *L, lua_Debug *ar);
static void throw_now(lua_State *L, loba_state *S, loba_throw *thrown);
static void count_interval(lua_State *L, loba_state *S);
static int next_interval(const loba_state *S);
static void call_hook(lua_State *L, loba_state *S, lua_Debug *ar);

// Other threads may look whether there are any.
static inline void set_armed(loba_state *S, int armed) {
  __atomic_store_n(&in(S)->limits.armed, armed, __ATOMIC_RELAXED);
}

// Whether something wants a hook for as long as there is no end to it. Compiled code has none.
static inline bool is_hooked(const loba_state *S) { return in(S)->limits.armed || in(S)->hook.box; }

static inline bool keeps_compiler_off(const loba_state *S) { return loba_memory_limit(S) || is_hooked(S); }

// What this thread is closing. An engine that closes with its own allocator has no other way to say whose a thread is,
// and finalizers run then.
static __thread loba_state *closing_state;

static inline loba_state *state_of(lua_State *L) {
  void *S;
  return lua_getallocf(L, &S) == loba_allocator ? S : closing_state;
}

static int finish_cycle(lua_State *L) {
  while (!lua_gc(L, LUA_GCSTEP, 0)) {
  }
  return 0;
}

// What finalizers raise goes nowhere, as in lua_close.
static void close_state(loba_state *S, lua_State *L) {
  loba_state *outer = closing_state;
  closing_state = S;
  int top = lua_gettop(L);
  for (int left = LOBA_CLOSES_AFTER_CYCLE && !S->announces_limits ? 1000 : 0; left; left--) {
    if (loba_protected_c_call(L, finish_cycle, NULL) == 0) break;
    lua_settop(L, top);
  }
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

// Instructions until the hook is to come; 0 = it is not to count.
static int next_count(const loba_state *S) {
  int count = in(S)->limits.armed ? next_interval(S) : 0, left = in(S)->hook.left;
  return left && (!count || left < count) ? left : count;
}

// So many instructions have been done: whether Swift's hook is to be told.
static bool is_hook_due(const loba_state *S, int count) {
  loba_hook *hook = &in(S)->hook;
  if (hook->left > count) {
    hook->left -= count;
    return false;
  }
  hook->left = hook->interval;
  return hook->interval != 0;
}

static int mask_of_hook(const loba_state *S) { return in(S)->hook.mask | (next_count(S) ? LUA_MASKCOUNT : 0); }

// Sets a thread's hook as the state wants it now; `otherwise` if nothing does.
static void set_hook(loba_state *S, lua_State *L, loba_kept_hook otherwise) {
  if (is_throwing_into(S, L))
    lua_sethook(L, run_hook, LUA_MASKRET | LUA_MASKCOUNT, 1);
  else if (in(S)->has_limit_to_come)
    lua_sethook(L, run_hook, LUA_MASKCOUNT, 1);
  else if (is_hooked(S))
    lua_sethook(L, run_hook, mask_of_hook(S), next_count(S));
  else
    lua_sethook(L, (lua_Hook)otherwise.function, otherwise.mask, otherwise.count);
}

// The same of the thread that runs. What a script has set for the main thread is kept meanwhile; that of a coroutine is
// lost where each has its own.
static void settle_hook(loba_state *S, lua_State *L) {
  bool is_kept = LOBA_HOOKS_ARE_SHARED || L == in(S)->main;
  loba_kept_hook script = hook_of_script(L);
  // Where Loba's is not in its place any more, a script has set another, or none.
  if (is_kept && lua_gethook(L) != run_hook) in(S)->kept_hook = script;
  set_hook(S, L, is_kept ? in(S)->kept_hook : script);
  if (is_kept && lua_gethook(L) != run_hook) in(S)->kept_hook = (loba_kept_hook){NULL, 0, 0};
}

// The same of all threads that go on by themselves; coroutines are looked at when they are resumed, or go on after
// that.
static void settle_hooks(loba_state *S) {
  settle_hook(S, in(S)->main);
  if (in(S)->current != in(S)->main) settle_hook(S, current_of(S));
  if (in(S)->hook.running) settle_hook(S, in(S)->hook.thread);
}

static inline bool has_stale_hook(const loba_state *S, lua_State *L) {
  return lua_gethook(L) != run_hook || (lua_gethookmask(L) != mask_of_hook(S) && !is_throwing_into(S, L));
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
  } else if (!is_hooked(S)) {
    if (!thrown) settle_hook(S, L);  // left behind by what is over
  } else {
    int count = ar->event == LUA_HOOKCOUNT ? lua_gethookcount(L) : 0;
    bool is_due = !count || is_hook_due(S, count);
    if (count && in(S)->limits.armed) count_interval(L, S);
    if (has_stale_hook(S, L) || (count && lua_gethookcount(L) != next_count(S))) settle_hook(S, L);
    if (is_due && in(S)->hook.box) call_hook(L, S, ar);
  }
}

// The state is about to be closed.
static void end_hooks(loba_state *S, lua_State *L) {
  in(S)->thrown = NULL;
  in(S)->has_limit_to_come = false;
  set_armed(S, 0);
  if (lua_gethook(L) == run_hook) lua_sethook(L, NULL, 0, 0);
}
