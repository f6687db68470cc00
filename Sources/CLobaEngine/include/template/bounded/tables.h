// Those functions of the table library that run over integers which a script chooses: by their arguments, by __len, or
// by a table with a few entries far apart, whose length is whichever border Lua finds.

// Elements are got and set with metamethods from 5.3 on.
#if LUA_VERSION_NUM >= 503
static inline lua_Integer as_index(lua_Integer n) { return n; }
static inline void get_element(lua_State *L, int index, lua_Integer n) { lua_geti(L, index, n); }
static inline void set_element(lua_State *L, int index, lua_Integer n) { lua_seti(L, index, n); }
#else
static inline lua_Integer as_index(lua_Integer n) { return LOBA_HAS_COMPILER && n != (int)n ? INT_MIN : (int)n; }
static inline void get_element(lua_State *L, int index, lua_Integer n) { lua_rawgeti(L, index, (int)n); }
static inline void set_element(lua_State *L, int index, lua_Integer n) { lua_rawseti(L, index, (int)n); }
#endif

#define ELEMENT_STEPS 4  // to get one or set one

// The table at 1 and its length, which is asked for as the version does; `operations` are the metamethods that
// something else in its place has to have, from 5.3 on.
static lua_Integer table_length(lua_State *L, const char *const *operations) {
  if (lua_type(L, 1) != LUA_TTABLE) {
    bool is_good = LUA_VERSION_NUM >= 503 && lua_getmetatable(L, 1);
    for (; is_good && *operations; operations++) {
      lua_pushlstring(L, *operations, strlen(*operations));
      lua_rawget(L, -2);
      is_good = lua_type(L, -1) != LUA_TNIL;
      lua_pop(L, 1);
    }
    if (!is_good) luaL_checktype(L, 1, LUA_TTABLE);
    lua_pop(L, 1);
  }
#if LUA_VERSION_NUM == 501
  return (lua_Integer)(int)lua_objlen(L, 1);
#else
  return (lua_Integer)luaL_len(L, 1);
#endif
}

static const char *const reading[] = {"__index", "__len", NULL};
static const char *const changing[] = {"__index", "__newindex", "__len", NULL};

// ---------------------------------------------------------------- insert, remove

static lua_CFunction original_insert, original_remove, original_concat;

// So many elements the library moves in no time.
#define FEW_ELEMENTS 4096

// Whether the library's own may ask for the length again: where a metamethod tells it, it may tell something else then.
static bool has_plain_length(lua_State *L) {
  if (lua_type(L, 1) != LUA_TTABLE) return false;
  if (LUA_VERSION_NUM == 501 || !lua_getmetatable(L, 1)) return true;
  lua_pop(L, 1);
  return false;
}

// Whether the library's own has few elements to move, from the position that is the second argument on.
static bool moves_few(lua_State *L, loba_state *S) {
  if (lua_type(L, 2) != LUA_TNUMBER || !has_plain_length(L)) return false;
  lua_Number count = (lua_Number)lua_rawlen(L, 1) + 1 - lua_tonumber(L, 2);
  if (!(count < FEW_ELEMENTS)) return false;
  count_steps(L, S, count > 0 ? (size_t)count * ELEMENT_STEPS : 1);
  return true;
}

static int bounded_insert(lua_State *L) {
  int count = lua_gettop(L);
  if (count == 2 || (count == 3 && moves_few(L, state_of_function(L)))) return original_insert(L);
  lua_Integer next = (lua_Integer)((size_t)table_length(L, changing) + 1), position = next;
  if (count != 2 && count != 3) return luaL_error(L, "wrong number of arguments to 'insert'");
  if (count == 3) {
    position = as_index(luaL_checkinteger(L, 2));
#if LUA_VERSION_NUM == 501
    if (position > next) next = position;
#else
    if ((size_t)position - 1 >= (size_t)next) return luaL_argerror(L, 2, "position out of bounds");
#endif
    loba_state *S = state_of_function(L);
    for (lua_Integer i = next; i > position; i--) {
      get_element(L, 1, i - 1);
      set_element(L, 1, i);
      count_steps(L, S, 2 * ELEMENT_STEPS);
    }
  }
  lua_settop(L, count);
  set_element(L, 1, position);
  return 0;
}

static int bounded_remove(lua_State *L) {
  if (lua_gettop(L) == 1 || moves_few(L, state_of_function(L))) return original_remove(L);
  lua_Integer length = table_length(L, changing), position = as_index(luaL_optinteger(L, 2, length));
  loba_state *S = state_of_function(L);
#if LUA_VERSION_NUM == 501
  if (position < 1 || position > length) return 0;
#else
  if (position != length && (size_t)position - 1 > (size_t)length)
    return luaL_argerror(L, LUA_VERSION_NUM >= 505 ? 2 : 1, "position out of bounds");
#endif
  get_element(L, 1, position);
  for (; position < length; position++) {
    get_element(L, 1, position + 1);
    set_element(L, 1, position);
    count_steps(L, S, 2 * ELEMENT_STEPS);
  }
  lua_pushnil(L);
  set_element(L, 1, position);
  return 1;
}

// ---------------------------------------------------------------- concat

// The element at an index of the table, after those that the text has.
static void add_element(text *t, lua_Integer index) {
  lua_State *L = t->L;
  get_element(L, 1, index);
  int type = lua_type(L, -1);
  if (type != LUA_TSTRING && type != LUA_TNUMBER) {
#if LUA_VERSION_NUM >= 503
    luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", lua_typename(L, type), (LUAI_UACINT)index);
#else
    luaL_error(L, "invalid value (%s) at index %d in table for 'concat'", lua_typename(L, type), (int)index);
#endif
  }
  text_add_value(t);
  count_steps(L, t->S, ELEMENT_STEPS);
}

