// References: Lua values that Swift keeps, on the auxiliary stack.

static inline void push_on_auxiliary(loba_state *S, loba_reference reference) {
  if (__builtin_expect(reference > 0, 1)) {
    lua_pushvalue(auxiliary_of(S), reference);
  } else {
    lua_rawgeti(auxiliary_of(S), AUX_OVERFLOW, -reference);
  }
}

static inline void push_reference(loba_state *S, lua_State *L, loba_reference reference) {
  push_on_auxiliary(S, reference);
  lua_xmove(auxiliary_of(S), L, 1);
}

static void push_fixed(loba_state *S, lua_State *L, int index) {
  lua_pushvalue(auxiliary_of(S), index);
  lua_xmove(auxiliary_of(S), L, 1);
}

// Stores the value on top of the auxiliary stack in a reference's place; allocates nothing.
static inline void store_reference(loba_state *S, loba_reference reference) {
  if (reference > 0) {
    lua_replace(auxiliary_of(S), reference);
  } else {
    lua_rawseti(auxiliary_of(S), AUX_OVERFLOW, -reference);
  }
}

static void drain_released(loba_state *S) {
  uint32_t entry = loba_released_take(S);
  while (entry) {
    loba_reference reference;
    entry = loba_released_next(S, entry, &reference);
    lua_pushboolean(auxiliary_of(S), 0);  // not nil: the overflow table must keep the entry
    store_reference(S, reference);
    in(S)->free_references[in(S)->free_count++] = reference;
  }
}

static bool grow_references(loba_state *S) {
  lua_State *A = auxiliary_of(S);
  int count;
  if (in(S)->reference_top < AUX_LIMIT) {
    count = in(S)->reference_top - AUX_FIXED;
    if (count < AUX_FIRST_GROWTH) count = AUX_FIRST_GROWTH;
    if (count > AUX_LIMIT - in(S)->reference_top) count = AUX_LIMIT - in(S)->reference_top;
  } else {
    count = in(S)->overflow_count < 4096 ? 4096 : in(S)->overflow_count;
  }
  size_t estimate = (size_t)count * 48;
  if (S->allocations_left == 0 || (S->memory_limit && S->memory_used + estimate > S->memory_limit)) {
    S->allocation_count++;
    return false;
  }
  int needed = in(S)->reference_top - AUX_FIXED + in(S)->overflow_count + count;
  if (needed > in(S)->free_capacity) {
    int32_t *grown = realloc(in(S)->free_references, (size_t)needed * sizeof *grown);
    if (!grown) return false;
    in(S)->free_references = grown;
    in(S)->free_capacity = needed;
  }
  memory_grant grant = grant_memory(S);
  if (in(S)->reference_top < AUX_LIMIT) {
    lua_checkstack(A, count + AUX_HEADROOM);
    for (int i = 0; i < count; i++) lua_pushboolean(A, 0);
    for (int i = count; i > 0; i--) in(S)->free_references[in(S)->free_count++] = in(S)->reference_top + i;
    in(S)->reference_top += count;
  } else {
    for (int i = 1; i <= count; i++) {
      lua_pushboolean(A, 0);
      lua_rawseti(A, AUX_OVERFLOW, in(S)->overflow_count + i);
    }
    for (int i = count; i > 0; i--) in(S)->free_references[in(S)->free_count++] = -(in(S)->overflow_count + i);
    in(S)->overflow_count += count;
  }
  end_grant(S, grant);
  return true;
}

// Moves the value on top of L into a new reference. 0 and the value popped if memory is refused. Raises nothing and
// runs no Lua code.
static loba_reference make_reference(loba_state *S, lua_State *L) {
  if (in(S)->released) drain_released(S);
  if (in(S)->free_count == 0 && !grow_references(S)) {
    lua_pop(L, 1);
    return 0;
  }
  loba_reference reference = in(S)->free_references[--in(S)->free_count];
  lua_xmove(L, auxiliary_of(S), 1);
  store_reference(S, reference);
  return reference;
}
