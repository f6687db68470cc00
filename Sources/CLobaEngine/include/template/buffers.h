// Buffers in Lua: userdata that refer to memory which Swift and other states may have as well. Nothing here calls
// Swift.
//
//   b[i], b[i] = x   element i, from 1 on; nil for what is no index, an error on writing
//   #b, tostring(b)
//   b:iter()         for i, x in b:iter() do …; pairs(b) and ipairs(b) where these ask the metatable
//   b:slice(i, j)    elements i to j, as string.sub takes them: a buffer that shares the memory
//   b:fill(x, i, j)  puts x into elements i to j
//   b:copy(s, i)     puts the elements of a buffer or a list into those from i on

// The record of a buffer: `box` is the loba_buffer, `kind` what its elements are, which no other record has for a kind.
// Code that LuaJIT compiles reads elements by itself, so the layout is fixed; once released, there is no element.
typedef struct buffer_record {
  loba_record record;
  void *data;    // at 64
  size_t count;  // at 72; its lower half alone is never too many
} buffer_record;

_Static_assert(sizeof(void *) != 8 || (offsetof(buffer_record, data) == 64 && offsetof(buffer_record, count) == 72),
               "the layout of buffers has changed");

// A script can call all functions here with anything.
ALWAYS_INLINE buffer_record *buffer_at(lua_State *L, int index) {
  buffer_record *b = lua_touserdata(L, index);  // asked first, since the length of a number makes a string of it on 5.1
  if (!b || lua_rawlen(L, index) != sizeof *b) return NULL;
  return b->record.magic == RECORD_MAGIC && b->record.self == &b->record && b->record.box ? b : NULL;
}

static buffer_record *need_buffer(lua_State *L, int index) {
  buffer_record *b = buffer_at(L, index);
  if (!b) luaL_argerror(L, index, "LuaBuffer expected");
  return b;
}

static const char *element_name(const buffer_record *b) { return loba_element_name((loba_element)b->record.kind); }

// ---------------------------------------------------------------- elements

// The place, from 0, of the element that a value is the index of; false if it is of none.
ALWAYS_INLINE bool place_at(lua_State *L, int index, size_t count, size_t *place) {
#if LOBA_HAS_INTEGERS
  if (lua_isinteger(L, index)) {
    *place = (size_t)lua_tointeger(L, index) - 1;
    return *place < count;
  }
#endif
  if (lua_type(L, index) != LUA_TNUMBER) return false;
  double number = lua_tonumber(L, index);
  if (!(number >= 1 && number <= (double)count)) return false;
  *place = (size_t)number - 1;
  return (double)(*place + 1) == number && *place < count;
}

static int buffer_index(lua_State *L) {
  buffer_record *b = buffer_at(L, 1);
  size_t place;
  if (b && place_at(L, 2, b->count, &place)) {
    push_element(L, b->record.kind, b->data, place);
    return 1;
  }
  if (lua_type(L, 2) == LUA_TSTRING) {  // of a buffer that has been released too, so that it says what it is
    lua_settop(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    return 1;
  }
  lua_pushnil(L);
  return 1;
}

typedef struct decimal {
  char digits[24];
} decimal;

static decimal decimal_of(size_t number) {
  decimal result;
  snprintf(result.digits, sizeof result.digits, "%zu", number);
  return result;
}

// The value at an index in words, for a message: a number with its digits.
static const char *push_summary(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TNUMBER) return lua_typename(L, lua_type(L, index));
  lua_pushvalue(L, index);
  return lua_pushfstring(L, "number %s", lua_tolstring(L, -1, NULL));
}

static int refuse_element(lua_State *L, const buffer_record *b, size_t place, int index) {
  return luaL_error(L, "element %s of LuaBuffer<%s>: expected %s, got %s", decimal_of(place + 1).digits,
                    element_name(b), element_name(b), push_summary(L, index));
}

static int refuse_index(lua_State *L, const buffer_record *b) {
  decimal count = decimal_of(b->count);
  if (lua_type(L, 2) == LUA_TSTRING)
    return luaL_error(L, "LuaBuffer<%s>(%s) has no settable member '%s'", element_name(b), count.digits,
                      lua_tolstring(L, 2, NULL));
  return luaL_error(L, "LuaBuffer<%s>(%s) has no element at %s", element_name(b), count.digits, push_summary(L, 2));
}

static int buffer_newindex(lua_State *L) {
  buffer_record *b = buffer_at(L, 1);
  size_t place;
  if (!b) return luaL_error(L, "a released LuaBuffer has no elements");
  if (!place_at(L, 2, b->count, &place)) return refuse_index(L, b);
  if (!store_element(L, 3, b->record.kind, b->data, place)) return refuse_element(L, b, place, 3);
  return 0;
}

// ---------------------------------------------------------------- whole buffers

static int buffer_length(lua_State *L) {
  buffer_record *b = buffer_at(L, 1);
  lua_pushinteger(L, b ? (lua_Integer)b->count : 0);
  return 1;
}

