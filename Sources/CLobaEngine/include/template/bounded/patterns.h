// string.find, match and gmatch.

// Where scripts begin to count from, or -1 if that is after the end of so many characters.
static ptrdiff_t start_of(lua_Integer start, size_t length) {
#if LOBA_HAS_COMPILER
  if (start != (int32_t)start) start = INT32_MIN;  // LuaJIT's own have ints here
#endif
  if (start < 0)
    start = start < -(lua_Integer)length ? 0 : (lua_Integer)length + start;
  else if (start > 0)
    start--;
  if (start <= (lua_Integer)length) return (ptrdiff_t)start;
  return LUA_VERSION_NUM == 501 ? (ptrdiff_t)length : -1;
}

// What a match from s to match_end has as its capture of that index; the whole match is the first one if there is none.
static void push_capture(matcher *m, int index, const char *s, const char *match_end) {
  if (index >= m->capture_count) {
    if (index > 0) {
#if LUA_VERSION_NUM >= 503
      INVALID_CAPTURE(m, index);
#else
      luaL_error(m->L, "invalid capture index");
#endif
    }
    lua_pushlstring(m->L, s, (size_t)(match_end - s));
    return;
  }
  const capture *c = &m->captures[index];
  if (c->length == CAPTURE_OPEN) luaL_error(m->L, "unfinished capture");
  if (c->length == CAPTURE_POSITION)
    lua_pushinteger(m->L, c->start - m->subject + 1);
  else
    lua_pushlstring(m->L, c->start, (size_t)c->length);
}

// All of them; with s also the whole match if there is none.
static int push_captures(matcher *m, const char *s, const char *match_end) {
  int count = m->capture_count == 0 && s ? 1 : m->capture_count;
  luaL_checkstack(m->L, count, "too many captures");
  for (int i = 0; i < count; i++) push_capture(m, i, s, match_end);
  return count;
}

// Whether a pattern is a plain text. Lua 5.1 looks no further than a zero.
static bool is_plain(const char *pattern, size_t length) {
  static const char special[] = "^$*+?.([%-";
  const char *end = pattern + length;
  for (;;) {
    if (strpbrk(pattern, special)) return false;
    pattern += strlen(pattern) + 1;
    if (pattern > end || (LUA_VERSION_NUM == 501 && !LOBA_HAS_COMPILER)) return true;
  }
}

// The first of such texts. Looking for its first character is fastest, unless that is everywhere.
static const char *find_text(const char *s, size_t length, const char *text, size_t text_length) {
  if (text_length == 0) return s;
  const char *end = s + length;
  for (int attempts = 0; attempts < 128 && (size_t)(end - s) >= text_length; attempts++, s++) {
    s = memchr(s, text[0], (size_t)(end - s) - text_length + 1);
    if (!s) return NULL;
    if (memcmp(s, text, text_length) == 0) return s;
  }
  return memmem(s, (size_t)(end - s), text, text_length);
}

static int find_plain(lua_State *L, loba_state *S, const char *subject, size_t length, const char *text,
                      size_t text_length, size_t from) {
  const char *found = find_text(subject + from, length - from, text, text_length);
  count_bytes(L, S, found ? (size_t)(found - subject) - from : length - from);
  if (!found) return 0;
  lua_pushinteger(L, found - subject + 1);
  lua_pushinteger(L, found - subject + (ptrdiff_t)text_length);
  return 2;
}

static int search(lua_State *L, bool finds) {
  loba_state *S = state_of_function(L);
  size_t length, pattern_length;
  const char *subject = luaL_checklstring(L, 1, &length);
  const char *pattern = luaL_checklstring(L, 2, &pattern_length);
  ptrdiff_t start = start_of(luaL_optinteger(L, 3, 1), length);
  int count = 0;
  if (start < 0) {
  } else if (finds && (lua_toboolean(L, 4) || is_plain(pattern, pattern_length))) {
    count = find_plain(L, S, subject, length, pattern, pattern_length, (size_t)start);
  } else {
    matcher m;
    bool is_anchored = *pattern == '^';
    matcher_begin(&m, L, S, subject, length, pattern + is_anchored, pattern_length - is_anchored);
    const char *match_end, *s = match_from(&m, subject + start, is_anchored, &match_end);
    if (s && finds) {
      lua_pushinteger(L, s - subject + 1);
      lua_pushinteger(L, match_end - subject);
      count = 2;
    }
    if (s) count += push_captures(&m, finds ? NULL : s, match_end);
    matcher_pay(&m);
  }
  if (count == 0) lua_pushnil(L);
  return count ? count : 1;
}

static int bounded_find(lua_State *L) { return search(L, true); }
static int bounded_match(lua_State *L) { return search(L, false); }

// ---------------------------------------------------------------- gmatch

// What an iterator knows. Its upvalues keep it and the two texts.
typedef struct iteration {
  loba_state *S;
  const char *subject, *pattern;
  size_t length, pattern_length;
  size_t next;
  size_t last_end;  // where the last match has ended, + 1; 0 = there was none
} iteration;

static int next_match(lua_State *L) {
  iteration *at = lua_touserdata(L, lua_upvalueindex(1));
  matcher m;
  matcher_begin(&m, L, at->S, at->subject, at->length, at->pattern, at->pattern_length);
  int count = 0;
  for (size_t next = at->next; next <= at->length;) {
    const char *match_end, *s = match_from(&m, at->subject + next, false, &match_end);
    if (!s) break;
    size_t end = (size_t)(match_end - at->subject);
#if LOBA_MATCHES_ARE_APART
    if (end + 1 == at->last_end) {
      next = (size_t)(s - at->subject) + 1;
      continue;
    }
    at->last_end = end + 1;
#else
    if (match_end == s) end++;
#endif
    at->next = end;
    count = push_captures(&m, s, match_end);
    break;
  }
  matcher_pay(&m);
  return count;
}

static int bounded_gmatch(lua_State *L) {
  iteration at = {.S = state_of_function(L)};
  at.subject = luaL_checklstring(L, 1, &at.length);
  at.pattern = luaL_checklstring(L, 2, &at.pattern_length);
  ptrdiff_t start = LUA_VERSION_NUM >= 504 ? start_of(luaL_optinteger(L, 3, 1), at.length) : 0;
  at.next = start < 0 ? at.length + 1 : (size_t)start;
  lua_settop(L, 2);
  *(iteration *)loba_newuserdata(L, sizeof at) = at;
  lua_insert(L, 1);
  lua_pushcclosure(L, next_match, 3);
  return 1;
}
