// Elements of buffers that compiled code reads and writes by itself.
//
// `__index` and `__newindex` are Lua functions around the C functions of the template: an index in range and a value
// that fits are a load or a store, everything else is the C function's, errors included. A record is told from other
// userdata by its metatable, as it stands in its header; from a light userdata, which has none, by what it shows for
// one.

// Integers of 64 bits are not among them: to compiled code they are no numbers.
static const struct {
  loba_element element;
  const char *type, *fits;
} lane_elements[] = {
    {LOBA_ELEMENT_Int8, "int8_t", "x >= -128 and x <= 127 and x % 1 == 0"},
    {LOBA_ELEMENT_UInt8, "uint8_t", "x >= 0 and x <= 255 and x % 1 == 0"},
    {LOBA_ELEMENT_Int16, "int16_t", "x >= -32768 and x <= 32767 and x % 1 == 0"},
    {LOBA_ELEMENT_UInt16, "uint16_t", "x >= 0 and x <= 65535 and x % 1 == 0"},
    {LOBA_ELEMENT_Int32, "int32_t", "x >= -2147483648 and x <= 2147483647 and x % 1 == 0"},
    {LOBA_ELEMENT_UInt32, "uint32_t", "x >= 0 and x <= 4294967295 and x % 1 == 0"},
    // Where integers are exact, and no fraction becomes 0.
    {LOBA_ELEMENT_Float, "float", "(x == 0 or x >= 2^-126 and x < 2^24 or x <= -2^-126 and x > -2^24)"},
    {LOBA_ELEMENT_Double, "double", "true"},
};

// With the metatable on top. The lower half of the count is read, which is a number, and never too many.
static void loba_hasten_buffers(lua_State *L, loba_state *S, loba_element element) {
  size_t kind = 0, count = sizeof lane_elements / sizeof *lane_elements;
  while (kind < count && lane_elements[kind].element != element) kind++;
  if (kind == count || !loba_lane_is_open(S)) return;
  int metatable = lua_gettop(L);
  lua_pushcclosure(L, original_jit_status, 0);
  lua_call(L, 0, 1);
  bool is_on = lua_toboolean(L, -1);
  lua_settop(L, metatable);
  if (!is_on) return;
  loba_job job = {NULL, 0};
  push_lane(L, S, &job);
  int lane = lua_gettop(L);
  int distance = atomic_load_explicit(&metatable_distance, memory_order_relaxed);
  if (!distance) return lua_settop(L, metatable);
  // In words of four bytes: where the metatable is in a userdata's header, and which it is.
  uint64_t address = (uintptr_t)lua_topointer(L, metatable);
  char is_ours[128], text[1536];
  if (distance > 0)
    snprintf(is_ours, sizeof is_ours, "h[%d] == %d and h[%d] == %d", -distance / 4, (int32_t)address, 1 - distance / 4,
             (int32_t)(address >> 32));
  else
    snprintf(is_ours, sizeof is_ours, "h[%d] == %d", distance / 4, (int32_t)address);
  // LuaJIT has its other values among the NaNs, and takes what it loads as it is: any but the usual is the C
  // function's.
  const char *is_number = element == LOBA_ELEMENT_Double  ? " and cast(word, r.data)[i * 2 - 1] <= 0xfff80000"
                          : element == LOBA_ELEMENT_Float ? " and cast(word, r.data)[i - 1] <= 0xffc00000"
                                                          : "";
  snprintf(text, sizeof text,
           "local type, getmetatable, is_open, ffi, index, newindex = ... "
           "local cast, header, word = ffi.cast, ffi.typeof('const int32_t *'), ffi.typeof('const uint32_t *') "
           "local record = ffi.typeof('struct { void *nothing[2], *magic, *self, *state, *box;"
           " uint32_t kind, number, running, unused; %s *data; uint32_t count, more; } *') "
           "return function(b, i) "
           "if is_open[0] ~= 0 and type(i) == 'number' and type(b) == 'userdata' and getmetatable(b) == false then "
           "local h = cast(header, b) if %s then local r = cast(record, b) "
           "if i >= 1 and i <= r.count and i %% 1 == 0%s then return r.data[i - 1] end end end "
           "return index(b, i) end, "
           "function(b, i, x) "
           "if is_open[0] ~= 0 and type(i) == 'number' and type(x) == 'number' and type(b) == 'userdata' "
           "and getmetatable(b) == false then "
           "local h = cast(header, b) if %s then local r = cast(record, b) "
           "if i >= 1 and i <= r.count and i %% 1 == 0 and %s then r.data[i - 1] = x return end end end "
           "return newindex(b, i, x) end",
           lane_elements[kind].type, is_ours, is_number, is_ours, lane_elements[kind].fits);
  compile(L, S, &job, text);
  for (int i = LANE_TYPE; i <= LANE_IS_OPEN; i++) lua_rawgeti(L, lane, i);
  push_ffi(L, S);
  lua_getfield(L, metatable, "__index");
  lua_getfield(L, metatable, "__newindex");
  lua_call(L, 6, 2);
  lua_setfield(L, metatable, "__newindex");
  lua_setfield(L, metatable, "__index");
  lua_settop(L, metatable);
}
