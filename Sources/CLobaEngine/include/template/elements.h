// Elements of buffers as Lua's numbers, exactly or not at all.

// ---------------------------------------------------------------- from memory to the stack

static int refuse_integer(lua_State *L, uint64_t magnitude, bool is_negative) {
  char digits[24];
  snprintf(digits, sizeof digits, "%s%llu", is_negative ? "-" : "", (unsigned long long)magnitude);
  return luaL_error(L, "integer %s cannot be held exactly by %s, whose %s", digits, LOBA_ENGINE_NAME,
                    LOBA_HAS_INTEGERS ? "integers have 64 bits" : "numbers are doubles");
}

#define TWO_TO_63 9223372036854775808.0
#define TWO_TO_64 18446744073709551616.0

ALWAYS_INLINE void push_SMALL(lua_State *L, int64_t value) { lua_pushinteger(L, (lua_Integer)value); }

ALWAYS_INLINE void push_FLOAT(lua_State *L, double value) { lua_pushnumber(L, value); }

#if LOBA_HAS_INTEGERS
ALWAYS_INLINE void push_SIGNED(lua_State *L, int64_t value) { lua_pushinteger(L, value); }

ALWAYS_INLINE void push_UNSIGNED(lua_State *L, uint64_t value) {
  if (value > INT64_MAX) refuse_integer(L, value, false);
  lua_pushinteger(L, (lua_Integer)value);
}
#else
ALWAYS_INLINE void push_SIGNED(lua_State *L, int64_t value) {
  double number = (double)value;
  if (number >= TWO_TO_63 || (int64_t)number != value)
    refuse_integer(L, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0);
  lua_pushnumber(L, number);
}

ALWAYS_INLINE void push_UNSIGNED(lua_State *L, uint64_t value) {
  double number = (double)value;
  if (number >= TWO_TO_64 || (uint64_t)number != value) refuse_integer(L, value, false);
  lua_pushnumber(L, number);
}
#endif

// Raises for an integer that the engine cannot hold.
ALWAYS_INLINE void push_element(lua_State *L, uint32_t element, const void *data, size_t place) {
  switch (element) {
#define LOBA_ELEMENT(name, type, crossing)                                                                             \
  case LOBA_ELEMENT_##name:                                                                                            \
    push_##crossing(L, ((const type *)data)[place]);                                                                   \
    break;
    LOBA_BUFFER_ELEMENTS(LOBA_ELEMENT)
#undef LOBA_ELEMENT
  }
}

// ---------------------------------------------------------------- from the stack to memory

// A float for a number: an integral one if it is one of the floats, of a fraction the nearest; but none becomes
// infinite, or 0.
static inline bool store_float(float *place, double number) {
  float nearest = (float)number;
  bool changes = (double)nearest != number && __builtin_isfinite(number);
  if (changes && (__builtin_isinf(nearest) || nearest == 0 || __builtin_trunc(number) == number)) return false;
  *place = nearest;
  return true;
}

// Whether a type has an integer.
#define HAS_SMALL(type, value) ((int64_t)(type)(value) == (value))
#define HAS_SIGNED(type, value) HAS_SMALL(type, value)
#define HAS_UNSIGNED(type, value) ((value) >= 0 && (uint64_t)(type)(value) == (uint64_t)(value))
#define HAS_FLOAT(type, value) ((type)(value) < (type)TWO_TO_63 && (int64_t)(type)(value) == (value))

ALWAYS_INLINE bool store_integer(uint32_t element, void *data, size_t place, int64_t value) {
  switch (element) {
#define LOBA_ELEMENT(name, type, crossing)                                                                             \
  case LOBA_ELEMENT_##name:                                                                                            \
    if (!HAS_##crossing(type, value)) return false;                                                                    \
    ((type *)data)[place] = (type)value;                                                                               \
    return true;
    LOBA_BUFFER_ELEMENTS(LOBA_ELEMENT)
#undef LOBA_ELEMENT
  }
  return false;
}

ALWAYS_INLINE bool store_number(uint32_t element, void *data, size_t place, double number) {
  if (element == LOBA_ELEMENT_Double) {
    ((double *)data)[place] = number;
    return true;
  }
  if (element == LOBA_ELEMENT_Float) return store_float((float *)data + place, number);
  if (number >= -TWO_TO_63 && number < TWO_TO_63) {
    int64_t integer = (int64_t)number;
    return (double)integer == number && store_integer(element, data, place, integer);
  }
  bool is_wide = element == LOBA_ELEMENT_UInt64 || (element == LOBA_ELEMENT_UInt && sizeof(uintptr_t) == 8);
  if (!is_wide || !(number >= TWO_TO_63 && number < TWO_TO_64)) return false;
  ((uint64_t *)data)[place] = (uint64_t)number;
  return true;
}

// Stores the value at an index of the stack. False if it is no number that the element can be.
ALWAYS_INLINE bool store_element(lua_State *L, int index, uint32_t element, void *data, size_t place) {
#if LOBA_HAS_INTEGERS
  if (lua_isinteger(L, index)) return store_integer(element, data, place, lua_tointeger(L, index));
#endif
  return lua_type(L, index) == LUA_TNUMBER && store_number(element, data, place, lua_tonumber(L, index));
}
