// What Lua 5.1 and LuaJIT have in common and Lua 5.4 has not. Included after api.h.

#define lua_call loba_api.lua_call
#define lua_pcall loba_api.lua_pcall
#define lua_cpcall loba_api.lua_cpcall
#define lua_tonumber loba_api.lua_tonumber
#define lua_objlen loba_api.lua_objlen
#define lua_newuserdata loba_api.lua_newuserdata
#define lua_replace loba_api.lua_replace
#define lua_equal loba_api.lua_equal
#define lua_lessthan loba_api.lua_lessthan
#define lua_setfenv loba_api.lua_setfenv
#define lua_rawlen lua_objlen
#define loba_newuserdata lua_newuserdata
#define loba_rawget(L, index) (lua_rawget(L, index), lua_type(L, -1))

#define LOBA_HAS_INTEGERS 0
#define LOBA_MEMORY_ATTEMPTS 1
#define LOBA_COLLECTOR_HAS_THRESHOLD 1
#define LOBA_CLOSES_AFTER_CYCLE 1
#define LOBA_SEARCHERS "loaders"
#define LOBA_MATCHES_ARE_APART 0
#define LOBA_PATTERNS_NEST_ALWAYS 1

static size_t memory_in_use(lua_State *L) {
  return ((size_t)lua_gc(L, LUA_GCCOUNT, 0) << 10) + (size_t)lua_gc(L, LUA_GCCOUNTB, 0);
}

#define loba_push_globals(L) lua_pushvalue(L, LUA_GLOBALSINDEX)
#define loba_load(L, reader, data, name) lua_load(L, reader, data, name)
#define loba_dump(L, writer, data, strip) ((void)(strip), lua_dump(L, writer, data))
// Takes the table on top as the environment of the chunk below it.
#define loba_set_environment(L) lua_setfenv(L, -2)
#define loba_protected_c_call(L, function, data) lua_cpcall(L, function, data)
#define lua_insert loba_api.lua_insert
#define lua_remove loba_api.lua_remove

static int loba_resume(loba_state *S, lua_State *co, lua_State *from, int argument_count, int *given) {
  loba_set_level(from, co);
  int status = lua_resume(co, argument_count);
  *given = lua_gettop(co);
  return status;
}

static int loba_compare(lua_State *L, int a, int b, int how) {
  return how == 0 ? lua_equal(L, a, b) : lua_lessthan(L, a, b);
}

// `#` with __len for tables too, as from 5.2 on.
static void loba_push_length(lua_State *L, int index) {
  if (lua_getmetatable(L, index)) {
    lua_pushlstring(L, "__len", 5);
    lua_rawget(L, -2);
    if (lua_type(L, -1) != LUA_TNIL) {
      lua_pushvalue(L, index);
      lua_call(L, 1, 1);
      return;
    }
    lua_pop(L, 2);
  }
  int type = lua_type(L, index);
  if (type != LUA_TTABLE && type != LUA_TSTRING)
    luaL_error(L, "attempt to get length of a %s value", lua_typename(L, type));
  lua_pushinteger(L, (lua_Integer)lua_objlen(L, index));
}

// tostring() of the value at 1, which has no __tostring.
static void loba_push_default_text(lua_State *L) {
  switch (lua_type(L, 1)) {
  case LUA_TNUMBER:
  case LUA_TSTRING:
    lua_pushvalue(L, 1);
    lua_tolstring(L, -1, NULL);
    break;
  case LUA_TBOOLEAN:
    lua_pushfstring(L, "%s", lua_toboolean(L, 1) ? "true" : "false");
    break;
  case LUA_TNIL:
    lua_pushlstring(L, "nil", 3);
    break;
  default:
    lua_pushfstring(L, "%s: %p", lua_typename(L, lua_type(L, 1)), lua_topointer(L, 1));
    break;
  }
}

static void loba_open_library(lua_State *L, const char *name, lua_CFunction open) {
  lua_pushcclosure(L, open, 0);
  lua_pushlstring(L, name, strlen(name));
  lua_call(L, 1, 0);
}

static void loba_remove_global(lua_State *L, const char *name) {
  loba_push_globals(L);
  lua_pushnil(L);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

// The coroutine library is part of the base library here.
static void loba_open_base(lua_State *L, uint32_t flags) {
  if (flags & LOBA_LIBRARY_BASE) {
    loba_open_library(L, "", luaopen_base);
    if (!(flags & LOBA_LIBRARY_COROUTINE)) loba_remove_global(L, "coroutine");
  } else if (flags & LOBA_LIBRARY_COROUTINE) {
    luaL_error(L, "the coroutine library of this engine is part of the base library");
  }
}

static void loba_clear_table(lua_State *L, int index) {
  lua_pushnil(L);
  while (lua_next(L, index)) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, index);
  }
}

// Removes what opening libraries has left, so that those that the runtime is to have open as in a fresh state.
static void loba_clear_globals(lua_State *L) {
  int top = lua_gettop(L);
  loba_push_globals(L);
  loba_clear_table(L, top + 1);
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  if (lua_type(L, -1) == LUA_TTABLE) loba_clear_table(L, top + 2);
  lua_settop(L, top);
}

// The library's own coroutine.resume. If the libraries are not open yet, they are left as they were.
static void loba_push_resume(lua_State *L, bool is_open) {
  int top = lua_gettop(L);
  if (!is_open) loba_open_library(L, "", luaopen_base);
  loba_push_globals(L);
  lua_getfield(L, -1, "coroutine");
  lua_getfield(L, -1, "resume");
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
  if (!is_open) loba_clear_globals(L);
}
