// The cases, on one engine. The loops are in here, so that nothing of the caller's is counted.
#include "twin_map.h"

struct twin {
  lua_State *L, *co;
  int reference, function;
  char *bytes;
  double *numbers;
  map map;
  int64_t (*run)(struct twin *, size_t);
};

static void fail(lua_State *L, const char *what) {
  const char *message = lua_tolstring(L, -1, NULL);
  fprintf(stderr, "loba-bench: the C twin has failed: %s (%s)\n", what, message ? message : "no message");
  abort();
}

static void push_stored(twin *t) { lua_rawgeti(t->L, LUA_REGISTRYINDEX, t->reference); }

static void protected_call(lua_State *L, int arguments, int results) {
  if (lua_pcall(L, arguments, results, 0)) fail(L, "lua_pcall");
}

static int64_t take_integer(lua_State *L) {
  int ok;
  int64_t value = integer_at(L, -1, &ok);
  if (!ok) fail(L, "not an integer");
  lua_settop(L, -2);
  return value;
}

// Runs source and stores what it returns.
static void store(twin *t, const char *source) {
  if (luaL_loadbuffer(t->L, source, strlen(source), "=fixture")) fail(t->L, "fixture");
  protected_call(t->L, 0, 1);
  t->reference = luaL_ref(t->L, LUA_REGISTRYINDEX);
}

// ---------------------------------------------------------------- calls

static void prepare_call_lua(twin *t) { store(t, "return function(a, b) return a + b end"); }

static int64_t run_call_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    push_stored(t);
    lua_pushinteger(L, (lua_Integer)i);
    lua_pushinteger(L, 2);
    protected_call(L, 2, 1);
    sum += take_integer(L);
  }
  return sum;
}

static int host_add(lua_State *L) {
  int first, second;
  twin *t = lua_touserdata(L, lua_upvalueindex(1));
  int64_t a = integer_at(L, 1, &first), b = integer_at(L, 2, &second);
  if (!first || !second || t->L != L) {
    lua_pushlstring(L, "integers expected", 17);
    return lua_error(L);
  }
  lua_pushinteger(L, (lua_Integer)(a + b));
  return 1;
}

// Both sides make the host function once: LuaJIT's loops know a function again that they have seen.
static void store_function(twin *t, lua_CFunction function) {
  lua_pushlightuserdata(t->L, t);
  lua_pushcclosure(t->L, function, 1);
  t->function = luaL_ref(t->L, LUA_REGISTRYINDEX);
}

static void prepare_call_host(twin *t) {
  store(t, "return function(add, n) local s = 0 for i = 1, n do s = add(s, i) end return s end");
  store_function(t, host_add);
}

static int64_t run_in_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  push_stored(t);
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->function);
  lua_pushinteger(L, (lua_Integer)times);
  protected_call(L, 2, 1);
  return take_integer(L);
}

// ---------------------------------------------------------------- objects

// An object of the program's, and a userdata that refers to it, as a binding's does. Its class looks names up in a
// table: a property is its number there, a method its function. Upvalues: the metatable, which tells the class's
// userdata from others, and that table.
typedef struct counter {
  int64_t value;
  int64_t more[32];
} counter;

static counter *counter_at(lua_State *L) {
  counter **object = lua_touserdata(L, 1);
  if (object && lua_getmetatable(L, 1)) {
    int is_ours = lua_rawequal(L, -1, lua_upvalueindex(1));
    lua_settop(L, -2);
    if (is_ours) return *object;
  }
  lua_pushlstring(L, "not a counter", 13);
  lua_error(L);
  return NULL;
}

static int64_t *property_at(lua_State *L, counter *object) {
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(2));
  if (lua_type(L, -1) != LUA_TNUMBER) return NULL;
  int64_t number = lua_tointeger(L, -1);
  return number ? &object->more[number - 1] : &object->value;
}

static int counter_index(lua_State *L) {
  int64_t *property = property_at(L, counter_at(L));
  if (!property) return 1;  // a method, or nil
  lua_pushinteger(L, (lua_Integer)*property);
  return 1;
}

static int counter_newindex(lua_State *L) {
  int ok;
  int64_t value = integer_at(L, 3, &ok);
  int64_t *property = ok ? property_at(L, counter_at(L)) : NULL;
  if (!property) {
    lua_pushlstring(L, "no such property, or no integer", 31);
    return lua_error(L);
  }
  *property = value;
  return 0;
}

static int counter_add(lua_State *L) {
  int ok;
  int64_t n = integer_at(L, 2, &ok);
  counter *object = counter_at(L);
  if (!ok) {
    lua_pushlstring(L, "integer expected", 16);
    return lua_error(L);
  }
  object->value += n;
  lua_pushinteger(L, (lua_Integer)object->value);
  return 1;
}

