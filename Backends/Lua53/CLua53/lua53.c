// Lua 5.3: its headers, its library, and what differs from other versions.
#ifdef LOBA_LUA53

#include "template/prelude.h"
#include "include/CLua53.h"

#if __has_include(<lua5.3/lua.h>)  // Debian, Ubuntu
#include <lua5.3/lauxlib.h>
#include <lua5.3/lua.h>
#include <lua5.3/lualib.h>
#elif __has_include(<lua53/lua.h>)  // FreeBSD
#include <lua53/lauxlib.h>
#include <lua53/lua.h>
#include <lua53/lualib.h>
#elif __has_include(<lua.h>)
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error                                                                                                                 \
    "The headers of Lua 5.3 are missing. Debian, Ubuntu: apt install liblua5.3-dev. Arch: pacman -S lua53. macOS: brew install lua@5.3"
#endif

#if LUA_VERSION_NUM != 503
#error                                                                                                                 \
    "These are not the headers of Lua 5.3. Debian, Ubuntu: apt install liblua5.3-dev. Arch: pacman -S lua53. macOS: brew install lua@5.3"
#endif

#define LOBA_API_ENGINE(X) LOBA_API_LUA53(X)
#include "template/api.h"
#include "template/lua52_family.h"

#define LOBA_ENGINE_NAME "Lua 5.3"
#define LOBA_OPERATIONS loba_lua53_operations_table
#define LOBA_LIBRARY_NAMES                                                                                             \
  "liblua5.3.so.0", "liblua5.3.so", "liblua-5.3.so", "liblua.so.5.3", "liblua5.3.dylib", "liblua.5.3.dylib",           \
      "/opt/homebrew/opt/lua@5.3/lib/liblua.5.3.dylib", "/usr/local/opt/lua@5.3/lib/liblua.5.3.dylib"

#define LOBA_CLOSES_AFTER_CYCLE 1

#include "template/loba_template.h"

#endif
