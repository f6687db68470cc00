// Single characters against the items of a pattern: a character, a class, a set.

// In LuaJIT classes are those of ASCII, elsewhere the locale's.
#define IS_OF_TYPE(c, is) ((!LOBA_HAS_COMPILER || (c) < 128) && is(c))

static inline bool is_of_class(int c, int letter) {
  bool is;
  switch (letter | 0x20) {
  case 'a':
    is = IS_OF_TYPE(c, isalpha);
    break;
  case 'c':
    is = IS_OF_TYPE(c, iscntrl);
    break;
  case 'd':
    is = c >= '0' && c <= '9';
    break;
#if LOBA_PATTERNS_KNOW_GRAPHIC
  case 'g':
    is = IS_OF_TYPE(c, isgraph);
    break;
#endif
  case 'l':
    is = IS_OF_TYPE(c, islower);
    break;
  case 'p':
    is = IS_OF_TYPE(c, ispunct);
    break;
  case 's':
    is = IS_OF_TYPE(c, isspace);
    break;
  case 'u':
    is = IS_OF_TYPE(c, isupper);
    break;
  case 'w':
    is = IS_OF_TYPE(c, isalnum);
    break;
  case 'x':
    is = IS_OF_TYPE(c, isxdigit);
    break;
  case 'z':
    is = c == 0;
    break;
  default:
    return letter == c;
  }
  // An upper case letter is the complement. What else has become one of these letters by that bit is none.
  return letter & 0x20 ? is : !is;
}

// A set from its '[' to its ']'.
static bool is_in_set(int c, const char *p, const char *last) {
  bool is_complement = p[1] == '^';
  if (is_complement) p++;
  while (++p < last) {
    if (*p == '%') {
      if (is_of_class(c, (unsigned char)*++p)) return !is_complement;
    } else if (p[1] == '-' && p + 2 < last) {
      p += 2;
      if ((unsigned char)p[-2] <= c && c <= (unsigned char)*p) return !is_complement;
    } else if ((unsigned char)*p == c) {
      return !is_complement;
    }
  }
  return is_complement;
}

static inline bool is_of_item(int c, const char *p, const char *end) {
  switch (*p) {
  case '.':
    return true;
  case '%':
    return is_of_class(c, (unsigned char)p[1]);
  case '[':
    return is_in_set(c, p, end - 1);
  default:
    return (unsigned char)*p == c;
  }
}
