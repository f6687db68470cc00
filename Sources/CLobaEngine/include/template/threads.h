// Coroutines.

static inline lua_State *thread_of(loba_state *S, loba_reference thread) {
  if (thread > 0) return lua_tothread(auxiliary_of(S), thread);
  push_on_auxiliary(S, thread);
  lua_State *co = lua_tothread(auxiliary_of(S), -1);
  lua_settop(auxiliary_of(S), in(S)->reference_top);
  return co;  // kept alive by its reference
}

// The main thread, and that of hooks: they run without having been resumed.
static inline bool is_of_loba(const loba_state *S, const lua_State *co) {
  return co == in(S)->main || co == in(S)->hook.stack;
}

static int status_of_thread(loba_state *S, lua_State *running, lua_State *co) {
  if (co == running) return LOBA_THREAD_RUNNING;
  lua_Debug ar;
  switch (lua_status(co)) {
  case LUA_YIELD:
    return LOBA_THREAD_SUSPENDED;
  case 0:
    if (lua_getstack(co, 0, &ar) || is_of_loba(S, co)) return LOBA_THREAD_NORMAL;
    return lua_gettop(co) == 0 ? LOBA_THREAD_DEAD : LOBA_THREAD_SUSPENDED;
  default:
    return LOBA_THREAD_DEAD;
  }
}

#if LOBA_CLOSES_THREADS
static inline bool is_closed_thread(loba_state *S, lua_State *L, int index) {
  (void)S, (void)L, (void)index;
  return false;
}
#else
// Whether Swift has closed the coroutine at an index: the library cannot, so it is remembered, and all that resumes
// asks.
static bool is_closed_thread(loba_state *S, lua_State *L, int index) {
  if (__builtin_expect(!in(S)->has_closed_threads, 1)) return false;
  lua_State *A = auxiliary_of(S);
  if (!A) return true;  // a finalizer, while the runtime closes: nobody knows any more
  lua_pushvalue(L, index);
  lua_xmove(L, A, 1);
  lua_rawget(A, AUX_CLOSED);
  bool is_closed = lua_toboolean(A, -1);
  lua_settop(A, in(S)->reference_top);
  return is_closed;
}
#endif

// The coroutine of a reference and its status.
ALWAYS_INLINE int find_thread(loba_state *S, loba_reference thread, lua_State **co) {
  *co = thread_of(S, thread);
  if (!*co) return LOBA_THREAD_DEAD;
  if (!LOBA_CLOSES_THREADS && in(S)->has_closed_threads) {
    push_on_auxiliary(S, thread);
    bool is_closed = is_closed_thread(S, auxiliary_of(S), in(S)->reference_top + 1);
    lua_settop(auxiliary_of(S), in(S)->reference_top);
    if (is_closed) return LOBA_THREAD_DEAD;
  }
  return status_of_thread(S, current_of(S), *co);
}

static int thread_status_unentered(loba_state *S, loba_reference thread) {
  if (!in(S)->current) return LOBA_THREAD_DEAD;
  lua_State *co;
  return find_thread(S, thread, &co);
}

static int op_thread_status(loba_state *S, loba_reference thread) {
  UNENTERED(S, LOBA_THREAD_RUNNING, thread_status_unentered(S, thread));
}

// Where a C function at the bottom of a coroutine cannot be resumed, it gets a function of Lua's around it.
static void push_for_thread(lua_State *L, loba_state *S, loba_job *job, loba_reference function) {
  static const char around[] = "local f = ... return function(...) return f(...) end";
  push_reference(S, L, function);
  if (LOBA_COROUTINES_RUN_C || !lua_iscfunction(L, -1)) return;
  loba_source source = {(const uint8_t *)around, sizeof around - 1, "=" OWN_CHUNK, LOBA_MODE_TEXT, false, 0};
  load_source(L, S, job, &source);
  lua_insert(L, -2);
  lua_call(L, 1, 1);
}

static int run_thread_new(lua_State *L, loba_state *S, loba_job *base) {
  lua_State *co = lua_newthread(L);
  push_for_thread(L, S, base, ((reference_job *)base)->first);
  lua_xmove(L, co, 1);
  return 1;
}

static int op_thread_new(loba_state *S, loba_reference function, loba_reference *thread) {
  reference_job job = {{run_thread_new, 0}, function, 0};
  return run_job_for_reference(S, &job.job, thread);
}

