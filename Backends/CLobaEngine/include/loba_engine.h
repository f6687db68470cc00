// The boundary between Swift and a Lua engine.
//
// Swift never calls the Lua C API: Lua raises errors with longjmp (LuaJIT by unwinding), and a jump over a Swift
// frame is undefined behaviour. Swift calls the *operations* below. Each does one whole step, is protected where
// anything in it can raise, returns a status, and leaves Lua's stack as it found it (or says that it holds
// results on it, see LOBA_HELD). No Lua type appears here, so that several engines can be imported side by side.
//
// One table of operations per engine; all are compiled from the one implementation in template/.
#ifndef LOBA_ENGINE_H
#define LOBA_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// ---------------------------------------------------------------- values

// What a slot holds. The first ten are Lua's types; the rest exist only at the boundary.
#define LOBA_NIL 0u
#define LOBA_BOOLEAN 1u
#define LOBA_INTEGER 2u    // also an integral number of an engine without integers
#define LOBA_NUMBER 3u
#define LOBA_STRING 4u     // bytes and length
#define LOBA_TABLE 5u
#define LOBA_FUNCTION 6u
#define LOBA_USERDATA 7u   // a userdata that is not Loba's
#define LOBA_THREAD 8u
#define LOBA_POINTER 9u    // light userdata
#define LOBA_HOST 10u      // a userdata of Loba's that holds a Swift value; pointer = its box
#define LOBA_ERROR 11u     // a userdata of Loba's that holds a Swift error; pointer = its box
#define LOBA_OTHER 12u     // anything else, for example LuaJIT's cdata
#define LOBA_REFERENCE 13u // Swift to Lua only: the value of a reference, index = the reference

// One value on its way over the boundary. Lua to Swift: `index` is where the value lies on the current stack, and
// strings point into Lua's memory; both are good until the operation that gave the slot is released. The box of a
// LOBA_HOST or LOBA_ERROR is good while `length` is the state's `released_boxes` (and index is not 0); after that
// host_box says whether it is there still, since a script can have called its __gc.
// Swift to Lua: strings point to memory that Swift keeps until the operation returns.
//
// Lua to Swift, index 0 means that the value is that of the reference in `length` (which stays its owner's).
// Swift to Lua, a LOBA_REFERENCE with length 1 is the slot's own: host results release it once pushed. Elsewhere length
// is 0.
typedef struct loba_slot {
  uint32_t tag;
  int32_t index;
  union {
    int64_t integer;
    double number;
    bool boolean;
    const uint8_t *_Nullable bytes;
    void *_Nullable pointer;
  };
  size_t length;
} loba_slot;

// A reference keeps a Lua value alive for Swift: a slot number on an auxiliary stack (> 0), or, when that stack is
// full, the negated index into an overflow table (< 0). 0 is no reference.
typedef int32_t loba_reference;

// ---------------------------------------------------------------- statuses

#define LOBA_OK 0
#define LOBA_HELD 1           // success; the results lie on Lua's stack until loba_release_held(state, mark)
#define LOBA_ERROR_RUNTIME 2  // an error; its value is in state->failure, held like results
#define LOBA_ERROR_SYNTAX 3
#define LOBA_ERROR_MEMORY 4
#define LOBA_ERROR_HANDLER 5  // an error while handling an error
#define LOBA_ERROR_CLOSED 6   // the runtime is closed
#define LOBA_ERROR_THREAD 7   // the runtime is in use by another thread
#define LOBA_ERROR_STACK 8    // too many nested calls, or the thread's stack is nearly used up
#define LOBA_ERROR_DEAD 9     // the coroutine cannot be resumed: it has ended
#define LOBA_ERROR_ITSELF 10  // the error that was thrown into a coroutine, which nothing there has caught
#define LOBA_ERROR_RUNNING 11 // the coroutine cannot be resumed or closed: it is running
#define LOBA_ERROR_NORMAL 12  // the same: it has resumed another

#define LOBA_MULTIPLE_RESULTS (-1)
// Result slots that callers provide; a call with more results than this gives them in state->wide.
#define LOBA_SLOT_FRAME 8

// ---------------------------------------------------------------- tracebacks

#define LOBA_TRACE_HEAD 24
#define LOBA_TRACE_TAIL 12
#define LOBA_TRACE_MAX (LOBA_TRACE_HEAD + LOBA_TRACE_TAIL)

