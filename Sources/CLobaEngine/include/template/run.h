// Loading and calling.

// ---------------------------------------------------------------- results

static void drop_wide(loba_state *S, loba_job *job) {
  for (int i = 0; i < job->wide_count; i++)
    if (job->wide[i].tag > LOBA_STRING && job->wide[i].tag != LOBA_POINTER)
      loba_release(S, (loba_reference)(ptrdiff_t)job->wide[i].length);
  free(job->wide);
  job->wide = NULL;
}

// More results than a slot frame holds: they are moved into a table, which holds the strings, and their slots are
// allocated. What is not a plain value or a string gets a reference at once, in `length`. In protected mode.
static int pack_wide(lua_State *L, loba_state *S, loba_job *job, int first, int count) {
  need_stack(L, S, 4, "stack overflow");
  lua_createtable(L, count, 0);
  job->wide = malloc((size_t)count * sizeof *job->wide);
  if (!job->wide) return raise_memory(L, S);
  for (int i = 0; i < count; i++) {
    loba_slot *slot = &job->wide[i];
    slot->length = 0;
    read_slot(L, first + i, slot);
    job->wide_count = i + 1;
    lua_pushvalue(L, first + i);
    if (slot->tag > LOBA_STRING && slot->tag != LOBA_POINTER) {
      slot->index = 0;
      slot->length = (size_t)(ptrdiff_t)make_reference(S, L);
      if (!slot->length) return raise_memory(L, S);
    } else {
      lua_rawseti(L, -2, i + 1);
    }
  }
  return 1;
}

// In a job: what to return of the results above `first - 1`, when all of them are wanted.
static int give_results(lua_State *L, loba_state *S, loba_job *job, int first, int result_count) {
  int count = lua_gettop(L) - first + 1;
  if (result_count >= 0 || count <= LOBA_SLOT_FRAME) return count;
  return pack_wide(L, S, job, first, count);
}

// Reads results that lie at `first` and above into slots; holds them, until the stack is cut back to `mark`, or leaves.
static int finish_results(loba_state *S, lua_State *L, int mark, int first, loba_slot *slots, int count) {
  bool held = false;
  for (int i = 0; i < count; i++) held |= read_slot(L, first + i, &slots[i]);
  if (held) {
    S->held_mark = mark;
    return LOBA_HELD;
  }
  lua_settop(L, mark);
  leave(S);
  return LOBA_OK;
}

// The same after a job that may have given its results wide.
static int finish_job_results(loba_state *S, loba_job *job, int mark, loba_slot *slots, int *count) {
  lua_State *L = current_of(S);
  if (job->wide) {
    S->wide = job->wide;
    S->wide_count = *count = job->wide_count;
    S->held_mark = mark;
    return LOBA_HELD;
  }
  *count = lua_gettop(L) - mark - 1;
  return finish_results(S, L, mark, mark + 2, slots, *count);  // above the message handler
}

// ---------------------------------------------------------------- load

static bool is_binary(const loba_source *source) {
  return source->length > 0 && source->bytes[0] == 0x1B && !source->is_expression;
}

// While limits count, the parser reads texts in pieces of this size: it sees no hooks.
#define SOURCE_PIECE 1024

typedef struct reader_state {
  loba_state *state;
  const loba_source *source;
  bool has_begun;
  size_t at;  // in the source
} reader_state;

static const char *read_source(lua_State *L, void *data, size_t *size) {
  reader_state *reader = data;
  const loba_source *source = reader->source;
  if (!reader->has_begun) {
    reader->has_begun = true;
    if (source->is_expression) {
      *size = 7;
      return "return ";
    }
    // Some loaders skip a byte order mark and a '#' line, and take a binary chunk after them: a blank ends the search.
    if (LOBA_LOADER_SKIPS_BOM && !is_binary(source)) {
      *size = 1;
      return " ";
    }
  }
  size_t left = source->length - reader->at;
  bool is_watched = __builtin_expect(limits_of(reader->state)->armed, 0);
  if (is_watched && reader->at && left) stop_if_due(L, reader->state, loba_now());
  *size = is_watched && left > SOURCE_PIECE ? SOURCE_PIECE : left;
  const char *piece = (const char *)source->bytes + reader->at;
  reader->at += *size;
  return *size ? piece : NULL;
}

// Pushes the compiled function, or raises.
static void load_source(lua_State *L, loba_state *S, loba_job *job, const loba_source *source) {
  // The mode is checked here for every engine: 5.1 has none.
  bool binary = is_binary(source);
  if (!(source->mode & (binary ? LOBA_MODE_BINARY : LOBA_MODE_TEXT))) {
    lua_pushfstring(L, "attempt to load a %s chunk (mode is '%s')", binary ? "binary" : "text",
                    source->mode == LOBA_MODE_TEXT ? "t" : "b");
    job->error_status = LOBA_ERROR_SYNTAX;
    lua_error(L);
  }
#if LUA_VERSION_NUM >= 505
  // Where a script has taken it away, the chunk would get whatever lies on the C stack for it.
  loba_push_globals(L);
  if (lua_type(L, -1) == LUA_TNIL) luaL_error(L, "there is no table of globals");
  lua_settop(L, -2);
#endif
  reader_state reader = {S, source, false, 0};
  int status = loba_load(L, read_source, &reader, source->name);
  if (status) {
    job->error_status = status_of(status);
    loba_running_limits *limits = limits_of(S);
    if (limits->stopped && limits->place && !limits->place->count) trace_chunk(&limits->place, source->name);
    // LuaJIT notices some malformed chunks only by what it cannot make of them ("string length overflow").
    if (binary && job->error_status == LOBA_ERROR_RUNTIME) job->error_status = LOBA_ERROR_SYNTAX;
    lua_error(L);
  }
  if (source->environment) {
    push_reference(S, L, source->environment);
    loba_set_environment(L);
  }
}

