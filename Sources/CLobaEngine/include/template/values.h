// Values between slots and stacks.

// A record is the userdata behind everything of Swift's that Lua holds. It knows itself, so that a userdata of
// somebody else (or one whose metatable a script has exchanged) is never taken for one; nor is a record taken for a
// file of the io library or a library of the package library's by those: what begins with nothing is closed to them.
typedef struct loba_record {
  void *nothing[2];
  uint64_t magic;
  struct loba_record *self;
  loba_state *state;
  void *box;  // a retained Swift object (or buffer), NULL once released
  uint32_t kind;
  uint32_t number;   // its entry in the state's boxes
  uint32_t running;  // calls of it that are under way: released meanwhile, the box goes when the last has returned
} loba_record;

#define RECORD_MAGIC 0x6C6F62612D726563u
#define RECORD_FUNCTION 0u

static inline bool is_record(const loba_record *record) {
  return record && record->magic == RECORD_MAGIC && record->self == record && record->box;
}

// The record in a full userdata at an index, or NULL if it is none of ours, not of this size, or released.
static inline loba_record *record_of_size(lua_State *L, int index, size_t size) {
  if (lua_rawlen(L, index) != size) return NULL;
  loba_record *record = lua_touserdata(L, index);
  return is_record(record) ? record : NULL;
}

static inline loba_record *record_at(lua_State *L, int index) { return record_of_size(L, index, sizeof(loba_record)); }

// A Swift value that a userdata is (see loba_engine.h).
#define VALUE_KEY(value) (0x6C6F62612D76616Cu ^ (uintptr_t)(value))

static inline bool is_value(const loba_value *value, size_t size) {
  return size >= sizeof *value && value->key == VALUE_KEY(value);
}

// Allocates: raises if memory is short.
static inline void push_value(loba_state *S, lua_State *L, const loba_slot *slot) {
  loba_value *value = loba_newuserdata(L, slot->length);
  memcpy(value, slot->pointer, slot->length);
  value->key = VALUE_KEY(value);
  push_reference(S, L, slot->index);
  lua_setmetatable(L, -2);
}

#if LOBA_HAS_INTEGERS
// An integer is told from everything else in one call.
ALWAYS_INLINE bool read_integer(lua_State *L, int index, loba_slot *slot) {
  if (!lua_isinteger(L, index)) return false;
  slot->tag = LOBA_INTEGER;
  slot->integer = lua_tointeger(L, index);
  return true;
}

ALWAYS_INLINE void read_number(lua_State *L, int index, loba_slot *slot) {
  if (lua_isinteger(L, index)) {
    slot->tag = LOBA_INTEGER;
    slot->integer = lua_tointeger(L, index);
  } else {
    slot->tag = LOBA_NUMBER;
    slot->number = lua_tonumber(L, index);
  }
}
#else
ALWAYS_INLINE bool read_integer(lua_State *L, int index, loba_slot *slot) {
  (void)L, (void)index, (void)slot;
  return false;
}

// Integral numbers that a double holds exactly arrive as integers, but for -0.0.
ALWAYS_INLINE void read_number(lua_State *L, int index, loba_slot *slot) {
  double number = lua_tonumber(L, index);
  if (number >= -9007199254740992.0 && number <= 9007199254740992.0) {
    int64_t integer = (int64_t)number;
    if ((double)integer == number && (integer != 0 || !__builtin_signbit(number))) {
      slot->tag = LOBA_INTEGER;
      slot->integer = integer;
      return;
    }
  }
  slot->tag = LOBA_NUMBER;
  slot->number = number;
}
#endif

static void read_userdata(lua_State *L, int index, loba_slot *slot) {
  size_t size = lua_rawlen(L, index);
  loba_record *record = lua_touserdata(L, index);
  slot->index = index;
  if (size == sizeof *record && is_record(record)) {
    slot->tag = record->kind;
    slot->pointer = record->box;
    slot->length = record->state->released_boxes;
    return;
  }
  slot->tag = is_value((loba_value *)record, size) ? LOBA_VALUE : LOBA_USERDATA;
  slot->pointer = record;
  slot->length = 0;
}