// One level of a traceback, recorded where the error was raised, with no allocation in Lua.
typedef struct loba_trace_frame {
  int32_t line;          // the current line, or -1
  int32_t line_defined;  // where the function starts, or -1
  char kind;             // 'L' Lua, 'C' C, 'm' main chunk, 't' tail call
  char name_kind;        // 'g'lobal 'l'ocal 'm'ethod 'f'ield 'u'pvalue, or another letter, or 0 if no name
  char source[66];       // the chunk's short name
  char name[52];         // the function's name, cut to fit
} loba_trace_frame;

typedef struct loba_traceback {
  void *_Nullable error;  // a retained Swift object: the error of Swift's that was raised here as a value of Lua's
  int32_t count;
  int32_t skipped;  // levels left out between the first LOBA_TRACE_HEAD and the rest
  loba_trace_frame frames[LOBA_TRACE_MAX];
} loba_traceback;

// ---------------------------------------------------------------- the state

typedef struct loba_state loba_state;
typedef struct loba_operations loba_operations;

// A call from Lua into Swift.
typedef struct loba_call_frame {
  loba_state *state;
  loba_slot *arguments;
  int32_t argument_count;
  int32_t result_count;
  loba_slot *results;  // room for LOBA_SLOT_FRAME; more by loba_reserve_results
  void *_Nullable error;  // set by Swift when it fails: a retained error box, raised as an error userdata
  loba_slot raise;        // or this Lua value is raised, when the callback returns 2; `error` is what it stands for
} loba_call_frame;

// What the engine calls in Swift. `box` is a retained Swift object.
typedef struct loba_callbacks {
  // Runs a host function: 0 = results are in the frame, 1 = frame.error is raised, 2 = frame.raise is raised.
  int (*invoke)(loba_state *state, void *box, loba_call_frame *frame);
  void (*release)(loba_state *state, void *box);
  // The text of a host value or error, for tostring: bytes in the state's arena.
  const uint8_t *_Nonnull (*_Nonnull describe)(loba_state *state, void *box, bool is_error, size_t *length);
  // The state has been closed: at once, or when the outermost operation has returned.
  void (*closed)(loba_state *state);
} loba_callbacks;

// Libraries that can be opened.
#define LOBA_LIBRARY_BASE 1u
#define LOBA_LIBRARY_PACKAGE 2u
#define LOBA_LIBRARY_COROUTINE 4u
#define LOBA_LIBRARY_TABLE 8u
#define LOBA_LIBRARY_IO 16u
#define LOBA_LIBRARY_OS 32u
#define LOBA_LIBRARY_STRING 64u
#define LOBA_LIBRARY_MATH 128u
#define LOBA_LIBRARY_UTF8 256u   // 5.4
#define LOBA_LIBRARY_DEBUG 512u
#define LOBA_LIBRARY_BIT 1024u   // LuaJIT
#define LOBA_LIBRARY_JIT 2048u   // LuaJIT
#define LOBA_LIBRARY_FFI 4096u   // LuaJIT
#define LOBA_LIBRARY_ALL 8191u

#define LOBA_KEY_CACHE 64  // interned short strings kept at hand, a power of two

typedef struct loba_cached_key {
  uint64_t low, high;
  uint32_t length;  // ~0 = empty
  uint32_t missed;  // a hash of the string that was last looked for here in vain
} loba_cached_key;

// What a record holds, and how many calls of it are under way: released meanwhile, it goes when the last has returned.
typedef struct loba_box {
  void *_Nullable box;  // a retained Swift object; NULL for an entry that is free
  uint32_t running;     // or, of a free entry, the next one that is + 1
  bool is_doomed;
} loba_box;

typedef struct loba_arena_chunk {
  struct loba_arena_chunk *_Nullable previous;
  size_t used, capacity;
  uint8_t bytes[];
} loba_arena_chunk;

// Bytes that are on their way over the boundary, handed out as a stack. Who takes some marks the place first, and whoever
// has marked it goes back to it, last in, first out.
//
// There are two, since an argument writer may be in use while a host call writes its results:
// - `arguments` has the bytes that Swift gives to operations, and the slots of host calls with many arguments. A writer goes
//   back to its mark when it finishes, a host call when Swift has returned.
// - `results` has what host calls give to Lua (texts of `describe` included). Only host calls go back in it: when what they
//   give has been pushed. What one leaves there that an error has ended (see `pushing`) the next one takes away, or the
//   operation when it ends.
typedef struct loba_arena {
  loba_arena_chunk *_Nullable chunk;
} loba_arena;

