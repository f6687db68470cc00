// Room on stacks, and memory that is granted where an error could not be caught.

// An error in the middle of growing another thread's stack cannot be caught on 5.1 and LuaJIT, so what would be
// refused is refused before, and the growth itself is always granted.
typedef struct memory_grant {
  size_t limit;
  int64_t left;
} memory_grant;

static inline memory_grant grant_memory(loba_state *S) {
  memory_grant grant = {S->memory_limit, S->allocations_left};
  S->memory_limit = 0;
  S->allocations_left = -1;
  return grant;
}

static inline void end_grant(loba_state *S, memory_grant grant) {
  S->memory_limit = grant.limit;
  S->allocations_left = grant.left;
}

#if LOBA_GROWING_RAISES
static bool grow_protected(loba_state *S, lua_State *L, lua_State *other, int count);
#endif

// Makes room for values on the stack of a thread, L being the one that runs. False if they are too many.
static bool grow_other(loba_state *S, lua_State *L, lua_State *other, int count) {
  (void)L;
#if LOBA_GROWING_RAISES
  // Few frames cannot fill a stack; an error of one that is full would be raised where nobody can catch it.
  lua_Debug ar;
  if (lua_getstack(other, 4, &ar)) return grow_protected(S, L, other, count);
#endif
  memory_grant grant = grant_memory(S);
  bool done = lua_checkstack(other, count + LUA_MINSTACK);
  end_grant(S, grant);
  return done;
}

// Raises Lua's own memory error, which has a status of its own: by asking for more than there is.
static int raise_memory(lua_State *L, loba_state *S) {
  in(S)->refusals = LOBA_MEMORY_ATTEMPTS;
  loba_newuserdata(L, LOBA_REFUSED_SIZE);
  return lua_error(L);  // not reached
}

// In protected mode: makes room on the stack, or raises. (5.4 says no for either reason; the others raise for memory.)
static void need_stack(lua_State *L, loba_state *S, int count, const char *overflow) {
  if (__builtin_expect(lua_checkstack(L, count), 1)) return;
  if (grow_other(S, L, L, count)) raise_memory(L, S);
  luaL_error(L, "%s", overflow);
}
