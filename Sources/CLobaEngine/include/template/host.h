// Swift values in Lua: records, and the trampoline for calls from Lua into Swift.

// ---------------------------------------------------------------- calling Swift

// An error of a host function's own is raised where the value that it raised before may be known again.
static void forget_raised(lua_State *L, loba_state *S) {
  if (in(S)->raised) drop_error(S, L, &in(S)->raised);
}

static void refuse_host(lua_State *L, loba_state *S) {
  forget_raised(L, S);
  if (!in(S)->current) luaL_error(L, "the runtime is closed");
  luaL_error(L, "stack overflow (too many nested calls between Lua and Swift)");
}

// Takes away what an error may have left in the arena: its frame would be further down the C stack than this one if it
// were still pushing.
ALWAYS_INLINE void drop_pushed(loba_state *S, uintptr_t frame) {
  if (__builtin_expect(in(S)->pushing.frame != 0, 0) && frame >= in(S)->pushing.frame) {
    loba_arena_reset(&S->results, in(S)->pushing.mark);
    in(S)->pushing.frame = 0;
  }
}

// Raises if Swift cannot be called.
ALWAYS_INLINE void prepare_host(loba_state *S, lua_State *L) {
  uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
  if (__builtin_expect(in(S)->depth >= in(S)->limits.block.depth || frame < in(S)->stack_limit, 0)) refuse_host(L, S);
  if (LOBA_PCALL_CONTINUES && __builtin_expect(in(S)->catching >= CATCHES_FEW, 0) && catches_too_often(L, S)) {
    forget_raised(L, S);
    luaL_error(L, "C stack overflow");
  }
  drop_pushed(S, frame);
}

// Around pushing that may raise, by which the second is skipped.
ALWAYS_INLINE loba_pushing begin_pushing(loba_state *S, loba_arena_mark mark) {
  loba_pushing before = in(S)->pushing;
  in(S)->pushing = (loba_pushing){(uintptr_t)__builtin_frame_address(0), mark};
  return before;
}

static inline void end_pushing(loba_state *S, loba_pushing before, loba_arena_mark mark) {
  in(S)->pushing = before;
  loba_arena_reset(&S->results, mark);
}

// ---------------------------------------------------------------- records

// From Lua 5.2 on, what the collector has finalized in a cycle counts as alive when it decides how long to pause; so
// each cycle of a program that makes many records would be longer than the one before. Once the finalizers have run,
// what they have inflated the pause by is taken back.
#ifdef LUA_GCISRUNNING
#define RECORD_SIZE (sizeof(loba_record) + 40)  // with Lua's own header
#define FINALIZED_BATCH 64

static void settle_finalized(loba_state *S, lua_State *L) {
  if (in(S)->finalized < FINALIZED_BATCH) return;
  if (in(S)->finalized == in(S)->finalized_before && lua_gc(L, LUA_GCISRUNNING, 0) > 0) {
    if (LOBA_FINALIZERS_PRECEDE_PAUSE)
      for (int left = 64; left && !loba_step_collector(L, 64 << 10); left--) {
      }
    loba_step_collector(L, in(S)->finalized * RECORD_SIZE * LOBA_COLLECTOR_PAUSE / 100);
    in(S)->finalized = 0;
  }
  in(S)->finalized_before = in(S)->finalized;
}

static bool owes_settling(const loba_state *S) { return in(S)->finalized >= FINALIZED_BATCH; }
#else
static void settle_finalized(loba_state *S, lua_State *L) { (void)S, (void)L; }

static bool owes_settling(const loba_state *S) {
  (void)S;
  return false;
}
#endif

// Pushes a userdata that takes the box over. Raises if memory is short; the box is still the caller's then.
static void push_settled_record(loba_state *S, lua_State *L, void **owner, uint32_t kind, int metatable) {
  loba_record *record = loba_newuserdata(L, sizeof *record);
  *record = (loba_record){{NULL, NULL}, RECORD_MAGIC, record, S, NULL, kind, 0};
  if (metatable) {
    push_fixed(S, L, metatable);
    lua_setmetatable(L, -2);
  }
  record->box = *owner;
  record->number = loba_box_add(S, *owner, false);
  *owner = NULL;
}