typedef struct call_job {
  loba_job job;
  const loba_source *source;
  loba_reference function;
  const loba_slot *arguments;
  int argument_count, result_count;
} call_job;

static int run_load(lua_State *L, loba_state *S, loba_job *base) {
  load_source(L, S, base, ((call_job *)base)->source);
  return 1;
}

static int run_call(lua_State *L, loba_state *S, loba_job *base) {
  call_job *job = (call_job *)base;
  need_stack(L, S, job->argument_count + 8, "stack overflow (too many arguments)");
  if (job->source)
    load_source(L, S, base, job->source);
  else
    push_reference(S, L, job->function);
  for (int i = 0; i < job->argument_count; i++) push_slot(S, L, &job->arguments[i]);
  lua_call(L, job->argument_count, job->result_count);
  return give_results(L, S, base, 1, job->result_count);
}

// In an operation that has entered.
static int run_inside(loba_state *S, call_job *job, loba_slot *slots, int *count) {
  int mark;
  int status = run_job(S, &job->job, LUA_MULTRET, &mark);
  if (status != LOBA_OK) {
    drop_wide(S, &job->job);
    return status;
  }
  return finish_job_results(S, &job->job, mark, slots, count);
}

static int run_whole(loba_state *S, call_job *job, loba_slot *slots, int *count) {
  int status = enter(S);
  return status != LOBA_OK ? status : run_inside(S, job, slots, count);
}

static int op_execute(loba_state *S, const loba_source *source, loba_slot *slots, int argument_count, int result_count,
                      int *count) {
  call_job job = {{run_call, 0}, source, 0, slots, argument_count, result_count};
  int status = run_whole(S, &job, slots, count);
  if (status == LOBA_ERROR_MEMORY) trace_chunk(&S->traceback, source->name);
  return status;
}

static int op_load(loba_state *S, const loba_source *source, loba_reference *function) {
  call_job job = {{run_load, 0}, source, 0, NULL, 0, 0};
  int status = run_job_for_reference(S, &job.job, function);
  if (status == LOBA_ERROR_MEMORY) trace_chunk(&S->traceback, source->name);
  return status;
}

// ---------------------------------------------------------------- call

static __attribute__((noinline)) int call_slowly(loba_state *S, loba_reference function, loba_slot *slots,
                                                 int argument_count, int result_count, int *count) {
  call_job job = {{run_call, 0}, NULL, function, slots, argument_count, result_count};
  int status = run_inside(S, &job, slots, count);
  if (status == LOBA_ERROR_MEMORY) trace_function(S, function);
  return status;
}

static int op_call(loba_state *S, loba_reference function, loba_slot *slots, int argument_count, int result_count,
                   int *count) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S);
  int top = height_of(S, L);
  if ((unsigned)result_count > LOBA_SLOT_FRAME || argument_count > LOBA_SLOT_FRAME ||
      top + argument_count + result_count + 3 > in(S)->room)
    return call_slowly(S, function, slots, argument_count, result_count, count);
  loba_entry entry = begin_running(S);
  int handler = BASE_HANDLER, first = top + 1;
  if (in(S)->depth == 0) {
    push_reference(S, L, function);
  } else {
    handler = handler_for(S, L, first++);
    lua_pushvalue(auxiliary_of(S), AUX_HANDLER);
    push_on_auxiliary(S, function);
    lua_xmove(auxiliary_of(S), L, 2);
  }
  if (!push_all_safely(S, L, slots, argument_count)) {
    lua_settop(L, top);
    end_running(S, entry);
    return call_slowly(S, function, slots, argument_count, result_count, count);
  }
  status = lua_pcall(L, argument_count, result_count, handler);
  end_running(S, entry);
  if (status != 0) {
    status = failure_status(S, entry, status);
    if (status == LOBA_ERROR_MEMORY) trace_function(S, function);
    return hold_failure(S, L, top, status);
  }
  *count = result_count;
  if (result_count == 1) {  // the usual case, without a loop
    if (read_slot(L, first, slots)) {
      S->held_mark = top;
      return LOBA_HELD;
    }
    lua_settop(L, top);
    leave(S);
    return LOBA_OK;
  }
  return finish_results(S, L, top, first, slots, result_count);
}

// ---------------------------------------------------------------- dump

typedef struct dump_job {
  loba_job job;
  loba_reference function;
  bool strip;
  uint8_t *bytes;
  size_t length, capacity;
} dump_job;

static int write_dump(lua_State *L, const void *bytes, size_t size, void *data) {
  (void)L;
  dump_job *job = data;
  if (job->length + size > job->capacity) {
    size_t capacity = (job->length + size) * 2;
    uint8_t *grown = realloc(job->bytes, capacity);
    if (!grown) return 1;
    job->bytes = grown;
    job->capacity = capacity;
  }
  memcpy(job->bytes + job->length, bytes, size);
  job->length += size;
  return 0;
}

static int run_dump(lua_State *L, loba_state *S, loba_job *base) {
  dump_job *job = (dump_job *)base;
  push_reference(S, L, job->function);
  // Not every lua_dump looks whether it is given a function of Lua's.
  if (lua_iscfunction(L, -1) || loba_dump(L, write_dump, job, job->strip))
    return luaL_error(L, "unable to dump given function");
  lua_pushlstring(L, (const char *)job->bytes, job->length);
  return 1;
}

static int op_dump(loba_state *S, loba_reference function, bool strip, loba_slot *result) {
  dump_job job = {{run_dump, 0}, function, strip, NULL, 0, 0};
  int status = run_job_for_slot(S, &job.job, result);
  free(job.bytes);
  return status;
}
