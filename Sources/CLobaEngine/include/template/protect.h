// Protected mode: jobs, failures, tracebacks.

// A job is the part of an operation that may raise. It runs as a C function of its own, on an empty frame, and
// returns how many results it leaves.
typedef struct loba_job {
  int (*run)(lua_State *L, loba_state *S, struct loba_job *job);
  int argument;       // if not 0: the index, in the frame of the caller, of a value to begin the job's frame with
  int error_status;   // what the job is about to raise, if Lua's own status would not tell
  lua_State *thread;  // the thread that it is to run on
  loba_slot
      *wide;  // more results than a slot frame holds; in the job, since a finalizer may make other calls before it ends
  int wide_count;
} loba_job;

// Between setting a job and this function's start hooks and finalizers may run. Host calls among them put the job aside
// (see host_scope); a script that calls this function itself can at most run the job early, on a frame as good.
static int dispatcher(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  loba_job *job = in(S)->job;
  int argument_count = job && job->argument != 0;
  if (!job || job->thread != L || lua_gettop(L) < argument_count) return luaL_error(L, "not to be called by scripts");
  if (lua_gettop(L) != argument_count) lua_settop(L, argument_count);
  in(S)->job = NULL;
  in(S)->room = LUA_MINSTACK - ROOM_RESERVE;
  return job->run(L, S, job);
}

