// Where things lie on the stacks that are Loba's alone.

// The auxiliary thread's stack, from the bottom. What is fixed, then cached keys, then references. Its top is always
// the height of what is handed out, all slots filled, with AUX_HEADROOM above it for values on their way.
enum {
  AUX_HANDLER = 1,  // the message handler
  AUX_DISPATCHER,   // runs a job in protected mode (pushing a fresh C function would allocate on 5.1 and LuaJIT)
  AUX_OVERFLOW,     // the table of references beyond AUX_LIMIT
  AUX_RECORD_META,  // metatable of the records behind host functions
  AUX_ERROR_META,   // metatable of boxed Swift errors
  AUX_RESUME,       // the library's own coroutine.resume
  AUX_OBJECTS,      // identity of a Swift object or a buffer -> its userdata, with weak values
  AUX_BUFFERS,      // kind of element -> the metatable of such buffers
  AUX_CLOSED,       // the coroutines that Swift has closed and the library cannot, as weak keys
  AUX_FFI,          // an engine's ffi library, once open, or false
  AUX_LEAVES,       // what makes functions of leaves: see leaves.h
  AUX_STOP,         // the value of the error that a limit raises
  AUX_COROUTINES,   // the coroutines that scripts have made, as weak keys, once their number is limited
  AUX_PCALL,        // the library's own pcall and xpcall, where they are no C functions
  AUX_XPCALL,
  AUX_WITNESS,      // a table with weak values and an object that nobody holds, once the collector is stepped
  AUX_HOOK_THREAD,  // what a hook of Swift's runs in, once there is one
  AUX_KEYS,         // LOBA_KEY_CACHE slots
  AUX_FIXED = AUX_KEYS + LOBA_KEY_CACHE - 1,
  AUX_HEADROOM = 24,
  AUX_FIRST_GROWTH = 24,
  AUX_LIMIT = 6000,  // a C stack ends at 8,000 slots on 5.1 and LuaJIT
};

// For what is small and on every path. The compiler, told by __builtin_expect that a path is rare, takes the block
// where it joins others for rare too, and then compiles the whole function for size: mark calls so, never plain
// returns.
#define ALWAYS_INLINE static inline __attribute__((always_inline))

// A C function may push LUA_MINSTACK values; some are kept for the way into protected mode.
#define ROOM_RESERVE 4

// The bottom of the main thread's stack, which no script can reach: the auxiliary thread, so that nothing that a script
// does to the registry lets the collector have it; and the message handler, where calls that no host call surrounds
// find it.
enum { BASE_AUXILIARY = 1, BASE_HANDLER, BASE_TOP = BASE_HANDLER };

static inline lua_State *current_of(loba_state *S) { return (lua_State *)in(S)->current; }
static inline lua_State *auxiliary_of(loba_state *S) { return (lua_State *)in(S)->auxiliary; }
