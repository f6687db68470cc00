// string.gsub.

// A replacement text, with its captures.
static void add_text(matcher *m, text *t, const char *s, const char *match_end) {
  size_t length;
  const char *p = lua_tolstring(m->L, 3, &length), *end = p + length;
  while (p < end) {
    const char *escape = memchr(p, '%', (size_t)(end - p));
    if (!escape) escape = end;
    text_add(t, p, (size_t)(escape - p));
    if (escape == end) return;
    char c = escape[1];
    p = escape + 2;
    if (c == '0') {
      text_add(t, s, (size_t)(match_end - s));
    } else if (c >= '1' && c <= '9') {
      push_capture(m, c - '1', s, match_end);
      text_add_value(t);
    } else {
      if (c != '%' && LUA_VERSION_NUM > 501) luaL_error(m->L, "invalid use of '%%' in replacement string");
      text_add_character(t, c);
    }
  }
}

// What stands for a match.
static void add_replacement(matcher *m, text *t, int type, const char *s, const char *match_end) {
  lua_State *L = m->L;
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(L, 3);
    call_back(L, m->S, push_captures(m, s, match_end));
  } else if (type == LUA_TTABLE) {
    need_depth(L, m->S);
    matcher_count(m, CALL_STEPS);
    push_capture(m, 0, s, match_end);
    lua_gettable(L, 3);
  } else {
    add_text(m, t, s, match_end);
    return;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    text_add(t, s, (size_t)(match_end - s));
  } else if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER) {
    luaL_error(L, "invalid replacement value (a %s)", lua_typename(L, lua_type(L, -1)));
  } else {
    text_add_value(t);
  }
}

// How many replacements there may be, as the version reads the number.
static size_t replacement_limit(lua_State *L, size_t length) {
  lua_Integer limit = luaL_optinteger(L, 4, (lua_Integer)length + 1);
  if (LUA_VERSION_NUM == 501) limit = (int)limit;
  if (LUA_VERSION_NUM == 502) return (size_t)limit;
  return limit < 0 ? 0 : (size_t)limit;
}

static int bounded_gsub(lua_State *L) {
  loba_state *S = state_of_function(L);
  size_t length, pattern_length;
  const char *subject = luaL_checklstring(L, 1, &length);
  const char *pattern = luaL_checklstring(L, 2, &pattern_length);
  int type = lua_type(L, 3);
  size_t limit = replacement_limit(L, length), count = 0;
  if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TFUNCTION && type != LUA_TTABLE) {
#if LUA_VERSION_NUM >= 504
    return luaL_typeerror(L, 3, "string/function/table");
#else
    return luaL_argerror(L, 3, "string/function/table expected");
#endif
  }
  lua_settop(L, 4);
  text t;
  text_begin(&t, L, S, 5);
  matcher m;
  bool is_anchored = *pattern == '^';
  matcher_begin(&m, L, S, subject, length, pattern + is_anchored, pattern_length - is_anchored);
  const char *rest = subject;             // what has not been taken over yet
  const char *s = subject, *last = NULL;  // where to go on, and where the last match has ended
  while (count < limit) {
    const char *match_end, *found = match_from(&m, s, is_anchored, &match_end);
    if (!found) break;
    if (!LOBA_MATCHES_ARE_APART || match_end != last) {
      count++;
      text_add(&t, rest, (size_t)(found - rest));
      add_replacement(&m, &t, type, found, match_end);
      rest = s = last = match_end;
      // An empty match is followed by the character there.
      if (match_end == found && (!LOBA_MATCHES_ARE_APART || is_anchored)) s++;
    } else {
      s = found + 1;
    }
    if (is_anchored || s > m.end) break;
  }
  text_add(&t, rest, (size_t)(m.end - rest));
  matcher_pay(&m);
  text_push(&t);
  lua_pushinteger(L, (lua_Integer)count);
  return 2;
}