typedef struct loba_arena_mark {
  loba_arena_chunk *_Nullable chunk;
  size_t used;
} loba_arena_mark;

// A host call whose results are being pushed: where its frame is on the C stack, 0 = none, and its mark in `results`.
typedef struct loba_pushing {
  uintptr_t frame;
  loba_arena_mark mark;
} loba_pushing;

// One Lua state and what Loba keeps beside it. Fields above the line are Swift's to read; below it is the engine's.
struct loba_state {
  const loba_operations *operations;
  const loba_callbacks *callbacks;
  void *_Nullable context;  // the Swift runtime, unretained

  loba_slot *slot_top;      // slot frames for arguments and results, handed out as a stack
  loba_slot *slot_end;
  loba_slot failure;        // the error value after a status >= LOBA_ERROR_RUNTIME
  int held_mark;            // after LOBA_HELD or an error: what to pass to loba_release_held
  loba_slot *_Nullable wide; // more than LOBA_SLOT_FRAME results, malloc'ed; Swift frees it
  int wide_count;
  loba_traceback *_Nullable traceback;  // of the last error; Swift may take it (and set NULL)

  bool is_exposed;           // other threads may hold handles of this runtime: see loba_expose
  bool has_foreign_text;     // Swift converts texts to an encoding other than UTF-8
  uint32_t text_encoding;    // the number of that encoding in Swift, or UTF-8's
  bool has_argument_packs;   // a script has made argument packs, which calls have to look for
  uint64_t integer_limit;    // integers of up to this magnitude are exact in this engine
  size_t released_boxes;     // how many boxes have been released: see loba_slot

  size_t memory_used;
  size_t memory_limit;      // 0 = none
  int64_t allocations_left; // tests: < 0 = off; at 0 every further growing allocation fails
  uint64_t allocation_count; // tests: how many there were while allocations_left >= 0

  // ------------------------------------------------------------
  void *_Nullable main;       // lua_State: the main thread; NULL when closed
  void *_Nullable current;    // lua_State: the thread that the innermost host call runs on
  void *_Nullable auxiliary;  // lua_State: its stack holds the references
  int room;                   // the current frame's stack may grow to this index without a check
  int depth;                  // nested calls from Lua into Swift
  int entered;                // operations under way, and results held
  bool closing;               // close() is waiting for the outermost operation to return
  bool has_closed_threads;    // of an engine that cannot close coroutines
  bool compiler_was_on;       // of an engine that has one, before a limit of memory turned it off
  bool must_allocate;         // a small allocation that fails ends the process: nothing could catch its error
  uintptr_t stack_limit;      // lowest address that nested calls may reach, of the thread inside
  const void *_Nullable owner;  // identifies the thread inside, NULL = none
  const void *_Nullable claimant;  // once exposed: the thread that may use the state now, NULL = none
  int claims;                 // how often it has claimed it
  struct loba_job *_Nullable job;
  struct loba_throw *_Nullable thrown;  // an error on its way into a coroutine
  void *_Nullable raised;     // a retained Swift object: what the value stands for that a host call has raised last
  const void *_Nullable raised_identity;  // and which value that was
  size_t limit_to_come;       // a limit that a finalizer has set, where the compiler cannot be turned off or on
  bool has_limit_to_come;
  void *_Nullable hook;       // the hook that was there before the one that is to apply it
  int hook_mask, hook_count;
  uint32_t refusals;          // allocations to refuse, so that Lua raises its memory error
  size_t denials;             // how often memory has been refused

  int32_t *_Nullable owned_references;  // of the writers in use, as a stack
  int owned_count, owned_capacity;
  int32_t *_Nullable free_references;
  int free_count, free_capacity;
  int reference_top;          // references handed out on the auxiliary stack, as its height
  int overflow_count;
  const void *_Nullable *_Nullable identities;  // of what references stood for, once the state is closed
  struct loba_release_list *released;

  loba_cached_key keys[LOBA_KEY_CACHE];
  loba_arena arguments, results;
  loba_pushing pushing;