static void push_record(loba_state *S, lua_State *L, void **owner, uint32_t kind, int metatable) {
  settle_finalized(S, L);
  push_settled_record(S, L, owner, kind, metatable);
}

static void release_entry(loba_state *S, lua_State *L, uint32_t number) {
  void *box = in(S)->boxes[number].box;
  loba_box_remove(S, number);
  release_box(S, L, box);
}

static int record_gc(lua_State *L) {
  loba_record *record = lua_type(L, 1) == LUA_TUSERDATA ? record_at(L, 1) : NULL;
  if (!record) return 0;
  loba_state *S = record->state;
  record->box = NULL;
  in(S)->finalized++;
  // What runs may be garbage already, and be called by a finalizer; or a script has called __gc itself.
  if (!record->running) release_entry(S, L, record->number);
  return 0;
}

// Pushes the text of the Swift value or error at an index.
static void push_text(lua_State *L, int index) {
  loba_slot slot = {.tag = LOBA_NIL};
  if (lua_type(L, index) == LUA_TUSERDATA) read_userdata(L, index, &slot);
  bool is_value = slot.tag == LOBA_VALUE;
  if (!is_value && slot.tag != LOBA_HOST && slot.tag != LOBA_ERROR) {
    lua_pushlstring(L, "released Swift value", 20);
    return;
  }
  loba_state *S = is_value ? ((loba_value *)slot.pointer)->state : record_at(L, index)->state;
  size_t length;
  prepare_host(S, L);
  loba_arena_mark mark = loba_arena_now(&S->results);
  host_scope scope = open_host(S, L, room_above(0));
  const uint8_t *bytes = S->callbacks->describe(S, slot.pointer, slot.tag, &length);
  end_host(S, scope);
  loba_pushing before = begin_pushing(S, mark);
  lua_pushlstring(L, (const char *)bytes, length);
  end_pushing(S, before, mark);
}

static int record_tostring(lua_State *L) {
  push_text(L, 1);
  return 1;
}

static void set_function(lua_State *L, const char *name, lua_CFunction function) {
  lua_pushcclosure(L, function, 0);
  lua_setfield(L, -2, name);
}

// Metatables of ours show false to getmetatable.
static void push_record_metatable(lua_State *L, const char *name, bool has_finalizer) {
  lua_createtable(L, 0, 8);
  if (has_finalizer) set_function(L, "__gc", record_gc);
  set_function(L, "__tostring", record_tostring);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushlstring(L, name, strlen(name));
  lua_setfield(L, -2, "__name");
}

// ---------------------------------------------------------------- the trampoline

typedef struct host_job {
  loba_job job;
  void *box;
  loba_reference metatable;
  uint64_t identity;
} host_job;

static int run_error_new(lua_State *L, loba_state *S, loba_job *base) {
  push_record(S, L, &((host_job *)base)->box, LOBA_ERROR, AUX_ERROR_META);
  return 1;
}

// What raises leaves the error on top and says so: whoever is called by Lua raises it, as its last act. An engine that
// unwinds the stack takes its time for each frame in between.
#define RAISES (-1)

static int raise_box(lua_State *L, loba_state *S, void *box) {
  host_job job = {{run_error_new, 0}, box, 0, 0};
  forget_raised(L, S);
  if (!LOBA_FINALIZERS_RAISE && allocates_safely(S)) settle_finalized(S, L);  // which may take the memory away
  if (allocates_safely(S) && !(LOBA_FINALIZERS_RAISE && owes_settling(S))) {
    in(S)->must_allocate = true;
    push_settled_record(S, L, &job.box, LOBA_ERROR, AUX_ERROR_META);
    in(S)->must_allocate = false;
    return RAISES;
  }
  int status = run_inner_job(S, L, &job.job, 1);
  if (job.box) release_box(S, L, job.box);  // for want of memory another error is raised
  return status == 0 ? RAISES : raise_again(L, S, status);
}

static void push_result(loba_state *S, lua_State *L, const loba_slot *slot) {
  push_slot(S, L, slot);
  if (slot->tag == LOBA_REFERENCE && slot->length == 1) loba_release(S, slot->index);
}

typedef struct push_job {
  loba_job job;
  const loba_slot *slot;
} push_job;