static inline int call_dispatcher(loba_state *S, lua_State *L, loba_job *job, int result_count, int handler) {
  loba_job *before = in(S)->job;  // not started yet, if this is for a host call that a hook or a finalizer has made
  job->thread = L;
  in(S)->job = job;
  int status = lua_pcall(L, job->argument != 0, result_count, handler);
  in(S)->job = before;  // a hook may have failed before the dispatcher could take it
  return status;
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

static void copy_frame(const lua_Debug *ar, loba_trace_frame *frame) {
  frame->line = ar->currentline;
  frame->line_defined = ar->linedefined;
  frame->kind = ar->what[0] == 'm' ? 'm' : ar->what[0] == 't' ? 't' : ar->what[0];
  copy_text(frame->source, sizeof frame->source, ar->short_src);
  if (ar->name && ar->namewhat[0]) {
    bool is_metamethod = strcmp(ar->namewhat, "metamethod") == 0;
    frame->name_kind = is_metamethod ? 'M' : ar->namewhat[0];
    copy_text(frame->name, sizeof frame->name, ar->name);
  }
}

static void record_frame(lua_State *L, debug_record *record, loba_trace_frame *frame) {
  memset(frame, 0, offsetof(loba_trace_frame, source));
  frame->source[0] = frame->name[0] = 0;
  if (lua_getinfo(L, "Sln", &record->ar)) copy_frame(&record->ar, frame);
}

// How many levels there are, or 1.
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

// The chunks of Loba's own, and how many levels of theirs are passed over: more come of recursion alone, and to find a
// level takes the longer the deeper it is.
#define OWN_CHUNK "[Swift]"
#define OWN_LEVELS 64

// To count levels takes long where there are hundreds of thousands. Where time is limited, the outermost are then left
// out.
#define COUNTED_LEVELS 50000

// Records the levels from `level` outwards in a traceback that is made if there is none yet, without those of Loba's
// own Lua. Allocates nothing in Lua and raises nothing.
static void record_levels(loba_state *S, loba_traceback **place, lua_State *L, int level) {
  if (!*place && !(*place = calloc(1, sizeof **place))) return;
  loba_traceback *trace = *place;
  debug_record record;
  int own = 0;
  trace->count = trace->skipped = 0;
  while (trace->count < LOBA_TRACE_MAX && lua_getstack(L, level, &record.ar)) {
    record_frame(L, &record, &trace->frames[trace->count]);
    level++;
    if (strcmp(trace->frames[trace->count].source, OWN_CHUNK) == 0 && own++ < OWN_LEVELS) continue;
    trace->count++;
    if (trace->count == LOBA_TRACE_HEAD) {
      if (in(S)->limits.armed && lua_getstack(L, COUNTED_LEVELS, &record.ar)) {
        trace->skipped = COUNTED_LEVELS - level;  // at least
        break;
      }
      int depth = stack_depth(L);
      if (depth - level > LOBA_TRACE_TAIL) {
        trace->skipped = depth - LOBA_TRACE_TAIL - level;
        level += trace->skipped;
      }
    }
  }
  // The outermost level may be the dispatcher, which is nobody's business.
  if (trace->count > 0 && L == in(S)->main) {
    loba_trace_frame *last = &trace->frames[trace->count - 1];
    if (last->kind == 'C' && !last->name_kind) trace->count--;
  }
}

static void record_traceback(loba_state *S, lua_State *L, int level) { record_levels(S, &S->traceback, L, level); }

static loba_trace_frame *begin_single(loba_traceback **place) {
  if (!*place && !(*place = calloc(1, sizeof **place))) return NULL;
  loba_traceback *trace = *place;
  trace->count = 1;
  trace->skipped = 0;
  memset(trace->frames, 0, sizeof *trace->frames);
  return trace->frames;
}

// Where memory is denied, Lua asks no handler and its stack is gone: what is known is what was called. Allocates
// nothing in Lua and raises nothing.
static void trace_function(loba_state *S, loba_reference function) {
  lua_State *A = auxiliary_of(S);
  debug_record record;
  push_on_auxiliary(S, function);
  if (lua_type(A, -1) != LUA_TFUNCTION || lua_iscfunction(A, -1)) {
    lua_settop(A, in(S)->reference_top);
    return;
  }
  lua_getinfo(A, ">S", &record.ar);
  record.ar.currentline = -1;
  record.ar.name = NULL;
  loba_trace_frame *frame = begin_single(&S->traceback);
  if (frame) copy_frame(&record.ar, frame);
}

// The same of a chunk by its name, which is shown as Lua does.
static void trace_chunk(loba_traceback **place, const char *name) {
  loba_trace_frame *frame = begin_single(place);
  if (!frame) return;
  frame->line = frame->line_defined = -1;
  frame->kind = 'm';
  if (*name == '=' || *name == '@') {
    size_t all = strlen(++name);
    bool is_long = name[-1] == '@' && all >= LUA_IDSIZE;  // of a path the end says more
    if (is_long) copy_text(frame->source, LUA_IDSIZE, "...");
    copy_text(frame->source + 3 * is_long, LUA_IDSIZE - 3 * is_long, is_long ? name + all - (LUA_IDSIZE - 4) : name);
    return;
  }
  size_t length = strcspn(name, "\r\n");
  bool is_whole = name[length] == 0 && length < 45;
  snprintf(frame->source, sizeof frame->source, "[string \"%.*s%s\"]", length < 45 ? (int)length : 45, name,
           is_whole ? "" : "...");
}

// Where a script has called the function that runs at level 0: the innermost level that has a line; and what it has
// called the function. What stands around a function in Lua that is Loba's own is passed over. Allocates nothing in Lua
// and raises nothing.
static bool find_call_site(loba_state *S, loba_trace_frame *site) {
  memset(site, 0, sizeof *site);
  if (in(S)->depth == 0 || !in(S)->current) return false;
  lua_State *L = current_of(S);
  debug_record record;
  loba_trace_frame frame;
  for (int level = 0; level < OWN_LEVELS && lua_getstack(L, level, &record.ar); level++) {
    record_frame(L, &record, &frame);
    if (level == 0 || strcmp(frame.source, OWN_CHUNK) == 0) {
      *site = frame;
    } else if (frame.line > 0) {
      site->line = frame.line;
      memcpy(site->source, frame.source, sizeof site->source);
      return true;
    }
  }
  return false;
}

// The place of the function at level 1, or of what has called it if that is Loba's own.
static void push_where(lua_State *L) {
  debug_record record;
  for (int level = 1; level < OWN_LEVELS && lua_getstack(L, level, &record.ar); level++) {
    if (!lua_getinfo(L, "Sl", &record.ar)) break;
    if (strcmp(record.ar.short_src, OWN_CHUNK) == 0) continue;
    if (record.ar.currentline <= 0) break;
    lua_pushfstring(L, "%s:%d: ", record.ar.short_src, record.ar.currentline);
    return;
  }
  lua_pushlstring(L, "", 0);
}

static bool op_call_site(loba_state *S, loba_trace_frame *site) { UNENTERED(S, false, find_call_site(S, site)); }

static bool is_host_function(lua_CFunction function);
static void drop_error(loba_state *S, lua_State *L, void **owner);

// What tells error values apart; numbers, booleans and nil have nothing.
static const void *value_identity(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, NULL) : lua_topointer(L, index);
}

