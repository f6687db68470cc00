// The functions of the Lua library that Loba uses, as a table that dlsym fills. With LOBA_STATIC the library is linked
// into the program, and the table is a constant: calls become direct.
//
// The engine's C file has included its own lua.h, lauxlib.h and lualib.h, and defines LOBA_API_ENGINE(X), the
// functions that only some engines have. Calls are written as usual: the macros below lead them to the table.
// A call through it costs what a call through the PLT costs.

// clang-format off
#define LOBA_API_COMMON(X)                                                                                             \
  X(lua_newstate) X(lua_close) X(lua_newthread) X(lua_atpanic) X(lua_gettop) X(lua_settop) X(lua_pushvalue)            \
  X(lua_checkstack) X(lua_xmove) X(lua_type) X(lua_typename) X(lua_tolstring) X(lua_toboolean) X(lua_touserdata)       \
  X(lua_tothread) X(lua_topointer) X(lua_rawequal) X(lua_pushnil) X(lua_pushnumber) X(lua_pushinteger)                 \
  X(lua_pushlstring) X(lua_pushboolean) X(lua_pushcclosure) X(lua_pushlightuserdata) X(lua_createtable) X(lua_rawget)  \
  X(lua_rawset) X(lua_rawgeti) X(lua_rawseti) X(lua_getmetatable) X(lua_setmetatable) X(lua_gettable) X(lua_settable)  \
  X(lua_getfield) X(lua_setfield) X(lua_next) X(lua_error) X(lua_load) X(lua_dump) X(lua_gc) X(lua_status)             \
  X(lua_getstack) X(lua_getinfo) X(lua_getlocal) X(lua_setlocal) X(lua_getallocf) X(lua_setallocf) X(lua_resume) X(lua_pushfstring)                   \
  X(lua_tocfunction) X(lua_getupvalue) X(lua_setupvalue) X(lua_sethook) X(lua_gethook) X(lua_gethookmask) X(lua_gethookcount)            \
  X(lua_concat) X(lua_isnumber) X(lua_iscfunction) X(luaL_where) X(luaL_argerror) X(luaL_error) X(luaL_checklstring)                   \
  X(luaL_optlstring) X(luaL_checkinteger) X(luaL_optinteger) X(luaL_checktype) X(luaL_checkany) X(luaL_checkstack)     \
  X(luaL_getmetafield)                                                                                                 \
  X(luaopen_base) X(luaopen_package) X(luaopen_table) X(luaopen_io) X(luaopen_os) X(luaopen_string) X(luaopen_math)    \
  X(luaopen_debug)

// Lua 5.1 and LuaJIT; from 5.2 on these are macros, or gone.
#define LOBA_API_LUA51(X)                                                                                              \
  X(lua_call) X(lua_pcall) X(lua_cpcall) X(lua_tonumber) X(lua_objlen) X(lua_newuserdata) X(lua_replace) X(lua_equal)  \
  X(lua_lessthan) X(lua_insert) X(lua_remove) X(lua_setfenv)

// Lua 5.2 to 5.5.
#define LOBA_API_FROM_LUA52(X)                                                                                         \
  X(lua_callk) X(lua_pcallk) X(lua_tonumberx) X(lua_tointegerx) X(lua_rawlen) X(lua_copy) X(lua_compare) X(lua_len)    \
  X(luaL_requiref) X(luaL_tolstring) X(luaL_len) X(lua_yieldk) X(lua_pushthread) X(luaopen_coroutine)
#define LOBA_API_FROM_LUA53(X) \
  LOBA_API_FROM_LUA52(X) X(lua_isinteger) X(lua_stringtonumber) X(lua_rotate) X(lua_geti) X(lua_seti) X(luaopen_utf8)
#define LOBA_API_FROM_LUA54(X) LOBA_API_FROM_LUA53(X) X(lua_newuserdatauv) X(lua_setwarnf) X(luaL_typeerror)

#define LOBA_API_LUA52(X)                                                                                              \
  LOBA_API_FROM_LUA52(X) X(lua_insert) X(lua_remove) X(lua_replace) X(lua_newuserdata) X(luaopen_bit32) X(lua_getctx)
#define LOBA_API_LUA53(X) LOBA_API_FROM_LUA53(X) X(lua_newuserdata)
#define LOBA_API_LUA54(X) LOBA_API_FROM_LUA54(X) X(lua_resetthread)
#define LOBA_API_LUA55(X) LOBA_API_FROM_LUA54(X) X(lua_closethread) X(luaL_makeseed)

// clang-format on

// A macro in Lua 5.5.
#ifdef luaL_openlibs
#define LOBA_API_OPENING(X) X(luaL_openselectedlibs)
#else
#define LOBA_API_OPENING(X) X(luaL_openlibs)
#endif

#define LOBA_API(X) LOBA_API_COMMON(X) LOBA_API_OPENING(X) LOBA_API_ENGINE(X)

struct loba_api {
#define LOBA_FIELD(name) __typeof__(&name) name;
  LOBA_API(LOBA_FIELD)
#undef LOBA_FIELD
};

