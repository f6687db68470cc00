// Tables, one entry at a time. What cannot raise (raw access, keys and values at hand) is done on the auxiliary stack
// at once; all else runs as a job.

// Begins a job's frame with the table: a value on the stack is there already, as the job's argument.
static inline void push_location(loba_state *S, lua_State *L, loba_location table) {
  if (table.reference) {
    push_reference(S, L, table.reference);
  } else if (!table.index) {
    raise_memory(L, S);  // of a handle that could not be made
  }
}

static inline int argument_of(loba_location table) { return table.reference ? 0 : table.index; }

static __attribute__((noinline)) void push_other_at_hand(loba_state *S, lua_State *A, const loba_slot *slot) {
  switch (slot->tag) {
  case LOBA_STRING:
    lua_pushvalue(A, cached_key(S, slot->bytes, slot->length));
    break;
  case LOBA_REFERENCE:
    push_on_auxiliary(S, slot->index);
    break;
  default:
    push_slot(S, A, slot);
    break;
  }
}

ALWAYS_INLINE void push_at_hand(loba_state *S, const loba_slot *slot) {
  if (slot->tag == LOBA_INTEGER)
    lua_pushinteger(auxiliary_of(S), (lua_Integer)slot->integer);
  else
    push_other_at_hand(S, auxiliary_of(S), slot);
}

// Reads what lies on top of the auxiliary stack, which is left at `height`.
ALWAYS_INLINE int take_from_auxiliary(loba_state *S, int height, int type, loba_slot *result) {
  lua_State *A = auxiliary_of(S);
  if (type == LUA_TNUMBER) {
    read_number(A, height + 1, result);
    lua_settop(A, height);
    return LOBA_OK;
  }
  if (type == LUA_TBOOLEAN || type == LUA_TNIL) {
    read_slot(A, height + 1, result);
    lua_settop(A, height);
    return LOBA_OK;
  }
  lua_State *L = current_of(S);
  int status = enter(S);
  if (status != LOBA_OK) {
    lua_settop(A, height);
    return status;
  }
  int mark = lua_gettop(L);
  lua_xmove(A, L, 1);
  read_slot(L, mark + 1, result);
  S->held_mark = mark;
  return LOBA_HELD;
}

// ---------------------------------------------------------------- jobs

typedef struct entry_job {
  loba_job job;
  loba_location table;
  const loba_slot *key, *value;
  bool raw;
} entry_job;

static int check_raw(lua_State *L, bool raw) {
  if (raw && lua_type(L, 1) != LUA_TTABLE)
    return luaL_error(L, "attempt to index a %s value raw", lua_typename(L, lua_type(L, 1)));
  return 0;
}

static int run_get(lua_State *L, loba_state *S, loba_job *base) {
  entry_job *job = (entry_job *)base;
  push_location(S, L, job->table);
  check_raw(L, job->raw);
  push_slot(S, L, job->key);
  if (job->raw) {
    lua_rawget(L, 1);
  } else {
    lua_gettable(L, 1);
  }
  return 1;
}

static int run_set(lua_State *L, loba_state *S, loba_job *base) {
  entry_job *job = (entry_job *)base;
  push_location(S, L, job->table);
  check_raw(L, job->raw);
  push_slot(S, L, job->key);
  push_slot(S, L, job->value);
  if (job->raw) {
    if (lua_type(L, 2) == LUA_TNIL) return luaL_error(L, "table index is nil");
    if (lua_type(L, 2) == LUA_TNUMBER && lua_tonumber(L, 2) != lua_tonumber(L, 2))
      return luaL_error(L, "table index is NaN");
    lua_rawset(L, 1);
  } else {
    lua_settable(L, 1);
  }
  return 0;
}

// ---------------------------------------------------------------- operations

static inline bool has_no_metatable(lua_State *A, loba_reference table) {
  if (!lua_getmetatable(A, table)) return true;
  lua_pop(A, 1);
  return false;
}

// Whether entries can be read and written in place: a table on the auxiliary stack.
static inline bool is_direct(loba_state *S, loba_reference table) {
  return table > 0 && lua_type(auxiliary_of(S), table) == LUA_TTABLE;
}

static int get_slowly(loba_state *S, loba_location table, const loba_slot *key, loba_slot *result, bool raw) {
  entry_job job = {{run_get, argument_of(table)}, table, key, NULL, raw};
  return run_job_for_slot(S, &job.job, result);
}

