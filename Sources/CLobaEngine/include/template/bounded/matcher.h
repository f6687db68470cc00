// Lua's patterns, matched as the engine's own library does it, but counted: backtracking may take time without end, and
// no hook sees it.

#define MATCHER_CAPTURES 32
#define MATCHER_DEPTH 200

#define CAPTURE_OPEN (-1)
#define CAPTURE_POSITION (-2)

// Messages that versions write differently.
#if LUA_VERSION_NUM == 501
#define UNBALANCED_PATTERN "unbalanced pattern"
#define INVALID_CAPTURE(m, index) luaL_error((m)->L, "invalid capture index")
#else
#define UNBALANCED_PATTERN "malformed pattern (missing arguments to '%%b')"
#define INVALID_CAPTURE(m, index) luaL_error((m)->L, "invalid capture index %%%d", (index) + 1)
#endif

typedef struct capture {
  const char *start;
  ptrdiff_t length;  // or CAPTURE_…
} capture;

typedef struct matcher {
  lua_State *L;
  loba_state *S;
  const char *subject, *end;
  const char *pattern, *pattern_end;
  size_t steps;  // not charged yet
#if LOBA_PATTERNS_NEST_FREELY
  uintptr_t lowest;  // the address that nested calls may reach
#endif
  int depth;          // how many more may be nested
  int capture_count;  // those that have begun
  capture captures[MATCHER_CAPTURES];
} matcher;

static void matcher_begin(matcher *m, lua_State *L, loba_state *S, const char *subject, size_t length,
                          const char *pattern, size_t pattern_length) {
  m->L = L;
  m->S = S;
  m->subject = subject;
  m->end = subject + length;
  m->pattern = pattern;
  // In Lua 5.1 a zero ends a pattern.
  m->pattern_end = pattern + (LUA_VERSION_NUM == 501 ? strlen(pattern) : pattern_length);
  m->steps = 0;
#if LOBA_PATTERNS_NEST_FREELY
  m->lowest = lowest_address();
#endif
}

static __attribute__((noinline)) void matcher_pay(matcher *m) {
  size_t steps = m->steps;
  m->steps = 0;
  count_steps(m->L, m->S, steps);
}

ALWAYS_INLINE void matcher_count(matcher *m, size_t steps) {
  m->steps += steps;
  if (__builtin_expect(m->steps >= STEP_BATCH, 0)) matcher_pay(m);
}

static const char *match_here(matcher *m, const char *s, const char *p);

// ---------------------------------------------------------------- items

// Where the item at p ends, its suffix not included.
static inline const char *end_of_item(matcher *m, const char *p) {
  char first = *p++;
  if (first == '%') {
    if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
    return p + 1;
  }
  if (first != '[') return p;
  if (*p == '^') p++;
  do {
    if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
    if (*p++ == '%' && p < m->pattern_end) p++;
  } while (*p != ']');
  return p + 1;
}

static inline bool is_suffix(char c) { return c == '*' || c == '+' || c == '?' || c == '-'; }

// The character that whatever matches p must begin with, or -1 if it may be another. Trying elsewhere fails without
// looking at more of the pattern, so that leaving it out changes nothing but the time.
static inline int first_character(const matcher *m, const char *p) {
  if (p >= m->pattern_end) return -1;
  switch (*p) {
  case '(':
  case ')':
  case '.':
  case '%':
  case '[':
  case '$':
    return -1;
  }
  return p[1] == '*' || p[1] == '?' || p[1] == '-' ? -1 : (unsigned char)*p;
}

// Tries the rest of a pattern, unless its first character says that it is in vain.
ALWAYS_INLINE const char *match_rest(matcher *m, const char *s, const char *p, int first) {
  if (first >= 0 && m->depth > 0 && (s == m->end || (unsigned char)*s != first)) {
    m->steps++;
    return NULL;
  }
  return match_here(m, s, p);
}

// How many of the item there are from s on.
static size_t count_items(matcher *m, const char *s, const char *p, const char *item_end) {
  if (*p == '.') return (size_t)(m->end - s);
  const char *from = s;
  while (s < m->end) {
    const char *stop = m->end - s > STEP_BATCH ? s + STEP_BATCH : m->end, *began = s;
    while (s < stop && is_of_item((unsigned char)*s, p, item_end)) s++;
    matcher_count(m, (size_t)(s - began));
    if (s < stop) break;
  }
  return (size_t)(s - from);
}

// As many of the item as there are, then fewer: '*' and '+'.
static const char *match_most(matcher *m, const char *s, const char *p, const char *item_end) {
  const char *rest = item_end + 1;
  int first = first_character(m, rest);
  for (size_t count = count_items(m, s, p, item_end);; count--) {
    const char *result = match_rest(m, s + count, rest, first);
    if (result || count == 0) return result;
    matcher_count(m, 0);
  }
}

// None of the item, then more: '-'.
static const char *match_least(matcher *m, const char *s, const char *p, const char *item_end) {
  const char *rest = item_end + 1;
  int first = first_character(m, rest);
  for (;; s++) {
    const char *result = match_rest(m, s, rest, first);
    if (result) return result;
    if (s == m->end || !is_of_item((unsigned char)*s, p, item_end)) return NULL;
    matcher_count(m, 1);
  }
}

// ---------------------------------------------------------------- captures

static const char *match_open(matcher *m, const char *s, const char *p, ptrdiff_t length) {
  if (m->capture_count >= MATCHER_CAPTURES) luaL_error(m->L, "too many captures");
  m->captures[m->capture_count++] = (capture){s, length};
  const char *result = match_here(m, s, p);
  if (!result) m->capture_count--;
  return result;
}