static void store_counter(twin *t, int properties) {
  lua_State *L = t->L;
  counter *object = calloc(1, sizeof *object);
  t->bytes = (char *)object;
  counter **userdata = lua_newuserdata(L, sizeof *userdata);
  *userdata = object;
  lua_createtable(L, 0, 2);  // the metatable
  lua_createtable(L, 0, properties + 1);
  lua_pushinteger(L, 0);
  lua_setfield(L, -2, "value");
  for (int i = 1; i < properties; i++) {
    char name[16];
    snprintf(name, sizeof name, "member%d", i);
    lua_pushinteger(L, i);
    lua_setfield(L, -2, name);
  }
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, counter_add, 1);
  lua_setfield(L, -2, "add");
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, counter_index, 2);
  lua_setfield(L, -3, "__index");
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, counter_newindex, 2);
  lua_setfield(L, -3, "__newindex");
  lua_settop(L, -2);
  lua_setmetatable(L, -2);
  t->function = luaL_ref(L, LUA_REGISTRYINDEX);
}

static void prepare_userdata_prop(twin *t) {
  store(t, "return function(o, n) for i = 1, n do o.value = o.value + 1 end return o.value end");
  store_counter(t, 1);
}

static void prepare_userdata_method(twin *t) {
  store(t, "return function(o, n) for i = 1, n do o:add(1) end return o.value end");
  store_counter(t, 1);
}

static void prepare_class_30(twin *t) {
  store(t, "return function(o, n) for i = 1, n do o.member29 = o.member28 + 1 end return o.member29 end");
  store_counter(t, 30);
}

#include "twin_buffers.h"
// Vectors are values: a userdata each, and reading one from its owner or adding two makes another. The program's
// objects have one each. Upvalue 1 of the functions is the metatable of vectors, 2 that of their owners.
typedef struct vector {
  double x, y, z;
} vector;

static void *checked(lua_State *L, int index, int metatable) {
  void *object = lua_touserdata(L, index);
  if (object && lua_getmetatable(L, index)) {
    int is_one = lua_rawequal(L, -1, lua_upvalueindex(metatable));
    lua_settop(L, -2);
    if (is_one) return object;
  }
  lua_pushlstring(L, "another object expected", 23);
  lua_error(L);
  return NULL;
}

static void push_vector(lua_State *L, vector v) {
  *(vector *)lua_newuserdata(L, sizeof v) = v;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_setmetatable(L, -2);
}

static int vector_add(lua_State *L) {
  const vector *a = checked(L, 1, 1), *b = checked(L, 2, 1);
  push_vector(L, (vector){a->x + b->x, a->y + b->y, a->z + b->z});
  return 1;
}

static int vector_index(lua_State *L) {
  const vector *v = checked(L, 1, 1);
  const char *name = lua_tolstring(L, 2, NULL);
  if (!name || name[0] < 'x' || name[0] > 'z' || name[1]) return 0;
  lua_pushnumber(L, name[0] == 'x' ? v->x : name[0] == 'y' ? v->y : v->z);
  return 1;
}

static int body_index(lua_State *L) {
  vector **body = checked(L, 1, 2);
  const char *name = lua_tolstring(L, 2, NULL);
  if (!name || strcmp(name, "p")) return 0;
  push_vector(L, **body);
  return 1;
}

static int body_newindex(lua_State *L) {
  vector **body = checked(L, 1, 2);
  const char *name = lua_tolstring(L, 2, NULL);
  const vector *value = checked(L, 3, 1);
  if (!name || strcmp(name, "p")) {
    lua_pushlstring(L, "no such property", 16);
    return lua_error(L);
  }
  **body = *value;
  return 0;
}

static void set_functions(lua_State *L, int vectors, int bodies, int target, const char *name, lua_CFunction function) {
  lua_pushvalue(L, vectors);
  lua_pushvalue(L, bodies);
  lua_pushcclosure(L, function, 2);
  lua_setfield(L, target, name);
}

