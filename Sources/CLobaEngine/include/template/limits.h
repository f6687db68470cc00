// Limits on what runs: instructions, time, interruption.
//
// A hook counts: every so many instructions it adds them to the state's steps, and looks whether a limit is due. Then
// it raises an error that nothing keeps: the state is *stopped*, the hook comes at every instruction and raises it
// again, and so do the functions of the library that could catch it (limited_library.h), until the block or the call
// that the limit belongs to has ended. Whatever comes out of it then, the operation fails with LOBA_ERROR_LIMIT.
//
// The steps are the state's and not a thread's, so that coroutines share them. Where each has its own hook one gets it
// from its maker, or when it is resumed; what one does that ends before its hook has come is not counted, so that each
// costs a fee. Compiled code has no hooks: while there are limits, nothing is compiled.

#define LIMIT_INTERVAL 128              // instructions between hooks
#define LIMIT_SHORT 8                   // the same where they take long
#define LIMIT_FEE (LIMIT_INTERVAL / 2)  // what is counted for what a new hook may miss
#define LIMIT_SLOW ((uint64_t)4000000)  // nanoseconds: an interval that takes longer makes the next short
#define LIMIT_FAST ((uint64_t)1000000)  // below this it is the usual one again
#define LIMIT_BYTES (LIMIT_INTERVAL * LOBA_LONG_STRING)  // what instructions between hooks may read of strings
#define LIMIT_ASKING ((uint64_t)1000000)                 // between two questions whether the task is cancelled

#ifndef loba_allow_hooks
#define loba_allow_hooks(L) ((void)(L))
#endif

#ifndef loba_prepare_for_limit
#define loba_prepare_for_limit(L, S, is_limited) ((void)(L), (void)(S), (void)(is_limited))
#endif

static inline loba_running_limits *limits_of(const loba_state *S) { return &in(S)->limits; }

// However many are left.
static int longest_interval(const loba_state *S) {
  int interval = limits_of(S)->interval;
  size_t longest = in(S)->long_strings.longest;
  if (__builtin_expect(longest != 0, 0) && LIMIT_BYTES / longest < (size_t)interval)
    interval = longest < LIMIT_BYTES ? (int)(LIMIT_BYTES / longest) : 1;
  int classes = in(S)->large_blocks.classes;
  if (__builtin_expect(classes != 0, 0) && interval > LIMIT_SHORT && interval > LIMIT_INTERVAL >> classes)
    interval = LIMIT_INTERVAL >> classes > LIMIT_SHORT ? LIMIT_INTERVAL >> classes : LIMIT_SHORT;
  return interval;
}

static int next_interval(const loba_state *S) {
  const loba_running_limits *limits = limits_of(S);
  int64_t left = limits->end - limits->steps;
  if (limits->stopped || left < 1) return 1;
  int interval = longest_interval(S);
  return left < interval ? (int)left : interval;
}

// In the allocator, in the middle of whatever the engine does: setting a hook is allowed everywhere, as in a handler of
// signals. What the hook has counted so far is charged as usual.
static void hasten_hook_of(loba_state *S, lua_State *L) {
  int count = lua_gethookcount(L), wanted = next_count(S);
  if (lua_gethook(L) != run_hook || !(lua_gethookmask(L) & LUA_MASKCOUNT) || count <= wanted) return;
  limits_of(S)->steps += count / 2;
  lua_sethook(L, run_hook, lua_gethookmask(L), wanted);
}

static void hasten_hook(loba_state *S) {
  lua_State *running = in(S)->running, *current = in(S)->current;
  if (running) hasten_hook_of(S, running);
  if (current && current != running) hasten_hook_of(S, current);
}

// ---------------------------------------------------------------- stopping

// In a C function or a hook. Nothing is allocated: memory may be short.
static int raise_stop(lua_State *L, loba_state *S) {
  push_fixed(S, L, AUX_STOP);
  return lua_error(L);
}

static int reason_to_stop(loba_state *S, uint64_t now) {
  loba_running_limits *limits = limits_of(S);
  if (limits->interruption && loba_interruption_is_requested(limits->interruption)) {
    loba_interruption_request(limits->interruption, false);
    return LOBA_STOP_INTERRUPTED;
  }
  if (limits->steps >= limits->end) return LOBA_STOP_INSTRUCTIONS;
  if (now >= limits->deadline) return LOBA_STOP_DEADLINE;
  if (now - limits->asked < LIMIT_ASKING) return 0;
  limits->asked = now;
  return S->callbacks->is_cancelled() ? LOBA_STOP_CANCELLED : 0;
}

// Raises if a limit is due. Does not return then.
static void stop_if_due(lua_State *L, loba_state *S, uint64_t now) {
  loba_running_limits *limits = limits_of(S);
  if (!limits->stopped) {
    limits->stopped = reason_to_stop(S, now);
    if (!limits->stopped) return;
    record_levels(S, &limits->place, L, 0);
  }
  if (lua_gethookcount(L) != 1) settle_hook(S, L);
  raise_stop(L, S);
}