static const char *match_close(matcher *m, const char *s, const char *p) {
  int index = m->capture_count - 1;
  while (index >= 0 && m->captures[index].length != CAPTURE_OPEN) index--;
  if (index < 0) luaL_error(m->L, "invalid pattern capture");
  m->captures[index].length = s - m->captures[index].start;
  const char *result = match_here(m, s, p);
  if (!result) m->captures[index].length = CAPTURE_OPEN;
  return result;
}

// What a capture has matched, again: %1 to %9, or %0, which is none.
static const char *match_again(matcher *m, const char *s, int index) {
  if (index < 0 || index >= m->capture_count || m->captures[index].length == CAPTURE_OPEN) INVALID_CAPTURE(m, index);
  size_t length = (size_t)m->captures[index].length;  // a position is longer than anything
  if ((size_t)(m->end - s) < length) return NULL;
  matcher_count(m, length / BYTES_PER_STEP);
  return memcmp(m->captures[index].start, s, length) == 0 ? s + length : NULL;
}

// ---------------------------------------------------------------- the rest

// %bxy, p being at x.
static const char *match_balance(matcher *m, const char *s, const char *p) {
  if (p + 1 >= m->pattern_end) luaL_error(m->L, UNBALANCED_PATTERN);
  if (s == m->end || *s != *p) return NULL;
  char opening = p[0], closing = p[1];
  const char *from = s;
  size_t depth = 1;
  while (++s < m->end) {
    if (*s == closing) {
      if (--depth == 0) break;
    } else if (*s == opening) {
      depth++;
    }
    if (__builtin_expect(s - from >= STEP_BATCH, 0)) {
      matcher_count(m, (size_t)(s - from));
      from = s;
    }
  }
  matcher_count(m, (size_t)(s - from));
  return s < m->end ? s + 1 : NULL;
}

// %f, p being at its set. Before and after the subject there is a zero.
static bool is_frontier(matcher *m, const char *s, const char *p, const char *item_end) {
  int before = s == m->subject ? 0 : (unsigned char)s[-1];
  int after = s == m->end ? 0 : (unsigned char)*s;
  return !is_in_set(before, p, item_end - 1) && is_in_set(after, p, item_end - 1);
}

// Where a match of p that begins at s ends, or NULL.
static const char *match_here(matcher *m, const char *s, const char *p) {
  const char *begun = p;
#if LOBA_PATTERNS_NEST_FREELY
  if (__builtin_expect((uintptr_t)__builtin_frame_address(0) < m->lowest, 0)) luaL_error(m->L, "pattern too complex");
#else
  if (__builtin_expect(m->depth-- == 0, 0)) luaL_error(m->L, "pattern too complex");
#endif
  while (s && p < m->pattern_end) {
    const char *next;
    switch (*p) {
    case '(':
      s = p[1] == ')' ? match_open(m, s, p + 2, CAPTURE_POSITION) : match_open(m, s, p + 1, CAPTURE_OPEN);
      goto done;
    case ')':
      s = match_close(m, s, p + 1);
      goto done;
    case '$':
      if (p + 1 != m->pattern_end) break;
      if (s != m->end) s = NULL;
      goto done;
    case '%':
      switch (p[1]) {
      case 'b':
        s = match_balance(m, s, p + 2);
        p += 4;
        continue;
      case 'f':
        p += 2;
        if (*p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
        next = end_of_item(m, p);
        if (!is_frontier(m, s, p, next)) s = NULL;
        p = next;
        continue;
      case '0' ... '9':
        s = match_again(m, s, p[1] - '1');
        p += 2;
        continue;
      }
      break;
    }
    next = end_of_item(m, p);
    bool is_one = s < m->end && is_of_item((unsigned char)*s, p, next);
    switch (*next) {
    case '?':
      if (is_one) {
        const char *result = match_here(m, s + 1, next + 1);
        if (result) {
          s = result;
          goto done;
        }
      }
      p = next + 1;
      continue;
    case '*':
      if (!is_one && !LOBA_PATTERNS_NEST_ALWAYS) {
        p = next + 1;
        continue;
      }
      s = match_most(m, s, p, next);
      goto done;
    case '+':
      s = is_one ? match_most(m, s + 1, p, next) : NULL;
      goto done;
    case '-':
      if (!is_one && !LOBA_PATTERNS_NEST_ALWAYS) {
        p = next + 1;
        continue;
      }
      s = match_least(m, s, p, next);
      goto done;
    default:
      s = is_one ? s + 1 : NULL;
      p = next;
    }
  }
done:
#if !LOBA_PATTERNS_NEST_FREELY
  m->depth++;
#endif
  matcher_count(m, (size_t)(p - begun) + 1);
  return s;
}

// The first match from s on: where it begins, and its end; or NULL. `is_anchored`: at s or not at all.
static const char *match_from(matcher *m, const char *s, bool is_anchored, const char **match_end) {
  int first = first_character(m, m->pattern);
  for (;; s++) {
    if (first >= 0 && !is_anchored) {
      const char *found = s < m->end ? memchr(s, first, (size_t)(m->end - s)) : NULL;
      matcher_count(m, (size_t)((found ? found : m->end) - s) / BYTES_PER_STEP);
      if (!found) return NULL;
      s = found;
    }
    m->capture_count = 0;
    m->depth = MATCHER_DEPTH;
    *match_end = match_here(m, s, m->pattern);
    if (*match_end) return s;
    if (s >= m->end || is_anchored) return NULL;
  }
}
