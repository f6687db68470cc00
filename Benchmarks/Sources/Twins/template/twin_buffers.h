// Arrays of numbers in userdata: the metatable tells them from others, the index is checked, and so is what is written.
// The upvalue of the metamethods is the metatable.
typedef struct array {
  size_t count;
  void *elements;
} array;

static array *array_at(lua_State *L) {
  array *a = lua_touserdata(L, 1);
  if (a && lua_getmetatable(L, 1)) {
    int is_ours = lua_rawequal(L, -1, lua_upvalueindex(1));
    lua_settop(L, -2);
    if (is_ours) return a;
  }
  lua_pushlstring(L, "not an array", 12);
  lua_error(L);
  return NULL;
}

static int refuse_write(lua_State *L) {
  lua_pushlstring(L, "no such element, or not to be held by it", 40);
  return lua_error(L);
}

static int numbers_index(lua_State *L) {
  int ok;
  array *a = array_at(L);
  int64_t i = integer_at(L, 2, &ok);
  if (ok && (uint64_t)i - 1 < a->count)
    lua_pushnumber(L, ((double *)a->elements)[i - 1]);
  else
    lua_pushnil(L);
  return 1;
}

static int numbers_newindex(lua_State *L) {
  int is_index, ok;
  array *a = array_at(L);
  int64_t i = integer_at(L, 2, &is_index);
  double number = number_at(L, 3, &ok);
  if (!is_index || !ok || (uint64_t)i - 1 >= a->count) return refuse_write(L);
  ((double *)a->elements)[i - 1] = number;
  return 0;
}

static int bytes_index(lua_State *L) {
  int ok;
  array *a = array_at(L);
  int64_t i = integer_at(L, 2, &ok);
  if (ok && (uint64_t)i - 1 < a->count)
    lua_pushinteger(L, ((uint8_t *)a->elements)[i - 1]);
  else
    lua_pushnil(L);
  return 1;
}

static int bytes_newindex(lua_State *L) {
  int is_index, ok;
  array *a = array_at(L);
  int64_t i = integer_at(L, 2, &is_index), value = integer_at(L, 3, &ok);
  if (!is_index || !ok || (uint64_t)i - 1 >= a->count || (uint64_t)value > 255) return refuse_write(L);
  ((uint8_t *)a->elements)[i - 1] = (uint8_t)value;
  return 0;
}

static void store_array(twin *t, size_t size, lua_CFunction index, lua_CFunction newindex) {
  lua_State *L = t->L;
  t->bytes = calloc(TWIN_ARRAY_COUNT, size);
  array *a = lua_newuserdata(L, sizeof *a);
  *a = (array){TWIN_ARRAY_COUNT, t->bytes};
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, index, 1);
  lua_setfield(L, -2, "__index");
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, newindex, 1);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  t->function = luaL_ref(L, LUA_REGISTRYINDEX);
}

static void prepare_buffer_get(twin *t) {
  store(t, "return function(b, n) local s = 0 for _ = 1, n do for i = 1, 100000 do s = s + b[i] end end return s end");
  store_array(t, sizeof(double), numbers_index, numbers_newindex);
  for (size_t i = 0; i < TWIN_ARRAY_COUNT; i++) ((double *)(void *)t->bytes)[i] = (double)(i % 8);
}

static void prepare_buffer_set(twin *t) {
  store(t, "return function(b, n) for k = 1, n do for i = 1, 100000 do b[i] = k end end return b[100000] end");
  store_array(t, sizeof(double), numbers_index, numbers_newindex);
}

static void prepare_buffer_bytes(twin *t) {
  store(t, "return function(b, n) for k = 1, n do for i = 1, 100000 do b[i] = 255 - b[i] end end return b[100000] end");
  store_array(t, 1, bytes_index, bytes_newindex);
}
