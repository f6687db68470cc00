// The half of a state that is the engine's alone.
#ifndef LOBA_INSIDES_H
#define LOBA_INSIDES_H

#include "../loba_engine.h"

#pragma clang assume_nonnull begin

#define LOBA_KEY_CACHE 64  // interned short strings kept at hand, a power of two

typedef struct loba_cached_key {
  uint64_t low, high;
  uint32_t length;  // ~0 = empty
  uint32_t missed;  // a hash of the string that was last looked for here in vain
} loba_cached_key;

// What a record holds.
typedef struct loba_box {
  void *_Nullable box;  // a retained Swift object, or a buffer; NULL for an entry that is free
  uint32_t next_free;   // of such an entry: the next one + 1
  bool is_buffer;
} loba_box;

// A host call whose results are being pushed: where its frame is on the C stack, 0 = none, and its mark in `results`.
typedef struct loba_pushing {
  uintptr_t frame;
  loba_arena_mark mark;
} loba_pushing;

// A hook that is not Loba's, to be put back.
typedef struct loba_kept_hook {
  void *_Nullable function;
  int mask, count;
} loba_kept_hook;

// An error that a hook is to raise in a coroutine, and the hook that was there before.
typedef struct loba_throw {
  void *co;  // lua_State
  const loba_slot *error;
  bool is_raised, is_caught;
  loba_kept_hook kept;
} loba_throw;

// Limits on what runs: see limits.h. Steps are counted from when the state was opened, times are in nanoseconds.
typedef struct loba_running_limits {
  bool is_prepared;        // the functions of the library that could swallow a stop know of limits
  int armed;               // how many ask for the hook: blocks, limits of every call, the interruption
  int stopped;             // LOBA_STOP_…: why nothing may run any more until the block or the call ends; 0 = it may
  int64_t steps;           // done, as far as counted
  int64_t end;             // where what runs now is stopped
  uint64_t deadline;       // and when
  loba_limit_block block;  // of the blocks that are open
  loba_limits call;        // of every outermost call
  uint64_t seen, asked;    // when the hook was last here, and last asked whether the task is cancelled
  int interval;            // instructions between hooks
  const void *_Nullable left;  // lua_State: the coroutine that a stop has just left as a yield does
  int coroutines;              // made since they were counted, and those that were alive then
  loba_interruption *_Nullable interruption;
  loba_traceback *_Nullable place;  // where the last stop has struck
} loba_running_limits;

// A stack that a host call has given to Swift, until the call returns: see introspection.h.
typedef struct loba_watch {
  struct loba_watch *_Nullable outer;
  void *thread;  // lua_State
  uint32_t serial;
  int depth;  // of the call
} loba_watch;

// Swift's hook: see swift_hook.h. Instructions are counted for the state, as those of limits.
typedef struct loba_hook {
  void *_Nullable box;      // a retained host function, NULL = there is none
  void *_Nullable running;  // the one that runs now, which is kept until it has returned
  void *_Nullable thread;   // lua_State: what it has interrupted
  void *_Nullable stack;    // lua_State: what it runs in, at AUX_HOOK_THREAD; NULL if that is the one interrupted
  int depth;                // of the call that runs it
  int mask;                 // of events, without the one for counting
  int interval, left;       // instructions between two events, and until the next; 0 = none
} loba_hook;

// The functions that call back and are under way, of an engine that does not count them: where their frames are.
#define LOBA_NESTING_LIMIT 190
typedef struct loba_nesting {
  uintptr_t lowest;  // of the stack that they are on
  int count;
  uintptr_t frames[LOBA_NESTING_LIMIT];
} loba_nesting;

// Blocks that something is to be known of, by the size that counts.
typedef struct loba_noted_block {
  const void *block;
  size_t size;
  bool is_sure;
} loba_noted_block;

typedef struct loba_noted_blocks {
  loba_noted_block *_Nullable items;
  size_t count, capacity;
} loba_noted_blocks;

