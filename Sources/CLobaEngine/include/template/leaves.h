// Leaves: what compiled code calls directly, on engines that can.

typedef struct leaf_job {
  loba_job job;
  const loba_leaf *leaf;
  bool is_made;
} leaf_job;

typedef struct members_job {
  loba_job job;
  loba_reference metatable, values, getters, setters;
} members_job;

#if LOBA_HAS_FAST_LANE
static bool loba_lane_is_open(loba_state *S);
static int run_leaf_new(lua_State *L, loba_state *S, loba_job *base);
static int run_leaf_members(lua_State *L, loba_state *S, loba_job *base);

static int op_leaf_new(loba_state *S, const loba_leaf *description, loba_reference *function) {
  *function = 0;
  leaf_job job = {{run_leaf_new, 0}, description, false};
  if (!loba_lane_is_open(S)) return LOBA_OK;
  int status = run_job_for_reference(S, &job.job, function);
  if (status == LOBA_OK && !job.is_made) {
    loba_release(S, *function);
    *function = 0;
  }
  return status;
}

static int op_leaf_members(loba_state *S, loba_reference metatable, loba_reference values, loba_reference getters,
                           loba_reference setters) {
  members_job job = {{run_leaf_members, 0}, metatable, values, getters, setters};
  return loba_lane_is_open(S) ? run_job_for_nothing(S, &job.job) : LOBA_OK;
}
#else
static int op_leaf_new(loba_state *S, const loba_leaf *description, loba_reference *function) {
  (void)S, (void)description;
  *function = 0;
  return LOBA_OK;
}

static int op_leaf_members(loba_state *S, loba_reference metatable, loba_reference values, loba_reference getters,
                           loba_reference setters) {
  (void)S, (void)metatable, (void)values, (void)getters, (void)setters;
  return LOBA_OK;
}
#endif
