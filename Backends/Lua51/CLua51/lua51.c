// Lua 5.1: its headers, its library, and what differs from other versions.
#ifdef LOBA_LUA51

#include "template/prelude.h"
#include "include/CLua51.h"

#if __has_include(<lua5.1/lua.h>)  // Debian, Ubuntu
#include <lua5.1/lauxlib.h>
#include <lua5.1/lua.h>
#include <lua5.1/lualib.h>
#elif __has_include(<lua-5.1/lua.h>)  // Fedora
#include <lua-5.1/lauxlib.h>
#include <lua-5.1/lua.h>
#include <lua-5.1/lualib.h>
#elif __has_include(<lua51/lua.h>)  // Arch, FreeBSD
#include <lua51/lauxlib.h>
#include <lua51/lua.h>
#include <lua51/lualib.h>
#elif __has_include(<lua.h>)
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error                                                                                                                 \
    "The headers of Lua 5.1 are missing. Debian, Ubuntu: apt install liblua5.1-0-dev. Fedora: dnf install compat-lua-devel. Arch: pacman -S lua51. macOS: brew install lua@5.1"
#endif

#if LUA_VERSION_NUM != 501
#error                                                                                                                 \
    "These are not the headers of Lua 5.1. Debian, Ubuntu: apt install liblua5.1-0-dev. Fedora: dnf install compat-lua-devel. Arch: pacman -S lua51. macOS: brew install lua@5.1"
#endif

#define LOBA_API_ENGINE(X) LOBA_API_LUA51(X) X(lua_setlevel)
#include "template/api.h"
// Nested C calls are counted through coroutines that Swift resumes, as through those that scripts resume.
#define loba_set_level(from, co) loba_api.lua_setlevel(from, co)
#include "template/lua51_family.h"

#define LOBA_ENGINE_NAME "Lua 5.1"
#define LOBA_OPERATIONS loba_lua51_operations_table
#define LOBA_LIBRARY_NAMES                                                                                             \
  "liblua5.1.so.0", "liblua5.1.so", "liblua-5.1.so", "liblua.so.5.1", "liblua5.1.dylib", "liblua.5.1.dylib",           \
      "/opt/homebrew/opt/lua@5.1/lib/liblua.5.1.dylib", "/usr/local/opt/lua@5.1/lib/liblua.5.1.dylib"

#define LOBA_LOAD_HAS_MODE 0
#define LOBA_EXIT_CLOSES 0
#define LOBA_RESUME_NAMES_STATUS 1
#define LOBA_COROUTINES_RUN_C 0
#define LOBA_OPENS_IO_WHOLE 1
#define LOBA_PATTERNS_KNOW_GRAPHIC 0
#define LOBA_PATTERNS_NEST_FREELY 1

#include "template/loba_template.h"

#endif
