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

#include "loba_buffer.h"

#pragma clang assume_nonnull begin

// ---------------------------------------------------------------- values

// What a slot holds. The first ten are Lua's types; the rest exist only at the boundary.
#define LOBA_NIL 0u
#define LOBA_BOOLEAN 1u
#define LOBA_INTEGER 2u  // also an integral number of an engine without integers
#define LOBA_NUMBER 3u
#define LOBA_STRING 4u  // bytes and length
#define LOBA_TABLE 5u
#define LOBA_FUNCTION 6u
#define LOBA_USERDATA 7u  // a userdata that is not Loba's
#define LOBA_THREAD 8u
#define LOBA_POINTER 9u     // light userdata
#define LOBA_HOST 10u       // a userdata of Loba's that holds a Swift value; pointer = its box
#define LOBA_ERROR 11u      // a userdata of Loba's that holds a Swift error; pointer = its box
#define LOBA_OTHER 12u      // anything else, for example LuaJIT's cdata
#define LOBA_REFERENCE 13u  // Swift to Lua only: the value of a reference, index = the reference
#define LOBA_VALUE 14u      // a userdata of Loba's that is a Swift value itself; pointer = its loba_value
#define LOBA_NEW_VALUE 15u  // to Lua only: one to be made of `length` bytes at `pointer`; index = its metatable

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

// A Swift value in a userdata's own bytes, which follow: one whose bytes are all that there is of it, so that it needs
// neither a box nor a finalizer. They are aligned to 8 bytes, whatever the type wants. A userdata of somebody else is
// not taken for one, nor one for a file of the io library (as for a record, see template/values.h).
typedef struct loba_value {
  void *_Nullable nothing[2];
  uint64_t key;  // its address, in disguise
  struct loba_state *state;
  const void *type;         // Swift's metadata of the value's type
  void *_Nullable changer;  // Swift's: what is changing the value, NULL = nothing
} loba_value;

#define LOBA_VALUE_SIZE_LIMIT 256

// A reference keeps a Lua value alive for Swift: a slot number on an auxiliary stack (> 0), or, when that stack is
// full, the negated index into an overflow table (< 0). 0 is no reference.
typedef int32_t loba_reference;

// ---------------------------------------------------------------- statuses

#define LOBA_OK 0
#define LOBA_HELD 1           // success; the results lie on Lua's stack until loba_release_held(state, mark)
#define LOBA_ERROR_RUNTIME 2  // an error; its value is in state->failure, held like results
#define LOBA_ERROR_SYNTAX 3
#define LOBA_ERROR_MEMORY 4
#define LOBA_ERROR_HANDLER 5    // an error while handling an error
#define LOBA_ERROR_LIMIT 6      // a limit has ended the call: loba_stop_reason says which
#define LOBA_ERROR_CLOSED 7     // the runtime is closed
#define LOBA_ERROR_THREAD 8     // the runtime is in use by another thread
#define LOBA_ERROR_STACK 9      // too many nested calls, or the thread's stack is nearly used up
#define LOBA_ERROR_DEAD 10      // the coroutine cannot be resumed: it has ended
#define LOBA_ERROR_ITSELF 11    // the error that was thrown into a coroutine, which nothing there has caught
#define LOBA_ERROR_RUNNING 12   // the coroutine cannot be resumed or closed: it is running
#define LOBA_ERROR_NORMAL 13    // the same: it has resumed another
#define LOBA_ERROR_RETURNED 14  // what runs at a level is not what was found there

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
  char name_kind;        // 'g'lobal 'l'ocal 'm'ethod 'M'etamethod 'f'ield 'u'pvalue, or another letter, or 0 if no name
  char source[66];       // the chunk's short name
  char name[52];         // the function's name, cut to fit
} loba_trace_frame;

typedef struct loba_traceback {
  void *_Nullable error;  // a retained Swift object: the error of Swift's that was raised here as a value of Lua's
  int32_t count;
  int32_t skipped;  // levels left out between the first LOBA_TRACE_HEAD and the rest
  loba_trace_frame frames[LOBA_TRACE_MAX];
} loba_traceback;

