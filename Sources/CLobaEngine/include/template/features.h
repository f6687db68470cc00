// What engines do differently, by name. Each has the value of most engines unless the engine's C file, or the header of
// its family, has said otherwise before.

// Numbers have a 64-bit integer subtype.
#ifndef LOBA_HAS_INTEGERS
#define LOBA_HAS_INTEGERS 1
#endif

// A just-in-time compiler: the library has luaJIT_setmode.
#ifndef LOBA_HAS_COMPILER
#define LOBA_HAS_COMPILER 0
#endif

// All coroutines have one hook. Where they do not, each has its own, and one that is made gets that of its maker.
#ifndef LOBA_HOOKS_ARE_SHARED
#define LOBA_HOOKS_ARE_SHARED 0
#endif

// The library can close coroutines. Where it cannot, Loba's own resume, wrap and status know those that Swift has
// closed.
#ifndef LOBA_CLOSES_THREADS
#define LOBA_CLOSES_THREADS 0
#endif

// `load` has a parameter for the kinds of chunks, and os.exit one for closing the state first.
#ifndef LOBA_LOAD_HAS_MODE
#define LOBA_LOAD_HAS_MODE 1
#endif
#ifndef LOBA_EXIT_CLOSES
#define LOBA_EXIT_CLOSES 1
#endif

// lua_load skips a byte order mark and a '#' line, and takes a binary chunk after them.
#ifndef LOBA_LOADER_SKIPS_BOM
#define LOBA_LOADER_SKIPS_BOM 0
#endif

// The message of `require` begins a line for each searcher by itself, before what the searcher says.
#ifndef LOBA_REQUIRE_BEGINS_LINES
#define LOBA_REQUIRE_BEGINS_LINES 0
#endif

// Where in `package` the searchers are.
#ifndef LOBA_SEARCHERS
#define LOBA_SEARCHERS "searchers"
#endif

// lua_error with the text of a memory error raises one.
#ifndef LOBA_TEXT_RAISES_MEMORY
#define LOBA_TEXT_RAISES_MEMORY 0
#endif

// How often an allocation is tried before memory is short: 2 = again after the garbage has been collected.
#ifndef LOBA_MEMORY_ATTEMPTS
#define LOBA_MEMORY_ATTEMPTS 2
#endif

// The collector takes no step while the memory in use is below a threshold.
#ifndef LOBA_COLLECTOR_HAS_THRESHOLD
#define LOBA_COLLECTOR_HAS_THRESHOLD 0
#endif

// What the allocator is told of a new block that is to be a string; 0 = nothing, as of any other.
#ifndef LOBA_STRING_TYPE
#define LOBA_STRING_TYPE 0
#endif

// The error of a finalizer comes out of whatever was allocating. Where it does not, it is a warning.
#ifndef LOBA_FINALIZERS_RAISE
#define LOBA_FINALIZERS_RAISE 1
#endif

// __gc in the metatable of a table is its finalizer.
#ifndef LOBA_TABLES_HAVE_FINALIZERS
#define LOBA_TABLES_HAVE_FINALIZERS (LUA_VERSION_NUM >= 502)
#endif

// The value of a weak key is reached by way of the key alone.
#ifndef LOBA_HAS_EPHEMERONS
#define LOBA_HAS_EPHEMERONS (LUA_VERSION_NUM >= 502)
#endif

// A light userdata may need memory.
#ifndef LOBA_POINTERS_ALLOCATE
#define LOBA_POINTERS_ALLOCATE 0
#endif

// Making room on the stack of another thread raises errors there, where nobody can catch them.
#ifndef LOBA_GROWING_RAISES
#define LOBA_GROWING_RAISES 0
#endif

// A message handler that runs can have calls of its own with theirs. Where it cannot, every error that meets one is an
// error of the handler that runs.
#ifndef LOBA_HANDLERS_NEST
#define LOBA_HANDLERS_NEST 1
#endif

// The message of resuming a coroutine that cannot be names its status, rather than saying "non-suspended".
#ifndef LOBA_RESUME_NAMES_STATUS
#define LOBA_RESUME_NAMES_STATUS 0
#endif

// pcall goes on after a yield, by a function of its own. Where it does not, it is one that nothing yields across.
#ifndef LOBA_PCALL_CONTINUES
#define LOBA_PCALL_CONTINUES 0
#endif

// A C function can be the body of a coroutine.
#ifndef LOBA_COROUTINES_RUN_C
#define LOBA_COROUTINES_RUN_C 1
#endif

// Of an io library that memory was too short to open the collector closes the process's own standard output.
#ifndef LOBA_OPENS_IO_WHOLE
#define LOBA_OPENS_IO_WHOLE 0
#endif

// Libraries that only this engine has: rows of flag, name and function, each with a comma behind it.
#ifndef LOBA_LIBRARIES_ENGINE
#define LOBA_LIBRARIES_ENGINE
#endif

// Compiled code can call C functions directly: the engine says how functions and classes are made of leaves.
#ifndef LOBA_HAS_FAST_LANE
#define LOBA_HAS_FAST_LANE 0
#endif

// Patterns: the class %g; matches that are apart, so that none is empty where another has ended; recursion that is not
// counted; recursion also for repetitions of nothing.
#ifndef LOBA_PATTERNS_KNOW_GRAPHIC
#define LOBA_PATTERNS_KNOW_GRAPHIC 1
#endif
#ifndef LOBA_MATCHES_ARE_APART
#define LOBA_MATCHES_ARE_APART 1
#endif
#ifndef LOBA_PATTERNS_NEST_FREELY
#define LOBA_PATTERNS_NEST_FREELY 0
#endif
#ifndef LOBA_PATTERNS_NEST_ALWAYS
#define LOBA_PATTERNS_NEST_ALWAYS 0
#endif

// Until when the collector waits after a cycle, unless it is told otherwise: percent of what was in use at its end.
#ifndef LOBA_COLLECTOR_PAUSE
#define LOBA_COLLECTOR_PAUSE 200
#endif

// Finalizers run before the collector decides how long to wait.
#ifndef LOBA_FINALIZERS_PRECEDE_PAUSE
#define LOBA_FINALIZERS_PRECEDE_PAUSE 0
#endif

// The collector's step for so many bytes; not 0 if a cycle has ended with it.
#ifndef loba_step_collector
#define loba_step_collector(L, bytes) lua_gc(L, LUA_GCSTEP, (int)((bytes) >> 10))
#endif

// Copies a value over another in one call, which is true of it; where that is not to be had, or no gain, it is false.
#ifndef loba_copy
#define loba_copy(L, from, to) ((void)(L), (void)(from), (void)(to), false)
#endif

// What an engine has to do at certain times, if anything: after a resume, when a C function has done it that may yet
// raise an error, and has taken what the coroutine gave.
#ifndef loba_after_resume
#define loba_after_resume(S, from) ((void)(S), (void)(from))
#endif
#ifndef loba_newstate
#define loba_newstate(allocator, data) lua_newstate(allocator, data)
#endif
#ifndef loba_new_lua_state
#define loba_new_lua_state(S) loba_newstate(loba_allocator, S)
#endif
// A finalizer that collects all garbage while the state closes never comes to an end if a cycle of the collector is
// under way then, in Lua alone as well. So that is finished before, where scripts can have finalizers.
#ifndef LOBA_CLOSES_AFTER_CYCLE
#define LOBA_CLOSES_AFTER_CYCLE 0
#endif

#ifndef loba_before_close
#define loba_before_close(S, L) ((void)(S), (void)(L))
#endif