// Raw, of a table on the current stack.
static int get_at_index(loba_state *S, int index, const loba_slot *key, loba_slot *result) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S);
  int mark = lua_gettop(L);
  status = ensure_room(S, L, mark, 2);
  if (status != LOBA_OK) return status;
  push_slot(S, L, key);
  lua_rawget(L, index);
  if (read_slot(L, mark + 1, result)) {
    S->held_mark = mark;
    return LOBA_HELD;
  }
  lua_settop(L, mark);
  leave(S);
  return LOBA_OK;
}

// Only an entry that is not there makes Lua ask the metatable.
static inline int get_entry(loba_state *S, loba_location table, const loba_slot *key, int cached, loba_slot *result,
                            bool raw) {
  lua_State *A = auxiliary_of(S);
  lua_State *L = current_of(S);
  if (in(S)->entered && in(S)->room <= lua_gettop(L)) return get_slowly(S, table, key, result, raw);
  int height = in(S)->reference_top;
  if (cached)
    lua_pushvalue(A, cached);
  else
    push_at_hand(S, key);
  int type = loba_rawget(A, table.reference);
  if (type == LUA_TNIL && !raw && !has_no_metatable(A, table.reference)) {
    lua_settop(A, height);
    return get_slowly(S, table, key, result, raw);
  }
  return take_from_auxiliary(S, height, type, result);
}

static int get_unentered(loba_state *S, loba_location table, const loba_slot *key, loba_slot *result, bool raw) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  if (is_at_hand(S, key)) {
    if (is_direct(S, table.reference)) return get_entry(S, table, key, 0, result, raw);
    if (raw && !table.reference && table.index && lua_type(current_of(S), table.index) == LUA_TTABLE)
      return get_at_index(S, table.index, key, result);
  }
  return get_slowly(S, table, key, result, raw);
}

static int op_get(loba_state *S, loba_location table, const loba_slot *key, loba_slot *result, bool raw) {
  UNENTERED(S, LOBA_ERROR_THREAD, get_unentered(S, table, key, result, raw));
}

static int get_field_unentered(loba_state *S, loba_reference table, const uint8_t *name, size_t length,
                               loba_slot *result) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  loba_slot key = {.tag = LOBA_STRING, .bytes = name, .length = length};
  int cached = cached_key(S, name, length);
  if (cached && table > 0) return get_entry(S, (loba_location){table, 0}, &key, cached, result, false);
  return get_slowly(S, (loba_location){table, 0}, &key, result, false);
}

static int op_get_field(loba_state *S, loba_reference table, const uint8_t *name, size_t length, loba_slot *result) {
  UNENTERED(S, LOBA_ERROR_THREAD, get_field_unentered(S, table, name, length, result));
}

static __attribute__((noinline)) int set_slowly(loba_state *S, loba_location table, const loba_slot *key,
                                                const loba_slot *value, bool raw) {
  entry_job job = {{run_set, argument_of(table)}, table, key, value, raw};
  return run_job_for_nothing(S, &job.job);
}

// Writes an entry that exists already, with a value at hand: no memory is needed, nor a metamethod. False if there is
// none.
ALWAYS_INLINE bool set_existing(loba_state *S, loba_reference table, const loba_slot *key, int cached,
                                const loba_slot *value) {
  lua_State *A = auxiliary_of(S);
  int height = in(S)->reference_top;
  if (cached)
    lua_pushvalue(A, cached);
  else
    push_at_hand(S, key);
  if (loba_rawget(A, table) == LUA_TNIL) {
    lua_settop(A, height);
    return false;
  }
  bool is_in_place = cached && loba_copy(A, cached, height + 1);
  if (!is_in_place) {
    if (cached)
      lua_pushvalue(A, cached);
    else
      push_at_hand(S, key);
  }
  push_at_hand(S, value);
  lua_rawset(A, table);
  if (!is_in_place) lua_settop(A, height);
  return true;
}

static int set_unentered(loba_state *S, loba_location table, const loba_slot *key, const loba_slot *value, bool raw) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  if (is_at_hand(S, key) && is_at_hand(S, value) && is_direct(S, table.reference) &&
      set_existing(S, table.reference, key, 0, value))
    return LOBA_OK;
  return set_slowly(S, table, key, value, raw);
}

static int op_set(loba_state *S, loba_location table, const loba_slot *key, const loba_slot *value, bool raw) {
  UNENTERED(S, LOBA_ERROR_THREAD, set_unentered(S, table, key, value, raw));
}