// ---------------------------------------------------------------- introspection

// What there is to say of a function, or of the level that it runs at. -1 is what the engine does not tell.
typedef struct loba_function_info {
  loba_trace_frame frame;
  const char *_Nullable source;  // the chunk's name, good as long as the function is there
  int32_t last_line;
  int32_t upvalue_count, parameter_count;
  int8_t is_variadic;
  int8_t is_tail_call;
  bool is_host;
} loba_function_info;

// The levels of a coroutine, or, with thread 0, those that the host call of this number has found below it. What it
// says of them holds until the coroutine goes on, or the call returns.
typedef struct loba_stack {
  loba_reference thread;
  uint32_t call;
  int32_t depth;  // of all levels
  int32_t count;  // without an outermost one that is Loba's
} loba_stack;

typedef struct loba_frame {
  loba_stack stack;
  int32_t level;                   // from the innermost, 0, as they were
  const void *_Nullable function;  // what ran there
} loba_frame;

// A local variable of a frame or, if that is NULL, an upvalue of a function. Below 0 are what a frame has by `...`.
typedef struct loba_variable {
  const loba_frame *_Nullable frame;
  loba_reference function;
  int32_t index;  // from 1
} loba_variable;

// What a hook is for; and what happened, in the first argument of its call. The second is the line, or -1.
#define LOBA_HOOK_CALL 1
#define LOBA_HOOK_RETURN 2
#define LOBA_HOOK_LINE 4
#define LOBA_HOOK_COUNT 8
#define LOBA_HOOK_TAIL_CALL 16  // only as what happened

// ---------------------------------------------------------------- limits

#define LOBA_NO_LIMIT (-1)

// How far running code may go; LOBA_NO_LIMIT for what is not limited.
typedef struct loba_limits {
  int64_t instructions;
  int64_t nanoseconds;
  int32_t depth;       // nested calls from Lua into Swift
  int32_t coroutines;  // that scripts have made and that can still be resumed
} loba_limits;

// Why running code is stopped.
#define LOBA_STOP_INSTRUCTIONS 1
#define LOBA_STOP_DEADLINE 2
#define LOBA_STOP_INTERRUPTED 3
#define LOBA_STOP_CANCELLED 4

// What limit_begin leaves for limit_end to put back.
typedef struct loba_limit_block {
  int64_t end;        // in steps since the state was opened
  uint64_t deadline;  // nanoseconds of the clock
  int64_t call_end;   // the same for the call that was under way
  uint64_t call_deadline;
  int32_t depth, coroutines;
  int stopped;  // LOBA_STOP_… that was on its way
} loba_limit_block;

// Asks a state to stop what runs in it, from any thread. It belongs to whoever retains it.
typedef struct loba_interruption {
  int references;
  bool is_requested;
} loba_interruption;

loba_interruption *loba_interruption_retain(loba_interruption *interruption);
void loba_interruption_release(loba_interruption *interruption);
// What runs in its state, or else what runs in it next, is to stop; or no longer.
void loba_interruption_request(loba_interruption *interruption, bool is_requested);
bool loba_interruption_is_requested(const loba_interruption *interruption);

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
  // Set by Swift when it fails:
  void *error;      // a retained error box, raised as an error userdata
  loba_slot raise;  // or this Lua value is raised, when the callback returns 2; `error` is what it stands for
} loba_call_frame;

// What the engine calls in Swift. `box` is a retained Swift object.
typedef struct loba_callbacks {
  // Runs a host function: 0 = results are in the frame, 1 = frame.error is raised, 2 = frame.raise is raised.
  int (*invoke)(loba_state *state, void *box, loba_call_frame *frame);
  void (*release)(loba_state *state, void *box);
  // The text of what a slot of this tag stands for (LOBA_HOST, LOBA_ERROR or LOBA_VALUE), for tostring: bytes in the
  // state's arena.
  const uint8_t *_Nonnull (*_Nonnull describe)(loba_state *state, void *pointer, uint32_t tag, size_t *length);
  // The state has been closed: at once, or when the outermost operation has returned.
  void (*closed)(loba_state *state);
  // Runs a leaf: a host function over numbers and booleans (1 and 0) that does not use the state. `object` is the box
  // of the object that it is a member of, or the loba_value with LOBA_IN_PLACE added to its address. NaN if there is
  // something to be told: the function itself is called then, by a script's side, and tells.
  double (*leaf)(loba_state *state, void *box, void *_Nullable object, double a, double b, double c, double d);
  // A warning, if Swift takes them: not zero-terminated. The state is closed to everything meanwhile.
  void (*warn)(loba_state *state, const char *text, size_t length);
  // Whether the task that runs on this thread is cancelled.
  bool (*is_cancelled)(void);
} loba_callbacks;

