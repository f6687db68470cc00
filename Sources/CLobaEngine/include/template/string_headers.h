// Whether strings have the headers that loba_strings.c reads.
//
// Not on LuaJIT, where they cannot be made to collide. On Lua 5.1 none are refused, for garbage counts there until a
// collection that is due ends, and one that is refused a smaller table of strings never does. Nor need they be: what
// takes the square of their number is only the growth of a table.

#if !LOBA_HAS_COMPILER
#define ALL_ARE_HASHED (LUA_VERSION_NUM <= 501)
#define HASHES_LEAVE_OUT_BYTES (LUA_VERSION_NUM <= 503)

static uint32_t hash_of_string(const char *bytes, size_t length, uint32_t seed) {
  uint32_t hash = seed ^ (uint32_t)length;
  size_t step = HASHES_LEAVE_OUT_BYTES ? (length >> 5) + 1 : 1;
  for (size_t i = length; i >= step; i -= step) hash ^= (hash << 5) + (hash >> 2) + (uint8_t)bytes[i - 1];
  return hash;
}

static const char *header_of_new_string(lua_State *L, const layout_probe *probe, const char *bytes, size_t length) {
  lua_pushlstring(L, bytes, length);
  const char *header = probe->last;
  if (!header || probe->last_size < LOBA_STRING_BYTES) luaL_error(L, "no string");
  return header;
}

static int probe_strings(lua_State *L) {
  static const char bytes[] = "0123456789-abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static const size_t lengths[] = {3, 17, 31, 32, 33, 40};
  const layout_probe *probe = lua_touserdata(L, 1);
  uint32_t seed = (uint32_t)half_at(header_of_new_string(L, probe, "", 0) + LOBA_STRING_HASH);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    const char *header = header_of_new_string(L, probe, bytes, lengths[i]);
    uint32_t hash = (uint32_t)half_at(header + LOBA_STRING_HASH);
    bool is_known = probe->last_size == LOBA_STRING_BYTES + lengths[i] + 1 &&
                    header[LOBA_STRING_TAG] == LOBA_HASHED_STRING && hash == hash_of_string(bytes, lengths[i], seed) &&
                    (!ALL_ARE_HASHED || word_at(header + LOBA_STRING_LENGTH) == lengths[i]);
    if (!is_known) return luaL_error(L, "another header");
  }
  if (ALL_ARE_HASHED) return 0;
  const char *header = header_of_new_string(L, probe, bytes, sizeof bytes - 1);
  if (header[LOBA_STRING_TAG] != LOBA_LONG_TAG || header[LOBA_STRING_HAS_HASH]) return luaL_error(L, "another header");
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, -2);
  lua_rawget(L, -2);
  uint32_t hash = (uint32_t)half_at(header + LOBA_STRING_HASH);
  bool is_known = header[LOBA_STRING_HAS_HASH] && hash == hash_of_string(bytes, sizeof bytes - 1, seed);
  return is_known ? 0 : luaL_error(L, "another header");
}

static bool are_strings_known;
static pthread_once_t strings_tried = PTHREAD_ONCE_INIT;
static void try_strings(void) { are_strings_known = is_laid_out(probe_strings); }

static void watch_strings(loba_state *S) {
  pthread_once(&strings_tried, try_strings);
  in(S)->knows_strings = are_strings_known;
  loba_string_sample *sample = &in(S)->string_sample;
  sample->refuses = !ALL_ARE_HASHED;
  sample->least_refused = HASHES_LEAVE_OUT_BYTES ? LOBA_STRING_BYTES + 32 + 1 : 0;
  sample->hashed_size = ALL_ARE_HASHED ? SIZE_MAX : LOBA_STRING_BYTES + 40 + 1;
  sample->chance = (uint64_t)(uintptr_t)S ^ loba_now();
}
#else
static void watch_strings(loba_state *S) { (void)S; }
#endif