// Takes the Swift error that the value on top stands for, which the function at a level raises: if that is the host
// call that raised it last. Asked when an error is raised that nothing catches, or in the coroutine that it has ended:
// if something has caught that of the host call, then another function raises now.
static void take_raised(loba_state *S, lua_State *L, int level) {
  if (__builtin_expect(!in(S)->raised, 1) || !S->traceback) return;
  debug_record record;
  if (in(S)->raised_identity != value_identity(L, lua_gettop(L))) return;
  if (!lua_getstack(L, level, &record.ar) || !lua_getinfo(L, "f", &record.ar)) return;
  bool is_ours = is_host_function(lua_tocfunction(L, -1));
  lua_pop(L, 1);
  if (!is_ours) return;
  S->traceback->error = in(S)->raised;
  in(S)->raised = NULL;
}

// Called by Lua where an error is raised that nothing in Lua catches.
static int message_handler(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  lua_settop(L, 1);
  // An error before this one has not come out if another has taken its place on the way.
  void *before = S->traceback ? S->traceback->error : NULL;
  if (before) S->traceback->error = NULL;
  record_traceback(S, L, 1);
  take_raised(S, L, 1);
  drop_error(S, L, &before);
  return 1;
}

// What a coroutine that Swift has resumed has ended with: there is no handler in it, but its stack is as it was.
static void trace_coroutine(loba_state *S, lua_State *co) {
  record_traceback(S, co, 0);
  if (in(S)->raised && lua_checkstack(co, 1)) take_raised(S, co, 0);
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

// Reads the error value at the top of L and holds it.
static __attribute__((noinline)) int hold_failure(loba_state *S, lua_State *L, int mark, int status) {
  read_slot(L, lua_gettop(L), &S->failure);
  S->held_mark = mark;
  return status;
}

// For want of memory for what has been done, of an operation that has not entered.
static int fail_for_memory(loba_state *S, lua_State *L) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  int mark = lua_gettop(L);
  lua_pushnil(L);
  return hold_failure(S, L, mark, LOBA_ERROR_MEMORY);
}

// What an entered operation saves, and restores whether it succeeds or not.
typedef struct loba_entry {
  uintptr_t pushing;
  size_t denials;
  int room, catching;
} loba_entry;

static void forget_errors(loba_state *S);

// Takes away what a host call has left in the arena that an error ended while it was pushing.
static inline void drop_abandoned(loba_state *S) {
  loba_arena_reset(&S->results, in(S)->depth == 0 ? (loba_arena_mark){NULL} : in(S)->pushing.mark);
  in(S)->pushing.frame = 0;
}

static inline loba_entry begin_running(loba_state *S) {
  loba_entry entry = {in(S)->pushing.frame, in(S)->denials, in(S)->room, in(S)->catching};
  in(S)->catching++;
  if (S->traceback) {
    S->traceback->count = 0;
    if (__builtin_expect(S->traceback->error != NULL, 0)) forget_errors(S);
  }
  return entry;
}

static inline void end_running(loba_state *S, loba_entry entry) {
  if (__builtin_expect(in(S)->pushing.frame != entry.pushing, 0)) drop_abandoned(S);
  in(S)->room = entry.room;
  in(S)->catching = entry.catching;
}

// The status of a call that has ended with an error. Where `error` raises a memory error if it is given the text of
// one, only a program that has been refused memory can be short of it.
static int failure_status(const loba_state *S, loba_entry entry, int code) {
  if (in(S)->limits.stopped) return LOBA_ERROR_LIMIT;  // whatever has become of it on the way
  if (LOBA_TEXT_RAISES_MEMORY && code == LUA_ERRMEM && in(S)->denials == entry.denials) return LOBA_ERROR_RUNTIME;
  return status_of(code);
}