// The values that are not numbers.
static __attribute__((noinline)) bool read_other(lua_State *L, int index, int type, loba_slot *slot) {
  switch (type) {
  case LUA_TNIL:
  case LUA_TNONE:
    slot->tag = LOBA_NIL;
    return false;
  case LUA_TBOOLEAN:
    slot->tag = LOBA_BOOLEAN;
    slot->integer = lua_toboolean(L, index);
    return false;
  case LUA_TLIGHTUSERDATA:
    slot->tag = LOBA_POINTER;
    slot->pointer = lua_touserdata(L, index);
    return false;
  case LUA_TSTRING:
    slot->tag = LOBA_STRING;
    slot->bytes = (const uint8_t *)lua_tolstring(L, index, &slot->length);
    break;
  case LUA_TTABLE:
    slot->tag = LOBA_TABLE;
    break;
  case LUA_TFUNCTION:
    slot->tag = LOBA_FUNCTION;
    break;
  case LUA_TTHREAD:
    slot->tag = LOBA_THREAD;
    break;
  case LUA_TUSERDATA:
    read_userdata(L, index, slot);
    return true;
  default:
    slot->tag = LOBA_OTHER;
    break;
  }
  slot->index = index;
  return true;
}

// Reads the value at an index that counts from the frame's bottom. True if the slot is good only while the value
// stays on the stack.
ALWAYS_INLINE bool read_slot(lua_State *L, int index, loba_slot *slot) {
  if (read_integer(L, index, slot)) return false;
  int type = lua_type(L, index);
  if (type == LUA_TNUMBER) {
    read_number(L, index, slot);
    return false;
  }
  return read_other(L, index, type, slot);
}

// Whether pushing the value allocates nothing, and so raises nothing.
static inline bool is_at_hand(loba_state *S, const loba_slot *slot) {
  switch (slot->tag) {
  case LOBA_STRING:
    return cached_key(S, slot->bytes, slot->length) != 0;
  case LOBA_POINTER:
    return !LOBA_POINTERS_ALLOCATE;
  case LOBA_NEW_VALUE:
    return false;
  default:
    return true;
  }
}

// Allocates for strings that are not cached and for new values (and on LuaJIT for pointers), else raises nothing.
static inline void push_slot(loba_state *S, lua_State *L, const loba_slot *slot) {
  switch (slot->tag) {
  case LOBA_INTEGER:
    lua_pushinteger(L, (lua_Integer)slot->integer);
    break;
  case LOBA_NUMBER:
    lua_pushnumber(L, slot->number);
    break;
  case LOBA_BOOLEAN:
    lua_pushboolean(L, slot->boolean);
    break;
  case LOBA_STRING:
    push_string(S, L, slot->bytes, slot->length);
    break;
  case LOBA_REFERENCE:
    push_reference(S, L, slot->index);
    break;
  case LOBA_POINTER:
    lua_pushlightuserdata(L, slot->pointer);
    break;
  case LOBA_NEW_VALUE:
    push_value(S, L, slot);
    break;
  default:
    lua_pushnil(L);
    break;
  }
}

// The longest string that is pushed outside of protected mode.
#define UNPROTECTED_STRING 1024

// Whether something small can be made outside of protected mode, while `must_allocate` is set. Where no finalizer can
// raise, only a lack of memory can come out of it. With no limit set, that is the process's own memory, and a small
// allocation that fails ends the process, as it does in Swift.
ALWAYS_INLINE bool allocates_safely(const loba_state *S) {
  return !S->memory_limit && S->allocations_left < 0 && !finalizers_may_raise(S);
}

// Pushes the value if that cannot raise; else pushes nothing and returns false. For operations that are running.
ALWAYS_INLINE bool push_safely(loba_state *S, lua_State *L, const loba_slot *slot) {
  if (slot->tag == LOBA_INTEGER) {
    lua_pushinteger(L, (lua_Integer)slot->integer);
    return true;
  }
  if (slot->tag == LOBA_STRING) {
    int cached = cached_key(S, slot->bytes, slot->length);
    if (cached) {
      push_fixed(S, L, cached);
      return true;
    }
    if (slot->length > UNPROTECTED_STRING || !allocates_safely(S)) return false;
    in(S)->must_allocate = true;
    push_new_string(S, L, slot->bytes, slot->length);
    in(S)->must_allocate = false;
    return true;
  }
  if (slot->tag == LOBA_POINTER && LOBA_POINTERS_ALLOCATE) return false;
  push_slot(S, L, slot);
  return true;
}

// Pushes values as push_safely does; if one cannot be, none is.
ALWAYS_INLINE bool push_all_safely(loba_state *S, lua_State *L, const loba_slot *slots, int count) {
  for (int i = 0; i < count; i++) {
    if (push_safely(S, L, &slots[i])) continue;
    lua_settop(L, -i - 1);
    return false;
  }
  return true;
}
