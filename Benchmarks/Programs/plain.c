// The main cases once more in plain C, as a textbook writes them: the library linked as usual, the helpers of lauxlib,
// userdata told by the name of their metatable. Shares nothing with the twins; where their time and this differ much,
// one of the two is not what a C programmer would get.
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin.h"

#if LUA_VERSION_NUM < 502
#define RESUME(co, L, n) ((void)(L), *(n) = 1, lua_resume(co, 0))
#elif LUA_VERSION_NUM < 504
#define RESUME(co, L, n) (*(n) = 1, lua_resume(co, L, 0))
#else
#define RESUME(co, L, n) lua_resume(co, L, 0, n)
#endif

typedef int64_t measured(lua_State *L, int ref, size_t times);

struct twin {
  lua_State *L;
  int ref;
  measured *body;
};

#define COUNTER "bench.counter"

typedef struct {
  int64_t value;
} object;

static int add(lua_State *L) {
  lua_pushinteger(L, luaL_checkinteger(L, 1) + luaL_checkinteger(L, 2));
  return 1;
}

static int throws(lua_State *L) { return luaL_error(L, "boom"); }

static int object_add(lua_State *L) {
  object *self = luaL_checkudata(L, 1, COUNTER);
  self->value += luaL_checkinteger(L, 2);
  lua_pushinteger(L, (lua_Integer)self->value);
  return 1;
}

static int object_index(lua_State *L) {
  object *self = luaL_checkudata(L, 1, COUNTER);
  const char *name = luaL_checkstring(L, 2);
  if (strcmp(name, "value") == 0)
    lua_pushinteger(L, (lua_Integer)self->value);
  else if (strcmp(name, "add") == 0)
    lua_pushvalue(L, lua_upvalueindex(1));
  else
    lua_pushnil(L);
  return 1;
}

static int object_newindex(lua_State *L) {
  object *self = luaL_checkudata(L, 1, COUNTER);
  const char *name = luaL_checkstring(L, 2);
  if (strcmp(name, "value")) return luaL_error(L, "no property %s", name);
  self->value = luaL_checkinteger(L, 3);
  return 0;
}

static int new_object(lua_State *L) {
  object *self = lua_newuserdata(L, sizeof *self);
  self->value = 0;
  if (luaL_newmetatable(L, COUNTER)) {
    lua_pushcfunction(L, object_add);
    lua_pushcclosure(L, object_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, object_newindex);
    lua_setfield(L, -2, "__newindex");
  }
  lua_setmetatable(L, -2);
  return 1;
}

static void check(lua_State *L, int status) {
  if (status == 0) return;
  fprintf(stderr, "%s\n", lua_tostring(L, -1));
  exit(1);
}

static int64_t in_lua(lua_State *L, int ref, size_t times) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  lua_pushinteger(L, (lua_Integer)times);
  check(L, lua_pcall(L, 1, 1, 0));
  int64_t sum = luaL_checkinteger(L, -1);
  lua_pop(L, 1);
  return sum;
}

static int64_t call_lua(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  while (times--) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    lua_pushinteger(L, (lua_Integer)times);
    lua_pushinteger(L, 2);
    check(L, lua_pcall(L, 2, 1, 0));
    sum += lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  return sum;
}

static int64_t table_get(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  while (times--) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    lua_getfield(L, -1, "value");
    sum += luaL_checkinteger(L, -1);
    lua_pop(L, 2);
  }
  return sum;
}

static int64_t table_set(lua_State *L, int ref, size_t times) {
  for (size_t i = 0; i < times; i++) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    lua_pushinteger(L, (lua_Integer)i);
    lua_setfield(L, -2, "value");
    lua_pop(L, 1);
  }
  return table_get(L, ref, 1);
}

static int64_t array_to_lua(lua_State *L, int ref, size_t times) {
  static double numbers[TWIN_ARRAY_COUNT];
  (void)ref;
  for (int i = 0; i < TWIN_ARRAY_COUNT; i++) numbers[i] = i + 0.5;
  for (size_t n = 0; n < times; n++) {
    lua_createtable(L, TWIN_ARRAY_COUNT, 0);
    for (int i = 0; i < TWIN_ARRAY_COUNT; i++) {
      lua_pushnumber(L, numbers[i]);
      lua_rawseti(L, -2, i + 1);
    }
    lua_pop(L, 1);
  }
  return (int64_t)numbers[TWIN_ARRAY_COUNT - 1] * (int64_t)times;
}