static int run_push(lua_State *L, loba_state *S, loba_job *base) {
  push_result(S, L, ((push_job *)base)->slot);
  return 1;
}

// Raises a value that stands for an error of Swift's, which is known again if nothing in Lua catches it.
static int raise_value(lua_State *L, loba_state *S, loba_call_frame *frame, loba_arena_mark mark) {
  push_job job = {{run_push, 0}, &frame->raise};
  int status = run_inner_job(S, L, &job.job, 1);
  loba_arena_reset(&S->results, mark);
  drop_error(S, L, &in(S)->raised);
  if (status != 0) {
    release_box(S, L, frame->error);
    return raise_again(L, S, status);
  }
  void *late = in(S)->raised;  // by the deinit of the one before, and caught by it
  in(S)->raised = frame->error;
  in(S)->raised_identity = value_identity(L, lua_gettop(L));
  drop_error(S, L, &late);
  return RAISES;
}

static void withdraw_results(loba_state *S, const loba_call_frame *frame) {
  for (int i = 0; i < frame->result_count; i++)
    if (frame->results[i].tag == LOBA_REFERENCE && frame->results[i].length == 1)
      loba_release(S, frame->results[i].index);
}

// Results that own references are pushed, and release them, before anything that allocates could raise.
static int give_host_results(lua_State *L, loba_state *S, loba_call_frame *frame, loba_arena_mark mark) {
  int count = frame->result_count;
  loba_pushing before = begin_pushing(S, mark);
  if (count == 1) {
    push_result(S, L, frame->results);
    end_pushing(S, before, mark);
    return 1;
  }
  if (count > LOBA_SLOT_FRAME) {
    grow_job grow = {{run_grow, 0}, count + LUA_MINSTACK};
    int status = run_inner_job(S, L, &grow.job, 0);
    if (status != 0) {
      withdraw_results(S, frame);
      return raise_again(L, S, status);
    }
    if (!lua_checkstack(L, count + 4)) {  // raises nothing now, but arguments and results may be too many together
      withdraw_results(S, frame);
      return luaL_error(L, "too many arguments and results");
    }
  }
  int base = lua_gettop(L);
  bool all = true;
  for (int i = 0; i < count; i++) {
    if (is_at_hand(S, &frame->results[i])) {
      push_result(S, L, &frame->results[i]);
    } else {
      lua_pushnil(L);
      all = false;
    }
  }
  for (int i = 0; !all && i < count; i++) {
    if (frame->results[i].tag == LOBA_NIL || lua_type(L, base + 1 + i) != LUA_TNIL) continue;
    push_slot(S, L, &frame->results[i]);
    lua_replace(L, base + 1 + i);
  }
  end_pushing(S, before, mark);
  return count;
}

// Calls a record's Swift function with the values at 1...count, or with that at 1, which is most likely an object, and
// those that come `skipped` later.
// The record itself, an upvalue of the function that runs or a value of its frame, is there until it has returned.
ALWAYS_INLINE int run_record(lua_State *L, loba_record *record, int count, bool is_member, int skipped, int room) {
  loba_state *S = record->state;
  loba_slot arguments[LOBA_SLOT_FRAME], results[LOBA_SLOT_FRAME];
  loba_call_frame frame;
  prepare_host(S, L);
  loba_arena_mark taken = loba_arena_now(&S->arguments), given = loba_arena_now(&S->results);
  frame.state = S;
  frame.arguments = arguments;
  if (__builtin_expect(count > LOBA_SLOT_FRAME, 0))
    frame.arguments = loba_arena_allocate(&S->arguments, (size_t)count * sizeof(loba_slot));
  int first = 0;
  if (is_member && lua_type(L, 1) == LUA_TUSERDATA) read_userdata(L, ++first, frame.arguments);
  for (int i = first; i < count; i++) read_slot(L, i ? i + 1 + skipped : 1, &frame.arguments[i]);
  frame.argument_count = count;
  frame.result_count = 0;
  frame.results = results;
  host_scope scope = open_host(S, L, room);
  record->running++;
  int outcome = S->callbacks->invoke(S, record->box, &frame);
  record->running--;
  end_host(S, scope);
  loba_arena_reset(&S->arguments, taken);
  if (__builtin_expect(!record->box, 0) && !record->running) release_entry(S, L, record->number);
  if (__builtin_expect(outcome != 0, 0)) {
    if (outcome == 2) return raise_value(L, S, &frame, given);
    loba_arena_reset(&S->results, given);
    return raise_box(L, S, frame.error);
  }
  if (frame.result_count == 1 && frame.results->tag == LOBA_INTEGER) {  // the usual case
    int64_t integer = frame.results->integer;
    loba_arena_reset(&S->results, given);
    lua_pushinteger(L, (lua_Integer)integer);
    return 1;
  }
  if (frame.result_count == 0) {
    loba_arena_reset(&S->results, given);
    return 0;
  }
  return give_host_results(L, S, &frame, given);
}