ALWAYS_INLINE int set_field_unentered(loba_state *S, loba_reference table, const uint8_t *name, size_t length,
                                      const loba_slot *value) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  loba_slot key = {.tag = LOBA_STRING, .bytes = name, .length = length};
  int cached = cached_key(S, name, length);
  if (cached && table > 0 && is_at_hand(S, value) && set_existing(S, table, &key, cached, value)) return LOBA_OK;
  return set_slowly(S, (loba_location){table, 0}, &key, value, false);
}

static __attribute__((noinline)) int set_field_exposed(loba_state *S, loba_reference table, const uint8_t *name,
                                                       size_t length, const loba_slot *value) {
  if (!loba_claim(S)) return LOBA_ERROR_THREAD;
  int status = set_field_unentered(S, table, name, length, value);
  loba_unclaim(S);
  return status;
}

static int op_set_field(loba_state *S, loba_reference table, const uint8_t *name, size_t length,
                        const loba_slot *value) {
  if (__builtin_expect(S->is_exposed, 0)) return set_field_exposed(S, table, name, length, value);
  return set_field_unentered(S, table, name, length, value);
}

// ---------------------------------------------------------------- length, metatables

static size_t raw_length_unentered(loba_state *S, loba_location table) {
  if (!in(S)->current) return 0;
  if (table.reference > 0) return lua_rawlen(auxiliary_of(S), table.reference);
  if (!table.reference) return table.index ? lua_rawlen(current_of(S), table.index) : 0;
  push_on_auxiliary(S, table.reference);
  size_t length = lua_rawlen(auxiliary_of(S), -1);
  lua_pop(auxiliary_of(S), 1);
  return length;
}

static size_t op_raw_length(loba_state *S, loba_location table) {
  UNENTERED(S, SIZE_MAX, raw_length_unentered(S, table));
}

typedef struct reference_job {
  loba_job job;
  loba_reference first, second;
} reference_job;

static int run_length(lua_State *L, loba_state *S, loba_job *base) {
  push_reference(S, L, ((reference_job *)base)->first);
  loba_push_length(L, 1);
  return 1;
}

static int op_length(loba_state *S, loba_reference table, loba_slot *result) {
  reference_job job = {{run_length, 0}, table, 0};
  return run_job_for_slot(S, &job.job, result);
}

static int op_get_metatable(loba_state *S, loba_reference value, loba_reference *metatable) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *A = auxiliary_of(S), *L = current_of(S);
  int mark = lua_gettop(L);
  push_on_auxiliary(S, value);
  bool found = lua_getmetatable(A, -1);
  *metatable = 0;
  if (found) {
    lua_xmove(A, L, 1);
    *metatable = make_reference(S, L);
  }
  lua_settop(A, in(S)->reference_top);
  if (found && !*metatable) {
    lua_pushnil(L);
    return hold_failure(S, L, mark, LOBA_ERROR_MEMORY);
  }
  leave(S);
  return LOBA_OK;
}

static int run_set_metatable(lua_State *L, loba_state *S, loba_job *base) {
  reference_job *job = (reference_job *)base;
  push_reference(S, L, job->first);
  if (job->second) {
    push_reference(S, L, job->second);
  } else {
    lua_pushnil(L);
  }
  lua_setmetatable(L, 1);
  return 0;
}

static int op_set_metatable(loba_state *S, loba_reference value, loba_reference metatable) {
  reference_job job = {{run_set_metatable, 0}, value, metatable};
  return run_job_for_nothing(S, &job.job);
}

// ---------------------------------------------------------------- any value

static int describe_unentered(loba_state *S, loba_reference reference, loba_slot *slot) {
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  push_on_auxiliary(S, reference);
  bool held = read_slot(auxiliary_of(S), in(S)->reference_top + 1, slot);
  lua_settop(auxiliary_of(S), in(S)->reference_top);
  if (held) {
    slot->index = 0;
    if (slot->tag != LOBA_STRING) slot->length = (size_t)(ptrdiff_t)reference;
  }
  return LOBA_OK;
}

static int op_describe(loba_state *S, loba_reference reference, loba_slot *slot) {
  UNENTERED(S, LOBA_ERROR_THREAD, describe_unentered(S, reference, slot));
}

// The identities of what was referred to when the state was closed, so that handles stay equal or unequal.
static void keep_identities(loba_state *S) {
  lua_State *A = auxiliary_of(S);
  in(S)->identities =
      calloc((size_t)in(S)->reference_top + (size_t)in(S)->overflow_count + 1, sizeof *in(S)->identities);
  if (!in(S)->identities) return;
  for (int i = AUX_FIXED + 1; i <= in(S)->reference_top; i++) in(S)->identities[i] = lua_topointer(A, i);
  for (int i = 1; i <= in(S)->overflow_count; i++) {
    lua_rawgeti(A, AUX_OVERFLOW, i);
    in(S)->identities[in(S)->reference_top + i] = lua_topointer(A, -1);
    lua_settop(A, in(S)->reference_top);
  }
}

