// Whether a finalizer may raise in the next allocation: where finalizers raise, and a step of the collector is due.
//
// Where finalizers raise, they do so in whatever happens to allocate when the collector takes a step; so nothing could
// be allocated outside of protected mode, whose price is several times that of a short string. But Lua 5.1 and LuaJIT
// take no step while the memory in use is below a threshold. They do not say whether it is, but both are words of Lua's
// own state, in the block that begins with the main thread. Which ones is found in a state that is made for it, once:
// the only words that are in each of several situations what lua_gc says and has been told. They are read and never
// written. Where they are not found, the collector counts as due at any time, as on engines with another.

#if LOBA_COLLECTOR_HAS_THRESHOLD
#define COLLECTOR_PROBES 4

// Where the words are in the block, 0 if they are not known.
static size_t total_word, threshold_word;

#define MAY_BE_TOTAL 1
#define MAY_BE_THRESHOLD 2

// Stopped, the threshold is out of reach; restarted, it is what is in use.
static int probe_collector(lua_State *L) {
  const layout_probe *block = lua_touserdata(L, 1);
  if (block->first != L) return luaL_error(L, "another block");
  const size_t *words = (const size_t *)(const void *)L;
  size_t count = block->first_size / sizeof *words, total_at = 0, threshold_at = 0, found = 0;
  uint8_t *candidates = lua_newuserdata(L, count);
  memset(candidates, MAY_BE_TOTAL | MAY_BE_THRESHOLD, count);
  for (int probe = 0; probe < COLLECTOR_PROBES; probe++) {
    lua_gc(L, LUA_GCSTOP, 0);
    lua_newuserdata(L, 100 + 1000 * (size_t)probe);
    for (int is_running = 0; is_running < 2; is_running++) {
      if (is_running) lua_gc(L, LUA_GCRESTART, 0);
      size_t total = memory_in_use(L);
      size_t lowest = is_running ? total : SIZE_MAX / 4 < (size_t)1 << 46 ? SIZE_MAX / 4 : (size_t)1 << 46;
      for (size_t i = 0; i < count; i++) {
        if (words[i] != total) candidates[i] &= (uint8_t)~MAY_BE_TOTAL;
        if (words[i] < lowest || (is_running && words[i] != total)) candidates[i] &= (uint8_t)~MAY_BE_THRESHOLD;
      }
    }
  }
  for (size_t i = 0; i < count; i++) {
    if (candidates[i]) found++;
    if (candidates[i] & MAY_BE_TOTAL) total_at = i;
    if (candidates[i] & MAY_BE_THRESHOLD) threshold_at = i;
  }
  if (found != 2 || !total_at || !threshold_at) return 0;
  total_word = total_at;
  threshold_word = threshold_at;
  return 0;
}

static pthread_once_t collector_found = PTHREAD_ONCE_INIT;
static void find_collector_words(void) { is_laid_out(probe_collector); }

static void watch_collector(loba_state *S, lua_State *L) {
  pthread_once(&collector_found, find_collector_words);
  const size_t *words = (const size_t *)(const void *)L;
  if (!total_word || words[total_word] != memory_in_use(L)) return;
  in(S)->collector_total = &words[total_word];
  in(S)->collector_threshold = &words[threshold_word];
}

ALWAYS_INLINE bool finalizers_may_raise(const loba_state *S) {
  return !in(S)->collector_total || *in(S)->collector_total >= *in(S)->collector_threshold;
}
#else
static void watch_collector(loba_state *S, lua_State *L) { (void)S, (void)L; }

ALWAYS_INLINE bool finalizers_may_raise(const loba_state *S) {
  (void)S;
  return LOBA_FINALIZERS_RAISE;
}
#endif