#define LOBA_IN_PLACE 1u

// Libraries that can be opened.
#define LOBA_LIBRARY_BASE 1u
#define LOBA_LIBRARY_PACKAGE 2u
#define LOBA_LIBRARY_COROUTINE 4u
#define LOBA_LIBRARY_TABLE 8u
#define LOBA_LIBRARY_IO 16u
#define LOBA_LIBRARY_OS 32u
#define LOBA_LIBRARY_STRING 64u
#define LOBA_LIBRARY_MATH 128u
#define LOBA_LIBRARY_UTF8 256u  // from 5.3 on
#define LOBA_LIBRARY_DEBUG 512u
#define LOBA_LIBRARY_BIT 1024u    // LuaJIT
#define LOBA_LIBRARY_JIT 2048u    // LuaJIT
#define LOBA_LIBRARY_FFI 4096u    // LuaJIT
#define LOBA_LIBRARY_BIT32 8192u  // 5.2
#define LOBA_LIBRARY_ALL 16383u

typedef struct loba_arena_chunk {
  struct loba_arena_chunk *_Nullable previous;
  size_t capacity;
  uint8_t bytes[];
} loba_arena_chunk;

// Bytes that are on their way over the boundary, handed out as a stack. Who takes some marks the place first, and
// whoever has marked it goes back to it, last in, first out.
//
// There are two, since an argument writer may be in use while a host call writes its results:
// - `arguments` has the bytes that Swift gives to operations, and the slots of host calls with many arguments. A
//   writer goes back to its mark when it finishes, a host call when Swift has returned.
// - `results` has what host calls give to Lua (texts of `describe` included). Only host calls go back in it: when what
//   they give has been pushed. What one leaves there that an error has ended (see `pushing`) the next one takes away,
//   or the operation when it ends.
typedef struct loba_arena {
  loba_arena_chunk *_Nullable chunk;
  uint8_t *_Nullable next, *_Nullable end;  // what is free of the newest chunk
} loba_arena;

typedef struct loba_arena_mark {
  uint8_t *_Nullable next;  // NULL is the arena's beginning
} loba_arena_mark;

// How values of a type are given to Lua, remembered: see loba_value_type_at.
#define LOBA_VALUE_TYPES 16
typedef struct loba_value_type {
  const void *_Nullable type;
  loba_reference metatable;
  bool is_always;  // not only where they are given by reference on purpose: the type does not write itself
} loba_value_type;

// One Lua state, as Swift sees it. What the engine keeps beside it is its own: template/insides.h.
struct loba_state {
  const loba_operations *operations;
  const loba_callbacks *callbacks;
  void *_Nullable context;  // the Swift runtime, unretained

  loba_slot *slot_top;  // slot frames for arguments and results, handed out as a stack
  loba_slot *slot_end;
  loba_slot failure;          // the error value after a status >= LOBA_ERROR_RUNTIME
  int held_mark;              // after LOBA_HELD or an error: what to pass to loba_release_held
  loba_slot *_Nullable wide;  // more than LOBA_SLOT_FRAME results, malloc'ed; Swift frees it
  int wide_count;
  loba_traceback *_Nullable traceback;       // of the error that an operation has ended with
  loba_traceback *_Nullable kept_traceback;  // of the last that has been put aside: see loba_keep_traceback

