// Weak tables: Loba's own, and that scripts in a sandbox have none.
//
// From Lua 5.2 on the value of a weak key is only reached by way of the key. To find out what that leaves, the
// collector goes through all tables with weak keys until a round has reached nothing more, in one piece and where no
// hook comes. A chain of such entries takes as many rounds as it has links that are met in the wrong order: with a
// script's 64 MiB, many minutes. What a script may write into a metatable cannot be watched, but the library looks for
// the name "__mode" by the address of the one string that it has made of it, and so do all who look for a short string.
// In a sandbox that string gets other bytes when the state is opened, by chance. A "__mode" of a script's is then
// another string, which means nothing to the collector; the metatables that were there before have the string itself,
// and go on.

#define MODE_LENGTH 6

static void hide_weak_modes(lua_State *L, uint64_t bytes) {
  lua_pushlstring(L, "__mode", MODE_LENGTH);
  // The buffer is in the string's own block, and neither its length nor the hash that finds it change.
  memcpy((char *)(uintptr_t)lua_tolstring(L, -1, NULL), &bytes, MODE_LENGTH);
  lua_pop(L, 1);
}

static void push_first_weak_table(lua_State *L, const char *mode) {
  lua_createtable(L, 0, 0);
  lua_createtable(L, 0, 1);
  lua_pushlstring(L, mode, 1);
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
}

// `like`: AUX_CLOSED for weak keys, AUX_OBJECTS for weak values.
static void push_weak_table(lua_State *L, loba_state *S, int like) {
  lua_createtable(L, 0, 0);
  push_fixed(S, L, like);
  lua_getmetatable(L, -1);
  lua_setmetatable(L, -3);
  lua_pop(L, 1);
}

typedef struct weak_job {
  loba_job job;
  int like;
} weak_job;

static int run_weak_table_new(lua_State *L, loba_state *S, loba_job *base) {
  push_weak_table(L, S, ((weak_job *)base)->like);
  return 1;
}

static int op_weak_table_new(loba_state *S, bool has_weak_keys, loba_reference *table) {
  weak_job job = {{run_weak_table_new, 0}, has_weak_keys ? AUX_CLOSED : AUX_OBJECTS};
  return run_job_for_reference(S, &job.job, table);
}
