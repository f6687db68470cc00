// Lua 5.4: its headers, its library, and what differs from other versions.
#ifdef LOBA_LUA54

#include "template/prelude.h"
#include "include/CLua54.h"

#if __has_include(<lua5.4/lua.h>)  // Debian, Ubuntu
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#elif __has_include(<lua54/lua.h>)  // FreeBSD
#include <lua54/lauxlib.h>
#include <lua54/lua.h>
#include <lua54/lualib.h>
#elif __has_include(<lua/5.4/lua.h>)
#include <lua/5.4/lauxlib.h>
#include <lua/5.4/lua.h>
#include <lua/5.4/lualib.h>
#elif __has_include(<lua.h>)  // Fedora, Arch, Homebrew
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error                                                                                                                 \
    "The headers of Lua 5.4 are missing. Debian, Ubuntu: apt install liblua5.4-dev. Fedora: dnf install lua-devel. Arch: pacman -S lua. macOS: brew install lua@5.4"
#endif

#if LUA_VERSION_NUM != 504
#error                                                                                                                 \
    "These are not the headers of Lua 5.4. Debian, Ubuntu: apt install liblua5.4-dev. Fedora: dnf install lua-devel. Arch: pacman -S lua54. macOS: brew install lua@5.4"
#endif

#define LOBA_API_ENGINE(X) LOBA_API_LUA54(X)
#include "template/api.h"
#include "template/lua52_family.h"

#define LOBA_ENGINE_NAME "Lua 5.4"
#define LOBA_OPERATIONS loba_lua54_operations_table
#define LOBA_LIBRARY_NAMES                                                                                             \
  "liblua5.4.so.0", "liblua5.4.so", "liblua-5.4.so", "liblua.so.5.4", "liblua5.4.dylib", "liblua.5.4.dylib",           \
      "/opt/homebrew/opt/lua@5.4/lib/liblua.5.4.dylib", "/usr/local/opt/lua@5.4/lib/liblua.5.4.dylib"

#include "template/loba_template.h"

#endif