static void prepare_vectors(twin *t) {
  lua_State *L = t->L;
  store(t, "return function(bodies, n) local v = bodies.step for i = 1, n do for k = 1, #bodies do "
           "local body = bodies[k] body.p = body.p + v end end return bodies[#bodies].p.x end");
  lua_createtable(L, 0, 3);  // 1: of vectors
  lua_createtable(L, 0, 2);  // 2: of bodies
  set_functions(L, 1, 2, 1, "__add", vector_add);
  set_functions(L, 1, 2, 1, "__index", vector_index);
  set_functions(L, 1, 2, 2, "__index", body_index);
  set_functions(L, 1, 2, 2, "__newindex", body_newindex);
  vector *all = calloc(TWIN_VECTOR_COUNT, sizeof *all);
  t->bytes = (char *)all;
  lua_createtable(L, TWIN_VECTOR_COUNT, 1);
  for (int i = 0; i < TWIN_VECTOR_COUNT; i++) {
    *(vector **)lua_newuserdata(L, sizeof(vector *)) = &all[i];
    lua_pushvalue(L, 2);
    lua_setmetatable(L, -2);
    lua_rawseti(L, -2, i + 1);
  }
  *(vector *)lua_newuserdata(L, sizeof(vector)) = (vector){1, 2, 3};
  lua_pushvalue(L, 1);
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "step");
  t->function = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_settop(L, 0);
}

// ---------------------------------------------------------------- tables

static void prepare_table(twin *t) { store(t, "return {value = 7}"); }

static int64_t run_table_get(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    push_stored(t);
    lua_getfield(L, -1, "value");
    sum += take_integer(L);
    lua_settop(L, -2);
  }
  return sum;
}

static int64_t run_table_set(twin *t, size_t times) {
  lua_State *L = t->L;
  for (size_t i = 0; i < times; i++) {
    push_stored(t);
    lua_pushinteger(L, (lua_Integer)i);
    lua_setfield(L, -2, "value");
    lua_settop(L, -2);
  }
  push_stored(t);
  lua_getfield(L, -1, "value");
  int64_t last = take_integer(L);
  lua_settop(L, -2);
  return last;
}

static void prepare_numbers(twin *t) {
  t->numbers = malloc(TWIN_ARRAY_COUNT * sizeof *t->numbers);
  for (int i = 0; i < TWIN_ARRAY_COUNT; i++) t->numbers[i] = i + 0.5;
}

static int64_t run_array_to_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    lua_createtable(L, TWIN_ARRAY_COUNT, 0);
    for (int i = 0; i < TWIN_ARRAY_COUNT; i++) {
      lua_pushnumber(L, t->numbers[i]);
      lua_rawseti(L, -2, i + 1);
    }
    lua_rawgeti(L, -1, TWIN_ARRAY_COUNT);
    sum += (int64_t)lua_tonumber(L, -1);
    lua_settop(L, -3);
  }
  return sum;
}

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

static void prepare_lua_numbers(twin *t) {
  store(t, "local t = {} for i = 1, " TEXT(TWIN_ARRAY_COUNT) " do t[i] = i - 0.5 end return t");
}

static int64_t run_array_from_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    push_stored(t);
    double *numbers = malloc(TWIN_ARRAY_COUNT * sizeof *numbers);
    for (int i = 0; i < TWIN_ARRAY_COUNT; i++) {
      int ok;
      lua_rawgeti(L, -1, i + 1);
      numbers[i] = number_at(L, -1, &ok);
      if (!ok) fail(L, "not a number");
      lua_settop(L, -2);
    }
    lua_settop(L, -2);
    sum += (int64_t)numbers[n % TWIN_ARRAY_COUNT];
    free(numbers);
  }
  return sum;
}

static void prepare_integers(twin *t) {
  store(t, "local t = {} for i = 1, " TEXT(TWIN_ARRAY_COUNT) " do t[i] = i end return t");
}

static int64_t run_iterate(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    push_stored(t);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      int ok;
      sum += integer_at(L, -1, &ok);
      if (!ok) fail(L, "not an integer");
      lua_settop(L, -2);
    }
    lua_settop(L, -2);
  }
  return sum;
}

static void prepare_lua_map(twin *t) {
  store(t, "local t = {} for i = 0, " TEXT(TWIN_DICTIONARY_COUNT) " - 1 do t['key' .. i] = i end return t");
}

static int64_t run_iterate_names(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    push_stored(t);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      int ok;
      size_t length;
      int64_t value = integer_at(L, -1, &ok);
      if (!ok || lua_type(L, -2) != LUA_TSTRING) fail(L, "not a string and an integer");
      const char *key = lua_tolstring(L, -2, &length);
      char copy[64];
      if (length >= sizeof copy) fail(L, "not so long a key");
      memcpy(copy, key, length);
      sum += (int64_t)length + value;
      lua_settop(L, -2);
    }
    lua_settop(L, -2);
  }
  return sum;
}

static void prepare_map(twin *t) {
  char key[16];
  for (int i = 0; i < TWIN_DICTIONARY_COUNT; i++) {
    int length = snprintf(key, sizeof key, "key%d", i);
    map_set(&t->map, key, (size_t)length, i);
  }
}

