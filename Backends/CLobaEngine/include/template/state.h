// The stack discipline: references on the auxiliary stack, cached keys, room on the current stack, entering.

// The auxiliary thread's stack, from the bottom. What is fixed, then cached keys, then references. Its top is always
// the height of what is handed out, all slots filled, with AUX_HEADROOM above it for values on their way.
enum {
  AUX_HANDLER = 1,      // the message handler
  AUX_DISPATCHER,       // runs a job in protected mode (pushing a fresh C function would allocate on 5.1 and LuaJIT)
  AUX_OVERFLOW,         // the table of references beyond AUX_LIMIT
  AUX_RECORD_META,      // metatable of the records behind host functions
  AUX_ERROR_META,       // metatable of boxed Swift errors
  AUX_RESUME,           // the library's own coroutine.resume
  AUX_OBJECTS,          // identity of a Swift object -> its userdata, with weak values
  AUX_CLOSED,           // the coroutines that Swift has closed and the library cannot, as weak keys
  AUX_KEYS,             // LOBA_KEY_CACHE slots
  AUX_FIXED = AUX_KEYS + LOBA_KEY_CACHE - 1,
  AUX_HEADROOM = 24,
  AUX_FIRST_GROWTH = 24,
  AUX_LIMIT = 6000,     // a C stack ends at 8,000 slots on 5.1 and LuaJIT
};

// For what is small and on every path. The compiler, told by __builtin_expect that a path is rare, takes the block where
// it joins others for rare too, and then compiles the whole function for size: mark calls so, never plain returns.
#define ALWAYS_INLINE static inline __attribute__((always_inline))

// A C function may push LUA_MINSTACK values; some are kept for the way into protected mode.
#define ROOM_RESERVE 4

// The bottom of the main thread's stack, which no script can reach: the auxiliary thread, so that nothing that a script
// does to the registry lets the collector have it; and the message handler, where calls that no host call surrounds find
// it.
enum { BASE_AUXILIARY = 1, BASE_HANDLER, BASE_TOP = BASE_HANDLER };

static inline lua_State *current_of(loba_state *S) { return (lua_State *)S->current; }
static inline lua_State *auxiliary_of(loba_state *S) { return (lua_State *)S->auxiliary; }

// ---------------------------------------------------------------- references

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
    S->free_references[S->free_count++] = reference;
  }
}

// An error in the middle of growing another thread's stack cannot be caught on 5.1 and LuaJIT, so what would be
// refused is refused before, and the growth itself is always granted.
typedef struct memory_grant {
  size_t limit;
  int64_t left;
} memory_grant;

static inline memory_grant grant_memory(loba_state *S) {
  memory_grant grant = {S->memory_limit, S->allocations_left};
  S->memory_limit = 0;
  S->allocations_left = -1;
  return grant;
}

static inline void end_grant(loba_state *S, memory_grant grant) {
  S->memory_limit = grant.limit;
  S->allocations_left = grant.left;
}

#if LOBA_GROWING_RAISES
static bool grow_protected(loba_state *S, lua_State *L, lua_State *other, int count);
#endif

// Makes room for values on the stack of a thread, L being the one that runs. False if they are too many.
static bool grow_other(loba_state *S, lua_State *L, lua_State *other, int count) {
  (void)L;
#if LOBA_GROWING_RAISES
  // Few frames cannot fill a stack; an error of one that is full would be raised where nobody can catch it.
  lua_Debug ar;
  if (lua_getstack(other, 4, &ar)) return grow_protected(S, L, other, count);
#endif
  memory_grant grant = grant_memory(S);
  bool done = lua_checkstack(other, count + LUA_MINSTACK);
  end_grant(S, grant);
  return done;
}