// The handler for a call. While another runs, an engine where they do not nest takes every error that meets one for an
// error of the handler that runs, which says nothing of what has been raised; so there is none then, and such an error
// comes without a traceback.
static inline int handler_for(const loba_state *S, lua_State *L, int index) {
  return !LOBA_HANDLERS_NEST && in(S)->depth && lua_status(L) == LUA_ERRERR ? 0 : index;
}

// Whether this many values can be pushed on the current stack without a check. What lies on it while results are held,
// and while what reads them makes further calls, is more than a frame has room for.
static inline bool has_room(loba_state *S, lua_State *L, int top, int count) {
  if (__builtin_expect(top + count <= in(S)->room + ROOM_RESERVE, 1)) return true;
  if (!grow_other(S, L, L, count + LUA_MINSTACK)) return false;
  in(S)->room = top + count + LUA_MINSTACK;
  return true;
}

// Runs a job in an operation that has entered. On LOBA_OK its results lie on the current stack above `mark`, below
// them the message handler; on an error the value is held. The caller then leaves or holds.
static int run_job(loba_state *S, loba_job *job, int result_count, int *mark) {
  lua_State *L = current_of(S);
  lua_State *A = auxiliary_of(S);
  int top = *mark = lua_gettop(L);
  if (!has_room(S, L, top, 3)) {
    leave(S);
    return LOBA_ERROR_STACK;
  }
  loba_entry entry = begin_running(S);
  lua_pushvalue(A, AUX_HANDLER);
  lua_pushvalue(A, AUX_DISPATCHER);
  lua_xmove(A, L, 2);
  if (job->argument) lua_pushvalue(L, job->argument);
  int status = call_dispatcher(S, L, job, result_count, handler_for(S, L, top + 1));
  end_running(S, entry);
  if (__builtin_expect(status != 0, 0)) {
    // A chunk that does not load says what kind of error it is; everything else is what lua_pcall says.
    bool is_load = job->error_status && !in(S)->limits.stopped;
    int kind = is_load ? job->error_status : failure_status(S, entry, status);
    return hold_failure(S, L, top, kind);
  }
  return LOBA_OK;
}

// Runs a job inside of a host call that has something to put away before an error may pass. Lua's status; the results,
// or the error, lie on L.
static int run_inner_job(loba_state *S, lua_State *L, loba_job *job, int result_count) {
  int room = in(S)->room;
  push_fixed(S, L, AUX_DISPATCHER);
  int status = call_dispatcher(S, L, job, result_count, 0);
  in(S)->room = room;
  return status;
}

#if LOBA_GROWING_RAISES
typedef struct stack_job {
  loba_job job;
  lua_State *other;
  int count;
} stack_job;

static int run_grow_other(lua_State *L, loba_state *S, loba_job *base) {
  (void)L, (void)S;
  stack_job *job = (stack_job *)base;
  job->count = lua_checkstack(job->other, job->count + LUA_MINSTACK) ? 0 : -1;
  return 0;
}

static bool grow_protected(loba_state *S, lua_State *L, lua_State *other, int count) {
  stack_job job = {{run_grow_other, 0}, other, count};
  int top = lua_gettop(L);
  memory_grant grant = grant_memory(S);
  int status = run_inner_job(S, L, &job.job, 0);
  end_grant(S, grant);
  lua_settop(L, top);
  return status == 0 && job.count == 0;
}
#endif

// Raises the error on top that such a job has ended with. Where the text of a memory error raises one, it does here,
// and memory is not refused for it: it may have been a script that has raised the text.
static int raise_again(lua_State *L, loba_state *S, int status) {
  if (status == LUA_ERRMEM && !LOBA_TEXT_RAISES_MEMORY) return raise_memory(L, S);
  return lua_error(L);
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
  in(S)->room = top + count + 28;
  return LOBA_OK;
}

static inline int ensure_room(loba_state *S, lua_State *L, int top, int count) {
  return __builtin_expect(top + count <= in(S)->room, 1) ? LOBA_OK : ensure_room_slowly(S, L, top, count);
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
