// Whole tables in one crossing.

// ---------------------------------------------------------------- walking

#define WALK_BATCH 64  // pairs

typedef struct walk {
  loba_visitor visitor;
  void *context;
  int batch;  // at most WALK_BATCH; so many pairs, the last key again and one more value have room on the stack
  bool runs_lua;
} walk;

// How many entries come after the key on top.
static size_t count_rest(lua_State *L, int table) {
  size_t count = 0;
  for (lua_pushvalue(L, -1); lua_next(L, table); count++) lua_settop(L, -2);
  return count;
}

static bool deliver(lua_State *L, loba_state *S, const walk *walk, const loba_slot *pairs, int count) {
  if (!walk->runs_lua) return walk->visitor(walk->context, pairs, count);
  charge_steps(L, S, 0);
  host_scope scope = open_host(S, L, room_above(lua_gettop(L)));
  bool goes_on = walk->visitor(walk->context, pairs, count);
  end_host(S, scope);
  return goes_on;
}

// Visits the entries of the table on top of L. Keys and values stay on the stack until their batch is delivered.
//
// A visitor that runs Lua may change the table. Then lua_next raises an error if it does not find its key any more, but
// it would go on for ever if entries were added as fast as they are visited. A table that grows allocates memory: once
// that has been done, no more entries are visited than there were then.
static void walk_table(lua_State *L, loba_state *S, const walk *walk) {
  loba_slot pairs[WALK_BATCH * 2];
  int table = lua_gettop(L), key = table + 1, count = 0;
  size_t left = SIZE_MAX;
  lua_pushnil(L);
  for (;;) {
    bool found = lua_next(L, table);
    if (found) {
      read_slot(L, key, &pairs[2 * count]);
      read_slot(L, key + 1, &pairs[2 * count + 1]);
      lua_pushvalue(L, key);
      key += 2;
      if (++count < walk->batch) continue;
    }
    if (!count) return;
    if ((size_t)count > left) luaL_error(L, "the table has grown while it was being visited");
    size_t allocations = in(S)->growths;
    if (!deliver(L, S, walk, pairs, count) || !found) return;
    lua_replace(L, table + 1);
    lua_settop(L, key = table + 1);
    if (left != SIZE_MAX)
      left -= (size_t)count;
    else if (in(S)->growths != allocations && walk->runs_lua)
      left = count_rest(L, table);
    count = 0;
  }
}

typedef struct walk_job {
  loba_job job;
  loba_location table;
  walk walk;
} walk_job;

static int run_walk(lua_State *L, loba_state *S, loba_job *base) {
  walk_job *job = (walk_job *)base;
  need_stack(L, S, 2 * WALK_BATCH + 2 + LUA_MINSTACK, "stack overflow");
  push_location(S, L, job->table);
  if (lua_type(L, 1) != LUA_TTABLE) return luaL_error(L, "attempt to walk a %s value", lua_typename(L, lua_type(L, 1)));
  walk_table(L, S, &job->walk);
  return 0;
}

static int op_walk(loba_state *S, loba_location table, loba_visitor visitor, void *context) {
  walk_job job = {{run_walk, argument_of(table)}, table, {visitor, context, WALK_BATCH, true}};
  return run_job_for_nothing(S, &job.job);
}

// For a visitor that runs no Lua code: then nothing raises, and what every frame has room for is enough. The memory for
// its references is granted.
static int scan_unentered(loba_state *S, loba_location table, loba_visitor visitor, void *context) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  lua_State *L = current_of(S);
  int top = lua_gettop(L), room = in(S)->room, batch = WALK_BATCH;
  // The table, the pairs, the last key again, and one for references.
  if (!has_room(S, L, top, 3 + 2 * batch) && !has_room(S, L, top, 3 + 2 * (batch = 1))) return LOBA_ERROR_STACK;
  if (table.reference) {
    push_reference(S, L, table.reference);
  } else if (table.index) {
    lua_pushvalue(L, table.index);
  }
  walk walk = {visitor, context, batch, false};
  memory_grant grant = grant_memory(S);
  if (lua_gettop(L) > top && lua_type(L, top + 1) == LUA_TTABLE) walk_table(L, S, &walk);
  end_grant(S, grant);
  lua_settop(L, top);
  in(S)->room = room;
  return LOBA_OK;
}

static int op_scan(loba_state *S, loba_location table, loba_visitor visitor, void *context) {
  UNENTERED(S, LOBA_ERROR_THREAD, scan_unentered(S, table, visitor, context));
}

static int run_clear(lua_State *L, loba_state *S, loba_job *base) {
  push_reference(S, L, ((reference_job *)base)->first);
  lua_pushnil(L);
  for (size_t i = 0; lua_next(L, 1); i++) {  // assigning nil to fields while walking is allowed
    if (i % WALK_BATCH == 0) charge_steps(L, S, 0);
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    lua_pushnil(L);
    lua_rawset(L, 1);
  }
  return 0;
}