static int64_t run_dict_to_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    lua_createtable(L, 0, (int)t->map.count);
    for (size_t i = 0; i < t->map.capacity; i++) {
      map_entry *entry = &t->map.entries[i];
      if (!entry->is_used) continue;
      lua_pushlstring(L, map_key(entry), entry->length);
      lua_pushinteger(L, (lua_Integer)entry->value);
      lua_rawset(L, -3);
    }
    lua_getfield(L, -1, "key77");
    sum += take_integer(L);
    lua_settop(L, -2);
  }
  return sum;
}

static int64_t run_dict_without_lua(twin *t, size_t times) {
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    map map = {0};
    for (size_t i = 0; i < t->map.capacity; i++) {
      map_entry *entry = &t->map.entries[i];
      if (entry->is_used) map_set(&map, map_key(entry), entry->length, entry->value);
    }
    sum += (int64_t)map.count + map_place(&map, "key77", 5, hash_of("key77", 5))->value;
    map_free(&map);
  }
  return sum;
}

static int64_t run_dict_from_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t n = 0; n < times; n++) {
    map map = {0};
    push_stored(t);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      int ok;
      size_t length;
      int64_t value = integer_at(L, -1, &ok);
      if (!ok || lua_type(L, -2) != LUA_TSTRING) fail(L, "not a string and an integer");
      const char *key = lua_tolstring(L, -2, &length);
      map_set(&map, key, length, value);
      lua_settop(L, -2);
    }
    lua_settop(L, -2);
    sum += (int64_t)map.count + map_place(&map, "key77", 5, hash_of("key77", 5))->value;
    map_free(&map);
  }
  return sum;
}

// ---------------------------------------------------------------- strings

static void prepare_string_in(twin *t) {
  store(t, "return function(s) return #s end");
  t->bytes = malloc(TWIN_LONG_STRING);
  memset(t->bytes, 'x', TWIN_LONG_STRING);
}

static int64_t run_string_in(twin *t, size_t length, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    push_stored(t);
    lua_pushlstring(L, t->bytes, length);
    protected_call(L, 1, 1);
    sum += take_integer(L);
  }
  return sum;
}

static int64_t run_string_in_short(twin *t, size_t times) { return run_string_in(t, 16, times); }

static int64_t run_string_in_long(twin *t, size_t times) { return run_string_in(t, TWIN_LONG_STRING, times); }

static void prepare_string_in_many(twin *t) {
  store(t, "return function(s) return #s end");
  t->bytes = malloc(TWIN_MANY_STRINGS * 16 + 1);
  for (int i = 0; i < TWIN_MANY_STRINGS; i++) snprintf(t->bytes + 16 * i, 17, "a string%8d", i);
}

static int64_t run_string_in_many(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    push_stored(t);
    lua_pushlstring(L, t->bytes + 16 * (i % TWIN_MANY_STRINGS), 16);
    protected_call(L, 1, 1);
    sum += take_integer(L);
  }
  return sum;
}

static void prepare_string_out_short(twin *t) {
  store(t, "local s = string.rep('x', 16) return function() return s end");
}

static void prepare_string_out_long(twin *t) {
  store(t, "local s = string.rep('x', " TEXT((1048576)) ") return function() return s end");
}

static int64_t run_string_out(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    size_t length;
    push_stored(t);
    protected_call(L, 0, 1);
    const char *bytes = lua_tolstring(L, -1, &length);
    if (!bytes) fail(L, "not a string");
    char *copy = malloc(length + 1);
    memcpy(copy, bytes, length + 1);
    lua_settop(L, -2);
    sum += (int64_t)length + copy[i % length];
    free(copy);
  }
  return sum;
}

// ---------------------------------------------------------------- running

static void prepare_coroutine(twin *t) {
  store(t, "local yield = coroutine.yield return function() local i = 0 while true do i = i + 1 yield(i) end end");
  t->co = lua_newthread(t->L);
  luaL_ref(t->L, LUA_REGISTRYINDEX);
  lua_rawgeti(t->co, LUA_REGISTRYINDEX, t->reference);
}

static int64_t run_coroutine(twin *t, size_t times) {
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    int given;
    if (resume(t->co, t->L, &given) != LUA_YIELD || given != 1) fail(t->co, "lua_resume");
    sum += take_integer(t->co);
  }
  return sum;
}

static void prepare_nothing(twin *t) { (void)t; }

