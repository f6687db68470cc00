// Swift errors in the hands of scripts: where Lua wants a text, they are one.

static inline void need_depth(lua_State *L, loba_state *S);

// Whether a value is a Swift error, also one that a script has released.
static bool is_error(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA || lua_rawlen(L, index) != sizeof(loba_record)) return false;
  loba_record *record = lua_touserdata(L, index);
  return record->magic == RECORD_MAGIC && record->self == record && record->kind == LOBA_ERROR;
}

// Puts the text of a Swift error in its place.
static void replace_error(lua_State *L, int index) {
  if (!is_error(L, index)) return;
  push_text(L, index);
  lua_replace(L, index);
}

static int error_concat(lua_State *L) {
  lua_settop(L, 2);
  for (int i = 1; i <= 2; i++) {
    int type = lua_type(L, i);
    if (type == LUA_TSTRING || type == LUA_TNUMBER || is_error(L, i)) continue;
    // Its own metamethod is asked, but not this one again, which a script may have given to anything. (lua_concat
    // cannot be left to ask it: in LuaJIT that may end the process.)
    if (!luaL_getmetafield(L, i, "__concat") || lua_tocfunction(L, -1) == error_concat)
      return luaL_error(L, "attempt to concatenate a %s value", lua_typename(L, type));
    need_depth(L, state_of(L));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
  }
  replace_error(L, 1);
  replace_error(L, 2);
  lua_concat(L, 2);
  return 1;
}

// A function of the string library, called as a method of an error.
static int call_method(lua_State *L) {
  need_depth(L, state_of(L));
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  replace_error(L, 2);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

// What a string has under the name: a function that is called with the error.
static int error_index(lua_State *L) {
  lua_settop(L, 2);
  lua_pushlstring(L, "", 0);
  if (!luaL_getmetafield(L, 3, "__index") || lua_type(L, -1) != LUA_TTABLE) return 0;
  need_depth(L, state_of(L));
  lua_pushvalue(L, 2);
  lua_gettable(L, -2);
  if (lua_type(L, -1) == LUA_TFUNCTION) lua_pushcclosure(L, call_method, 1);
  return 1;
}

static void push_error_metatable(lua_State *L) {
  push_record_metatable(L, "Swift error", true);
  set_function(L, "__concat", error_concat);
  set_function(L, "__index", error_index);
}
