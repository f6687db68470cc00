// The one list of operations. Whoever includes it says what LOBA_OPERATION(result, name, closed, parameters) makes of
// each: a member of the table, an engine's entry in it, or the function that stands there for no engine and gives
// `closed`.
//
// Statuses are the return values unless said otherwise. `slots` has room for LOBA_SLOT_FRAME results; `count` is how
// many there were, and slots up to `result_count` are filled with nil.

// The formatter takes parameters for expressions.
// clang-format off
#pragma clang assume_nonnull begin

// Loads the library: NULL, or why not (malloc'ed, to be freed by the caller). `path` may be NULL: the defaults are tried.
LOBA_OPERATION(char *_Nullable, load_library, NULL, (const char *_Nullable path))
LOBA_OPERATION(const char *_Nullable, library_path, NULL, (void))
// The library's own release, for example "Lua 5.4.4"; NULL before a state has been opened.
LOBA_OPERATION(const char *_Nullable, release_text, NULL, (void))
// Makes the library's symbols visible to C modules. False if that fails.
LOBA_OPERATION(bool, claim_global_symbols, false, (void))
// Whether the engine is linked into the program. If not, a library is loaded.
LOBA_OPERATION(bool, is_static, false, (void))

// Creates a Lua state in a zeroed `state` whose operations, callbacks and context are set.
LOBA_OPERATION(int, open, LOBA_ERROR_CLOSED, (loba_state *state, uint32_t libraries, bool allows_c_modules))
LOBA_OPERATION(void, close, (void)0, (loba_state *state))

LOBA_OPERATION(int, execute, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_source *source, loba_slot *slots, int argument_count,
                int result_count, int *count))
LOBA_OPERATION(int, load, LOBA_ERROR_CLOSED, (loba_state *state, const loba_source *source, loba_reference *function))
LOBA_OPERATION(int, call, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference function, loba_slot *slots, int argument_count, int result_count,
                int *count))
LOBA_OPERATION(int, dump, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference function, bool strip, loba_slot *result))

LOBA_OPERATION(void, release_held, (void)0, (loba_state *state, int mark))
// For tests: how many values lie on the current stack; -1 if the state is closed.
LOBA_OPERATION(int, stack_top, -1, (loba_state *state))
// 0 = out of memory; so for copy_reference.
LOBA_OPERATION(loba_reference, reference, 0, (loba_state *state, int index))
LOBA_OPERATION(loba_reference, copy_reference, 0, (loba_state *state, loba_reference reference))
LOBA_OPERATION(int, string_new, LOBA_ERROR_CLOSED,
               (loba_state *state, const uint8_t *bytes, size_t length, loba_reference *string))
// Fills a slot for the value of a reference; strings in it are good while the reference is.
LOBA_OPERATION(int, describe, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference reference, loba_slot *slot))
// The address that tells the value from others, also after the state has been closed.
LOBA_OPERATION(const void *_Nullable, identity, NULL, (loba_state *state, loba_reference reference))
LOBA_OPERATION(bool, raw_equal, a == b, (loba_state *state, loba_reference a, loba_reference b))
// `how`: 0 ==, 1 <.
LOBA_OPERATION(int, compare, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_slot *a, const loba_slot *b, int how, bool *result))
// As tostring does, with __tostring.
LOBA_OPERATION(int, to_text, LOBA_ERROR_CLOSED, (loba_state *state, const loba_slot *value, loba_slot *result))

LOBA_OPERATION(int, table_new, LOBA_ERROR_CLOSED,
               (loba_state *state, int array_size, int hash_size, loba_reference *table))
// With weak keys or weak values, also where scripts make none.
LOBA_OPERATION(int, weak_table_new, LOBA_ERROR_CLOSED,
               (loba_state *state, bool has_weak_keys, loba_reference *table))
LOBA_OPERATION(int, get, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_location table, const loba_slot *key, loba_slot *result, bool raw))
LOBA_OPERATION(int, set, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_location table, const loba_slot *key, const loba_slot *value, bool raw))
// The same for a name, of a reference that is known to be a table's.
LOBA_OPERATION(int, get_field, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, const uint8_t *name, size_t length, loba_slot *result))
LOBA_OPERATION(int, set_field, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, const uint8_t *name, size_t length, const loba_slot *value))
// SIZE_MAX if another thread uses the state.
LOBA_OPERATION(size_t, raw_length, 0, (loba_state *state, loba_location table))
LOBA_OPERATION(int, length, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference table, loba_slot *result))
LOBA_OPERATION(int, walk, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_location table, loba_visitor visitor, void *context))
// The same for a visitor that runs no Lua code, and makes nothing in Lua but references: cannot fail, but for a runtime
// that is closed.
LOBA_OPERATION(int, scan, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_location table, loba_visitor visitor, void *context))
LOBA_OPERATION(int, clear, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference table))
LOBA_OPERATION(int, get_metatable, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference value, loba_reference *metatable))
// 0 removes it.
LOBA_OPERATION(int, set_metatable, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference value, loba_reference metatable))

