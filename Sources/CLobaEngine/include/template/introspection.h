// What functions, levels of the stack and variables are.

// ---------------------------------------------------------------- stacks that Swift has taken hold of

// Nothing below a host call returns before it does. So what the call has found stays as it is until then, and a number
// tells whether the call is still under way. Of a coroutine that waits, the function tells that a level is the same.
static void end_watches(loba_state *S) {
  while (in(S)->watches && in(S)->watches->depth >= in(S)->depth) {
    loba_watch *over = in(S)->watches;
    in(S)->watches = over->outer;
    free(over);
  }
}

// What has called the innermost host call, or what the hook has interrupted that it is.
static lua_State *interrupted(loba_state *S) {
  const loba_hook *hook = &in(S)->hook;
  return hook->running && hook->depth == in(S)->depth ? hook->thread : current_of(S);
}

static loba_watch *watch_call(loba_state *S) {
  loba_watch *watch = in(S)->watches;
  if (watch && watch->depth == in(S)->depth) return watch;
  if (!(watch = malloc(sizeof *watch))) return NULL;
  *watch = (loba_watch){in(S)->watches, interrupted(S), ++in(S)->watch_count, in(S)->depth};
  return in(S)->watches = watch;
}

// How many levels a thread has, without that of the job that runs on L.
static int count_levels(lua_State *L, lua_State *thread) {
  debug_record record;
  return lua_getstack(thread, 0, &record.ar) ? stack_depth(thread) - (thread == L) : 0;
}

// Pushes the function of a level on the thread's own stack, or nil for one that is gone. What every function has room
// for is not asked for: a hook may run meanwhile, and raise.
static bool push_function_at(loba_state *S, lua_State *thread, debug_record *record) {
  bool has_room = thread == current_of(S) && lua_gettop(thread) + 4 <= LUA_MINSTACK;
  if (!has_room && !grow_other(S, current_of(S), thread, 4)) return false;
  lua_getinfo(thread, "f", &record->ar);
  return true;
}

// The thread of a frame, with the function that runs there on its stack; L has the job that asks, if one does. NULL,
// and nothing pushed, if there is nothing.
static lua_State *find_frame(lua_State *L, loba_state *S, const loba_frame *frame, debug_record *record) {
  lua_State *thread = NULL;
  if (frame->stack.thread) thread = thread_of(S, frame->stack.thread);
  for (loba_watch *watch = in(S)->watches; !frame->stack.thread && watch; watch = watch->outer)
    if (watch->serial == frame->stack.call) thread = watch->thread;
  if (!thread || frame->level < 0) return NULL;
  int level = frame->level + count_levels(L, thread) - frame->stack.depth;
  if (level < 0 || !lua_getstack(thread, level + (thread == L), &record->ar)) return NULL;
  return push_function_at(S, thread, record) ? thread : NULL;
}

static const void *op_function_at(loba_state *S, const loba_frame *frame) {
  if (enter(S) != LOBA_OK) return NULL;
  debug_record record;
  lua_State *thread = find_frame(NULL, S, frame, &record);
  const void *function = thread ? lua_topointer(thread, -1) : NULL;
  if (thread) lua_pop(thread, 1);
  leave(S);
  return function;
}

typedef struct debug_job {
  loba_job job;
  const loba_frame *frame;
  const loba_variable *variable;
  const loba_slot *value;
  loba_reference reference;  // of a function, or a coroutine
  loba_stack *stack;
  loba_function_info *info;
  bool is_set, has_returned;
} debug_job;

// In a job: the thread of a frame, with its function on L; NULL if the call has returned.
static lua_State *find_in_job(lua_State *L, loba_state *S, debug_job *job, const loba_frame *frame,
                              debug_record *record) {
  lua_State *thread = find_frame(L, S, frame, record);
  if (thread && thread != L) lua_xmove(thread, L, 1);
  job->has_returned = !thread || lua_topointer(L, -1) != frame->function;
  return job->has_returned ? NULL : thread;
}

