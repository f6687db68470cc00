// Entering and leaving the state, which makes it the thread's.

static void close_now(loba_state *S);
static void begin_limited_call(loba_state *S);
static void drop_error(loba_state *S, lua_State *L, void **owner);

// Every operation that may run Lua code or holds results enters. The outermost one takes the state for its thread.
static inline int enter_alone(loba_state *S) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  uintptr_t limit;
  const void *thread = loba_thread(&limit);
  // Also the outermost operation may come from deep inside Swift: from nested conversions, for example.
  if ((uintptr_t)__builtin_frame_address(0) < limit - LOBA_STACK_RESERVE / 2) return LOBA_ERROR_STACK;
  if (in(S)->entered == 0) {
    in(S)->owner = thread;
    in(S)->stack_limit = limit;
    if (__builtin_expect(in(S)->limits.armed, 0)) begin_limited_call(S);
  } else if (in(S)->owner != thread) {
    return LOBA_ERROR_THREAD;
  }
  in(S)->entered++;
  return LOBA_OK;
}

static __attribute__((noinline)) int enter_exposed(loba_state *S) {
  if (!loba_claim(S)) return LOBA_ERROR_THREAD;
  int status = enter_alone(S);
  if (status != LOBA_OK) loba_unclaim(S);
  return status;
}

static inline int enter(loba_state *S) {
  return __builtin_expect(S->is_exposed, 0) ? enter_exposed(S) : enter_alone(S);
}

static __attribute__((noinline)) void leave_slowly(loba_state *S) {
  // What the deinit of an error does belongs to this operation still: closing, for one, is put off.
  if (in(S)->raised && in(S)->entered == 1) drop_error(S, current_of(S), &in(S)->raised);
  if (--in(S)->entered == 0 && __atomic_load_n(&in(S)->closing, __ATOMIC_RELAXED)) close_now(S);
  if (S->is_exposed) loba_unclaim(S);
}

ALWAYS_INLINE void leave(loba_state *S) {
  if (__builtin_expect(in(S)->raised || __atomic_load_n(&in(S)->closing, __ATOMIC_RELAXED) || S->is_exposed, 0))
    leave_slowly(S);
  else
    in(S)->entered--;
}

// The height of the current stack in an operation that has entered: the outermost one finds nothing but what is fixed.
ALWAYS_INLINE int height_of(loba_state *S, lua_State *L) { return in(S)->entered == 1 ? BASE_TOP : lua_gettop(L); }

// Of an operation that does not enter: the body of one that gives the value of an expression, or what is given if
// another thread is using the state.
#define UNENTERED(S, refused, expression)                                                                              \
  if (__builtin_expect(!(S)->is_exposed, 1)) return expression;                                                        \
  if (!loba_claim(S)) return refused;                                                                                  \
  __typeof__(expression) claimed_result = expression;                                                                  \
  loba_unclaim(S);                                                                                                     \
  return claimed_result

static int op_stack_top(loba_state *S) {
  if (!in(S)->current) return -1;
  return lua_gettop(current_of(S)) - (in(S)->depth == 0 ? BASE_TOP : 0);
}

static void op_release_held(loba_state *S, int mark) {
  if (in(S)->current) lua_settop(current_of(S), mark);
  leave(S);
}
