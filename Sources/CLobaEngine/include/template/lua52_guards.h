// What a script can crash the process with in Lua 5.2's own libraries.

#if LUA_VERSION_NUM == 502

// The generational mode of 5.2, an experiment, frees what is in use. A script that asks for it goes on without.
static lua_CFunction original_collect;

static int collect_guarded(lua_State *L) {
  if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tolstring(L, 1, NULL), "generational") == 0) {
    lua_pushinteger(L, 0);
    return 1;
  }
  return original_collect(L);
}

static void guard_lua52(lua_State *L) {
  static const replacement functions[] = {{"collectgarbage", collect_guarded, &original_collect}};
  if (push_library(L, "")) REPLACE(L, functions);
  lua_settop(L, 0);
}
#else
static void guard_lua52(lua_State *L) { (void)L; }
#endif