ALWAYS_INLINE int call_record(lua_State *L, loba_record *record, int count, int skipped, int room) {
  int results = run_record(L, record, count, true, skipped, room);
  return results == RAISES ? lua_error(L) : results;
}

static int trampoline(lua_State *L) {
  loba_record *record = lua_touserdata(L, lua_upvalueindex(1));  // no script reaches the upvalue
  if (__builtin_expect(!record->box, 0)) {
    forget_raised(L, record->state);
    return luaL_error(L, "this Swift function has been released");
  }
  int count = lua_gettop(L);
  int results = run_record(L, record, count, false, 0, room_above(count));
  if (__builtin_expect(results == RAISES, 0)) __attribute__((musttail)) return lua_error(L);
  return results;
}

// ---------------------------------------------------------------- operations

static int run_function_new(lua_State *L, loba_state *S, loba_job *base) {
  push_record(S, L, &((host_job *)base)->box, RECORD_FUNCTION, AUX_RECORD_META);
  lua_pushcclosure(L, trampoline, 1);
  return 1;
}

static int make_record(loba_state *S, host_job *job, loba_reference *reference) {
  int status = run_job_for_reference(S, &job->job, reference);
  if (job->box) {  // what its deinit does must not touch the failure that is being reported
    loba_slot failure = S->failure;
    int mark = S->held_mark;
    S->callbacks->release(S, job->box);
    S->failure = failure;
    S->held_mark = mark;
  }
  return status;
}

static int op_function_new(loba_state *S, void *box, loba_reference *function) {
  host_job job = {{run_function_new, 0}, box, 0, 0};
  return make_record(S, &job, function);
}

// The record that a slot stands for, of `size` bytes.
static inline loba_record *record_of_slot(loba_state *S, const loba_slot *slot, size_t size) {
  if (slot->index) return record_of_size(current_of(S), slot->index, size);
  lua_State *A = auxiliary_of(S);
  push_on_auxiliary(S, (loba_reference)(ptrdiff_t)slot->length);
  loba_record *record = record_of_size(A, in(S)->reference_top + 1, size);
  lua_settop(A, in(S)->reference_top);
  return record;
}

static void *host_box_unentered(loba_state *S, const loba_slot *slot) {
  if (!in(S)->current) return NULL;
  loba_record *record = record_of_slot(S, slot, sizeof *record);
  return record && record->kind == slot->tag ? record->box : NULL;
}

static void *op_host_box(loba_state *S, const loba_slot *slot) { UNENTERED(S, NULL, host_box_unentered(S, slot)); }

// The Swift function behind a function of Lua's, or NULL if it is none of Swift's.
static void *function_box_unentered(loba_state *S, loba_location function) {
  if (!in(S)->current) return NULL;
  lua_State *A = auxiliary_of(S), *L = current_of(S);
  if (function.reference) {
    push_on_auxiliary(S, function.reference);
  } else {
    lua_pushvalue(L, function.index);
    lua_xmove(L, A, 1);
  }
  loba_record *record = NULL;
  if (lua_tocfunction(A, -1) == trampoline && lua_getupvalue(A, in(S)->reference_top + 1, 1))
    record = record_at(A, in(S)->reference_top + 2);
  void *box = record && record->kind == RECORD_FUNCTION ? record->box : NULL;
  lua_settop(A, in(S)->reference_top);
  return box;
}

static void *op_function_box(loba_state *S, loba_location function) {
  UNENTERED(S, NULL, function_box_unentered(S, function));
}
