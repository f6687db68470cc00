// Lua 5.1 and LuaJIT.
#include "twin_prelude.h"

#define TWIN_API_ENGINE(X) X(lua_pcall) X(lua_tointeger) X(lua_tonumber) X(luaL_loadbuffer) X(lua_newuserdata)
#include "twin_api.h"
#define lua_pcall api.lua_pcall
#define lua_tointeger api.lua_tointeger
#define lua_tonumber api.lua_tonumber
#define luaL_loadbuffer api.luaL_loadbuffer
#define lua_newuserdata api.lua_newuserdata

static inline int64_t integer_at(lua_State *L, int index, int *ok) {
  *ok = lua_type(L, index) == LUA_TNUMBER;
  return lua_tointeger(L, index);
}

static inline double number_at(lua_State *L, int index, int *ok) {
  *ok = lua_type(L, index) == LUA_TNUMBER;
  return lua_tonumber(L, index);
}

static inline int resume(lua_State *co, lua_State *from, int *given) {
  (void)from;
  int status = lua_resume(co, 0);
  *given = lua_gettop(co);
  return status;
}
