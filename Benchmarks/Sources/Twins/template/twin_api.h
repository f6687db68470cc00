// The functions that the twins call, in a table that dlsym fills: the library is opened as Loba opens it, so that both
// sides run the same machine code at the same distance. With LOBA_STATIC the table is a constant, of functions that are
// linked into the program.
//
// The engine's file has defined TWIN_API_ENGINE(X), the functions that only some engines have.
// clang-format off
#define TWIN_API(X)                                                                                                    \
  TWIN_API_ENGINE(X)                                                                                                   \
  X(luaL_newstate) X(luaL_openlibs) X(luaL_ref) X(lua_close) X(lua_createtable) X(lua_error) X(lua_getfield)           \
  X(lua_getmetatable) X(lua_gettop) X(lua_newthread) X(lua_next) X(lua_pushcclosure) X(lua_pushinteger)                \
  X(lua_pushlightuserdata) X(lua_pushlstring) X(lua_pushnil) X(lua_pushnumber) X(lua_pushvalue) X(lua_rawequal) X(lua_rawget) X(lua_rawgeti)    \
  X(lua_rawset) X(lua_rawseti) X(lua_resume) X(lua_setfield) X(lua_setmetatable) X(lua_settop) X(lua_tolstring)        \
  X(lua_touserdata) X(lua_type)
// clang-format on

struct twin_api {
#define X(name) __typeof__(&name) name;
  TWIN_API(X)
#undef X
};

#ifdef LOBA_STATIC
static const struct twin_api api = {
#define X(name) .name = name,
    TWIN_API(X)
#undef X
};

static char *load(const char *library) {
  (void)library;
  return NULL;
}
#else
static struct twin_api api;

static char *load(const char *library) {
  void *handle = dlopen(library, TWIN_DLOPEN_FLAGS);
  if (!handle) return strdup(dlerror());
#define X(symbol)                                                                                                      \
  if (!(api.symbol = (__typeof__(api.symbol))dlsym(handle, #symbol))) return strdup("the library has no " #symbol);
  TWIN_API(X)
#undef X
  return NULL;
}
#endif

#define luaL_newstate api.luaL_newstate
#define luaL_openlibs api.luaL_openlibs
#define luaL_ref api.luaL_ref
#define lua_close api.lua_close
#define lua_createtable api.lua_createtable
#define lua_error api.lua_error
#define lua_getfield api.lua_getfield
#define lua_getmetatable api.lua_getmetatable
#define lua_gettop api.lua_gettop
#define lua_newthread api.lua_newthread
#define lua_next api.lua_next
#define lua_pushcclosure api.lua_pushcclosure
#define lua_pushinteger api.lua_pushinteger
#define lua_pushlightuserdata api.lua_pushlightuserdata
#define lua_pushlstring api.lua_pushlstring
#define lua_pushnil api.lua_pushnil
#define lua_pushnumber api.lua_pushnumber
#define lua_pushvalue api.lua_pushvalue
#define lua_rawequal api.lua_rawequal
#define lua_rawget api.lua_rawget
#define lua_rawgeti api.lua_rawgeti
#define lua_rawset api.lua_rawset
#define lua_rawseti api.lua_rawseti
#define lua_resume api.lua_resume
#define lua_setfield api.lua_setfield
#define lua_setmetatable api.lua_setmetatable
#define lua_settop api.lua_settop
#define lua_tolstring api.lua_tolstring
#define lua_touserdata api.lua_touserdata
#define lua_type api.lua_type