static bool grow_references(loba_state *S) {
  lua_State *A = auxiliary_of(S);
  int count;
  if (S->reference_top < AUX_LIMIT) {
    count = S->reference_top - AUX_FIXED;
    if (count < AUX_FIRST_GROWTH) count = AUX_FIRST_GROWTH;
    if (count > AUX_LIMIT - S->reference_top) count = AUX_LIMIT - S->reference_top;
  } else {
    count = S->overflow_count < 4096 ? 4096 : S->overflow_count;
  }
  size_t estimate = (size_t)count * 48;
  if (S->allocations_left == 0 || (S->memory_limit && S->memory_used + estimate > S->memory_limit)) {
    S->allocation_count++;
    return false;
  }
  int needed = S->reference_top - AUX_FIXED + S->overflow_count + count;
  if (needed > S->free_capacity) {
    int32_t *grown = realloc(S->free_references, (size_t)needed * sizeof *grown);
    if (!grown) return false;
    S->free_references = grown;
    S->free_capacity = needed;
  }
  memory_grant grant = grant_memory(S);
  if (S->reference_top < AUX_LIMIT) {
    lua_checkstack(A, count + AUX_HEADROOM);
    for (int i = 0; i < count; i++) lua_pushboolean(A, 0);
    for (int i = count; i > 0; i--) S->free_references[S->free_count++] = S->reference_top + i;
    S->reference_top += count;
  } else {
    for (int i = 1; i <= count; i++) {
      lua_pushboolean(A, 0);
      lua_rawseti(A, AUX_OVERFLOW, S->overflow_count + i);
    }
    for (int i = count; i > 0; i--) S->free_references[S->free_count++] = -(S->overflow_count + i);
    S->overflow_count += count;
  }
  end_grant(S, grant);
  return true;
}

// Raises Lua's own memory error, which has a status of its own: by asking for more than there is.
static int raise_memory(lua_State *L, loba_state *S) {
  S->refusals = LOBA_MEMORY_ATTEMPTS;
  loba_newuserdata(L, LOBA_REFUSED_SIZE);
  return lua_error(L);  // not reached
}

// In protected mode: makes room on the stack, or raises. (5.4 says no for either reason; the others raise for memory.)
static void need_stack(lua_State *L, loba_state *S, int count, const char *overflow) {
  if (__builtin_expect(lua_checkstack(L, count), 1)) return;
  if (grow_other(S, L, L, count)) raise_memory(L, S);
  luaL_error(L, "%s", overflow);
}

// Moves the value on top of L into a new reference. 0 and the value popped if memory is refused. Raises nothing and
// runs no Lua code.
static loba_reference make_reference(loba_state *S, lua_State *L) {
  if (S->released) drain_released(S);
  if (S->free_count == 0 && !grow_references(S)) {
    lua_pop(L, 1);
    return 0;
  }
  loba_reference reference = S->free_references[--S->free_count];
  lua_xmove(L, auxiliary_of(S), 1);
  store_reference(S, reference);
  return reference;
}

// ---------------------------------------------------------------- cached keys

typedef struct short_key {
  uint64_t low, high;
} short_key;

// The first and the last eight bytes and the length tell strings of up to 16 bytes apart.
static inline short_key short_key_of(const uint8_t *bytes, size_t length) {
  short_key key = {0, 0};
  if (length >= 8) {
    __builtin_memcpy(&key.low, bytes, 8);
    __builtin_memcpy(&key.high, bytes + length - 8, 8);
  } else if (length >= 4) {
    uint32_t low, high;
    __builtin_memcpy(&low, bytes, 4);
    __builtin_memcpy(&high, bytes + length - 4, 4);
    key.low = low;
    key.high = high;
  } else if (length) {
    key.low = bytes[0] | (uint64_t)bytes[length / 2] << 8 | (uint64_t)bytes[length - 1] << 16;
  }
  return key;
}

#define SHORT_KEY_LENGTH 16

// Its upper bits are good ones.
static inline uint64_t key_hash(short_key key, size_t length) {
  uint64_t hash = (key.low ^ (key.high << 7 | key.high >> 57)) * 0x9E3779B97F4A7C15u + length;
  return hash * 0x9E3779B97F4A7C15u;
}

static inline int key_place(uint64_t hash) { return (int)(hash >> 58); }

