// Swift's hook: a host function that is called for events, with what has happened and the line.
//
// It stands beside the limits in the one hook of Loba's (hooks.h). Where Lua tells each thread by itself that a hook is
// running, and then calls none in it, what the hook runs has a thread of its own: otherwise no limit would hold there.
// LuaJIT can be told that none is running (loba_allow_hooks). What a hook runs has no events.

static void retire_hook(loba_state *S, lua_State *L, void *box) {
  if (box && box != in(S)->hook.running) release_box(S, L, box);
}

static int event_of(int event) {
  switch (event) {
  case LUA_HOOKCALL:
    return LOBA_HOOK_CALL;
  case LUA_HOOKLINE:
    return LOBA_HOOK_LINE;
  case LUA_HOOKCOUNT:
    return LOBA_HOOK_COUNT;
#ifdef LUA_HOOKTAILCALL
  case LUA_HOOKTAILCALL:
    return LOBA_HOOK_TAIL_CALL;
#endif
  default:
    return LOBA_HOOK_RETURN;  // also one of several that end together
  }
}

// Whether Swift wants to know, and can: nested too deeply, or in a leaf or a state that closes, it cannot.
static bool is_for_hook(lua_State *L, loba_state *S, lua_Debug *ar, int event) {
  static const int masks[] = {LUA_MASKCALL, LUA_MASKRET, LUA_MASKLINE, LUA_MASKCOUNT, LUA_MASKCALL};
  int mask = ar->event == 4 && event == LOBA_HOOK_RETURN ? LUA_MASKRET : masks[ar->event];
  if (mask != LUA_MASKCOUNT && !(in(S)->hook.mask & mask)) return false;
  if (in(S)->hook.running || in(S)->limits.stopped || !in(S)->current) return false;
  if (__atomic_load_n(&in(S)->closing, __ATOMIC_RELAXED) || in(S)->depth >= LOBA_DEPTH_LIMIT) return false;
  if ((uintptr_t)__builtin_frame_address(0) < in(S)->stack_limit) return false;
  if (mask != LUA_MASKCALL && mask != LUA_MASKRET) return true;
  lua_getinfo(L, "f", ar);
  lua_CFunction function = lua_tocfunction(L, -1);
  lua_pop(L, 1);
  return function != dispatcher && function != message_handler;
}

// What the hook that is over was kept for: another may have taken its place meanwhile.
static void end_running_hook(loba_state *S, lua_State *L, void *box) {
  in(S)->hook.running = NULL;
  if (in(S)->hook.box != box) release_box(S, L, box);
}

static void call_hook(lua_State *L, loba_state *S, lua_Debug *ar) {
  loba_hook *hook = &in(S)->hook;
  int event = event_of(ar->event), top = lua_gettop(L);
  if (!is_for_hook(L, S, ar, event)) return;
  drop_pushed(S, (uintptr_t)__builtin_frame_address(0));
  void *box = hook->running = hook->box;
  hook->thread = L;
  hook->depth = in(S)->depth + 1;
  if (LOBA_HOOKS_ARE_SHARED && in(S)->limits.armed) {
    loba_job job = {run_allow_hooks, 0};
    int status = run_inner_job(S, L, &job, 0);
    if (status != 0 || hook->box != box) {  // a finalizer has removed it
      end_running_hook(S, L, box);
      if (status != 0) raise_again(L, S, status);
      lua_settop(L, top);
      return;
    }
  }
  lua_getinfo(L, "l", ar);
  loba_slot arguments[] = {{.tag = LOBA_INTEGER, .integer = event}, {.tag = LOBA_INTEGER, .integer = ar->currentline}};
  loba_slot results[LOBA_SLOT_FRAME];
  loba_call_frame frame = {S, arguments, 2, 0, results};
  loba_arena_mark taken = loba_arena_now(&S->arguments), given = loba_arena_now(&S->results);
  lua_State *stack = hook->stack ? hook->stack : L;
  watch_thread(S, stack);
  host_scope scope = open_host(S, stack, room_above(lua_gettop(stack)));
  S->callbacks->invoke(S, box, &frame);
  end_host(S, scope);
  loba_arena_reset(&S->arguments, taken);
  loba_arena_reset(&S->results, given);
  lua_settop(L, top);
  end_running_hook(S, L, box);
  if (frame.error) raise_box(L, S, frame.error);
  if (in(S)->limits.armed) stop_if_due(L, S, in(S)->limits.seen = loba_now());
  if (frame.error) lua_error(L);
}

static void forget_hook(loba_state *S) {
  void *box = in(S)->hook.box;
  in(S)->hook.box = NULL;
  if (box) S->callbacks->release(S, box);
}

// ---------------------------------------------------------------- operations

static int run_hook_begin(lua_State *L, loba_state *S, loba_job *job) {
  (void)job;
  if (!LOBA_HOOKS_ARE_SHARED && !in(S)->hook.stack) {
    lua_State *stack = lua_newthread(L);
    lua_xmove(L, auxiliary_of(S), 1);
    lua_replace(auxiliary_of(S), AUX_HOOK_THREAD);
    in(S)->hook.stack = stack;
  }
  if (LOBA_HAS_COMPILER && !keeps_compiler_off(S)) loba_prepare_for_limit(L, S, true);
  return 0;
}

static int op_hook_begin(loba_state *S, void *box, int events, int interval) {
  loba_job job = {run_hook_begin, 0};
  int status = enter(S), mark;
  if (status == LOBA_OK) status = run_job(S, &job, 0, &mark);
  if (status != LOBA_OK) {
    S->callbacks->release(S, box);
    return status;
  }
  lua_settop(current_of(S), mark);
  loba_hook *hook = &in(S)->hook;
  void *before = hook->box;
  hook->box = box;
  hook->mask = (events & LOBA_HOOK_CALL ? LUA_MASKCALL : 0) | (events & LOBA_HOOK_RETURN ? LUA_MASKRET : 0) |
               (events & LOBA_HOOK_LINE ? LUA_MASKLINE : 0);
  hook->interval = hook->left = events & LOBA_HOOK_COUNT ? interval : 0;
  settle_hooks(S);
  retire_hook(S, current_of(S), before);
  leave(S);
  return LOBA_OK;
}

// Needs nothing, so that it cannot fail.
static bool op_hook_end(loba_state *S, const void *box) {
  if (enter(S) != LOBA_OK) return false;
  loba_hook *hook = &in(S)->hook;
  void *before = hook->box;
  if (!before || (box && before != box)) {
    leave(S);
    return false;
  }
  lua_State *L = current_of(S);
  hook->box = NULL;
  hook->mask = hook->interval = hook->left = 0;
  let_compile(S);
  settle_hooks(S);
  retire_hook(S, L, before);
  leave(S);
  return true;
}

static bool op_is_hook(loba_state *S, const void *box) { return in(S)->hook.box == box; }