static bool has_started(lua_State *co) {
  lua_Debug ar;
  return lua_status(co) != 0 || lua_getstack(co, 0, &ar) || lua_type(co, 1) != LUA_TFUNCTION;
}

// The function of a coroutine that has not been started. Also asked by what cannot fail, so it needs next to nothing.
static int thread_function_unentered(loba_state *S, loba_reference thread, loba_reference *function) {
  *function = 0;
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  lua_State *co = thread_of(S, thread), *L = current_of(S);
  if (!co || is_of_loba(S, co) || has_started(co)) return LOBA_OK;
  lua_pushvalue(co, 1);
  lua_xmove(co, L, 1);
  *function = make_reference(S, L);
  return *function ? LOBA_OK : fail_for_memory(S, L);
}

static int op_thread_function(loba_state *S, loba_reference thread, loba_reference *function) {
  UNENTERED(S, LOBA_ERROR_THREAD, thread_function_unentered(S, thread, function));
}

// What is wrong with a coroutine that is not suspended. Not in `failure`, which is another thread's once this has left.
static int refuse_thread(loba_state *S, int thread_status) {
  leave(S);
  return thread_status == LOBA_THREAD_RUNNING  ? LOBA_ERROR_RUNNING
         : thread_status == LOBA_THREAD_NORMAL ? LOBA_ERROR_NORMAL
                                               : LOBA_ERROR_DEAD;
}

// ---------------------------------------------------------------- running

#if LOBA_PCALL_CONTINUES
// Whether a stop has left a coroutine that has just been resumed as a yield does: then it is to be dead.
static inline bool has_left(const loba_state *S, const lua_State *co) {
  return __builtin_expect(limits_of(S)->stopped, 0) && limits_of(S)->left == co;
}

#if LOBA_CLOSES_THREADS
static int close_thread(loba_state *S, lua_State *co) {
  thread_scope outer = begin_thread(S, co);
  int status = loba_close_thread(co);
  finish_thread(S, outer);
  return status;
}
#endif

// Such a coroutine, with the error that would have ended it on its stack.
static int end_thread(loba_state *S, lua_State *co) {
  limits_of(S)->left = NULL;
#if LOBA_CLOSES_THREADS
  close_thread(S, co);
  lua_settop(co, 0);
#else
  memory_grant grant = grant_memory(S);
  lua_checkstack(co, 4);
  push_fixed(S, co, AUX_CLOSED);
  lua_pushthread(co);
  lua_pushboolean(co, 1);
  lua_rawset(co, -3);
  lua_settop(co, -2);
  end_grant(S, grant);
  in(S)->has_closed_threads = true;
#endif
  push_fixed(S, co, AUX_STOP);
  return LUA_ERRRUN;
}
#else
static inline bool has_left(const loba_state *S, const lua_State *co) { return (void)S, (void)co, false; }
static int end_thread(loba_state *S, lua_State *co) { return (void)S, (void)co, LUA_ERRRUN; }
#endif

// Lua's status; the results, or the error, lie on the coroutine.
static int resume_thread(loba_state *S, lua_State *co, lua_State *from, int argument_count, int *given) {
  if (__builtin_expect(!limits_of(S)->armed, 1)) {
    int status = loba_resume(S, co, from, argument_count, given);
    return has_left(S, co) ? end_thread(S, co) : status;  // limits may have come meanwhile
  }
  thread_scope outer = begin_thread(S, co);
  int status = loba_resume(S, co, from, argument_count, given);
  finish_thread(S, outer);
  return has_left(S, co) ? end_thread(S, co) : status;
}

// ---------------------------------------------------------------- resume

typedef struct resume_job {
  loba_job job;
  loba_reference thread;
  const loba_slot *arguments;
  int argument_count, result_count;
  lua_State *co;
  bool is_raised;
} resume_job;

