// Lists in place: elements move without leaving Lua. In a list without holes every index is there, so that nothing is
// allocated, and nothing can fail halfway.

typedef struct list_job {
  loba_job job;
  loba_reference table;
  size_t index, count;
  const loba_slot *value;
  size_t *order;
} list_job;

static inline void move_element(lua_State *L, size_t from, size_t to) {
  lua_rawgeti(L, 1, (list_index)from);
  lua_rawseti(L, 1, (list_index)to);
}

static int run_insert_element(lua_State *L, loba_state *S, loba_job *base) {
  list_job *job = (list_job *)base;
  check_indices(L, 1, job->count + 1);
  push_reference(S, L, job->table);
  push_slot(S, L, job->value);
  for (size_t i = job->count; i >= job->index; i--) move_element(L, i, i + 1);
  lua_rawseti(L, 1, (list_index)job->index);
  return 0;
}

static int op_insert_element(loba_state *S, loba_reference table, size_t index, size_t count, const loba_slot *value) {
  list_job job = {{run_insert_element, 0}, table, index, count, value, NULL};
  return run_job_for_nothing(S, &job.job);
}

static int run_remove_element(lua_State *L, loba_state *S, loba_job *base) {
  list_job *job = (list_job *)base;
  check_indices(L, 1, job->count);
  push_reference(S, L, job->table);
  for (size_t i = job->index; i < job->count; i++) move_element(L, i + 1, i);
  lua_pushnil(L);
  lua_rawseti(L, 1, (list_index)job->count);
  return 0;
}

static int op_remove_element(loba_state *S, loba_reference table, size_t index, size_t count) {
  list_job job = {{run_remove_element, 0}, table, index, count, NULL, NULL};
  return run_job_for_nothing(S, &job.job);
}

// Cycle by cycle: the first element of each is kept while the others take their places.
static int run_rearrange(lua_State *L, loba_state *S, loba_job *base) {
  list_job *job = (list_job *)base;
  check_indices(L, 1, job->count);
  push_reference(S, L, job->table);
  for (size_t first = 0; first < job->count; first++) {
    if (job->order[first] == first) continue;
    lua_rawgeti(L, 1, (list_index)(first + 1));
    size_t place = first;
    for (size_t from; (from = job->order[place]) != first; place = from) {
      move_element(L, from + 1, place + 1);
      job->order[place] = place;
    }
    job->order[place] = place;
    lua_rawseti(L, 1, (list_index)(place + 1));
  }
  return 0;
}

static int op_rearrange(loba_state *S, loba_reference table, size_t *order, size_t count) {
  list_job job = {{run_rearrange, 0}, table, 0, count, NULL, order};
  return run_job_for_nothing(S, &job.job);
}

// ---------------------------------------------------------------- upvalues

static int run_redirect_upvalues(lua_State *L, loba_state *S, loba_job *base) {
  reference_job *job = (reference_job *)base;
  push_reference(S, L, job->first);
  push_reference(S, L, job->second);
  lua_createtable(L, 0, 0);  // the functions that have been seen, at 3
  for (int i = 1, count = (int)lua_rawlen(L, 1); i <= count; i++) {
    lua_rawgeti(L, 1, i);
    for (int upvalue = 1; !lua_iscfunction(L, 4) && lua_getupvalue(L, 4, upvalue); upvalue++) {
      int type = lua_type(L, 5);
      lua_pushvalue(L, 5);
      lua_rawget(L, type == LUA_TTABLE ? 2 : 3);
      bool is_known = lua_type(L, 6) != LUA_TNIL;
      if (type == LUA_TTABLE && is_known) lua_setupvalue(L, 4, upvalue);
      if (type == LUA_TFUNCTION && !is_known) {
        lua_pushvalue(L, 5);
        lua_pushboolean(L, 1);
        lua_rawset(L, 3);
        lua_pushvalue(L, 5);
        lua_rawseti(L, 1, ++count);
      }
      lua_settop(L, 4);
    }
    lua_settop(L, 3);
  }
  return 0;
}

static int op_redirect_upvalues(loba_state *S, loba_reference functions, loba_reference by) {
  reference_job job = {{run_redirect_upvalues, 0}, functions, by};
  return run_job_for_nothing(S, &job.job);
}
