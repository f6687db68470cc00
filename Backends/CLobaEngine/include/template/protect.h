// Protected mode: jobs, failures, tracebacks.

// A job is the part of an operation that may raise. It runs as a C function of its own, on an empty frame, and
// returns how many results it leaves.
typedef struct loba_job {
  int (*run)(lua_State *L, loba_state *S, struct loba_job *job);
  int argument;  // if not 0: the index, in the frame of the caller, of a value to begin the job's frame with
  loba_slot *wide;  // more results than a slot frame holds; in the job, since a finalizer may make other calls before it ends
  int wide_count;
} loba_job;

static int dispatcher(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  loba_job *job = S->job;
  S->job = NULL;
  if (!job) return luaL_error(L, "not to be called by scripts");
  S->room = LUA_MINSTACK - ROOM_RESERVE;
  return job->run(L, S, job);
}

// ---------------------------------------------------------------- tracebacks

// lua_Debug ends in a buffer whose size (LUA_IDSIZE) a distribution may have changed: leave room behind it.
typedef struct debug_record {
  lua_Debug ar;
  char spare[256];
} debug_record;

static void copy_text(char *to, size_t size, const char *from) {
  size_t length = strlen(from);
  if (length >= size) length = size - 1;
  memcpy(to, from, length);
  to[length] = 0;
}

static void record_frame(lua_State *L, debug_record *record, loba_trace_frame *frame) {
  lua_Debug *ar = &record->ar;
  memset(frame, 0, offsetof(loba_trace_frame, source));
  frame->source[0] = frame->name[0] = 0;
  if (!lua_getinfo(L, "Sln", ar)) return;
  frame->line = ar->currentline;
  frame->line_defined = ar->linedefined;
  frame->kind = ar->what[0] == 'm' ? 'm' : ar->what[0] == 't' ? 't' : ar->what[0];
  copy_text(frame->source, sizeof frame->source, ar->short_src);
  if (ar->name && ar->namewhat[0]) {
    frame->name_kind = ar->namewhat[0];
    copy_text(frame->name, sizeof frame->name, ar->name);
  }
}

static int stack_depth(lua_State *L) {
  debug_record record;
  int low = 1, high = 1;
  while (lua_getstack(L, high, &record.ar)) {
    low = high;
    high *= 2;
  }
  while (low < high) {
    int middle = (low + high) / 2;
    if (lua_getstack(L, middle, &record.ar))
      low = middle + 1;
    else
      high = middle;
  }
  return high;
}

// Records the levels from `level` outwards. Allocates nothing in Lua and raises nothing.
static void record_traceback(loba_state *S, lua_State *L, int level) {
  if (!S->traceback && !(S->traceback = malloc(sizeof *S->traceback))) return;
  loba_traceback *trace = S->traceback;
  debug_record record;
  trace->count = trace->skipped = 0;
  while (trace->count < LOBA_TRACE_MAX && lua_getstack(L, level, &record.ar)) {
    record_frame(L, &record, &trace->frames[trace->count++]);
    level++;
    if (trace->count == LOBA_TRACE_HEAD) {
      int depth = stack_depth(L);
      if (depth - level > LOBA_TRACE_TAIL) {
        trace->skipped = depth - LOBA_TRACE_TAIL - level;
        level += trace->skipped;
      }
    }
  }
  // The outermost level may be the dispatcher, which is nobody's business.
  if (trace->count > 0 && L == S->main) {
    loba_trace_frame *last = &trace->frames[trace->count - 1];
    if (last->kind == 'C' && !last->name_kind) trace->count--;
  }
}

static int message_handler(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  record_traceback(S, L, 1);
  return 1;
}

// ---------------------------------------------------------------- running jobs

static int status_of(int code) {
  switch (code) {
  case LUA_ERRSYNTAX:
    return LOBA_ERROR_SYNTAX;
  case LUA_ERRMEM:
    return LOBA_ERROR_MEMORY;
  case LUA_ERRERR:
    return LOBA_ERROR_HANDLER;
  default:
    return LOBA_ERROR_RUNTIME;
  }
}

// Reads the error value at the top of L and holds it. A memory error that was caught and raised again on its way (by a
// script, or by the code of ours that had something to put away first) is one still, as it is in Lua 5.4 itself.
static int hold_failure(loba_state *S, lua_State *L, int mark, int status) {
  static const char memory[] = "not enough memory";
  read_slot(L, lua_gettop(L), &S->failure);
  if (S->failure.tag == LOBA_STRING && S->failure.length == sizeof memory - 1 &&
      memcmp(S->failure.bytes, memory, sizeof memory - 1) == 0)
    status = LOBA_ERROR_MEMORY;
  S->held_mark = mark;
  return status;
}