// With many arguments, or such as must be allocated: the library's own coroutine.resume knows how to make room.
static int run_resume(lua_State *L, loba_state *S, loba_job *base) {
  resume_job *job = (resume_job *)base;
  watch_thread(S, job->co);
  need_stack(L, S, job->argument_count + 8, "stack overflow (too many arguments)");
  if (!grow_other(S, L, job->co, job->argument_count)) return luaL_error(L, "too many arguments to resume");
  push_fixed(S, L, AUX_RESUME);
  push_reference(S, L, job->thread);
  for (int i = 0; i < job->argument_count; i++) push_slot(S, L, &job->arguments[i]);
  thread_scope outer = begin_thread(S, job->co);
  lua_call(L, job->argument_count + 1, LUA_MULTRET);
  finish_thread(S, outer);
  if (has_left(S, job->co)) {
    end_thread(S, job->co);
    lua_settop(job->co, -2);
    return raise_stop(L, S);
  }
  if (!lua_toboolean(L, 1)) {
    job->is_raised = true;
    lua_settop(L, 2);
    return raise_again(L, S, lua_status(job->co));
  }
  int count = lua_gettop(L) - 1;
  if (job->result_count >= 0) {
    if (count > job->result_count) lua_settop(L, 1 + job->result_count);
    return lua_gettop(L) - 1;
  }
  return count <= LOBA_SLOT_FRAME ? count : pack_wide(L, S, base, 2, count);
}

static int resume_slowly(loba_state *S, lua_State *co, loba_reference thread, loba_slot *slots, int argument_count,
                         int result_count, int *count) {
  resume_job job = {{run_resume, 0}, thread, slots, argument_count, result_count, co, false};
  int mark;
  thread_scope outer = scope_of(S);
  int status = run_job(S, &job.job, LUA_MULTRET, &mark);
  finish_thread(S, outer);
  if (status != LOBA_OK) {
    drop_wide(S, &job.job);
    if (has_started(co)) *count = 0;
    if (job.is_raised) trace_coroutine(S, co);
    return status;
  }
  status = finish_job_results(S, &job.job, mark, slots, count);
  for (int i = *count; i < result_count; i++) slots[i].tag = LOBA_NIL;
  return status;
}

// Takes what the coroutine has given from its stack.
typedef struct take_job {
  loba_job job;
  lua_State *co;
  int count;
  bool is_taken;
} take_job;

static int run_take(lua_State *L, loba_state *S, loba_job *base) {
  take_job *job = (take_job *)base;
  need_stack(L, S, job->count + 8, "stack overflow (too many results)");
  if (lua_gettop(job->co) < job->count) return luaL_error(L, "a hook has resumed the coroutine meanwhile");
  lua_xmove(job->co, L, job->count);
  job->is_taken = true;
  return pack_wide(L, S, base, 1, job->count);
}

// The coroutine lies open until they are taken: what makes room for them may run a hook or a finalizer, which may
// resume it. So there has to be room for as many as a slot frame holds before it is resumed.
#define RESULT_ROOM (LOBA_SLOT_FRAME + 1)

// At depth 0 no C function is under way that could raise an error.
static inline void settle_after_resume(loba_state *S, lua_State *L) {
  if (in(S)->depth) loba_after_resume(S, L);
}

static __attribute__((noinline)) int take_any_results(loba_state *S, lua_State *co, int given, loba_slot *slots,
                                                      int result_count, int *count) {
  if (result_count >= 0 && given > result_count) {
    lua_settop(co, -(given - result_count) - 1);
    given = result_count;
  }
  lua_State *L = current_of(S);
  int mark = lua_gettop(L);
  if (given > LOBA_SLOT_FRAME) {
    take_job job = {{run_take, 0}, co, given, false};
    int status = run_job(S, &job.job, LUA_MULTRET, &mark);
    if (status != LOBA_OK) {
      if (!job.is_taken) lua_settop(co, -given - 1);  // what is left there would pass for a function to start
      drop_wide(S, &job.job);
      return status;
    }
    return finish_job_results(S, &job.job, mark, slots, count);
  }
  lua_xmove(co, L, given);  // for which there is room, made before
  settle_after_resume(S, L);
  *count = given;
  for (int i = given; i < result_count; i++) slots[i].tag = LOBA_NIL;
  return finish_results(S, L, mark, mark + 1, slots, given);
}

ALWAYS_INLINE int take_results(loba_state *S, lua_State *co, int given, loba_slot *slots, int result_count,
                               int *count) {
  if (given != 1 || result_count != 1 || read_slot(co, -1, slots))
    return take_any_results(S, co, given, slots, result_count, count);
  lua_settop(co, -2);  // the usual case: one plain value
  *count = 1;
  settle_after_resume(S, current_of(S));
  leave(S);
  return LOBA_OK;
}

#define RESUME_FAST_ARGUMENTS 4  // every stack has this much beyond its top; LuaJIT's may have to grow for it