// After so many instructions of a thread. An interval that took long was one of slow C functions: then the hook comes
// more often. It is not changed lightly, since on Lua 5.4 setting one goes through all the calls that are under way.
static void count_interval(lua_State *L, loba_state *S) {
  loba_running_limits *limits = limits_of(S);
  int count = lua_gethookcount(L);
  uint64_t now = loba_now(), took = now - limits->seen;
  limits->seen = now;
  limits->steps += count;
  if (took > LIMIT_SLOW)
    limits->interval = limits->interval > LIMIT_SHORT ? LIMIT_SHORT : 1;
  else if (took < LIMIT_FAST)
    limits->interval = LIMIT_INTERVAL;
  stop_if_due(L, S, now);
  if (__builtin_expect(in(S)->long_strings.unsure != 0, 0)) loba_settle_long_strings(S);
  if (next_count(S) == count) return;
  settle_hook(S, L);
  limits->seen = loba_now();
}

// For loops in C that no hook sees: this one has done so many steps since it last said so. Raises if a limit is due.
static inline void charge_steps(lua_State *L, loba_state *S, size_t steps) {
  if (__builtin_expect(!limits_of(S)->armed, 1)) return;
  limits_of(S)->steps += (int64_t)steps;
  stop_if_due(L, S, loba_now());
}

static int run_pass(lua_State *L, loba_state *S, loba_job *job) {
  (void)job;
  charge_steps(L, S, 0);
  return 0;
}

// For loops in Swift. What can be seen from outside is looked at first: of an exposed state, whether there are limits.
static int op_pass_limits(loba_state *S) {
  const loba_running_limits *limits = limits_of(S);
  if (__builtin_expect(!__atomic_load_n(&limits->armed, __ATOMIC_RELAXED), 1)) return LOBA_OK;
  loba_job job = {run_pass, 0};
  if (S->is_exposed) return run_job_for_nothing(S, &job);
  uint64_t now = loba_now();
  bool is_interrupted = limits->interruption && loba_interruption_is_requested(limits->interruption);
  if (!limits->stopped && !is_interrupted && now < limits->deadline && now - limits->asked < LIMIT_ASKING)
    return LOBA_OK;
  return run_job_for_nothing(S, &job);
}

// A coroutine that is about to be resumed, or has resumed another and goes on.
static inline void watch_thread(loba_state *S, lua_State *co) {
  if (LOBA_HOOKS_ARE_SHARED || __builtin_expect(!is_hooked(S), 1)) return;
  // (Setting a hook begins its count anew, so it is not done for what is left.)
  if (has_stale_hook(S, co) || (limits_of(S)->armed && lua_gethookcount(co) > longest_interval(S))) settle_hook(S, co);
}

// For functions that may have caught an error: raises what has stopped the script again, and what is due. An error that
// was caught counts as what raising it takes.
static inline void pass_stop(lua_State *L, loba_state *S, bool has_caught) {
  watch_thread(S, L);
  charge_steps(L, S, has_caught ? LIMIT_FEE : 1);
}

// ---------------------------------------------------------------- catching

// An engine that keeps its calls in a list goes through all of it after each error that is caught. Where a thread is
// deep in calls and many that catch are within each other there, a stop would take a second to get through them.
#define CATCHES_LEVELS 1000000  // how many that catch there may be, times the calls of the thread
#define CATCHES_FEW 4

static bool catches_too_often(lua_State *L, loba_state *S) {
  lua_Debug ar;
  return limits_of(S)->armed && lua_getstack(L, CATCHES_LEVELS / in(S)->catching, &ar);
}

// Around a call that catches errors. Raises if there are too many already.
static inline int begin_catching(lua_State *L, loba_state *S) {
  if (!LOBA_PCALL_CONTINUES || !limits_of(S)->armed) return in(S)->catching;
  if (__builtin_expect(in(S)->catching >= CATCHES_FEW, 0) && catches_too_often(L, S)) luaL_error(L, "C stack overflow");
  return in(S)->catching++;
}

static inline void end_catching(loba_state *S, int outer) { in(S)->catching = outer; }

// ---------------------------------------------------------------- coroutines

// What runs, and how many functions that catch errors are under way on the C stack. A coroutine that yields leaves
// those that it has called.
typedef struct thread_scope {
  void *running;
  int catching;
} thread_scope;

static inline thread_scope scope_of(const loba_state *S) { return (thread_scope){in(S)->running, in(S)->catching}; }

// A coroutine is about to run.
static inline thread_scope begin_thread(loba_state *S, lua_State *co) {
  thread_scope outer = scope_of(S);
  in(S)->running = co;
  return outer;
}