// The blocks that are strings so long that going through one takes long. Where the allocator is not told what a new
// block is to be (LOBA_STRING_TYPE), they are not sure to be strings until something is written in them.
#define LOBA_LONG_STRING ((size_t)256 << 10)

typedef struct loba_long_strings {
  loba_noted_blocks blocks;
  size_t longest, unsure;
} loba_long_strings;

// How many large blocks there are, by powers of two from the first on: there are instructions that go through a table.
#define LOBA_LARGE_BLOCK ((size_t)1 << 20)
#define LOBA_LARGE_CLASSES 24

typedef struct loba_large_blocks {
  uint32_t counts[LOBA_LARGE_CLASSES];
  int classes;  // from the first to the largest that there is one of
} loba_large_blocks;

// The blocks that are large tables of nodes: see collisions.h. (Or look like one.)
#define LOBA_LARGE_TABLE 8192  // nodes
#define LOBA_SMALL_TABLE 64
#define LOBA_SOME_TABLE 1024  // so many take long enough to fill for the hook to come at once

#define LOBA_SMALLEST_NODE 24  // bytes

// A sample of the strings, to tell whether too many fall into the same places: see loba_strings.c. Their headers are
// the same on all engines but LuaJIT, where strings cannot be made to collide.
#define LOBA_STRING_TAG 8
#define LOBA_HASHED_STRING 4  // a tag
#define LOBA_LONG_TAG 20      // of one that is hashed when it is needed as a key
#define LOBA_STRING_HAS_HASH 10
#define LOBA_STRING_HASH 12
#define LOBA_STRING_LENGTH 16
#define LOBA_STRING_BYTES 24

typedef struct loba_drawn_string {
  const void *_Nullable block;
  uint32_t hash;
  float stands_for;
} loba_drawn_string;

typedef struct loba_drawn_strings {
  loba_drawn_string *_Nullable items;
  size_t count, capacity;
} loba_drawn_strings;

typedef struct loba_string_sample {
  bool is_drawn_from;
  bool refuses;          // whether strings are refused when too many collide
  size_t least_refused;  // bytes: shorter ones, which a host needs to run anything, cannot be made to collide
  size_t hashed_size;    // of the longest that is hashed when it is made, and compared by its address
  uint64_t chance;
  const void *_Nullable fresh;  // drawn, and not filled in yet
  size_t fresh_size;
  loba_drawn_strings hashed, waiting;
  double *_Nullable places;  // how many strings fall into each
  size_t place_count;
  double strings, squares, pairs;  // that the hashed ones stand for
  double colliding;                // pairs that are not by chance
  size_t grown;                    // nodes of tables, since those that wait were looked at
} loba_string_sample;