// The arguments are made on the stack that runs: what a finalizer does meanwhile would otherwise run in the coroutine
// that waits, which Lua 5.4 takes for having yielded when a hook looks (`lua_pcall` then returns LUA_YIELD). So the
// coroutine's status is asked for only when nothing else can run any more. Any number of results is for the library's
// resume, which has them on the stack that runs at once.
static int op_resume(loba_state *S, loba_reference thread, loba_slot *slots, int argument_count, int result_count,
                     int *count) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S), *co;
  int mark = height_of(S, L);
  if ((status = ensure_room(S, L, mark, RESULT_ROOM)) != LOBA_OK) return status;
  loba_entry entry = begin_running(S);
  bool is_ready =
      argument_count <= RESUME_FAST_ARGUMENTS && result_count >= 0 && push_all_safely(S, L, slots, argument_count);
  if (LOBA_GROWING_RAISES && is_ready && argument_count) {
    is_ready = find_thread(S, thread, &co) == LOBA_THREAD_SUSPENDED && grow_other(S, L, co, argument_count);
  }
  int thread_status = find_thread(S, thread, &co);
  if (thread_status != LOBA_THREAD_SUSPENDED) {
    lua_settop(L, mark);
    end_running(S, entry);
    return refuse_thread(S, thread_status);
  }
  if (!is_ready) {
    lua_settop(L, mark);
    end_running(S, entry);
    return resume_slowly(S, co, thread, slots, argument_count, result_count, count);
  }
  if (argument_count) lua_xmove(L, co, argument_count);
  watch_thread(S, co);
  int given = 0;
  int code = resume_thread(S, co, L, argument_count, &given);
  end_running(S, entry);
  if (__builtin_expect(code <= LUA_YIELD, 1)) return take_results(S, co, given, slots, result_count, count);
  trace_coroutine(S, co);
  lua_xmove(co, L, 1);
  settle_after_resume(S, L);
  if (has_started(co)) *count = 0;
  return hold_failure(S, L, mark, failure_status(S, entry, code));
}

#if LOBA_CLOSES_THREADS
// Runs pending to-be-closed variables. What they raise is the failure; the error that has ended
// the coroutine before, which Lua 5.4 gives again, was told then.
static int op_thread_close(loba_state *S, loba_reference thread) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S), *co;
  int thread_status = find_thread(S, thread, &co);
  if (thread_status == LOBA_THREAD_RUNNING || thread_status == LOBA_THREAD_NORMAL)
    return refuse_thread(S, thread_status);
  int mark = lua_gettop(L);
  if ((status = ensure_room(S, L, mark, 2)) != LOBA_OK) return status;
  if (co && lua_status(co) > LUA_YIELD && lua_gettop(co) > 0) {
    lua_pushvalue(co, -1);  // still there: resuming takes a copy of it
    lua_xmove(co, L, 1);
  } else {
    lua_pushnil(L);
  }
  loba_entry entry = begin_running(S);
  if (co) watch_thread(S, co);
  int code = co ? close_thread(S, co) : 0;
  end_running(S, entry);
  if (code) {
    lua_xmove(co, L, 1);
    if (!lua_rawequal(L, mark + 1, mark + 2)) {
      lua_replace(L, mark + 1);
      return hold_failure(S, L, mark, failure_status(S, entry, code));
    }
  }
  lua_settop(L, mark);
  leave(S);
  return LOBA_OK;
}
#else
static int run_thread_close(lua_State *L, loba_state *S, loba_job *base) {
  push_fixed(S, L, AUX_CLOSED);
  push_reference(S, L, ((reference_job *)base)->first);
  lua_pushboolean(L, 1);
  lua_rawset(L, 1);
  lua_settop(L, 0);  // a hook may look when this returns
  in(S)->has_closed_threads = true;
  return 0;
}

static int op_thread_close(loba_state *S, loba_reference thread) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *co;
  int thread_status = find_thread(S, thread, &co);
  if (thread_status == LOBA_THREAD_RUNNING || thread_status == LOBA_THREAD_NORMAL)
    return refuse_thread(S, thread_status);
  leave(S);
  if (thread_status == LOBA_THREAD_DEAD) return LOBA_OK;
  reference_job job = {{run_thread_close, 0}, thread, 0};
  return run_job_for_nothing(S, &job.job);
}
#endif