static inline void finish_thread(loba_state *S, thread_scope outer) {
  in(S)->running = outer.running;
  in(S)->catching = outer.catching;
}

static int status_of_thread(loba_state *S, lua_State *running, lua_State *co);
static bool is_closed_thread(loba_state *S, lua_State *L, int index);

// Those that a script has made and that are still alive, once the garbage is collected.
static int count_living_coroutines(lua_State *L, loba_state *S) {
  int top = lua_gettop(L), count = 0;
  lua_gc(L, LUA_GCCOLLECT, 0);
  push_fixed(S, L, AUX_COROUTINES);
  lua_pushnil(L);
  while (lua_next(L, top + 1)) {
    lua_pop(L, 1);
    bool is_dead = status_of_thread(S, L, lua_tothread(L, top + 2)) == LOBA_THREAD_DEAD;
    if (!is_dead && !is_closed_thread(S, L, top + 2)) {
      count++;
      continue;
    }
    lua_pushvalue(L, top + 2);
    lua_pushnil(L);
    lua_rawset(L, top + 1);
  }
  lua_settop(L, top);
  return count;
}

// A script is about to make a coroutine. Raises if it must not.
static inline void admit_coroutine(lua_State *L, loba_state *S) {
  charge_steps(L, S, LIMIT_FEE);
  loba_running_limits *limits = limits_of(S);
  int limit = limits->block.coroutines;
  if (__builtin_expect(limit < 0 || limits->coroutines < limit || !auxiliary_of(S), 1)) return;
  push_fixed(S, L, AUX_COROUTINES);
  bool are_counted = lua_type(L, -1) == LUA_TTABLE;
  lua_pop(L, 1);
  limits->coroutines = are_counted ? count_living_coroutines(L, S) : 0;
  if (limits->coroutines >= limit) luaL_error(L, "too many coroutines (the limit is %d)", limit);
}

static void push_weak_table(lua_State *L, loba_state *S, int like);

// It has made the one on top.
static inline void count_coroutine(lua_State *L, loba_state *S) {
  if (__builtin_expect(limits_of(S)->block.coroutines < 0 || !auxiliary_of(S), 1)) return;
  int top = lua_gettop(L);
  push_fixed(S, L, AUX_COROUTINES);
  if (lua_type(L, -1) != LUA_TTABLE) {
    lua_pop(L, 1);
    push_weak_table(L, S, AUX_CLOSED);
    lua_pushvalue(L, -1);
    lua_xmove(L, auxiliary_of(S), 1);
    lua_replace(auxiliary_of(S), AUX_COROUTINES);
  }
  lua_pushvalue(L, top);
  lua_pushboolean(L, 1);
  lua_rawset(L, top + 1);
  lua_settop(L, top);
  limits_of(S)->coroutines++;
}

// The coroutine of the function at 1, for a script.
static void push_new_coroutine(lua_State *L, loba_state *S) {
  admit_coroutine(L, S);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  count_coroutine(L, S);
}

// ---------------------------------------------------------------- arming

typedef struct limit_job {
  loba_job job;
  bool is_limited;
} limit_job;

static int run_limit(lua_State *L, loba_state *S, loba_job *base) {
  loba_prepare_for_limit(L, S, ((limit_job *)base)->is_limited);
  return 0;
}

static int run_prepare(lua_State *L, loba_state *S, loba_job *job);

// Something that has kept the compiler off is over. A finalizer cannot turn it on: that is done afterwards then.
static void let_compile(loba_state *S) {
#ifdef loba_postpone_limit
  if (keeps_compiler_off(S)) return;
  lua_State *L = current_of(S);
  int top = lua_gettop(L);
  limit_job job = {{run_limit, 0}, false};
  if (run_inner_job(S, L, &job.job, 0)) loba_postpone_limit(S, 0);
  lua_settop(L, top);
#else
  (void)S;
#endif
}

static void disarm(loba_state *S) {
  loba_running_limits *limits = limits_of(S);
  set_armed(S, limits->armed - 1);
  if (limits->armed) return;
  limits->stopped = 0;
  limits->end = INT64_MAX;
  limits->deadline = UINT64_MAX;
  let_compile(S);
}

// In a hook of Swift's: hooks are to come in what it runs.
static int run_allow_hooks(lua_State *L, loba_state *S, loba_job *job) {
  (void)S, (void)job;
  loba_allow_hooks(L);
  return 0;
}