static int op_clear(loba_state *S, loba_reference table) {
  reference_job job = {{run_clear, 0}, table, 0};
  return run_job_for_nothing(S, &job.job);
}

// ---------------------------------------------------------------- filling

typedef struct fill_job {
  loba_job job;
  loba_reference table;
  const void *values;
  size_t count, start;
  int kind;
} fill_job;

// The indices that lua_rawgeti and lua_rawseti take.
#if LOBA_HAS_INTEGERS
typedef lua_Integer list_index;
#define LIST_INDEX_MAX ((size_t)LUA_MAXINTEGER)
#else
typedef int list_index;
#define LIST_INDEX_MAX ((size_t)INT_MAX)
#endif

// Tables are sized with an int; what cannot be held is refused before it is tried.
static int check_size(lua_State *L, size_t count) {
  if (count > (size_t)1 << 30) return luaL_error(L, "table too large");
  return (int)count;
}

// Whether there are so many indices from `start` on, which is where a script has put the end of a list.
static void check_indices(lua_State *L, size_t start, size_t count) {
  if (start > LIST_INDEX_MAX || count > LIST_INDEX_MAX - start + 1) luaL_error(L, "table too large");
}

static int run_table_new(lua_State *L, loba_state *S, loba_job *base) {
  (void)S;
  fill_job *job = (fill_job *)base;
  lua_createtable(L, (int)job->count, (int)job->start);
  return 1;
}

static int op_table_new(loba_state *S, int array_size, int hash_size, loba_reference *table) {
  // Sizes are hints: wrong ones must not cost memory that does not exist.
  if (array_size < 0 || array_size > 1 << 24) array_size = 0;
  if (hash_size < 0 || hash_size > 1 << 24) hash_size = 0;
  fill_job job = {{run_table_new, 0}, 0, NULL, (size_t)array_size, (size_t)hash_size, 0};
  return run_job_for_reference(S, &job.job, table);
}

static int run_fill_array(lua_State *L, loba_state *S, loba_job *base) {
  fill_job *job = (fill_job *)base;
  const loba_slot *values = job->values;
  check_indices(L, job->start, job->count);
  push_reference(S, L, job->table);
  for (size_t i = 0; i < job->count; i++) {
    push_slot(S, L, &values[i]);
    lua_rawseti(L, 1, (list_index)(job->start + i));
  }
  return 0;
}

static int op_fill_array(loba_state *S, loba_reference table, size_t start, const loba_slot *values, size_t count) {
  fill_job job = {{run_fill_array, 0}, table, values, count, start, 0};
  return run_job_for_nothing(S, &job.job);
}

#define FILL_BATCH 16  // pairs between two looks at the limits: each may go through all that share its place

static int run_fill_pairs(lua_State *L, loba_state *S, loba_job *base) {
  fill_job *job = (fill_job *)base;
  const loba_slot *pairs = job->values;
  push_reference(S, L, job->table);
  for (size_t i = 0; i < job->count; i++) {
    if (i % FILL_BATCH == 0) charge_steps(L, S, 0);
    const loba_slot *key = &pairs[2 * i];
    if (key->tag == LOBA_NIL) return luaL_error(L, "table index is nil");
    if (key->tag == LOBA_NUMBER && key->number != key->number) return luaL_error(L, "table index is NaN");
    if (key->tag == LOBA_STRING)
      lua_pushlstring(L, (const char *)key->bytes, key->length);
    else
      push_slot(S, L, key);
    push_slot(S, L, &pairs[2 * i + 1]);
    lua_rawset(L, 1);
  }
  return 0;
}

static int op_fill_pairs(loba_state *S, loba_reference table, const loba_slot *pairs, size_t pair_count) {
  fill_job job = {{run_fill_pairs, 0}, table, pairs, pair_count, 0, 0};
  return run_job_for_nothing(S, &job.job);
}

static int run_array(lua_State *L, loba_state *S, loba_job *base) {
  (void)S;
  fill_job *job = (fill_job *)base;
  int count = check_size(L, job->count);
  lua_createtable(L, count, 0);
  if (job->kind == LOBA_NUMBER) {
    const double *numbers = job->values;
    for (int i = 0; i < count; i++) {
      lua_pushnumber(L, numbers[i]);
      lua_rawseti(L, 1, i + 1);
    }
  } else {
    const int64_t *integers = job->values;
    for (int i = 0; i < count; i++) {
      lua_pushinteger(L, (lua_Integer)integers[i]);
      lua_rawseti(L, 1, i + 1);
    }
  }
  return 1;
}

