// The twins on LuaJIT.
#include "include/CTwinJIT.h"

#if __has_include(<luajit-2.1/lua.h>)
#include <luajit-2.1/lauxlib.h>
#include <luajit-2.1/lua.h>
#include <luajit-2.1/lualib.h>
#else
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#endif

#define TWIN_ENTRY loba_bench_twin_luajit
#include "../template/twin_api_51.h"
#include "../template/twin_cases.h"