  void *_Nullable (*_Nullable base_allocator)(void *_Nullable, void *_Nullable, size_t, size_t);
  void *_Nullable base_allocator_data;
  bool warnings_on, warning_continues;  // Lua 5.4's warn

  // The boxes that records hold, by the records' numbers: a finalizer for which there is no memory never runs, and
  // what it should have released is released when the state closes.
  loba_box *_Nullable boxes;
  uint32_t box_count, box_capacity, box_free;  // box_free: an entry + 1, 0 = none
  uint32_t finalized, finalized_before;  // records since the collector was last told, and when the last was made
};

// An error that a hook is to raise in a coroutine, and the hook that was there before.
typedef struct loba_throw {
  void *co;  // lua_State
  const loba_slot *error;
  bool is_raised, is_caught;
  void *_Nullable hook;
  int hook_mask, hook_count;
} loba_throw;

// ---------------------------------------------------------------- the operations

#define LOBA_MODE_TEXT 1u
#define LOBA_MODE_BINARY 2u
#define LOBA_MODE_ANY 3u

typedef struct loba_source {
  const uint8_t *bytes;
  size_t length;
  const char *name;       // chunk name as in load(): "=name", "@file" or source text
  uint32_t mode;          // LOBA_MODE_…
  bool is_expression;     // compile as "return <source>"
} loba_source;

// Receives the entries of a table, in batches. Returns false to stop.
typedef bool (*loba_visitor)(void *context, const loba_slot *pairs, int pair_count);

// Statuses are the return values unless said otherwise. `slots` has room for LOBA_SLOT_FRAME results; `count` is how
// many there were, and slots up to `result_count` are filled with nil.
// A `location` is where a table lies: a reference, or (in a host call or while results are held) a stack index
// given as a slot; see loba_location.
typedef struct loba_location {
  loba_reference reference;  // used if not 0
  int32_t index;             // else this index of the current stack
} loba_location;

// What the userdata of a class look their members up in: tables by name. `getters` and `setters` hold accessors,
// called with the object (and the new value); fallbacks are accessors called with object and key (and value), or 0.
typedef struct loba_class {
  const char *name;
  loba_reference values, getters, setters;
  loba_reference index_fallback, newindex_fallback;
} loba_class;

struct loba_operations {
  // Loads the library: NULL, or why not (malloc'ed, to be freed by the caller). `path` may be NULL: the defaults are tried.
  char *_Nullable (*_Nonnull load_library)(const char *_Nullable path);
  const char *_Nullable (*_Nonnull library_path)(void);
  // The library's own release, for example "Lua 5.4.4", once a state has been opened.
  const char *_Nonnull (*_Nonnull release_text)(void);
  // Makes the library's symbols visible to C modules. False if that fails.
  bool (*claim_global_symbols)(void);

  // Creates a Lua state in a zeroed `state` whose operations, callbacks and context are set.
  int (*open)(loba_state *state, uint32_t libraries, bool allows_c_modules);
  void (*close)(loba_state *state);

  int (*execute)(loba_state *state, const loba_source *source, loba_slot *slots, int argument_count, int result_count, int *count);
  int (*load)(loba_state *state, const loba_source *source, loba_reference *function);
  int (*call)(loba_state *state, loba_reference function, loba_slot *slots, int argument_count, int result_count, int *count);
  int (*dump)(loba_state *state, loba_reference function, bool strip, loba_slot *result);

  void (*release_held)(loba_state *state, int mark);
  // For tests: how many values lie on the current stack; -1 if the state is closed.
  int (*stack_top)(loba_state *state);
  loba_reference (*reference)(loba_state *state, int index);  // 0 = out of memory
  loba_reference (*copy_reference)(loba_state *state, loba_reference reference);  // likewise
  int (*string_new)(loba_state *state, const uint8_t *bytes, size_t length, loba_reference *string);
  // Fills a slot for the value of a reference; strings in it are good while the reference is.
  int (*describe)(loba_state *state, loba_reference reference, loba_slot *slot);
  // The address that tells the value from others, also after the state has been closed.
  const void *_Nullable (*_Nonnull identity)(loba_state *state, loba_reference reference);
  bool (*raw_equal)(loba_state *state, loba_reference a, loba_reference b);
  int (*compare)(loba_state *state, const loba_slot *a, const loba_slot *b, int how, bool *result);  // 0 ==, 1 <
  int (*to_text)(loba_state *state, const loba_slot *value, loba_slot *result);  // tostring, with __tostring