static const void *identity_unentered(loba_state *S, loba_reference reference) {
  if (!in(S)->current)
    return in(S)->identities ? in(S)->identities[reference >= 0 ? reference : in(S)->reference_top - reference] : NULL;
  push_on_auxiliary(S, reference);
  const void *pointer = lua_topointer(auxiliary_of(S), -1);
  lua_settop(auxiliary_of(S), in(S)->reference_top);
  return pointer;
}

static const void *op_identity(loba_state *S, loba_reference reference) {
  UNENTERED(S, NULL, identity_unentered(S, reference));
}

static bool raw_equal_unentered(loba_state *S, loba_reference a, loba_reference b) {
  if (!in(S)->current) return a == b || (in(S)->identities && identity_unentered(S, a) == identity_unentered(S, b));
  push_on_auxiliary(S, a);
  push_on_auxiliary(S, b);
  bool equal = lua_rawequal(auxiliary_of(S), -1, -2);
  lua_settop(auxiliary_of(S), in(S)->reference_top);
  return equal;
}

static bool op_raw_equal(loba_state *S, loba_reference a, loba_reference b) {
  UNENTERED(S, a == b, raw_equal_unentered(S, a, b));
}

static loba_reference reference_unentered(loba_state *S, int index) {
  lua_State *L = current_of(S);
  if (!L) return 0;
  lua_pushvalue(L, index);  // one slot above any frame is always there
  return make_reference(S, L);
}

static loba_reference op_reference(loba_state *S, int index) { UNENTERED(S, 0, reference_unentered(S, index)); }

static loba_reference copy_reference_unentered(loba_state *S, loba_reference reference) {
  lua_State *L = current_of(S);
  if (!L) return 0;
  push_reference(S, L, reference);
  return make_reference(S, L);
}

static loba_reference op_copy_reference(loba_state *S, loba_reference reference) {
  UNENTERED(S, 0, copy_reference_unentered(S, reference));
}

typedef struct string_job {
  loba_job job;
  const uint8_t *bytes;
  size_t length;
} string_job;

static int run_string_new(lua_State *L, loba_state *S, loba_job *base) {
  (void)S;
  string_job *job = (string_job *)base;
  lua_pushlstring(L, (const char *)job->bytes, job->length);
  return 1;
}

static int op_string_new(loba_state *S, const uint8_t *bytes, size_t length, loba_reference *string) {
  string_job job = {{run_string_new, 0}, bytes, length};
  return run_job_for_reference(S, &job.job, string);
}

typedef struct pair_job {
  loba_job job;
  const loba_slot *a, *b;
  int how;
} pair_job;

static int run_compare(lua_State *L, loba_state *S, loba_job *base) {
  pair_job *job = (pair_job *)base;
  push_slot(S, L, job->a);
  push_slot(S, L, job->b);
  lua_pushboolean(L, loba_compare(L, 1, 2, job->how));
  return 1;
}

static int op_compare(loba_state *S, const loba_slot *a, const loba_slot *b, int how, bool *result) {
  pair_job job = {{run_compare, 0}, a, b, how};
  loba_slot slot;
  int status = run_job_for_slot(S, &job.job, &slot);
  if (status == LOBA_OK) *result = slot.boolean;
  return status;
}

// tostring() by the book, on engines whose library does not offer it to C.
static int run_to_text(lua_State *L, loba_state *S, loba_job *base) {
  const loba_slot *value = ((pair_job *)base)->a;
  push_slot(S, L, value);
  if (lua_getmetatable(L, 1)) {
    lua_pushlstring(L, "__tostring", 10);
    lua_rawget(L, -2);
    if (lua_type(L, -1) != LUA_TNIL) {
      lua_pushvalue(L, 1);
      lua_call(L, 1, 1);
      if (lua_type(L, -1) != LUA_TSTRING) return luaL_error(L, "'__tostring' must return a string");
      return 1;
    }
  }
  lua_settop(L, 1);
  loba_push_default_text(L);
  return 1;
}

static int op_to_text(loba_state *S, const loba_slot *value, loba_slot *result) {
  pair_job job = {{run_to_text, 0}, value, NULL, 0};
  return run_job_for_slot(S, &job.job, result);
}