typedef struct loba_insides {
  void *_Nullable main;         // lua_State: the main thread; NULL when closed
  void *_Nullable current;      // lua_State: the thread that the innermost host call runs on
  void *_Nullable running;      // lua_State: the coroutine that was resumed last and runs; NULL = `current`
  int catching;                 // functions that catch errors and are under way on the C stack
  void *_Nullable auxiliary;    // lua_State: its stack holds the references
  int room;                     // the current frame's stack may grow to this index without a check
  int depth;                    // nested calls from Lua into Swift
  int entered;                  // operations under way, and results held
  bool closing;                 // close() is waiting for the outermost operation to return
  bool has_closed_threads;      // of an engine that cannot close coroutines
  bool compiler_was_on;         // of an engine that has one, before a limit of memory turned it off
  bool must_allocate;           // a small allocation that fails ends the process: nothing could catch its error
  uintptr_t stack_limit;        // lowest address that nested calls may reach, of the thread inside; of none if closed
  const void *_Nullable owner;  // identifies the thread inside, if any operation is under way
  const void *_Nullable claimant;  // once exposed: the thread that may use the state now, NULL = none
  int claims;                      // how often it has claimed it
  struct loba_job *_Nullable job;
  struct loba_throw *_Nullable thrown;  // an error on its way into a coroutine
  void *_Nullable raised;  // a retained Swift object: what the value stands for that a host call has raised last
  const void *_Nullable raised_identity;  // and which value that was
  size_t limit_to_come;  // a limit that a finalizer has set, where the compiler cannot be turned off or on
  bool has_limit_to_come;
  loba_kept_hook kept_hook;  // a script's, of the main thread, while Loba's is in its place
  loba_running_limits limits;
  loba_hook hook;
  loba_watch *_Nullable watches;  // innermost first
  uint32_t watch_count;           // so far
  // Of an engine that does not collect before it finds memory short: makes the collector run through a whole cycle as
  // soon as it can, or go on as before. It is called by the allocator.
  void (*_Nullable hasten_collector)(loba_state *state, bool hastens);
  // Of an engine that has them, the words of its own for the memory in use and from how much on the collector takes a
  // step.
  const size_t *_Nullable collector_total, *_Nullable collector_threshold;
  // Makes the hook come as soon as it is to. It is called by the allocator, too.
  void (*_Nullable hasten_hook)(loba_state *state);
  int string_type;  // what the allocator is told of a new block that is a string
  loba_long_strings long_strings;
  loba_large_blocks large_blocks;
  loba_noted_blocks node_tables;  // whose sizes are in nodes
  size_t node_size, nodes_start;  // 0 = not known
  bool knows_strings;             // how their headers look
  loba_string_sample string_sample;
  double (*_Nullable cost_of_moving)(const loba_string_sample *_Nullable sample, const void *block, int64_t count,
                                     int64_t new_count);
  bool is_hastened, keeps_garbage;  // keeps_garbage: the collector is not to be started
  bool owes_end;                    // a step of the collector went past the marking, and none has ended a cycle since
  bool tells_no_end;                // Lua tells of no cycle's end: it collects generations
  int step_multiplier;              // the collector's own
  size_t lowest;                    // what was in use at the least since the collector was hastened, 0 = not known
  size_t hastened;                  // what was in use then
  size_t hastened_threshold;        // and what `collector_threshold` said
  uint32_t refusals;                // allocations to refuse, so that Lua raises its memory error
  size_t denials;                   // how often memory has been refused
  size_t growths;                   // how often more memory has been given

  int32_t *_Nullable owned_references;  // of the writers in use, as a stack
  int owned_count, owned_capacity;
  int32_t *_Nullable free_references;
  int free_count, free_capacity;
  int reference_top;  // references handed out on the auxiliary stack, as its height
  int overflow_count;
  const void *_Nullable *_Nullable identities;  // of what references stood for, once the state is closed
  struct loba_release_list *released;

  uint32_t uncharged;  // steps of library functions
  loba_nesting nesting;

  loba_cached_key keys[LOBA_KEY_CACHE];
  loba_pushing pushing;

  void *_Nullable (*_Nullable base_allocator)(void *_Nullable, void *_Nullable, size_t, size_t);
  void *_Nullable base_allocator_data;
  int32_t lane_is_open;  // compiled code looks at it
  bool lane_is_safe;     // no script that has not been given the ffi library comes by what the fast lane is made of
  // Lua 5.4's warn; what there is of a warning that Swift is to take.
  bool warnings_on, warning_continues;
  char *_Nullable warning;
  size_t warning_length;

  // The boxes that records hold, by the records' numbers: a finalizer for which there is no memory never runs, and
  // what it should have released is released when the state closes.
  loba_box *_Nullable boxes;
  uint32_t box_count, box_capacity, box_free;  // box_free: an entry + 1, 0 = none
  uint32_t finalized, finalized_before;        // records since the collector was last told, and when the last was made
} loba_insides;

typedef struct loba_whole_state {
  loba_state face;
  loba_insides insides;
} loba_whole_state;

// The next number of a sequence that looks random.
static inline uint32_t loba_draw(uint64_t *chance) {
  *chance = *chance * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*chance >> 33);
}

static inline loba_insides *in(const loba_state *S) { return &((loba_whole_state *)(uintptr_t)S)->insides; }

#pragma clang assume_nonnull end
#endif
