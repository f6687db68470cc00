// The garbage collector.

typedef struct collect_job {
  loba_job job;
  int what;
} collect_job;

static int run_collect(lua_State *L, loba_state *S, loba_job *base) {
  static const int options[] = {LUA_GCCOLLECT, LUA_GCSTOP, LUA_GCRESTART};
  int what = ((collect_job *)base)->what;
  if (in(S)->released) drain_released(S);  // what Swift has let go is garbage now
  if (what != LOBA_COLLECT_FULL) in(S)->keeps_garbage = what == LOBA_COLLECT_STOP;
  lua_gc(L, options[what], 0);
  return 0;
}

// What a finalizer needs to be called: for want of it Lua would forget the finalizer.
#define RELIEF ((size_t)16 << 10)

static int op_collect(loba_state *S, int what) {
  bool relieves = what == LOBA_COLLECT_RELIEVE;
  collect_job job = {{run_collect, 0}, relieves ? LOBA_COLLECT_FULL : what};
  if (!relieves) return run_job_for_nothing(S, &job.job);
  int status = enter(S);
  if (status != LOBA_OK) return status;
  memory_grant grant = grant_memory(S);
  size_t limit = S->memory_limit = grant.limit ? grant.limit + RELIEF : 0;
  status = run_job_for_nothing(S, &job.job);
  if (S->memory_limit == limit) end_grant(S, grant);  // unless a finalizer has set another
  leave(S);
  return status;
}

typedef struct step_job {
  loba_job job;
  int kilobytes;
  bool *ends_cycle;
} step_job;

#if LUA_VERSION_NUM >= 504
// A weak table with an object that nobody holds: it is gone when a cycle has gone past the marking.
static bool sees_witness(lua_State *L, loba_state *S) {
  push_fixed(S, L, AUX_WITNESS);
  bool is_there = lua_type(L, -1) == LUA_TTABLE && lua_rawgeti(L, -1, 1) != LUA_TNIL;
  lua_settop(L, 0);
  return is_there;
}

static int call_witness(lua_State *L) {
  loba_state *S = lua_touserdata(L, 1);
  if (sees_witness(L, S)) return 0;
  push_weak_table(L, S, AUX_OBJECTS);
  lua_createtable(L, 0, 0);
  lua_rawseti(L, -2, 1);
  lua_xmove(L, auxiliary_of(S), 1);
  lua_replace(auxiliary_of(S), AUX_WITNESS);
  return 0;
}

// Asked where two cycles have gone past the marking and none has ended: to ask costs as much as a collection if it is
// so.
static bool is_generational(lua_State *L) {
  if (lua_gc(L, LUA_GCINC, 0, 0, 0) != LUA_GCGEN) return false;
  lua_gc(L, LUA_GCGEN, 0, 0);
  return true;
}

// Where generations are collected, Lua tells of no cycle's end, and whoever steps until one ends would step for ever.
// There a cycle that has gone past the marking is one that has ended.
static bool step_ends_cycle(lua_State *L, loba_state *S, size_t bytes) {
  memory_grant grant = grant_memory(S);
  bool has_witness = loba_protected_c_call(L, call_witness, S) == 0;
  end_grant(S, grant);
  if (loba_step_collector(L, bytes) == 1) {
    in(S)->tells_no_end = in(S)->owes_end = false;
    return true;
  }
  if (!has_witness || sees_witness(L, S)) return false;
  if (in(S)->owes_end && !in(S)->tells_no_end) in(S)->tells_no_end = is_generational(L);
  in(S)->owes_end = true;
  return in(S)->tells_no_end;
}
#else
static bool step_ends_cycle(lua_State *L, loba_state *S, size_t bytes) {
  (void)S;
  return loba_step_collector(L, bytes) == 1;
}
#endif

static int run_step(lua_State *L, loba_state *S, loba_job *base) {
  const step_job *job = (step_job *)base;
  if (in(S)->released) drain_released(S);
  *job->ends_cycle = step_ends_cycle(L, S, (size_t)job->kilobytes << 10);
  return 0;
}

static int op_collect_step(loba_state *S, int kilobytes, bool *ends_cycle) {
  step_job job = {{run_step, 0}, kilobytes, ends_cycle};
  *ends_cycle = false;
  return run_job_for_nothing(S, &job.job);
}

// ---------------------------------------------------------------- how it collects

typedef struct collector_job {
  loba_job job;
  const loba_collector *wanted;
} collector_job;

#if LUA_VERSION_NUM >= 505
static void set_collector(lua_State *L, const loba_collector *wanted) {
  const int parameters[][2] = {{LUA_GCPPAUSE, wanted->pause},
                               {LUA_GCPSTEPMUL, wanted->step_multiplier},
                               {LUA_GCPSTEPSIZE, wanted->step_size},
                               {LUA_GCPMINORMUL, wanted->minor_multiplier},
                               {LUA_GCPMINORMAJOR, wanted->major_multiplier}};
  for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
    if (parameters[i][1]) lua_gc(L, LUA_GCPARAM, parameters[i][0], parameters[i][1]);
  lua_gc(L, wanted->is_generational ? LUA_GCGEN : LUA_GCINC);
}
#elif LUA_VERSION_NUM == 504
static void set_collector(lua_State *L, const loba_collector *wanted) {
  if (wanted->is_generational) {
    lua_gc(L, LUA_GCGEN, wanted->minor_multiplier, wanted->major_multiplier);
    return;
  }
  int size = 0;  // as the exponent of a power of 2, rounded up
  while (size < 30 && 1 << size < wanted->step_size) size++;
  lua_gc(L, LUA_GCINC, wanted->pause, wanted->step_multiplier, size);
}
#else
static void set_collector(lua_State *L, const loba_collector *wanted) {
  if (wanted->pause) lua_gc(L, LUA_GCSETPAUSE, wanted->pause);
  if (wanted->step_multiplier) lua_gc(L, LUA_GCSETSTEPMUL, wanted->step_multiplier);
}
#endif

static int run_set_collector(lua_State *L, loba_state *S, loba_job *base) {
  const loba_collector *wanted = ((collector_job *)base)->wanted;
  set_collector(L, wanted);
  in(S)->tells_no_end = in(S)->owes_end = false;
  // What is set again once the collector need not hasten any more.
  if (wanted->step_multiplier) in(S)->step_multiplier = wanted->step_multiplier;
  return 0;
}

static int missing_of_collector(const loba_collector *wanted) {
  if (LUA_VERSION_NUM >= 504) return 0;
  // Lua 5.2 has an experimental one, which frees what is in use.
  if (wanted->is_generational) return LOBA_COLLECTOR_GENERATIONS;
  return wanted->step_size ? LOBA_COLLECTOR_STEP_SIZE : 0;
}

static int op_set_collector(loba_state *S, const loba_collector *wanted, int *missing) {
  collector_job job = {{run_set_collector, 0}, wanted};
  *missing = missing_of_collector(wanted);
  return *missing ? LOBA_OK : run_job_for_nothing(S, &job.job);
}
