// table.sort, in the library's own order of comparisons and exchanges, since what it makes of equal elements, and of
// comparisons that lie, shows.

// Comparing texts by the locale takes longer than copying them.
#define COMPARED_PER_STEP 8

typedef struct sorting {
  lua_State *L;
  loba_state *S;
  bool has_function;
} sorting;

// Whether the value at a is to come before that at b.
static bool is_before(sorting *s, int a, int b) {
  lua_State *L = s->L;
  count_steps(L, s->S, s->has_function ? CALL_STEPS : 3 * ELEMENT_STEPS);
  if (!s->has_function) {
    if (lua_type(L, a) == LUA_TSTRING && lua_type(L, b) == LUA_TSTRING) {
      size_t length = lua_rawlen(L, a), other = lua_rawlen(L, b);
      count_steps(L, s->S, (length < other ? length : other) / COMPARED_PER_STEP);
    }
    return loba_compare(L, a, b, 1);
  }
  lua_pushvalue(L, 2);
  lua_pushvalue(L, a - 1);
  lua_pushvalue(L, b - 2);
  lua_call(L, 2, 1);
  bool is = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return is;
}

// Takes the two values on top: the upper one to i, the other to j.
static void set_two(lua_State *L, lua_Integer i, lua_Integer j) {
  set_element(L, 1, i);
  set_element(L, 1, j);
}

// Puts the elements at two places in order.
static void order_two(sorting *s, lua_Integer low, lua_Integer high) {
  lua_State *L = s->L;
  get_element(L, 1, low);
  get_element(L, 1, high);
  if (is_before(s, -1, -2))
    set_two(L, low, high);
  else
    lua_pop(L, 2);
}

// How far out of the range versions go before they find that a comparison has lied.
#if LUA_VERSION_NUM >= 503
#define SORT_SLACK_ABOVE (-1)
#define SORT_SLACK_BELOW 0
#else
#define SORT_SLACK_ABOVE (LUA_VERSION_NUM == 501 && !LOBA_HAS_COMPILER)
#define SORT_SLACK_BELOW SORT_SLACK_ABOVE
#endif

static void need_order(sorting *s, bool holds) {
  if (!holds) luaL_error(s->L, "invalid order function for sorting");
}

// Moves what is before the pivot, on top of the stack and at high - 1, to the left, and what is after it to the right.
// Where the pivot then is.
static lua_Integer part(sorting *s, lua_Integer low, lua_Integer high) {
  lua_State *L = s->L;
  lua_Integer i = low, j = high - 1;
  for (;;) {
    while (get_element(L, 1, ++i), is_before(s, -1, -2)) {
      need_order(s, i < high + SORT_SLACK_ABOVE);
      lua_pop(L, 1);
    }
    while (get_element(L, 1, --j), is_before(s, -3, -1)) {
      need_order(s, LUA_VERSION_NUM >= 503 ? j >= i : j > low - SORT_SLACK_BELOW);
      lua_pop(L, 1);
    }
    if (j < i) break;
    set_two(L, i, j);
  }
  lua_pop(L, 1);
#if LUA_VERSION_NUM >= 503
  set_two(L, high - 1, i);
#else
  lua_pop(L, 2);
  get_element(L, 1, high - 1);
  get_element(L, 1, i);
  set_two(L, high - 1, i);
#endif
  return i;
}

// `random` is not 0 once parts were of very different size.
static void sort_range(sorting *s, lua_Integer low, lua_Integer high, unsigned random) {
  lua_State *L = s->L;
  while (low < high) {
    order_two(s, low, high);
    if (high - low == 1) break;
    lua_Integer middle = (low + high) / 2, quarter = (high - low) / 4;
    if (random && high - low >= 100) middle = low + quarter + (lua_Integer)(random % (unsigned)(quarter * 2));
    get_element(L, 1, middle);
    get_element(L, 1, low);
    if (is_before(s, -2, -1)) {
      set_two(L, middle, low);
    } else {
      lua_pop(L, 1);
      get_element(L, 1, high);
      if (is_before(s, -1, -2))
        set_two(L, middle, high);
      else
        lua_pop(L, 2);
    }
    if (high - low == 2) break;
    get_element(L, 1, middle);
    lua_pushvalue(L, -1);
    get_element(L, 1, high - 1);
    set_two(L, middle, high - 1);
    lua_Integer at = part(s, low, high), smaller;
    if (at - low < high - at) {
      sort_range(s, low, at - 1, random);
      smaller = at - low;
      low = at + 1;
    } else {
      sort_range(s, at + 1, high, random);
      smaller = high - at;
      high = at - 1;
    }
    if (LUA_VERSION_NUM >= 503 && (high - low) / 128 > smaller) random = (unsigned)clock() | 1;
  }
}

static int bounded_sort(lua_State *L) {
  loba_state *S = state_of_function(L);
  need_depth(L, S);
  lua_Integer length = table_length(L, changing);
  if (LUA_VERSION_NUM >= 503 && length <= 1) return 0;
  if (LUA_VERSION_NUM >= 503 && length >= INT_MAX) return luaL_argerror(L, 1, "array too big");
  if (lua_type(L, 2) > LUA_TNIL) luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  sorting s = {L, S, lua_type(L, 2) == LUA_TFUNCTION};
  sort_range(&s, 1, length, 0);
  return 0;
}
