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

// An error that a hook is to raise in a coroutine, and the hook that was there before.
typedef struct loba_throw {
  void *co;  // lua_State
  const loba_slot *error;
  bool is_raised, is_caught;
  void *_Nullable hook;
  int hook_mask, hook_count;
} loba_throw;

typedef struct loba_insides {
  void *_Nullable main;         // lua_State: the main thread; NULL when closed
  void *_Nullable current;      // lua_State: the thread that the innermost host call runs on
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
  void *_Nullable hook;  // the hook that was there before the one that is to apply it
  int hook_mask, hook_count;
  uint32_t refusals;  // allocations to refuse, so that Lua raises its memory error
  size_t denials;     // how often memory has been refused
  size_t growths;     // how often more memory has been given

  int32_t *_Nullable owned_references;  // of the writers in use, as a stack
  int owned_count, owned_capacity;
  int32_t *_Nullable free_references;
  int free_count, free_capacity;
  int reference_top;  // references handed out on the auxiliary stack, as its height
  int overflow_count;
  const void *_Nullable *_Nullable identities;  // of what references stood for, once the state is closed
  struct loba_release_list *released;

  loba_cached_key keys[LOBA_KEY_CACHE];
  loba_pushing pushing;

  void *_Nullable (*_Nullable base_allocator)(void *_Nullable, void *_Nullable, size_t, size_t);
  void *_Nullable base_allocator_data;
  int32_t lane_is_open;  // compiled code looks at it
  bool lane_is_safe;     // no script that has not been given the ffi library comes by what the fast lane is made of
  bool warnings_on, warning_continues;  // Lua 5.4's warn

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

static inline loba_insides *in(const loba_state *S) { return &((loba_whole_state *)(uintptr_t)S)->insides; }

#pragma clang assume_nonnull end
#endif