// What an entered operation saves, and restores whether it succeeds or not.
typedef struct loba_entry {
  loba_arena_mark arena_base;
  int room;
} loba_entry;

static inline loba_entry begin_running(loba_state *S) {
  loba_entry entry = {S->arena_base, S->room};
  S->arena_base = loba_arena_now(S);
  if (S->traceback) S->traceback->count = 0;
  return entry;
}

static inline void end_running(loba_state *S, loba_entry entry) {
  loba_arena_reset(S, S->arena_base);
  S->arena_base = entry.arena_base;
  S->room = entry.room;
}

// Runs a job in an operation that has entered. On LOBA_OK its results lie on the current stack above `mark`, below
// them the message handler; on an error the value is held. The caller then leaves or holds.
static int run_job(loba_state *S, loba_job *job, int result_count, int *mark) {
  lua_State *L = current_of(S);
  lua_State *A = auxiliary_of(S);
  loba_entry entry = begin_running(S);
  int top = *mark = lua_gettop(L);
  lua_pushvalue(A, AUX_HANDLER);
  lua_pushvalue(A, AUX_DISPATCHER);
  lua_xmove(A, L, 2);
  if (job->argument) lua_pushvalue(L, job->argument);
  S->job = job;
  int status = lua_pcall(L, job->argument != 0, result_count, top + 1);
  end_running(S, entry);
  if (__builtin_expect(status != 0, 0)) {
    // A chunk that does not load says what kind of error it is; everything else is what lua_pcall says.
    int kind = S->error_status ? S->error_status : status_of(status);
    S->error_status = 0;
    return hold_failure(S, L, top, kind);
  }
  return LOBA_OK;
}

// Runs a job inside of a host call that has something to put away before an error may pass. Lua's status; the results,
// or the error, lie on L.
static int run_inner_job(loba_state *S, lua_State *L, loba_job *job, int result_count) {
  int room = S->room;
  push_fixed(S, L, AUX_DISPATCHER);
  S->job = job;
  int status = lua_pcall(L, 0, result_count, 0);
  S->room = room;
  return status;
}

// Makes sure that `count` values can be pushed on the current stack. False if memory or the stack does not allow it;
// the error is then held.
typedef struct grow_job {
  loba_job job;
  int count;
} grow_job;

static int run_grow(lua_State *L, loba_state *S, loba_job *job) {
  (void)S;
  need_stack(L, S, ((grow_job *)job)->count, "stack overflow");
  return 0;
}

static inline int ensure_room_slowly(loba_state *S, lua_State *L, int top, int count) {
  // A protected frame above this one grows the stack first; after it, growing here cannot fail.
  grow_job job = {{run_grow, 0}, count + 64};
  int mark;
  int status = run_job(S, &job.job, 0, &mark);
  if (status != LOBA_OK) return status;
  lua_settop(L, top);
  lua_checkstack(L, count + 32);
  S->room = top + count + 28;
  return LOBA_OK;
}

static inline int ensure_room(loba_state *S, lua_State *L, int top, int count) {
  return __builtin_expect(top + count <= S->room, 1) ? LOBA_OK : ensure_room_slowly(S, L, top, count);
}

// A job with one result that becomes a reference.
static int run_job_for_reference(loba_state *S, loba_job *job, loba_reference *reference) {
  int status = enter(S), mark;
  if (status != LOBA_OK) return status;
  status = run_job(S, job, 1, &mark);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S);
  *reference = make_reference(S, L);
  lua_settop(L, mark);
  if (!*reference) {
    lua_pushnil(L);
    return hold_failure(S, L, mark, LOBA_ERROR_MEMORY);
  }
  leave(S);
  return LOBA_OK;
}

// A job without results.
static int run_job_for_nothing(loba_state *S, loba_job *job) {
  int status = enter(S), mark;
  if (status != LOBA_OK) return status;
  status = run_job(S, job, 0, &mark);
  if (status != LOBA_OK) return status;
  lua_settop(current_of(S), mark);
  leave(S);
  return LOBA_OK;
}

// A job with one result, read into a slot and held if need be.
static int run_job_for_slot(loba_state *S, loba_job *job, loba_slot *result) {
  int status = enter(S), mark;
  if (status != LOBA_OK) return status;
  status = run_job(S, job, 1, &mark);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S);
  if (read_slot(L, mark + 2, result)) {
    S->held_mark = mark;
    return LOBA_HELD;
  }
  lua_settop(L, mark);
  leave(S);
  return LOBA_OK;
}
