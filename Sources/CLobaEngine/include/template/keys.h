// Short strings kept at hand, so that pushing them allocates nothing.

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
  const loba_cached_key *entry = &in(S)->keys[place];
  return entry->low == key.low && entry->high == key.high && entry->length == length ? AUX_KEYS + place : 0;
}

// Pushes a string that is not cached, remembering short ones that come again. Allocates.
static void push_new_string(loba_state *S, lua_State *L, const uint8_t *bytes, size_t length) {
  lua_pushlstring(L, (const char *)bytes, length);
  if (length > SHORT_KEY_LENGTH) return;
  short_key key = short_key_of(bytes, length);
  uint64_t hash = key_hash(key, length);
  loba_cached_key *entry = &in(S)->keys[key_place(hash)];
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