// Bulk: `start` is the first index written. Arrays of one type cross at once.
LOBA_OPERATION(int, fill_array, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, size_t start, const loba_slot *values, size_t count))
LOBA_OPERATION(int, fill_pairs, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, const loba_slot *pairs, size_t pair_count))
LOBA_OPERATION(int, array_from_numbers, LOBA_ERROR_CLOSED,
               (loba_state *state, const double *values, size_t count, loba_reference *table))
LOBA_OPERATION(int, array_from_integers, LOBA_ERROR_CLOSED,
               (loba_state *state, const int64_t *values, size_t count, loba_reference *table))
// Reads up to `count` elements from `start` on; returns how many were of the type before the first that was not. How
// long the list is need not be known: a script decides what the length says.
LOBA_OPERATION(size_t, read_numbers, 0,
               (loba_state *state, loba_location table, size_t start, double *values, size_t count))
LOBA_OPERATION(size_t, read_integers, 0,
               (loba_state *state, loba_location table, size_t start, int64_t *values, size_t count))
// Raw.
LOBA_OPERATION(int, read_element, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_location table, size_t index, loba_slot *result))

// Raw, of a list of so many elements; indices from 1. Only a first element more allocates, before any other has moved.
LOBA_OPERATION(int, insert_element, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, size_t index, size_t count, const loba_slot *value))
LOBA_OPERATION(int, remove_element, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, size_t index, size_t count))
// In the functions of a list, which grows by those that they refer to: upvalues that are keys of `by` become the values there.
LOBA_OPERATION(int, redirect_upvalues, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference functions, loba_reference by))
// Element i becomes what has been element order[i], both from 0. Uses `order` up.
LOBA_OPERATION(int, rearrange, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference table, size_t *order, size_t count))

// These take over `box`, also on failure; error_new that of a Swift error.
LOBA_OPERATION(int, function_new, refuse_box(state, box), (loba_state *state, void *box, loba_reference *function))
LOBA_OPERATION(int, accessor_new, refuse_box(state, box), (loba_state *state, void *box, loba_reference *accessor))
LOBA_OPERATION(int, error_new, refuse_box(state, box), (loba_state *state, void *box, loba_reference *error))
// The box that a LOBA_HOST or LOBA_ERROR slot stands for, as long as it is there; else NULL.
LOBA_OPERATION(void *_Nullable, host_box, NULL, (loba_state *state, const loba_slot *slot))
// The box of a function that function_new has made; NULL for any other.
LOBA_OPERATION(void *_Nullable, function_box, NULL, (loba_state *state, loba_location function))
// Where a script has called the function of Swift's that runs, in `source` and `line`, and by which name. False if there is
// no script.
LOBA_OPERATION(bool, call_site, false, (loba_state *state, loba_trace_frame *site))
// A userdata for a Swift value; with an identity (not 0) it is found again by it while it lives. Takes over `box`.
LOBA_OPERATION(int, object_new, refuse_box(state, box),
               (loba_state *state, void *box, uint64_t identity, loba_reference metatable, loba_reference *userdata))
// A userdata of a LOBA_NEW_VALUE slot.
LOBA_OPERATION(int, value_new, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_slot *value, loba_reference *userdata))
// 0 if there is none.
LOBA_OPERATION(int, object_find, LOBA_ERROR_CLOSED, (loba_state *state, uint64_t identity, loba_reference *userdata))
LOBA_OPERATION(int, class_new, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_class *description, loba_reference *metatable))
// A function that compiled code calls a leaf by; 0 where it cannot.
LOBA_OPERATION(int, leaf_new, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_leaf *description, loba_reference *function))
// Lets compiled code find the members of a class: `values` as they are, by tables of leaves the others.
LOBA_OPERATION(int, leaf_members, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference metatable, loba_reference values, loba_reference getters,
                loba_reference setters))

// The userdata for a buffer, which retains it: the same one as long as it lives.
LOBA_OPERATION(int, buffer_new, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_buffer *buffer, loba_reference *userdata))
// The buffer that a LOBA_USERDATA slot stands for, retained for the caller; NULL if it is none of a buffer's.
LOBA_OPERATION(loba_buffer *_Nullable, buffer_of, NULL, (loba_state *state, const loba_slot *slot))

