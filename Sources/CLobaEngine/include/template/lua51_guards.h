// Functions of Lua 5.1's own libraries that a script can crash the process with, checked before they are called.

#if LUA_VERSION_NUM == 501 && !LOBA_HAS_COMPILER

// The library counts in ints how many there are, and goes on where they do not fit.
static lua_CFunction original_unpack;

static int unpack_guarded(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  int64_t first = (int)luaL_optinteger(L, 2, 1);
  int64_t last = (int)luaL_optinteger(L, 3, (lua_Integer)lua_objlen(L, 1));
  if (last - first >= INT_MAX) return luaL_error(L, "too many results to unpack");
  return original_unpack(L);
}

// The library's matcher calls itself for every item of a pattern, however many there are.
#define STACK_OF_PATTERN_ITEM 128  // an item that recurses has two characters at least
#define ITERATED_PATTERN 5000      // may go on where there is less of the stack

static void guard_pattern(lua_State *L, size_t longest) {
  size_t length;
  if (lua_type(L, 2) != LUA_TSTRING || !lua_tolstring(L, 2, &length) || length <= 1000) return;
  if (length > longest || length * (STACK_OF_PATTERN_ITEM / 2) > loba_stack_left())
    luaL_error(L, "pattern too complex");
}

#define GUARD_PATTERN(name, longest)                                                                                   \
  static lua_CFunction original_##name;                                                                                \
  static int name##_guarded(lua_State *L) {                                                                            \
    guard_pattern(L, longest);                                                                                         \
    return original_##name(L);                                                                                         \
  }
GUARD_PATTERN(find, SIZE_MAX)
GUARD_PATTERN(match, SIZE_MAX)
GUARD_PATTERN(gsub, SIZE_MAX)
GUARD_PATTERN(gmatch, ITERATED_PATTERN)
#undef GUARD_PATTERN

// The option '>' says that a function lies on the stack, which it does not for a level.
static lua_CFunction original_getinfo;

static int getinfo_guarded(lua_State *L) {
  int at = lua_type(L, 1) == LUA_TTHREAD ? 3 : 2;
  const char *options = lua_type(L, at) == LUA_TSTRING ? lua_tolstring(L, at, NULL) : "";
  if (options[0] == '>') luaL_argerror(L, at, "invalid option");
  return original_getinfo(L);
}

static void guard_lua51(lua_State *L) {
  static const replacement base[] = {{"unpack", unpack_guarded, &original_unpack}};
  static const replacement string[] = {
      {"find", find_guarded, &original_find}, {"match", match_guarded, &original_match},
      {"gsub", gsub_guarded, &original_gsub}, {"gmatch", gmatch_guarded, &original_gmatch},
      {"gfind", gmatch_guarded, NULL},
  };
  static const replacement debug[] = {{"getinfo", getinfo_guarded, &original_getinfo}};
  if (push_library(L, "")) REPLACE(L, base);
  if (push_library(L, "string")) REPLACE(L, string);
  if (push_library(L, "debug")) REPLACE(L, debug);
  lua_settop(L, 0);
}
#else
static void guard_lua51(lua_State *L) { (void)L; }
#endif
