// Lua 5.5: its headers, its library, and what differs from other versions.
#include "template/prelude.h"
#include "include/CLua55.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#if LUA_VERSION_NUM != 505
#error "These are not the headers of Lua 5.5"
#endif

#define LOBA_API_ENGINE(X) LOBA_API_LUA55(X)
#include "template/api.h"
#include "template/lua52_family.h"

#define LOBA_ENGINE_NAME "Lua 5.5"
#define LOBA_OPERATIONS loba_lua55_operations_table
#define LOBA_LIBRARY_NAMES "liblua5.5.so.0", "liblua5.5.so", "liblua-5.5.so", "liblua5.5.dylib"

#include "template/loba_template.h"
