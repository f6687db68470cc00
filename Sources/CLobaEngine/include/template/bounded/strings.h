// string.rep and string.format.

#if LUA_VERSION_NUM >= 503
#define LONGEST_REPEATED ((size_t)INT_MAX)
#elif LUA_VERSION_NUM == 502
#define LONGEST_REPEATED (SIZE_MAX / 2)
#else
#define LONGEST_REPEATED (SIZE_MAX / 4)  // that memory is short is said where it is asked for
#endif

// Fills up to `length` with what the text begins with, which is a whole number of units. The growth has paid for the
// steps; but memory that is written for the first time takes long, so the clock is looked at.
static void text_double(text *t, size_t unit, size_t length) {
  size_t at_once = ((size_t)1 << 20) / unit * unit;
  if (at_once < unit) at_once = unit;
  while (t->length < length) {
    size_t more = length - t->length < t->length ? length - t->length : t->length;
    if (more > at_once) {
      more = at_once;
      charge_steps(t->L, t->S, 0);
    }
    text_add(t, t->bytes, more);
  }
}

static int bounded_rep(lua_State *L) {
  loba_state *S = state_of_function(L);
  size_t length, separator_length = 0;
  const char *bytes = luaL_checklstring(L, 1, &length), *separator = "";
  lua_Integer count = luaL_checkinteger(L, 2);
  if (LUA_VERSION_NUM == 501) count = count == (int32_t)count ? count : LOBA_HAS_COMPILER ? INT32_MIN : (int)count;
  if (LUA_VERSION_NUM > 501 || LOBA_HAS_COMPILER) separator = luaL_optlstring(L, 3, "", &separator_length);
  size_t unit = length + separator_length;
  if (count <= 0 || unit == 0) {
    lua_pushlstring(L, "", 0);
    return 1;
  }
  if (unit < length || unit >= LONGEST_REPEATED / (size_t)count) return luaL_error(L, "resulting string too large");
  size_t total = (size_t)count * unit - separator_length;
  text t;
  lua_settop(L, 3);
  text_begin(&t, L, S, 4);
  text_room(&t, total);
  text_add(&t, bytes, length);
  if (count > 1) {
    text_add(&t, separator, separator_length);
    text_double(&t, unit, total);
  }
  text_push(&t);
  return 1;
}

// ---------------------------------------------------------------- what reads a text once

// Many calls in a row, each of a long text, fit between two hooks: so they look at the clock.
#define COUNTED(name)                                                                                                  \
  static lua_CFunction original_##name;                                                                                \
  static int bounded_##name(lua_State *L) {                                                                            \
    if (lua_type(L, 1) == LUA_TSTRING) count_bytes(L, state_of_function(L), lua_rawlen(L, 1));                         \
    return original_##name(L);                                                                                         \
  }
COUNTED(tonumber)
COUNTED(lower)
COUNTED(upper)
COUNTED(reverse)
#if LUA_VERSION_NUM >= 503
COUNTED(len)
COUNTED(offset)
COUNTED(codepoint)
#endif
#undef COUNTED

// ---------------------------------------------------------------- format

// A number takes the library some time to write, a text the time to look for its end, whatever becomes of it. So what
// is long is formatted one directive at a time.
#define FORMAT_STEPS 256   // of a directive
#define FEW_DIRECTIVES 48  // in bytes: not to be looked at
#define SHORT_FORMAT 256
#define SHORT_ARGUMENTS ((size_t)16 << 20)

static lua_CFunction original_format;

// Where the first directive of a format ends.
static const char *end_of_directive(const char *p, const char *end) {
  while (p < end) {
    p = memchr(p, '%', (size_t)(end - p));
    if (!p) return end;
    if (p[1] != '%') break;
    p += 2;
  }
  if (p < end) p += 1 + strspn(p + 1, "-+ #0123456789.");
  // What is wrong with another the library says.
  return p < end && strchr("AaEefGgcdioqsuXxp", *p) && *p ? p + 1 : end;
}

// The error on top, which the library has raised for a part of the format, as if it were for the whole of it.
static int raise_for_format(lua_State *L, int argument) {
  const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, NULL) : "";
  const char *detail = strncmp(message, "bad argument #2 to '", 20) == 0 ? strstr(message, "' (") : NULL;
  if (detail) {
    lua_pushlstring(L, detail + 3, strlen(detail) - 4);
    return luaL_argerror(L, argument, lua_tolstring(L, -1, NULL));
  }
  if (strncmp(message, "invalid ", 8) == 0) return luaL_error(L, "%s", message);
  return lua_error(L);
}

static int format_parts(lua_State *L, loba_state *S, int top) {
  size_t length;
  const char *p = lua_tolstring(L, 1, &length), *end = p + length;
  text t;
  text_begin(&t, L, S, top + 1);
  for (int argument = 2; p < end; argument++) {
    const char *part_end = end_of_directive(p, end);
    count_steps(L, S, FORMAT_STEPS);
    lua_pushcclosure(L, original_format, 0);
    lua_pushlstring(L, p, (size_t)(part_end - p));
    if (argument <= top) {
      lua_pushvalue(L, argument);
      if (lua_type(L, -1) == LUA_TSTRING) count_bytes(L, S, lua_rawlen(L, -1));
    }
    if (lua_pcall(L, argument <= top ? 2 : 1, 1, 0) != 0) {
      charge_steps(L, S, 0);
      return raise_for_format(L, argument);
    }
    text_add_value(&t);
    p = part_end;
  }
  text_push(&t);
  return 1;
}

static int bounded_format(lua_State *L) {
  loba_state *S = state_of_function(L);
  need_depth(L, S);
  size_t length, total = 0;
  luaL_checklstring(L, 1, &length);
  count_steps(L, S, length);
  if (length <= FEW_DIRECTIVES) return original_format(L);
  int top = lua_gettop(L);
  for (int i = 2; i <= top; i++)
    if (lua_type(L, i) == LUA_TSTRING) total += lua_rawlen(L, i);
  if (length <= SHORT_FORMAT && total <= SHORT_ARGUMENTS) {
    count_bytes(L, S, total);
    return original_format(L);
  }
  luaL_checkstack(L, 8, "too many arguments");
  return format_parts(L, S, top);
}
