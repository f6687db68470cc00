// Functions of Lua 5.4's own libraries that a script can crash the process with, checked before they are called.

#if LUA_VERSION_NUM == 504

// Of a function whose debug information has been stripped the library looks for lines all the same (until 5.4.5).
static lua_CFunction original_getinfo;

static bool is_stripped(lua_State *L, int at) {
  lua_State *thread = at == 2 ? lua_tothread(L, 1) : L;
  debug_record record;
  if (lua_type(L, at) == LUA_TFUNCTION) {
    lua_pushvalue(L, at);
    lua_getinfo(L, ">S", &record.ar);
  } else {
    double level = lua_type(L, at) == LUA_TNUMBER || lua_type(L, at) == LUA_TSTRING ? lua_tonumber(L, at) : -1;
    if (!(level >= 0 && level < INT_MAX) || !lua_getstack(thread, (int)level, &record.ar)) return false;
    lua_getinfo(thread, "S", &record.ar);
  }
  return strcmp(record.ar.source, "=?") == 0;
}

static int getinfo_guarded(lua_State *L) {
  int at = lua_type(L, 1) == LUA_TTHREAD ? 2 : 1;
  const char *options = lua_type(L, at + 1) == LUA_TSTRING ? lua_tolstring(L, at + 1, NULL) : "";
  if (strchr(options, 'L') && is_stripped(L, at)) {
    char others[32];
    size_t count = 0;
    for (; *options; options++)
      if (*options != 'L' && count < sizeof others) others[count++] = *options;
    lua_pushlstring(L, others, count);
    lua_replace(L, at + 1);
  }
  return original_getinfo(L);
}

static void guard_lua54(lua_State *L) {
  static const replacement debug[] = {{"getinfo", getinfo_guarded, &original_getinfo}};
  if (push_library(L, "debug")) REPLACE(L, debug);
  lua_settop(L, 0);
}
#else
static void guard_lua54(lua_State *L) { (void)L; }
#endif