// So few elements are left to the library, as long as their texts may be.
#define SHORT_CONCATENATION 64

static int bounded_concat(lua_State *L) {
  loba_state *S = state_of_function(L);
  lua_settop(L, 4);
  size_t separator_length;
#if LUA_VERSION_NUM >= 503
  need_depth(L, S);
  lua_Integer length = table_length(L, reading);
  const char *separator = luaL_optlstring(L, 2, "", &separator_length);
#else
  const char *separator = luaL_optlstring(L, 2, "", &separator_length);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer length = lua_type(L, 4) == LUA_TNIL ? table_length(L, reading) : 0;
#endif
  lua_Integer first = as_index(luaL_optinteger(L, 3, 1)), last = as_index(luaL_optinteger(L, 4, length));
  if ((last < first || (size_t)last - (size_t)first < SHORT_CONCATENATION) && has_plain_length(L)) {
    lua_pushinteger(L, first);
    lua_replace(L, 3);
    lua_pushinteger(L, last);
    lua_replace(L, 4);
    count_steps(L, S, SHORT_CONCATENATION);
    return original_concat(L);
  }
  text t;
  text_begin(&t, L, S, 5);
  for (; first < last; first++) {
    add_element(&t, first);
    text_add(&t, separator, separator_length);
  }
  if (first == last) add_element(&t, first);
  text_push(&t);
  return 1;
}

// ---------------------------------------------------------------- move

#if LUA_VERSION_NUM >= 503
static lua_CFunction original_move;

// Whether a range has more elements than are to be left to the library.
static inline bool is_long(lua_Integer first, lua_Integer last) {
  return last >= first && (size_t)last - (size_t)first >= FEW_ELEMENTS;
}

// The value at an index is to be a table, or to have a metamethod as tables have it.
static void need_elements(lua_State *L, int index, const char *operation) {
  if (lua_type(L, index) == LUA_TTABLE) return;
  if (!luaL_getmetafield(L, index, operation)) luaL_checktype(L, index, LUA_TTABLE);
  lua_pop(L, 1);
}

static int bounded_move(lua_State *L) {
  loba_state *S = state_of_function(L);
  need_depth(L, S);
  lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
  bool is_within = first > 0 || last < LUA_MAXINTEGER + first;
  if (!is_long(first, last) || !is_within || to > LUA_MAXINTEGER - (last - first)) {
    if (last >= first && !is_long(first, last)) count_steps(L, S, (size_t)(last - first) * 2 * ELEMENT_STEPS);
    return original_move(L);
  }
  lua_settop(L, 5);
  int target = lua_type(L, 5) == LUA_TNIL ? 1 : 5;
  need_elements(L, 1, "__index");
  need_elements(L, target, "__newindex");
  bool goes_up = to > last || to <= first || (target == 5 && !loba_compare(L, 1, 5, 0));
  size_t count = (size_t)(last - first) + 1;
  for (size_t done = 0; done < count; done++) {
    size_t at = goes_up ? done : count - 1 - done;
    get_element(L, 1, (lua_Integer)((size_t)first + at));
    set_element(L, target, (lua_Integer)((size_t)to + at));
    count_steps(L, S, 2 * ELEMENT_STEPS);
  }
  lua_pushvalue(L, target);
  return 1;
}
#endif

// ---------------------------------------------------------------- unpack

#if LUA_VERSION_NUM >= 503
static lua_CFunction original_unpack;

// The library's own asks metamethods for each element.
static int bounded_unpack(lua_State *L) {
  loba_state *S = state_of_function(L);
  if (!lua_getmetatable(L, 1)) return original_unpack(L);
  lua_pop(L, 1);
  lua_Integer first = luaL_optinteger(L, 2, 1);
  lua_Integer last = lua_type(L, 3) <= LUA_TNIL ? luaL_len(L, 1) : luaL_checkinteger(L, 3);
  if (first > last) return 0;
  uint64_t count = (uint64_t)last - (uint64_t)first;
  if (count >= INT_MAX || !lua_checkstack(L, (int)++count)) return luaL_error(L, "too many results to unpack");
  for (uint64_t i = 0; i < count; i++) {
    lua_geti(L, 1, (lua_Integer)((uint64_t)first + i));
    count_steps(L, S, 4 * ELEMENT_STEPS);  // it may have gone through many tables
  }
  return (int)count;
}
#endif

// ---------------------------------------------------------------- maxn, foreach, foreachi

#if LUA_VERSION_NUM <= 502 && !LOBA_HAS_COMPILER
static int bounded_maxn(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  loba_state *S = state_of_function(L);
  lua_Number greatest = 0;
  lua_settop(L, 1);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    lua_pop(L, 1);
    count_steps(L, S, 1);
    if (lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) > greatest) greatest = lua_tonumber(L, -1);
  }
  lua_pushnumber(L, greatest);
  return 1;
}
#endif

#if LUA_VERSION_NUM == 501 && !LOBA_HAS_COMPILER
static int bounded_foreach(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  loba_state *S = state_of_function(L);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    call_back(L, S, 2);
    if (lua_type(L, -1) != LUA_TNIL) return 1;
    lua_pop(L, 2);
  }
  return 0;
}

static int bounded_foreachi(lua_State *L) {
  lua_Integer length = table_length(L, reading);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  loba_state *S = state_of_function(L);
  for (lua_Integer i = 1; i <= length; i++) {
    lua_pushvalue(L, 2);
    lua_pushinteger(L, i);
    lua_rawgeti(L, 1, (int)i);
    call_back(L, S, 2);
    if (lua_type(L, -1) != LUA_TNIL) return 1;
    lua_pop(L, 1);
    count_steps(L, S, 2 * ELEMENT_STEPS);
  }
  return 0;
}
#endif