static int run_stack(lua_State *L, loba_state *S, loba_job *base) {
  debug_job *job = (debug_job *)base;
  loba_stack *stack = job->stack;
  debug_record record;
  lua_State *thread = job->reference ? thread_of(S, job->reference) : NULL;
  if (thread && thread != interrupted(S)) {
    stack->thread = job->reference;
  } else {
    if (in(S)->depth == 0) return 0;
    loba_watch *watch = watch_call(S);
    if (!watch) return raise_memory(L, S);
    stack->call = watch->serial;
    thread = watch->thread;
  }
  stack->count = stack->depth = count_levels(L, thread);
  if (stack->depth == 0 || !lua_getstack(thread, stack->depth - 1 + (thread == L), &record.ar)) return 0;
  if (!push_function_at(S, thread, &record)) return 0;
  stack->count -= lua_tocfunction(thread, -1) == dispatcher;
  lua_pop(thread, 1);
  return 0;
}

static int op_stack(loba_state *S, loba_reference thread, loba_stack *stack) {
  memset(stack, 0, sizeof *stack);
  debug_job job = {{run_stack, 0}, .reference = thread, .stack = stack};
  return run_job_for_nothing(S, &job.job);
}

static int op_traceback(loba_state *S, loba_reference thread, loba_traceback *trace) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = thread ? thread_of(S, thread) : interrupted(S);
  trace->count = 0;
  if (L && (thread || in(S)->depth)) record_levels(S, &trace, L, 0);
  leave(S);
  return LOBA_OK;
}

// ---------------------------------------------------------------- functions

static bool is_opaque(lua_State *L, int index);

static bool is_of_lua(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TFUNCTION && !lua_iscfunction(L, index);
}

// Of the function at 1.
static void fill_info(lua_State *L, const lua_Debug *ar, loba_function_info *info) {
  copy_frame(ar, &info->frame);
  info->source = ar->source;
  info->last_line = ar->lastlinedefined;
  info->upvalue_count = is_opaque(L, 1) ? 0 : ar->nups;
  info->is_host = is_host_function(lua_tocfunction(L, 1));
  info->parameter_count = info->is_variadic = info->is_tail_call = -1;
#if LUA_VERSION_NUM >= 502
  info->parameter_count = ar->nparams;
  info->is_variadic = ar->isvararg != 0;
  info->is_tail_call = ar->istailcall != 0;
#elif LOBA_HAS_COMPILER
  lua_settop(L, 1);
  if (is_of_lua(L, 1)) info->parameter_count = 0;
  while (info->parameter_count >= 0 && lua_getlocal(L, NULL, info->parameter_count + 1)) info->parameter_count++;
#endif
}

// Of a function, or of a frame; without `info` it is the function that is wanted.
static int run_info(lua_State *L, loba_state *S, loba_job *base) {
  debug_job *job = (debug_job *)base;
  debug_record record;
  memset(&record, 0, sizeof record);
  if (job->frame) {
    lua_State *thread = find_in_job(L, S, job, job->frame, &record);
    if (!thread || !job->info) return thread != NULL;
    lua_getinfo(thread, LUA_VERSION_NUM >= 502 ? "Slnut" : "Slnu", &record.ar);
  } else {
    push_reference(S, L, job->reference);
    lua_pushvalue(L, 1);
    lua_getinfo(L, ">Su", &record.ar);
  }
  fill_info(L, &record.ar, job->info);
  return 0;
}

static int op_function_info(loba_state *S, loba_reference function, loba_function_info *info) {
  debug_job job = {{run_info, 0}, .reference = function, .info = info};
  return run_job_for_nothing(S, &job.job);
}

static int run_active_lines(lua_State *L, loba_state *S, loba_job *base) {
  debug_record record;
  push_reference(S, L, ((debug_job *)base)->reference);
  lua_pushvalue(L, 1);
  lua_getinfo(L, ">S", &record.ar);
  if (strcmp(record.ar.source, "=?") == 0) return 0;  // stripped: Lua 5.4 would look for lines all the same
  lua_getinfo(L, ">L", &record.ar);
  return 1;
}

