// The twins on Lua 5.1.
#include "include/CTwin51.h"

#if __has_include(<lua5.1/lua.h>)
#include <lua5.1/lauxlib.h>
#include <lua5.1/lua.h>
#include <lua5.1/lualib.h>
#else
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#endif

#define TWIN_ENTRY loba_bench_twin_lua51
#include "../template/twin_api_51.h"
#include "../template/twin_cases.h"