  bool is_exposed;          // other threads may hold handles of this runtime: see loba_expose
  bool has_foreign_text;    // Swift converts texts to an encoding other than UTF-8
  uint32_t text_encoding;   // the number of that encoding in Swift, or UTF-8's
  bool has_argument_packs;  // a script has made argument packs, which calls have to look for
  bool has_fast_lane;       // compiled code may call leaves directly, where the engine can
  bool announces_limits;    // when it is opened: what scripts get is prepared for limits
  bool takes_warnings;      // when it is opened: warnings go to Swift
  uint64_t mode_bytes;      // when it is opened: chance, so that scripts cannot make tables weak; 0 if they can
  uint64_t integer_limit;   // integers of up to this magnitude are exact in this engine
  size_t released_boxes;    // how many boxes have been released: see loba_slot

  size_t memory_used;
  size_t memory_limit;        // 0 = none
  int64_t allocations_left;   // tests: < 0 = off; at 0 every further growing allocation fails
  uint64_t allocation_count;  // tests: how many there were while allocations_left >= 0
  bool keys_collide;          // why memory has been denied last

  bool is_bounded;  // library functions whose loops no hook sees count their steps; to be said before opening

  loba_arena arguments, results;
  loba_value_type value_types[LOBA_VALUE_TYPES];
};

// ---------------------------------------------------------------- the operations

#define LOBA_MODE_TEXT 1u
#define LOBA_MODE_BINARY 2u
#define LOBA_MODE_ANY 3u

typedef struct loba_source {
  const uint8_t *bytes;
  size_t length;
  const char *name;            // chunk name as in load(): "=name", "@file" or source text
  uint32_t mode;               // LOBA_MODE_…
  bool is_expression;          // compile as "return <source>"
  loba_reference environment;  // a table that stands for the globals; 0 for the globals
} loba_source;

// Receives the entries of a table, in batches. Returns false to stop.
typedef bool (*loba_visitor)(void *context, const loba_slot *pairs, int pair_count);

// A `location` is where a table lies: a reference, or (in a host call or while results are held) a stack index
// given as a slot; see loba_location.
typedef struct loba_location {
  loba_reference reference;  // used if not 0
  int32_t index;             // else this index of the current stack
} loba_location;

// What the userdata of a class look their members up in: tables by name. `members` holds methods, constants and
// accessors that are called with the object, `setters` accessors called with object and new value; fallbacks are
// accessors called with object and key (and value), or 0.
typedef struct loba_class {
  const char *name;
  loba_reference members, setters;
  loba_reference index_fallback, newindex_fallback;
  bool is_in_place;  // of userdata that are Swift values: there is nothing to be released
} loba_class;

// How garbage is collected; 0 = as before. Sizes in bytes, all else in percent.
typedef struct loba_collector {
  bool is_generational;
  int32_t pause, step_multiplier, step_size;   // incremental
  int32_t minor_multiplier, major_multiplier;  // generational
} loba_collector;

// What of it an engine does not have.
#define LOBA_COLLECTOR_GENERATIONS 1
#define LOBA_COLLECTOR_STEP_SIZE 2

// What compiled code may call directly: a leaf, whose arguments are of these types ('n'umber or 'b'oolean, up to
// LOBA_LEAF_ARGUMENTS) and whose result is of that ('n', 'b', or 'v' for none). Everything else goes to `slow`; `after`
// tells what a call has left to tell: both are host functions, `after` that of the leaf. With a metatable the first
// value is an object that has it.
#define LOBA_LEAF_ARGUMENTS 4
typedef struct loba_leaf {
  const char *arguments;
  char result;
  bool is_method;  // a script calls it with anything, nothing at all included
  loba_reference slow, after, metatable;
} loba_leaf;

#pragma clang assume_nonnull end

struct loba_operations {
#define LOBA_OPERATION(result, name, closed, parameters) result(*_Nonnull name) parameters;
#include "loba_operations.h"
};

#pragma clang assume_nonnull begin

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