#ifdef LOBA_STATIC
static const struct loba_api loba_api = {
#define LOBA_ADDRESS(symbol) .symbol = symbol,
    LOBA_API(LOBA_ADDRESS)
#undef LOBA_ADDRESS
};
#else
static struct loba_api loba_api;

static const struct {
  const char *name;
  size_t offset;
} loba_symbols[] = {
#define LOBA_SYMBOL(name) {#name, offsetof(struct loba_api, name)},
    LOBA_API(LOBA_SYMBOL)
#undef LOBA_SYMBOL
};
#endif

#define lua_newstate loba_api.lua_newstate
#define lua_close loba_api.lua_close
#define lua_newthread loba_api.lua_newthread
#define lua_atpanic loba_api.lua_atpanic
#define lua_gettop loba_api.lua_gettop
#define lua_settop loba_api.lua_settop
#define lua_pushvalue loba_api.lua_pushvalue
#define lua_checkstack loba_api.lua_checkstack
#define lua_xmove loba_api.lua_xmove
#define lua_type loba_api.lua_type
#define lua_typename loba_api.lua_typename
#define lua_tolstring loba_api.lua_tolstring
#define lua_toboolean loba_api.lua_toboolean
#define lua_touserdata loba_api.lua_touserdata
#define lua_tothread loba_api.lua_tothread
#define lua_topointer loba_api.lua_topointer
#define lua_rawequal loba_api.lua_rawequal
#define lua_pushnil loba_api.lua_pushnil
#define lua_pushnumber loba_api.lua_pushnumber
#define lua_pushinteger loba_api.lua_pushinteger
#define lua_pushlstring loba_api.lua_pushlstring
#define lua_pushboolean loba_api.lua_pushboolean
#define lua_pushcclosure loba_api.lua_pushcclosure
#define lua_pushlightuserdata loba_api.lua_pushlightuserdata
#define lua_createtable loba_api.lua_createtable
#define lua_rawget loba_api.lua_rawget
#define lua_rawset loba_api.lua_rawset
#define lua_rawgeti loba_api.lua_rawgeti
#define lua_rawseti loba_api.lua_rawseti
#define lua_getmetatable loba_api.lua_getmetatable
#define lua_setmetatable loba_api.lua_setmetatable
#define lua_gettable loba_api.lua_gettable
#define lua_settable loba_api.lua_settable
#define lua_getfield loba_api.lua_getfield
#define lua_setfield loba_api.lua_setfield
#define lua_next loba_api.lua_next
#define lua_error loba_api.lua_error
#define lua_load loba_api.lua_load
#define lua_dump loba_api.lua_dump
#define lua_gc loba_api.lua_gc
#define lua_status loba_api.lua_status
#define lua_getstack loba_api.lua_getstack
#define lua_getinfo loba_api.lua_getinfo
#define lua_getlocal loba_api.lua_getlocal
#define lua_setlocal loba_api.lua_setlocal
#define lua_getallocf loba_api.lua_getallocf
#define lua_setallocf loba_api.lua_setallocf
#define lua_resume loba_api.lua_resume
#define lua_tocfunction loba_api.lua_tocfunction
#define lua_getupvalue loba_api.lua_getupvalue
#define lua_setupvalue loba_api.lua_setupvalue
#define lua_sethook loba_api.lua_sethook
#define lua_gethook loba_api.lua_gethook
#define lua_gethookmask loba_api.lua_gethookmask
#define lua_gethookcount loba_api.lua_gethookcount
#define lua_pushfstring loba_api.lua_pushfstring
#define lua_concat loba_api.lua_concat
#define lua_isnumber loba_api.lua_isnumber
#define lua_iscfunction loba_api.lua_iscfunction
#define luaL_where loba_api.luaL_where
#define luaL_argerror loba_api.luaL_argerror
#define luaL_error loba_api.luaL_error
#define luaL_checklstring loba_api.luaL_checklstring
#define luaL_optlstring loba_api.luaL_optlstring
#define luaL_checkinteger loba_api.luaL_checkinteger
#define luaL_optinteger loba_api.luaL_optinteger
#define luaL_checktype loba_api.luaL_checktype
#define luaL_checkany loba_api.luaL_checkany
#define luaL_checkstack loba_api.luaL_checkstack
#define luaL_getmetafield loba_api.luaL_getmetafield
#define luaopen_base loba_api.luaopen_base
#define luaopen_package loba_api.luaopen_package
#define luaopen_table loba_api.luaopen_table
#define luaopen_io loba_api.luaopen_io
#define luaopen_os loba_api.luaopen_os
#define luaopen_string loba_api.luaopen_string
#define luaopen_math loba_api.luaopen_math
#define luaopen_debug loba_api.luaopen_debug
#ifdef luaL_openlibs
#define luaL_openselectedlibs loba_api.luaL_openselectedlibs
#else
#define luaL_openlibs loba_api.luaL_openlibs
#endif
