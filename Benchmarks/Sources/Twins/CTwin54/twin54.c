// The twins on Lua 5.4.
#include "include/CTwin54.h"

#if __has_include(<lua5.4/lua.h>)
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#else
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#endif

#define TWIN_ENTRY loba_bench_twin_lua54
#include "../template/twin_api_54.h"
#include "../template/twin_cases.h"