// Whether the state is closed, or will be when the outermost operation returns.
bool loba_is_closed(const loba_state *state);
// How many calls from Lua into Swift are under way.
int loba_depth(const loba_state *state);
// Around a leaf, which finds the state closed to everything. What the first gives is the second's.
void *_Nullable loba_begin_leaf(loba_state *state);
void loba_end_leaf(loba_state *state, void *_Nullable current);
bool loba_is_in_leaf(const loba_state *state);
// For tests: whether no operation is under way, no result held and no slot frame handed out.
bool loba_is_idle(const loba_state *state);
// The limit of memory that holds, or will from the next instruction on; 0 = none.
size_t loba_memory_limit(const loba_state *state);
// After LOBA_ERROR_LIMIT: one of LOBA_STOP_…, and where it has struck.
int loba_stop_reason(const loba_state *state);
const loba_traceback *_Nullable loba_stop_place(const loba_state *state);

// Puts the traceback of the error that an operation has ended with aside, until that of another is: what runs from now
// on finds nothing of it.
const loba_traceback *_Nullable loba_keep_traceback(loba_state *state);

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
  uint8_t *block = arena->next;
  size = (size + 15) & ~(size_t)15;
  if (__builtin_expect(block && (size_t)(arena->end - block) >= size, 1)) {
    arena->next = block + size;
    return block;
  }
  return loba_arena_allocate_slowly(arena, size);
}

static inline const uint8_t *loba_arena_copy(loba_arena *arena, const uint8_t *_Nullable bytes, size_t length) {
  uint8_t *copy = (uint8_t *)loba_arena_allocate(arena, length);
  if (length) __builtin_memcpy(copy, bytes, length);
  return copy;
}

// Whether all bytes are below 128: eight or four at a time, the last of them perhaps twice.
static inline bool loba_is_ascii(const uint8_t *_Nullable bytes, size_t length) {
  uint64_t bits = 0, word;
  if (length >= 8) {
    for (size_t i = 0; i + 8 < length; i += 8) {
      __builtin_memcpy(&word, bytes + i, 8);
      bits |= word;
    }
    __builtin_memcpy(&word, bytes + length - 8, 8);
    bits |= word;
  } else if (length >= 4) {
    uint32_t first, last;
    __builtin_memcpy(&first, bytes, 4);
    __builtin_memcpy(&last, bytes + length - 4, 4);
    bits = first | last;
  } else if (length) {
    bits = bytes[0] | bytes[length / 2] | bytes[length - 1];
  }
  return (bits & 0x8080808080808080u) == 0;
}

// Where it stands, or would, how values of a type are given to Lua.
static inline loba_value_type *loba_value_type_at(loba_state *S, const void *type) {
  return &S->value_types[((uintptr_t)type >> 5) % LOBA_VALUE_TYPES];
}

static inline void loba_value_types_forget(loba_state *S) {
  __builtin_memset(S->value_types, 0, sizeof S->value_types);
}

static inline loba_arena *loba_arguments(loba_state *S) { return &S->arguments; }
static inline loba_arena *loba_results(loba_state *S) { return &S->results; }

static inline loba_arena_mark loba_arena_now(const loba_arena *arena) { return (loba_arena_mark){arena->next}; }

static inline void loba_arena_reset(loba_arena *arena, loba_arena_mark mark) {
  if (__builtin_expect(arena->next == mark.next, 1)) return;
  if (__builtin_expect(arena->chunk && mark.next >= arena->chunk->bytes && mark.next <= arena->next, 1))
    arena->next = mark.next;
  else
    loba_arena_reset_slowly(arena, mark);
}

loba_slot *loba_reserve_results(loba_call_frame *frame, size_t count);

// The integer that a number is. (Swift's own conversion checks more than once what is in range.)
static inline bool loba_exact_integer(double number, int64_t *integer) {
  if (!(number >= -0x1p62 && number <= 0x1p62)) return false;
  *integer = (int64_t)number;
  return (double)*integer == number;
}

// The name whose value this thread has found to be nil last, cut to fit; empty if there is none.
void loba_note_missing(const uint8_t *_Nullable name, size_t length);
const char *loba_missing(void);

// Address space left on this thread's stack below the caller.
size_t loba_stack_left(void);

#pragma clang assume_nonnull end
#endif