static int buffer_tostring(lua_State *L) {
  buffer_record *b = buffer_at(L, 1);
  if (b)
    lua_pushfstring(L, "LuaBuffer<%s>(%s)", element_name(b), decimal_of(b->count).digits);
  else
    lua_pushlstring(L, "released LuaBuffer", 18);
  return 1;
}

static int buffer_next(lua_State *L) {
  buffer_record *b = need_buffer(L, 1);
  size_t place;
  // The index before: what there is to come begins with 0.
  if (lua_type(L, 2) == LUA_TNUMBER && lua_tonumber(L, 2) == 0)
    place = 0;
  else if (place_at(L, 2, b->count, &place))
    place++;
  else
    return 0;
  if (place >= b->count) return 0;
  lua_pushinteger(L, (lua_Integer)place + 1);
  push_element(L, b->record.kind, b->data, place);
  return 2;
}

static int buffer_iter(lua_State *L) {
  need_buffer(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

// A bound among `count` elements as string.sub takes them, clamped: from the end if it is negative.
static double bound_at(lua_State *L, int index, double otherwise, size_t count) {
  if (lua_type(L, index) <= LUA_TNIL) return otherwise;
  double bound = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : __builtin_nan("");
  if (!(__builtin_floor(bound) == bound)) luaL_argerror(L, index, "integer expected");
  if (bound < 0) bound += (double)count + 1;
  return bound < 0 ? 0 : bound > (double)count ? (double)count + 1 : bound;
}

typedef struct buffer_range {
  size_t start, count;
} buffer_range;

static buffer_range range_at(lua_State *L, int index, size_t count) {
  double first = bound_at(L, index, 1, count), last = bound_at(L, index + 1, (double)count, count);
  if (first < 1) first = 1;
  if (last > (double)count) last = (double)count;
  return last < first ? (buffer_range){0, 0} : (buffer_range){(size_t)first - 1, (size_t)(last - first) + 1};
}

#define FILL_BLOCK ((size_t)4096)

static int buffer_fill(lua_State *L) {
  buffer_record *b = need_buffer(L, 1);
  buffer_range range = range_at(L, 3, b->count);
  if (!range.count) return 0;
  if (!store_element(L, 2, b->record.kind, b->data, range.start)) return refuse_element(L, b, range.start, 2);
  // Whatever the elements: what is there already is copied behind itself, at most a block at a time.
  size_t size = loba_element_size((loba_element)b->record.kind), end = range.count * size;
  char *start = (char *)b->data + range.start * size;
  for (size_t done = size, step; done < end; done += step) {
    step = done < FILL_BLOCK ? done : FILL_BLOCK;
    if (step > end - done) step = end - done;
    memcpy(start + done, start, step);
  }
  return 0;
}

static int buffer_copy(lua_State *L) {
  buffer_record *b = need_buffer(L, 1), *source = buffer_at(L, 2);
  size_t place = 0, count, size = loba_element_size((loba_element)b->record.kind);
  lua_settop(L, 3);
  if (!source && lua_type(L, 2) != LUA_TTABLE) return luaL_argerror(L, 2, "LuaBuffer or table expected");
  count = source ? source->count : lua_rawlen(L, 2);
  bool is_placed = lua_type(L, 3) == LUA_TNIL || place_at(L, 3, b->count, &place);
  if (!is_placed || count > b->count - place)
    return luaL_error(L, "%s elements do not fit into LuaBuffer<%s>(%s) from %s on", decimal_of(count).digits,
                      element_name(b), decimal_of(b->count).digits,
                      lua_type(L, 3) == LUA_TNIL ? "number 1" : push_summary(L, 3));
  if (source && source->record.kind == b->record.kind) {
    memmove((char *)b->data + place * size, source->data, count * size);
    return 0;
  }
  for (size_t i = 0; i < count; i++) {
    if (source)
      push_element(L, source->record.kind, source->data, i);
    else
      lua_rawgeti(L, 2, (list_index)(i + 1));
    if (!store_element(L, 4, b->record.kind, b->data, place + i)) return refuse_element(L, b, place + i, 4);
    lua_settop(L, 3);
  }
  return 0;
}

// ---------------------------------------------------------------- making and releasing

static int buffer_gc(lua_State *L) {
  buffer_record *b = buffer_at(L, 1);
  if (!b) return 0;
  loba_state *S = b->record.state;
  loba_buffer *buffer = b->record.box;
  b->record.box = b->data = NULL;
  b->count = 0;
  in(S)->finalized++;
  loba_box_remove(S, b->record.number);
  loba_buffer_release(buffer);
  return 0;
}

static int buffer_slice(lua_State *L);

#if LOBA_HAS_FAST_LANE
static void loba_hasten_buffers(lua_State *L, loba_state *S, loba_element element);
#else
static void loba_hasten_buffers(lua_State *L, loba_state *S, loba_element element) { (void)L, (void)S, (void)element; }
#endif

static void push_new_metatable(lua_State *L, loba_state *S, loba_element element) {
  lua_createtable(L, 0, 10);
  set_function(L, "__gc", buffer_gc);
  set_function(L, "__len", buffer_length);
  set_function(L, "__tostring", buffer_tostring);
  set_function(L, "__newindex", buffer_newindex);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushfstring(L, "LuaBuffer<%s>", loba_element_name(element));
  lua_setfield(L, -2, "__name");
  lua_createtable(L, 0, 4);
  set_function(L, "fill", buffer_fill);
  set_function(L, "copy", buffer_copy);
  set_function(L, "slice", buffer_slice);
  lua_pushcclosure(L, buffer_next, 0);
  lua_pushcclosure(L, buffer_iter, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "iter");
  lua_pushvalue(L, -1);
  lua_setfield(L, -4, "__pairs");
  lua_setfield(L, -3, "__ipairs");
  lua_pushcclosure(L, buffer_index, 1);
  lua_setfield(L, -2, "__index");
  loba_hasten_buffers(L, S, element);
}

// Pushes the metatable of buffers of a kind. The first that is made is the one for all, and a finalizer can have made
// one while another was being made.
static void push_buffer_metatable(loba_state *S, lua_State *L, uint32_t element) {
  int top = lua_gettop(L), kind = (int)element;
  push_fixed(S, L, AUX_BUFFERS);
  lua_rawgeti(L, top + 1, kind);
  if (lua_type(L, top + 2) == LUA_TNIL) {
    push_new_metatable(L, S, (loba_element)element);
    lua_rawgeti(L, top + 1, kind);
    if (lua_type(L, top + 4) == LUA_TNIL) {
      lua_pushvalue(L, top + 3);
      lua_rawseti(L, top + 1, kind);
      lua_pushvalue(L, top + 3);
    }
    lua_replace(L, top + 2);
    lua_settop(L, top + 2);
  }
  lua_replace(L, top + 1);
}

// Pushes a userdata that is to refer to a buffer: see refer_to.
static buffer_record *push_buffer_record(loba_state *S, lua_State *L, uint32_t element) {
  settle_finalized(S, L);
  push_buffer_metatable(S, L, element);
  buffer_record *b = loba_newuserdata(L, sizeof *b);
  *b = (buffer_record){{{NULL, NULL}, RECORD_MAGIC, &b->record, S, NULL, element, 0}, NULL, 0};
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  return b;
}

// The userdata on top refers to a buffer, and keeps it, from now on. It is found again by the buffer's address, in the
// lowest bits what no object has.
static uint64_t identity_of_buffer(const loba_buffer *buffer) { return (uint64_t)(uintptr_t)buffer | 3; }

static void refer_to(loba_state *S, lua_State *L, buffer_record *b, loba_buffer *buffer) {
  b->record.number = loba_box_add(S, buffer, true);
  b->record.box = buffer;
  b->data = buffer->data;
  b->count = buffer->count;
  push_fixed(S, L, AUX_OBJECTS);
  push_identity(L, identity_of_buffer(buffer));
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  lua_settop(L, -2);
}

static int buffer_slice(lua_State *L) {
  buffer_record *b = need_buffer(L, 1);
  buffer_range range = range_at(L, 2, b->count);
  loba_state *S = b->record.state;
  if (!in(S)->current) return luaL_error(L, "the runtime is closed");
  lua_settop(L, 1);
  buffer_record *part = push_buffer_record(S, L, b->record.kind);
  b = need_buffer(L, 1);  // a finalizer can have released it
  loba_buffer *slice = loba_buffer_slice(b->record.box, range.start, range.count);
  if (!slice) return raise_memory(L, S);
  refer_to(S, L, part, slice);
  return 1;
}

typedef struct buffer_job {
  loba_job job;
  loba_buffer *buffer;
} buffer_job;

static int run_buffer_new(lua_State *L, loba_state *S, loba_job *base) {
  loba_buffer *buffer = ((buffer_job *)base)->buffer;
  buffer_record *b = push_buffer_record(S, L, buffer->element);
  push_fixed(S, L, AUX_OBJECTS);
  push_identity(L, identity_of_buffer(buffer));
  lua_rawget(L, 2);
  if (buffer_at(L, 3)) return 1;  // made by a finalizer meanwhile
  lua_settop(L, 1);
  loba_buffer_retain(buffer);
  refer_to(S, L, b, buffer);
  return 1;
}

static int op_buffer_new(loba_state *S, loba_buffer *buffer, loba_reference *userdata) {
  int status = op_object_find(S, identity_of_buffer(buffer), userdata);
  if (status != LOBA_OK || *userdata) return status;
  buffer_job job = {{run_buffer_new, 0}, buffer};
  return run_job_for_reference(S, &job.job, userdata);
}

static loba_buffer *buffer_of_unentered(loba_state *S, const loba_slot *slot) {
  loba_record *record = in(S)->current ? record_of_slot(S, slot, sizeof(buffer_record)) : NULL;
  if (!record) return NULL;
  loba_buffer_retain(record->box);
  return record->box;
}

static loba_buffer *op_buffer_of(loba_state *S, const loba_slot *slot) {
  UNENTERED(S, NULL, buffer_of_unentered(S, slot));
}

static bool is_buffer_function(lua_CFunction function) {
  return function == buffer_index || function == buffer_iter || function == buffer_slice;
}