  int (*table_new)(loba_state *state, int array_size, int hash_size, loba_reference *table);
  int (*get)(loba_state *state, loba_location table, const loba_slot *key, loba_slot *result, bool raw);
  int (*set)(loba_state *state, loba_location table, const loba_slot *key, const loba_slot *value, bool raw);
  // The same for a name, of a reference that is known to be a table's.
  int (*get_field)(loba_state *state, loba_reference table, const uint8_t *name, size_t length, loba_slot *result);
  int (*set_field)(loba_state *state, loba_reference table, const uint8_t *name, size_t length, const loba_slot *value);
  size_t (*raw_length)(loba_state *state, loba_location table);  // SIZE_MAX if another thread uses the state
  int (*length)(loba_state *state, loba_reference table, loba_slot *result);
  int (*walk)(loba_state *state, loba_location table, loba_visitor visitor, void *context);
  // The same for a visitor that runs no Lua code, and makes nothing in Lua but references: cannot fail, but for a runtime
  // that is closed.
  int (*scan)(loba_state *state, loba_location table, loba_visitor visitor, void *context);
  int (*clear)(loba_state *state, loba_reference table);
  int (*get_metatable)(loba_state *state, loba_reference value, loba_reference *metatable);
  int (*set_metatable)(loba_state *state, loba_reference value, loba_reference metatable);  // 0 removes it

  // Bulk: `start` is the first index written. Arrays of one type cross at once.
  int (*fill_array)(loba_state *state, loba_reference table, size_t start, const loba_slot *values, size_t count);
  int (*fill_pairs)(loba_state *state, loba_reference table, const loba_slot *pairs, size_t pair_count);
  int (*array_from_numbers)(loba_state *state, const double *values, size_t count, loba_reference *table);
  int (*array_from_integers)(loba_state *state, const int64_t *values, size_t count, loba_reference *table);
  // Reads up to `count` elements from `start` on; returns how many were of the type before the first that was not. How
  // long the list is need not be known: a script decides what the length says.
  size_t (*read_numbers)(loba_state *state, loba_location table, size_t start, double *values, size_t count);
  size_t (*read_integers)(loba_state *state, loba_location table, size_t start, int64_t *values, size_t count);
  int (*read_element)(loba_state *state, loba_location table, size_t index, loba_slot *result);  // raw

  int (*function_new)(loba_state *state, void *box, loba_reference *function);  // takes over `box`, also on failure
  int (*accessor_new)(loba_state *state, void *box, loba_reference *accessor);  // likewise
  int (*error_new)(loba_state *state, void *box, loba_reference *error);  // likewise, of a Swift error
  // The box that a LOBA_HOST or LOBA_ERROR slot stands for, as long as it is there; else NULL.
  void *_Nullable (*_Nonnull host_box)(loba_state *state, const loba_slot *slot);
  // The box of a function that function_new has made; NULL for any other.
  void *_Nullable (*_Nonnull function_box)(loba_state *state, loba_location function);
  // A userdata for a Swift value; with an identity (not 0) it is found again by it while it lives. Takes over `box`.
  int (*object_new)(loba_state *state, void *box, uint64_t identity, loba_reference metatable, loba_reference *userdata);
  int (*object_find)(loba_state *state, uint64_t identity, loba_reference *userdata);  // 0 if there is none
  int (*class_new)(loba_state *state, const loba_class *description, loba_reference *metatable);

  int (*thread_new)(loba_state *state, loba_reference function, loba_reference *thread);
  int (*thread_status)(loba_state *state, loba_reference thread);  // LOBA_THREAD_…
  // Leaves `count` alone if it fails and the coroutine has not been started.
  int (*resume)(loba_state *state, loba_reference thread, loba_slot *slots, int argument_count, int result_count, int *count);
  int (*thread_close)(loba_state *state, loba_reference thread);
  // Resumes a coroutine with an error, raised where it has yielded. A string has to be given by reference.
  int (*thread_throw)(loba_state *state, loba_reference thread, const loba_slot *error, loba_slot *slots, int result_count, int *count);
  int (*thread_function)(loba_state *state, loba_reference thread, loba_reference *function);  // 0 unless not started