static int64_t run_eval(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    static const char source[] = "return 1 + 1";
    if (luaL_loadbuffer(L, source, sizeof source - 1, source)) fail(L, "luaL_loadbuffer");
    protected_call(L, 0, 1);
    sum += take_integer(L);
  }
  return sum;
}

static int64_t run_create_close(twin *t, size_t times) {
  (void)t;
  for (size_t i = 0; i < times; i++) {
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lua_close(L);
  }
  return (int64_t)times;
}

// ---------------------------------------------------------------- errors

static void prepare_error_from_lua(twin *t) { store(t, "return function() error('boom') end"); }

static int64_t run_error_from_lua(twin *t, size_t times) {
  lua_State *L = t->L;
  int64_t sum = 0;
  for (size_t i = 0; i < times; i++) {
    size_t length;
    push_stored(t);
    if (!lua_pcall(L, 0, 0, 0)) fail(L, "no error");
    if (!lua_tolstring(L, -1, &length)) fail(L, "no message");
    sum += (int64_t)length;
    lua_settop(L, -2);
  }
  return sum;
}

static int host_throw(lua_State *L) {
  lua_pushlstring(L, "boom", 4);
  return lua_error(L);
}

static void prepare_error_from_host(twin *t) {
  store(t, "return function(f, n) local c = 0 for i = 1, n do if not pcall(f) then c = c + 1 end end return c end");
  store_function(t, host_throw);
}

// ---------------------------------------------------------------- the table of cases

static const struct {
  const char *name;
  void (*prepare)(twin *);
  int64_t (*run)(twin *, size_t);
} cases[] = {
    {"call_lua", prepare_call_lua, run_call_lua},
    {"call_host", prepare_call_host, run_in_lua},
    {"userdata_prop", prepare_userdata_prop, run_in_lua},
    {"userdata_method", prepare_userdata_method, run_in_lua},
    {"struct_prop", prepare_userdata_prop, run_in_lua},
    {"struct_method", prepare_userdata_method, run_in_lua},
    {"class_30", prepare_class_30, run_in_lua},
    {"leaf_call", prepare_call_host, run_in_lua},
    {"leaf_prop", prepare_userdata_prop, run_in_lua},
    {"leaf_method", prepare_userdata_method, run_in_lua},
    {"leaf_struct_prop", prepare_userdata_prop, run_in_lua},
    {"leaf_struct_method", prepare_userdata_method, run_in_lua},
    {"buffer_get", prepare_buffer_get, run_in_lua},
    {"buffer_set", prepare_buffer_set, run_in_lua},
    {"buffer_bytes", prepare_buffer_bytes, run_in_lua},
    {"vector", prepare_vectors, run_in_lua},
    {"table_get", prepare_table, run_table_get},
    {"table_set", prepare_table, run_table_set},
    {"array_to_lua", prepare_numbers, run_array_to_lua},
    {"array_from_lua", prepare_lua_numbers, run_array_from_lua},
    {"dict_to_lua", prepare_map, run_dict_to_lua},
    {"dict_from_lua", prepare_lua_map, run_dict_from_lua},
    {"dict_without_lua", prepare_map, run_dict_without_lua},
    {"string_in_short", prepare_string_in, run_string_in_short},
    {"string_in_many", prepare_string_in_many, run_string_in_many},
    {"string_out_short", prepare_string_out_short, run_string_out},
    {"string_in_1MB", prepare_string_in, run_string_in_long},
    {"string_out_1MB", prepare_string_out_long, run_string_out},
    {"coroutine", prepare_coroutine, run_coroutine},
    {"eval_small", prepare_nothing, run_eval},
    {"runtime_create_close", prepare_nothing, run_create_close},
    {"iterate_table", prepare_integers, run_iterate},
    {"iterate_each", prepare_integers, run_iterate},
    {"iterate_names", prepare_lua_map, run_iterate_names},
    {"error_from_lua", prepare_error_from_lua, run_error_from_lua},
    {"error_from_host", prepare_error_from_host, run_in_lua},
};

static twin *make(const char *name) {
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (strcmp(cases[i].name, name)) continue;
    twin *t = calloc(1, sizeof *t);
    t->L = luaL_newstate();
    luaL_openlibs(t->L);
    t->run = cases[i].run;
    cases[i].prepare(t);
    return t;
  }
  return NULL;
}

static int64_t run(twin *t, size_t times) { return t->run(t, times); }

static void destroy(twin *t) {
  lua_close(t->L);
  free(t->bytes);
  free(t->numbers);
  map_free(&t->map);
  free(t);
}

static const twin_engine engine = {load, make, run, destroy};

const twin_engine *TWIN_ENTRY(void) { return &engine; }