static int op_array_from_numbers(loba_state *S, const double *values, size_t count, loba_reference *table) {
  fill_job job = {{run_array, 0}, 0, values, count, 0, LOBA_NUMBER};
  return run_job_for_reference(S, &job.job, table);
}

static int op_array_from_integers(loba_state *S, const int64_t *values, size_t count, loba_reference *table) {
  fill_job job = {{run_array, 0}, 0, values, count, 0, LOBA_INTEGER};
  return run_job_for_reference(S, &job.job, table);
}

// ---------------------------------------------------------------- reading arrays

// Where raw reads can happen without an error: the auxiliary stack for references, else the current stack.
// Pushes the table of an overflow reference; *height is what to return the stack to.
static lua_State *readable(loba_state *S, loba_location table, int *index, int *height) {
  if (!table.reference && table.index) {
    *index = table.index;
    *height = lua_gettop(current_of(S));
    return current_of(S);
  }
  *height = in(S)->reference_top;
  *index = table.reference;
  if (table.reference <= 0) {
    push_on_auxiliary(S, table.reference);
    *index = *height + 1;
  }
  return auxiliary_of(S);
}

#define READ_BATCH 8  // elements on the stack at once

// Takes the value at an index as the element i of an array; false if it is not of the array's type.
typedef bool (*element_taker)(lua_State *L, int index, void *values, size_t i);

// Reads up to `count` elements from `start` on; how many there were before the first that was not of the type. The
// count is that of the room in `values`: what the table tells as its length is nobody's business here.
ALWAYS_INLINE size_t read_list(loba_state *S, loba_location table, size_t start, size_t count, void *values,
                               element_taker take) {
  if (!in(S)->current || start < 1 || start > LIST_INDEX_MAX) return 0;
  if (count > LIST_INDEX_MAX - start + 1) count = LIST_INDEX_MAX - start + 1;
  int index, height;
  lua_State *L = readable(S, table, &index, &height);
  if (!table.reference && height + READ_BATCH > in(S)->room) return 0;
  int base = lua_gettop(L);
  size_t done = 0;
  bool fits = lua_type(L, index) == LUA_TTABLE;
  while (fits && done < count) {
    int batch = count - done < READ_BATCH ? (int)(count - done) : READ_BATCH;
    for (int i = 0; i < batch; i++) lua_rawgeti(L, index, (list_index)(start + done + (size_t)i));
    for (int i = 1; i <= batch && fits; i++) {
      fits = take(L, base + i, values, done);
      done += fits;
    }
    lua_settop(L, base);
  }
  lua_settop(L, height);
  return done;
}

// Above 2^53 a double does not hold every integer.
#define EXACT_DOUBLES 9007199254740992.0

ALWAYS_INLINE bool take_number(lua_State *L, int index, void *values, size_t i) {
  if (lua_type(L, index) != LUA_TNUMBER) return false;
  double number = lua_tonumber(L, index);
  if (!(number > -EXACT_DOUBLES && number < EXACT_DOUBLES)) {
    loba_slot slot;
    read_number(L, index, &slot);
    if (slot.tag == LOBA_INTEGER && (number >= 0x1p63 || (int64_t)number != slot.integer)) return false;
  }
  ((double *)values)[i] = number;
  return true;
}

ALWAYS_INLINE bool take_integer(lua_State *L, int index, void *values, size_t i) {
  if (lua_type(L, index) != LUA_TNUMBER) return false;
  loba_slot slot;
  read_number(L, index, &slot);
  if (slot.tag == LOBA_NUMBER) {
    double number = slot.number;
    if (!(number >= -0x1p63 && number < 0x1p63) || (double)(int64_t)number != number) return false;
    slot.integer = (int64_t)number;
  }
  ((int64_t *)values)[i] = slot.integer;
  return true;
}

static size_t read_numbers_unentered(loba_state *S, loba_location table, size_t start, double *values, size_t count) {
  return read_list(S, table, start, count, values, take_number);
}

static size_t op_read_numbers(loba_state *S, loba_location table, size_t start, double *values, size_t count) {
  UNENTERED(S, 0, read_numbers_unentered(S, table, start, values, count));
}

static size_t read_integers_unentered(loba_state *S, loba_location table, size_t start, int64_t *values, size_t count) {
  return read_list(S, table, start, count, values, take_integer);
}

static size_t op_read_integers(loba_state *S, loba_location table, size_t start, int64_t *values, size_t count) {
  UNENTERED(S, 0, read_integers_unentered(S, table, start, values, count));
}

static int op_read_element(loba_state *S, loba_location table, size_t position, loba_slot *result) {
  loba_slot key = {.tag = LOBA_INTEGER, .integer = (int64_t)position};
  return op_get(S, table, &key, result, true);
}