// One more that wants the hook. In an operation that has entered, and has left if this fails.
static int arm(loba_state *S) {
  loba_running_limits *limits = limits_of(S);
  int status, mark;
  if (!limits->is_prepared) {
    loba_job job = {run_prepare, 0};
    if ((status = run_job(S, &job, 0, &mark)) != LOBA_OK) return status;
    lua_settop(current_of(S), mark);
    limits->is_prepared = true;
  }
  if (limits->armed == 0) {
    if (LOBA_HAS_COMPILER && !keeps_compiler_off(S)) {
      limit_job job = {{run_limit, 0}, true};
      if ((status = run_job(S, &job.job, 0, &mark)) != LOBA_OK) return status;
      lua_settop(current_of(S), mark);
    }
    limits->interval = LIMIT_INTERVAL;
    limits->seen = limits->asked = loba_now();
  }
  set_armed(S, limits->armed + 1);
  if (!in(S)->hook.running) return LOBA_OK;
  loba_job job = {run_allow_hooks, 0};  // what a hook runs is to be limited too
  if ((status = run_job(S, &job, 0, &mark)) != LOBA_OK) {
    disarm(S);
    return status;
  }
  lua_settop(current_of(S), mark);
  return LOBA_OK;
}

static inline int64_t later(int64_t steps, int64_t count) {
  return count > INT64_MAX - steps ? INT64_MAX : steps + count;
}

static inline void bring_forward(int64_t *end, uint64_t *deadline, int64_t steps, uint64_t now, loba_limits limits) {
  if (limits.instructions >= 0 && later(steps, limits.instructions) < *end) *end = later(steps, limits.instructions);
  if (limits.nanoseconds >= 0 && now + (uint64_t)limits.nanoseconds < *deadline)
    *deadline = now + (uint64_t)limits.nanoseconds;
}

static inline void lower(int32_t *limit, int32_t to) {
  if (to >= 0 && (*limit < 0 || to < *limit)) *limit = to;
}

// The outermost operation begins: what has stopped the one before is over, and its own limits begin.
static void begin_limited_call(loba_state *S) {
  loba_running_limits *limits = limits_of(S);
  uint64_t now = loba_now();
  limits->stopped = 0;
  limits->left = NULL;
  in(S)->running = NULL;
  in(S)->catching = 0;
  limits->interval = LIMIT_INTERVAL;
  limits->seen = now;
  limits->end = limits->block.end;
  limits->deadline = limits->block.deadline;
  bring_forward(&limits->end, &limits->deadline, limits->steps, now, limits->call);
  settle_hook(S, in(S)->main);
}

// ---------------------------------------------------------------- operations

static int op_limit_begin(loba_state *S, const loba_limits *wanted, loba_limit_block *before) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  if ((status = arm(S)) != LOBA_OK) return status;
  loba_running_limits *limits = limits_of(S);
  *before = limits->block;
  before->call_end = limits->end;
  before->call_deadline = limits->deadline;
  before->stopped = limits->stopped;
  if (in(S)->entered > 1) limits->steps += LIMIT_FEE;  // what the hook has counted so far is lost
  uint64_t now = loba_now();
  bring_forward(&limits->block.end, &limits->block.deadline, limits->steps, now, *wanted);
  bring_forward(&limits->end, &limits->deadline, limits->steps, now, *wanted);
  lower(&limits->block.depth, wanted->depth);
  lower(&limits->block.coroutines, wanted->coroutines);
  settle_hook(S, current_of(S));
  leave(S);
  return LOBA_OK;
}

// Needs nothing, so that it cannot fail. An interruption, and what is due outside of the block too, goes on: a block
// may be run by a finalizer, or at the end of a variable, while the error of a stop is on its way.
static void op_limit_end(loba_state *S, const loba_limit_block *before) {
  if (!in(S)->current) return;
  loba_running_limits *limits = limits_of(S);
  limits->block = *before;
  limits->end = before->call_end;
  limits->deadline = before->call_deadline;
  if (in(S)->entered) limits->steps += LIMIT_FEE;
  if (limits->stopped == LOBA_STOP_INSTRUCTIONS || limits->stopped == LOBA_STOP_DEADLINE)
    limits->stopped = before->stopped;
  disarm(S);
  settle_hook(S, current_of(S));
}

static int op_limit_calls(loba_state *S, const loba_limits *wanted) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  loba_running_limits *limits = limits_of(S);
  lower(&limits->block.depth, wanted->depth);
  lower(&limits->block.coroutines, wanted->coroutines);
  if (wanted->instructions >= 0 || wanted->nanoseconds >= 0) {
    if ((status = arm(S)) != LOBA_OK) return status;
    limits->call = *wanted;
  }
  leave(S);
  return LOBA_OK;
}

static int op_interruption(loba_state *S, loba_interruption **interruption) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  loba_running_limits *limits = limits_of(S);
  if (!limits->interruption) {
    if ((status = arm(S)) != LOBA_OK) return status;
    limits->interruption = loba_interruption_new();
    settle_hooks(S);
  }
  *interruption = loba_interruption_retain(limits->interruption);
  leave(S);
  return LOBA_OK;
}
