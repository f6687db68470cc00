// Lua 5.2: its headers, its library, and what differs from other versions.
#ifdef LOBA_LUA52

#include "template/prelude.h"
#include "include/CLua52.h"

#if __has_include(<lua5.2/lua.h>)  // Debian, Ubuntu
#include <lua5.2/lauxlib.h>
#include <lua5.2/lua.h>
#include <lua5.2/lualib.h>
#elif __has_include(<lua52/lua.h>)  // FreeBSD
#include <lua52/lauxlib.h>
#include <lua52/lua.h>
#include <lua52/lualib.h>
#elif __has_include(<lua.h>)
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error "The headers of Lua 5.2 are missing. Debian, Ubuntu: apt install liblua5.2-dev. Arch: pacman -S lua52"
#endif

#if LUA_VERSION_NUM != 502
#error "These are not the headers of Lua 5.2. Debian, Ubuntu: apt install liblua5.2-dev. Arch: pacman -S lua52"
#endif

#define LOBA_API_ENGINE(X) LOBA_API_LUA52(X)
#include "template/api.h"
#include "template/lua52_family.h"

#define LOBA_ENGINE_NAME "Lua 5.2"
#define LOBA_OPERATIONS loba_lua52_operations_table
#define LOBA_LIBRARY_NAMES                                                                                             \
  "liblua5.2.so.0", "liblua5.2.so", "liblua-5.2.so", "liblua.so.5.2", "liblua5.2.dylib", "liblua.5.2.dylib"

#include "template/loba_template.h"

#endif
