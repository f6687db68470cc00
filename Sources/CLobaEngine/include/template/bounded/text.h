// Text that is being put together: in C's own frame as long as it is short, then in a userdata. (luaL_Buffer takes 8 KB
// of the stack on most engines, where calls nest.)

#define TEXT_FIRST 512

typedef struct text {
  lua_State *L;
  loba_state *S;
  char *bytes;
  size_t length, capacity;
  int box;  // the index that the userdata is kept at
  char first[TEXT_FIRST];
} text;

// `box` is the index after the last that is in use.
static void text_begin(text *t, lua_State *L, loba_state *S, int box) {
  t->L = L;
  t->S = S;
  t->bytes = t->first;
  t->length = 0;
  t->capacity = sizeof t->first;
  t->box = box;
  lua_pushnil(L);
}

// Every growth is charged, which pays for all that is written until the next one.
static __attribute__((noinline)) void text_grow(text *t, size_t more) {
  size_t needed = t->length + more;
  if (needed < more) luaL_error(t->L, "resulting string too large");
  size_t capacity = t->capacity < (SIZE_MAX >> 8) ? t->capacity * 2 : 0;
  if (capacity >> 30) capacity = needed + needed / 8;
  if (capacity < needed) capacity = needed;
  count_bytes(t->L, t->S, capacity);
  if (!lua_checkstack(t->L, 2)) luaL_error(t->L, "stack overflow");
  char *bytes = loba_newuserdata(t->L, capacity);
  memcpy(bytes, t->bytes, t->length);
  lua_replace(t->L, t->box);
  t->bytes = bytes;
  t->capacity = capacity;
}

// Room for so many bytes more.
static inline char *text_room(text *t, size_t more) {
  if (__builtin_expect(more > t->capacity - t->length, 0)) text_grow(t, more);
  return t->bytes + t->length;
}

static inline void text_add(text *t, const char *bytes, size_t length) {
  memcpy(text_room(t, length), bytes, length);
  t->length += length;
}

static inline void text_add_character(text *t, char character) {
  *text_room(t, 1) = character;
  t->length++;
}

// The value on top, a string or a number, which it takes.
static inline void text_add_value(text *t) {
  size_t length;
  const char *bytes = lua_tolstring(t->L, -1, &length);
  text_add(t, bytes, length);
  lua_pop(t->L, 1);
}

static void text_push(text *t) { lua_pushlstring(t->L, t->bytes, t->length); }
