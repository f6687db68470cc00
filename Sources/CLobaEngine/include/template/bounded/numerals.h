// Functions that take any number of numbers, each of which may be a text that takes long to read.

#define LONG_NUMERAL 64

// A long text at an index becomes the number that it stands for. (So `math.max` of 5.3 and later, which compares texts
// as texts, compares such as numbers.)
static void convert_numeral(lua_State *L, loba_state *S, int index) {
  if (lua_type(L, index) != LUA_TSTRING || lua_rawlen(L, index) <= LONG_NUMERAL) return;
  charge_steps(L, S, lua_rawlen(L, index) / BYTES_PER_STEP);
  if (!lua_isnumber(L, index)) return;  // which the library says
#if LUA_VERSION_NUM >= 503
  lua_stringtonumber(L, lua_tolstring(L, index, NULL));
#else
  lua_pushnumber(L, lua_tonumber(L, index));
#endif
  lua_replace(L, index);
}

#define NUMERALS(name)                                                                                                 \
  static lua_CFunction original_##name;                                                                                \
  static int bounded_##name(lua_State *L) {                                                                            \
    loba_state *S = state_of_function(L);                                                                              \
    int top = lua_gettop(L);                                                                                           \
    count_steps(L, S, (size_t)top);                                                                                    \
    for (int i = 1; i <= top; i++) convert_numeral(L, S, i);                                                           \
    return original_##name(L);                                                                                         \
  }
NUMERALS(char)
NUMERALS(max)
NUMERALS(min)
#if LUA_VERSION_NUM >= 503
NUMERALS(utf8_char)
#endif
#if LUA_VERSION_NUM == 502 || LUA_VERSION_NUM == 503
NUMERALS(band)
NUMERALS(bor)
NUMERALS(bxor)
NUMERALS(btest)
#endif
#undef NUMERALS

#if LUA_VERSION_NUM >= 503
// A format of binary values takes long for each of its bytes.
#define LONGEST_PACK_FORMAT ((size_t)64 << 10)

static void count_pack_format(lua_State *L, loba_state *S) {
  size_t length = lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0;
  if (length > LONGEST_PACK_FORMAT) luaL_argerror(L, 1, "format too long");
  count_steps(L, S, length * 2);
}

static lua_CFunction original_pack;
static int bounded_pack(lua_State *L) {
  loba_state *S = state_of_function(L);
  count_pack_format(L, S);
  int top = lua_gettop(L), argument = 2;
  const char *p = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, NULL) : "";
  for (; *p && argument <= top; p++) {
    if (strchr("bBhHlLjJTiIfdn", *p))
      convert_numeral(L, S, argument++);
    else if (strchr("szc", *p))
      argument++;
    else if (*p == 'X' && p[1])
      p++;
  }
  return original_pack(L);
}

static lua_CFunction original_packsize;
static int bounded_packsize(lua_State *L) {
  count_pack_format(L, state_of_function(L));
  return original_packsize(L);
}

static lua_CFunction original_unpack_bytes;
static int bounded_unpack_bytes(lua_State *L) {
  count_pack_format(L, state_of_function(L));
  return original_unpack_bytes(L);
}
#endif