static int op_active_lines(loba_state *S, loba_reference function, loba_slot *lines) {
  debug_job job = {{run_active_lines, 0}, .reference = function};
  return run_job_for_slot(S, &job.job, lines);
}

static int status_of_frame(const debug_job *job, int status) {
  return status == LOBA_OK && job->has_returned ? LOBA_ERROR_RETURNED : status;
}

static int op_frame_info(loba_state *S, const loba_frame *frame, loba_function_info *info) {
  debug_job job = {{run_info, 0}, .frame = frame, .info = info};
  return status_of_frame(&job, run_job_for_nothing(S, &job.job));
}

static int op_frame_function(loba_state *S, const loba_frame *frame, loba_reference *function) {
  debug_job job = {{run_info, 0}, .frame = frame};
  int status = status_of_frame(&job, run_job_for_reference(S, &job.job, function));
  if (status == LOBA_ERROR_RETURNED) loba_release(S, *function);
  return status;
}

// ---------------------------------------------------------------- variables

// The name, with the value on L. What the engine keeps for itself is none.
static const char *push_variable(lua_State *L, loba_state *S, debug_job *job, lua_State **thread,
                                 debug_record *record) {
  const loba_variable *variable = job->variable;
  if (!variable->frame) {
    push_reference(S, L, variable->function);
    return is_opaque(L, 1) ? NULL : lua_getupvalue(L, 1, variable->index);
  }
  *thread = find_in_job(L, S, job, variable->frame, record);
  if (!*thread || !is_of_lua(L, 1)) return NULL;
  const char *name = lua_getlocal(*thread, &record->ar, variable->index);
  if (name && *thread != L) lua_xmove(*thread, L, 1);
  // What a loop needs, and in Lua 5.5 the table of variable arguments, comes between others; what is temporary, after
  // all.
  bool is_named = name && (name[0] != '(' || strncmp(name, "(for", 4) == 0 || strcmp(name, "(vararg table)") == 0);
  return is_named || (name && variable->index < 0) ? name : NULL;
}

static int run_get_variable(lua_State *L, loba_state *S, loba_job *base) {
  debug_record record;
  lua_State *thread;
  const char *name = push_variable(L, S, (debug_job *)base, &thread, &record);
  if (!name) return 0;
  lua_pushlstring(L, name, strlen(name));
  return 2;
}

static int op_get_variable(loba_state *S, const loba_variable *variable, loba_slot *slots, int *count) {
  debug_job job = {{run_get_variable, 0}, .variable = variable};
  int status = enter(S), mark;
  if (status != LOBA_OK || (status = run_job(S, &job.job, LUA_MULTRET, &mark)) != LOBA_OK) return status;
  return status_of_frame(&job, finish_job_results(S, &job.job, mark, slots, count));
}

// What C functions keep in their upvalues they trust. Compiled code may know a variable by its value.
static int run_set_variable(lua_State *L, loba_state *S, loba_job *base) {
  debug_job *job = (debug_job *)base;
  debug_record record;
  lua_State *thread;
  const char *name = push_variable(L, S, job, &thread, &record);
  if (!name || !is_of_lua(L, 1) || (name[0] == '(' && job->variable->index > 0)) return 0;
  loba_drop_compiled_code(L);
  push_slot(S, L, job->value);
  if (job->variable->frame) {
    if (thread != L) lua_xmove(L, thread, 1);
    lua_setlocal(thread, &record.ar, job->variable->index);
  } else {
    lua_setupvalue(L, 1, job->variable->index);
  }
  job->is_set = true;
  return 0;
}

static int op_set_variable(loba_state *S, const loba_variable *variable, const loba_slot *value, bool *is_set) {
  debug_job job = {{run_set_variable, 0}, .variable = variable, .value = value};
  int status = run_job_for_nothing(S, &job.job);
  *is_set = job.is_set;
  return status_of_frame(&job, status);
}
