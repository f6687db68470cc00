// Lua 5.4.
#include "twin_prelude.h"

#define TWIN_API_ENGINE(X) X(lua_pcallk) X(lua_tointegerx) X(lua_tonumberx) X(luaL_loadbufferx) X(lua_newuserdatauv)
#include "twin_api.h"
#define lua_pcallk api.lua_pcallk
#define lua_tointegerx api.lua_tointegerx
#define lua_tonumberx api.lua_tonumberx
#define luaL_loadbufferx api.luaL_loadbufferx
#define lua_newuserdatauv api.lua_newuserdatauv

static inline int64_t integer_at(lua_State *L, int index, int *ok) { return lua_tointegerx(L, index, ok); }

static inline double number_at(lua_State *L, int index, int *ok) { return lua_tonumberx(L, index, ok); }

static inline int resume(lua_State *co, lua_State *from, int *given) { return lua_resume(co, from, 0, given); }