LOBA_OPERATION(int, thread_new, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference function, loba_reference *thread))
// One of LOBA_THREAD_….
LOBA_OPERATION(int, thread_status, LOBA_THREAD_DEAD, (loba_state *state, loba_reference thread))
// Leaves `count` alone if it fails and the coroutine has not been started.
LOBA_OPERATION(int, resume, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference thread, loba_slot *slots, int argument_count, int result_count,
                int *count))
LOBA_OPERATION(int, thread_close, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference thread))
// Resumes a coroutine with an error, raised where it has yielded. A string has to be given by reference.
LOBA_OPERATION(int, thread_throw, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference thread, const loba_slot *error, loba_slot *slots,
                int result_count, int *count))
// 0 if the coroutine has been started.
LOBA_OPERATION(int, thread_function, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference thread, loba_reference *function))

// What functions, levels and variables are. `thread` is 0 for what the host call that runs was called by.
LOBA_OPERATION(int, function_info, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_reference function, loba_function_info *info))
// A table whose keys are the lines that have code; nil for a function that is not of Lua.
LOBA_OPERATION(int, active_lines, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference function, loba_slot *lines))
LOBA_OPERATION(int, stack, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference thread, loba_stack *stack))
LOBA_OPERATION(int, traceback, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference thread, loba_traceback *trace))
// What runs at a level now; NULL if that is nothing.
LOBA_OPERATION(const void *_Nullable, function_at, NULL, (loba_state *state, const loba_frame *frame))
LOBA_OPERATION(int, frame_info, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_frame *frame, loba_function_info *info))
// 0 if the level is that of a call whose function is gone.
LOBA_OPERATION(int, frame_function, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_frame *frame, loba_reference *function))
// Value and name; nothing if there is no such variable.
LOBA_OPERATION(int, get_variable, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_variable *variable, loba_slot *slots, int *count))
LOBA_OPERATION(int, set_variable, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_variable *variable, const loba_slot *value, bool *is_set))

// Takes over `box`, a host function, also on failure: it is called for LOBA_HOOK_… events, from now on and in place of the
// one before.
LOBA_OPERATION(int, hook_begin, refuse_box(state, box), (loba_state *state, void *box, int events, int interval))
// The hook of that box, or any for NULL. False if there is none.
LOBA_OPERATION(bool, hook_end, false, (loba_state *state, const void *_Nullable box))
LOBA_OPERATION(bool, is_hook, false, (loba_state *state, const void *box))

LOBA_OPERATION(int, globals, LOBA_ERROR_CLOSED, (loba_state *state, loba_reference *table))
// `what`: one of LOBA_COLLECT_….
LOBA_OPERATION(int, collect, LOBA_ERROR_CLOSED, (loba_state *state, int what))
// A step of the collector, as though so much had been allocated; and whether a cycle has ended by it.
LOBA_OPERATION(int, collect_step, LOBA_ERROR_CLOSED, (loba_state *state, int kilobytes, bool *ends_cycle))
// `missing`: one of LOBA_COLLECTOR_…, and nothing has been changed; or 0.
LOBA_OPERATION(int, set_collector, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_collector *collector, int *missing))
// Sets how many bytes Lua may use; 0 = no limit. An engine that has to change more for it, and cannot now, does it before
// the next instruction.
LOBA_OPERATION(int, limit_memory, LOBA_ERROR_CLOSED, (loba_state *state, size_t limit))

// Limits what runs from now on until limit_end, which is called once if this has succeeded, innermost first.
LOBA_OPERATION(int, limit_begin, LOBA_ERROR_CLOSED,
               (loba_state *state, const loba_limits *limits, loba_limit_block *before))
LOBA_OPERATION(void, limit_end, (void)0, (loba_state *state, const loba_limit_block *before))
// Fails if a limit is due: for loops over what a script has made, as long as it likes.
LOBA_OPERATION(int, pass_limits, LOBA_ERROR_CLOSED, (loba_state *state))
// Limits every outermost operation, for good. Once.
LOBA_OPERATION(int, limit_calls, LOBA_ERROR_CLOSED, (loba_state *state, const loba_limits *limits))
// Makes the state interruptible, for good: retained for the caller, the same one each time.
LOBA_OPERATION(int, interruption, LOBA_ERROR_CLOSED,
               (loba_state *state, loba_interruption *_Nullable *_Nonnull interruption))

#pragma clang assume_nonnull end
// clang-format on

#undef LOBA_OPERATION