  int (*globals)(loba_state *state, loba_reference *table);
  int (*collect)(loba_state *state, int what);  // LOBA_COLLECT_…
  // Sets how many bytes Lua may use; 0 = no limit. An engine that has to change more for it, and cannot now, does it before
  // the next instruction.
  int (*limit_memory)(loba_state *state, size_t limit);
};

#define LOBA_THREAD_SUSPENDED 0
#define LOBA_THREAD_RUNNING 1
#define LOBA_THREAD_NORMAL 2
#define LOBA_THREAD_DEAD 3

#define LOBA_COLLECT_FULL 0
#define LOBA_COLLECT_STOP 1
#define LOBA_COLLECT_RESTART 2
#define LOBA_COLLECT_RELIEVE 3  // all, after memory has been refused

// ---------------------------------------------------------------- what needs no engine (loba_support.c)

// The operations of a state that is closed and has never been open: of no engine, for what stands behind values that
// belong to no runtime.
const loba_operations *loba_closed_operations(void);

loba_state *loba_state_new(const loba_operations *operations, const loba_callbacks *callbacks);
// Frees what is left of a closed state. No reference may be released afterwards.
void loba_state_free(loba_state *state);

// An error is Sendable, and its value may be a handle: with one, a thread can come to a runtime that another is using,
// without any unsafe code. From the first such error on the state is exposed: every operation claims it, and one of
// another thread waits a moment, then fails (those that cannot fail find nothing). Until then all this costs a branch.
void loba_expose(loba_state *state);
bool loba_claim(loba_state *state);
void loba_unclaim(loba_state *state);

static inline bool loba_is_closed(const loba_state *state) {
  return !__atomic_load_n(&state->main, __ATOMIC_RELAXED) || __atomic_load_n(&state->closing, __ATOMIC_RELAXED);
}

// What a writer keeps by itself when the state is exposed: bytes and references.
typedef struct loba_keeping {
  loba_arena bytes;
  loba_reference *_Nullable references;
  size_t count, capacity;
} loba_keeping;

static inline loba_arena *loba_keeping_bytes(loba_keeping *keeping) { return &keeping->bytes; }
loba_keeping *loba_keeping_new(void);
void loba_keeping_add(loba_keeping *keeping, loba_reference reference);
void loba_keeping_free(loba_keeping *keeping, loba_state *state);

// Queues a reference for reuse. The only function that any thread may call at any time.
void loba_release(loba_state *state, loba_reference reference);

// Keeps a reference for whoever passes the returned mark to loba_disown, which releases it and all that came after it.
int32_t loba_own(loba_state *state, loba_reference reference);
void loba_disown(loba_state *state, int32_t mark);

void *loba_arena_allocate_slowly(loba_arena *arena, size_t size);
void loba_arena_reset_slowly(loba_arena *arena, loba_arena_mark mark);

static inline void *loba_arena_allocate(loba_arena *arena, size_t size) {
  loba_arena_chunk *chunk = arena->chunk;
  size = (size + 15) & ~(size_t)15;
  if (chunk && chunk->capacity - chunk->used >= size) {
    void *block = chunk->bytes + chunk->used;
    chunk->used += size;
    return block;
  }
  return loba_arena_allocate_slowly(arena, size);
}

static inline const uint8_t *loba_arena_copy(loba_arena *arena, const uint8_t *_Nullable bytes, size_t length) {
  uint8_t *copy = (uint8_t *)loba_arena_allocate(arena, length);
  if (length) __builtin_memcpy(copy, bytes, length);
  return copy;
}

static inline loba_arena *loba_arguments(loba_state *S) { return &S->arguments; }
static inline loba_arena *loba_results(loba_state *S) { return &S->results; }

static inline loba_arena_mark loba_arena_now(const loba_arena *arena) {
  return (loba_arena_mark){arena->chunk, arena->chunk ? arena->chunk->used : 0};
}

static inline void loba_arena_reset(loba_arena *arena, loba_arena_mark mark) {
  if (arena->chunk == mark.chunk) {
    if (mark.chunk) mark.chunk->used = mark.used;
  } else {
    loba_arena_reset_slowly(arena, mark);
  }
}

loba_slot *loba_reserve_results(loba_call_frame *frame, size_t count);

// Address space left on this thread's stack below the caller.
size_t loba_stack_left(void);

#pragma clang assume_nonnull end
#endif