static int64_t array_from_lua(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    double *numbers = malloc(sizeof(double) * TWIN_ARRAY_COUNT);
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    for (int i = 0; i < TWIN_ARRAY_COUNT; i++) {
      lua_rawgeti(L, -1, i + 1);
      numbers[i] = luaL_checknumber(L, -1);
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
    sum += (int64_t)numbers[n % TWIN_ARRAY_COUNT];
    free(numbers);
  }
  return sum;
}

static int64_t iterate(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  while (times--) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) sum += luaL_checkinteger(L, -1);
    lua_pop(L, 1);
  }
  return sum;
}

static int64_t string_in(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  while (times--) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    lua_pushlstring(L, "xxxxxxxxxxxxxxxx", 16);
    check(L, lua_pcall(L, 1, 1, 0));
    sum += lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  return sum;
}

static int64_t string_out(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  while (times--) {
    size_t length;
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    check(L, lua_pcall(L, 0, 1, 0));
    const char *bytes = luaL_checklstring(L, -1, &length);
    char *copy = malloc(length + 1);
    memcpy(copy, bytes, length + 1);
    sum += (int64_t)length + copy[times % length];
    free(copy);
    lua_pop(L, 1);
  }
  return sum;
}

static int64_t coroutine(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  lua_State *co = lua_tothread(L, -1);
  while (times--) {
    int count;
    if (RESUME(co, L, &count) != LUA_YIELD) exit(1);
    sum += luaL_checkinteger(co, -1);
    lua_pop(co, count);
  }
  lua_pop(L, 1);
  return sum;
}

static int64_t eval(lua_State *L, int ref, size_t times) {
  int64_t sum = 0;
  (void)ref;
  while (times--) {
    check(L, luaL_loadstring(L, "return 1 + 1"));
    check(L, lua_pcall(L, 0, 1, 0));
    sum += lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  return sum;
}

// The source is run once; what it returns is what the body gets.
static const struct {
  const char *name, *source;
  measured *body;
} cases[] = {
    {"call_lua", "return function(a, b) return a + b end", call_lua},
    {"call_host", "return function(n) local s, add = 0, add for i = 1, n do s = add(s, i) end return s end", in_lua},
    {"userdata_prop", "local o = new() return function(n) for i = 1, n do o.value = o.value + 1 end return o.value end",
     in_lua},
    {"userdata_method", "local o = new() return function(n) for i = 1, n do o:add(1) end return o.value end", in_lua},
    {"table_get", "return {value = 7}", table_get},
    {"table_set", "return {value = 7}", table_set},
    {"array_to_lua", "return nil", array_to_lua},
    {"array_from_lua", "local t = {} for i = 1, 100000 do t[i] = i - 0.5 end return t", array_from_lua},
    {"iterate_table", "local t = {} for i = 1, 100000 do t[i] = i end return t", iterate},
    {"string_in_short", "return function(s) return #s end", string_in},
    {"string_out_short", "local s = string.rep('x', 16) return function() return s end", string_out},
    {"coroutine", "return coroutine.create(function() local i = 0 while true do i = i + 1 coroutine.yield(i) end end)",
     coroutine},
    {"eval_small", "return nil", eval},
    {"error_from_host",
     "return function(n) local c = 0 for i = 1, n do if not pcall(throws) then c = c + 1 end end return c end", in_lua},
};

static char *load(const char *library) {
  (void)library;
  return NULL;
}

static twin *make(const char *name) {
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    if (strcmp(cases[i].name, name)) continue;
    twin *t = malloc(sizeof *t);
    t->L = luaL_newstate();
    t->body = cases[i].body;
    luaL_openlibs(t->L);
    lua_register(t->L, "add", add);
    lua_register(t->L, "throws", throws);
    lua_register(t->L, "new", new_object);
    check(t->L, luaL_loadstring(t->L, cases[i].source));
    check(t->L, lua_pcall(t->L, 0, 1, 0));
    t->ref = luaL_ref(t->L, LUA_REGISTRYINDEX);
    return t;
  }
  return NULL;
}

static int64_t run(twin *t, size_t times) { return t->body(t->L, t->ref, times); }

static void destroy(twin *t) {
  lua_close(t->L);
  free(t);
}

const twin_engine *plain_twins(void) {
  static const twin_engine engine = {load, make, run, destroy};
  return &engine;
}