// The auxiliary index of an interned short string, or 0 if it is not at hand.
static inline int cached_key(loba_state *S, const uint8_t *bytes, size_t length) {
  if (length > SHORT_KEY_LENGTH) return 0;
  short_key key = short_key_of(bytes, length);
  int place = key_place(key_hash(key, length));
  const loba_cached_key *entry = &S->keys[place];
  return entry->low == key.low && entry->high == key.high && entry->length == length ? AUX_KEYS + place : 0;
}

// Pushes a string that is not cached, remembering short ones that come again. Allocates.
static void push_new_string(loba_state *S, lua_State *L, const uint8_t *bytes, size_t length) {
  lua_pushlstring(L, (const char *)bytes, length);
  if (length > SHORT_KEY_LENGTH) return;
  short_key key = short_key_of(bytes, length);
  uint64_t hash = key_hash(key, length);
  loba_cached_key *entry = &S->keys[key_place(hash)];
  if (entry->length != ~(uint32_t)0 && entry->missed != (uint32_t)hash) {
    entry->missed = (uint32_t)hash;  // many strings that come once must not drive out the few that come often
    return;
  }
  lua_pushvalue(L, -1);
  lua_xmove(L, auxiliary_of(S), 1);
  lua_replace(auxiliary_of(S), AUX_KEYS + key_place(hash));
  *entry = (loba_cached_key){key.low, key.high, (uint32_t)length, 0};
}

// In protected mode only.
static void push_string(loba_state *S, lua_State *L, const uint8_t *bytes, size_t length) {
  int cached = cached_key(S, bytes, length);
  if (cached)
    push_fixed(S, L, cached);
  else
    push_new_string(S, L, bytes, length);
}

// ---------------------------------------------------------------- entering and leaving

static void close_now(loba_state *S);
static void drop_error(loba_state *S, lua_State *L, void **owner);

// Every operation that may run Lua code or holds results enters. The outermost one takes the state for its thread.
static inline int enter_alone(loba_state *S) {
  if (!S->current) return LOBA_ERROR_CLOSED;
  uintptr_t limit;
  const void *thread = loba_thread(&limit);
  // Also the outermost operation may come from deep inside Swift: from nested conversions, for example.
  if ((uintptr_t)__builtin_frame_address(0) < limit - LOBA_STACK_RESERVE / 2) return LOBA_ERROR_STACK;
  if (S->entered == 0) {
    S->owner = thread;
    S->stack_limit = limit;
  } else if (S->owner != thread) {
    return LOBA_ERROR_THREAD;
  }
  S->entered++;
  return LOBA_OK;
}

static __attribute__((noinline)) int enter_exposed(loba_state *S) {
  if (!loba_claim(S)) return LOBA_ERROR_THREAD;
  int status = enter_alone(S);
  if (status != LOBA_OK) loba_unclaim(S);
  return status;
}

static inline int enter(loba_state *S) {
  return __builtin_expect(S->is_exposed, 0) ? enter_exposed(S) : enter_alone(S);
}

static inline void leave(loba_state *S) {
  // What the deinit of an error does belongs to this operation still: closing, for one, is put off.
  if (__builtin_expect(S->raised != NULL, 0) && S->entered == 1) drop_error(S, current_of(S), &S->raised);
  if (--S->entered == 0) {
    S->owner = NULL;
    if (__builtin_expect(__atomic_load_n(&S->closing, __ATOMIC_RELAXED), 0)) close_now(S);
  }
  if (__builtin_expect(S->is_exposed, 0)) loba_unclaim(S);
}

// Of an operation that does not enter: the body of one that gives the value of an expression, or what is given if another
// thread is using the state.
#define UNENTERED(S, refused, expression)                                                                              \
  if (__builtin_expect(!(S)->is_exposed, 1)) return expression;                                                        \
  if (!loba_claim(S)) return refused;                                                                                  \
  __typeof__(expression) claimed_result = expression;                                                                  \
  loba_unclaim(S);                                                                                                     \
  return claimed_result

static int op_stack_top(loba_state *S) {
  if (!S->current) return -1;
  return lua_gettop(current_of(S)) - (S->depth == 0 ? BASE_TOP : 0);
}

static void op_release_held(loba_state *S, int mark) {
  if (S->current) lua_settop(current_of(S), mark);
  leave(S);
}
