// What C loops of the standard libraries cost, and how deep they may nest.

// A step is about as much work as an instruction of Lua's: a character matched, an element moved, a function called.
// Bytes that are copied cost one for so many:
#define BYTES_PER_STEP 64
// Loops charge when they have done so much.
#define STEP_BATCH 1024
// Of a C function that is called.
#define CALL_STEPS 16

// Charges steps (limits.h) when there is a batch of them: charging looks at the clock.
static inline void count_steps(lua_State *L, loba_state *S, size_t steps) {
  steps += in(S)->uncharged;
  bool is_batch = steps >= STEP_BATCH;
  in(S)->uncharged = is_batch ? 0 : (uint32_t)steps;
  if (__builtin_expect(is_batch, 0)) charge_steps(L, S, steps);
}

static inline void count_bytes(lua_State *L, loba_state *S, size_t bytes) { count_steps(L, S, bytes / BYTES_PER_STEP); }

// The functions here have the state as their first upvalue: the allocator's data is another while LuaJIT closes.
static inline loba_state *state_of_function(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

// The lowest address that may be reached on the stack of this thread.
static inline uintptr_t lowest_address(void) {
  uintptr_t limit;
  loba_thread(&limit);
  return limit;
}

// For functions that call back. What the engines allow of nested C calls needs more stack than threads may have; and
// LuaJIT allows any number of them, and takes ever longer to unwind them.
static inline void need_depth(lua_State *L, loba_state *S) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0), lowest = lowest_address();
  if (__builtin_expect(here < lowest, 0)) luaL_error(L, "C stack overflow");
#if LOBA_HAS_COMPILER
  // Those below this one on the stack have ended, by whatever error; so have all on another thread's.
  loba_nesting *nesting = &in(S)->nesting;
  if (nesting->lowest != lowest) *nesting = (loba_nesting){.lowest = lowest};
  while (nesting->count && nesting->frames[nesting->count - 1] <= here) nesting->count--;
  if (nesting->count == LOBA_NESTING_LIMIT) luaL_error(L, "C stack overflow");
  nesting->frames[nesting->count++] = here;
#else
  (void)S;
#endif
}

// Calls what lies below `argument_count` values, for one result.
static inline void call_back(lua_State *L, loba_state *S, int argument_count) {
  need_depth(L, S);
  count_steps(L, S, CALL_STEPS);
  lua_call(L, argument_count, 1);
}
