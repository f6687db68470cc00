// The operations of no engine, for a state that is closed and has never been open. A value that belongs to no runtime
// may be read as a type that asks for one: this is what it gets. What has a status is refused as closed, and what has
// none finds nothing.
#include "include/loba_engine.h"

#pragma clang assume_nonnull begin
#pragma clang diagnostic ignored "-Wunused-parameter"

static int refuse_box(loba_state *state, void *box) {
  state->callbacks->release(state, box);
  return LOBA_ERROR_CLOSED;
}

static char *_Nullable closed_load_library(const char *_Nullable path) { return NULL; }
static const char *_Nullable closed_library_path(void) { return NULL; }
static const char *closed_release_text(void) { return "no engine"; }
static bool closed_claim_global_symbols(void) { return false; }
static int closed_open(loba_state *state, uint32_t libraries, bool allows_c_modules) { return LOBA_ERROR_CLOSED; }
static void closed_close(loba_state *state) {}
static int closed_execute(loba_state *state, const loba_source *source, loba_slot *slots, int argument_count,
                          int result_count, int *count) {
  return LOBA_ERROR_CLOSED;
}
static int closed_load(loba_state *state, const loba_source *source, loba_reference *function) {
  return LOBA_ERROR_CLOSED;
}
static int closed_call(loba_state *state, loba_reference function, loba_slot *slots, int argument_count,
                       int result_count, int *count) {
  return LOBA_ERROR_CLOSED;
}
static int closed_dump(loba_state *state, loba_reference function, bool strip, loba_slot *result) {
  return LOBA_ERROR_CLOSED;
}
static void closed_release_held(loba_state *state, int mark) {}
static int closed_stack_top(loba_state *state) { return -1; }
static loba_reference closed_reference(loba_state *state, int index) { return 0; }
static loba_reference closed_copy_reference(loba_state *state, loba_reference reference) { return 0; }
static int closed_string_new(loba_state *state, const uint8_t *bytes, size_t length, loba_reference *string) {
  return LOBA_ERROR_CLOSED;
}
static int closed_describe(loba_state *state, loba_reference reference, loba_slot *slot) { return LOBA_ERROR_CLOSED; }
static const void *_Nullable closed_identity(loba_state *state, loba_reference reference) { return NULL; }
static bool closed_raw_equal(loba_state *state, loba_reference a, loba_reference b) { return a == b; }
static int closed_compare(loba_state *state, const loba_slot *a, const loba_slot *b, int how, bool *result) {
  return LOBA_ERROR_CLOSED;
}
static int closed_to_text(loba_state *state, const loba_slot *value, loba_slot *result) { return LOBA_ERROR_CLOSED; }
static int closed_table_new(loba_state *state, int array_size, int hash_size, loba_reference *table) {
  return LOBA_ERROR_CLOSED;
}
static int closed_get(loba_state *state, loba_location table, const loba_slot *key, loba_slot *result, bool raw) {
  return LOBA_ERROR_CLOSED;
}
static int closed_set(loba_state *state, loba_location table, const loba_slot *key, const loba_slot *value, bool raw) {
  return LOBA_ERROR_CLOSED;
}
static int closed_get_field(loba_state *state, loba_reference table, const uint8_t *name, size_t length,
                            loba_slot *result) {
  return LOBA_ERROR_CLOSED;
}
static int closed_set_field(loba_state *state, loba_reference table, const uint8_t *name, size_t length,
                            const loba_slot *value) {
  return LOBA_ERROR_CLOSED;
}
static size_t closed_raw_length(loba_state *state, loba_location table) { return 0; }
static int closed_length(loba_state *state, loba_reference table, loba_slot *result) { return LOBA_ERROR_CLOSED; }
static int closed_walk(loba_state *state, loba_location table, loba_visitor visitor, void *context) {
  return LOBA_ERROR_CLOSED;
}
static int closed_scan(loba_state *state, loba_location table, loba_visitor visitor, void *context) {
  return LOBA_ERROR_CLOSED;
}
static int closed_clear(loba_state *state, loba_reference table) { return LOBA_ERROR_CLOSED; }
static int closed_get_metatable(loba_state *state, loba_reference value, loba_reference *metatable) {
  return LOBA_ERROR_CLOSED;
}
static int closed_set_metatable(loba_state *state, loba_reference value, loba_reference metatable) {
  return LOBA_ERROR_CLOSED;
}
static int closed_fill_array(loba_state *state, loba_reference table, size_t start, const loba_slot *values,
                             size_t count) {
  return LOBA_ERROR_CLOSED;
}
static int closed_fill_pairs(loba_state *state, loba_reference table, const loba_slot *pairs, size_t pair_count) {
  return LOBA_ERROR_CLOSED;
}
static int closed_array_from_numbers(loba_state *state, const double *values, size_t count, loba_reference *table) {
  return LOBA_ERROR_CLOSED;
}
static int closed_array_from_integers(loba_state *state, const int64_t *values, size_t count, loba_reference *table) {
  return LOBA_ERROR_CLOSED;
}
static size_t closed_read_numbers(loba_state *state, loba_location table, size_t start, double *values, size_t count) {
  return 0;
}
static size_t closed_read_integers(loba_state *state, loba_location table, size_t start, int64_t *values,
                                   size_t count) {
  return 0;
}
static int closed_read_element(loba_state *state, loba_location table, size_t index, loba_slot *result) {
  return LOBA_ERROR_CLOSED;
}
static int closed_function_new(loba_state *state, void *box, loba_reference *function) {
  return refuse_box(state, box);
}
static int closed_accessor_new(loba_state *state, void *box, loba_reference *accessor) {
  return refuse_box(state, box);
}
static int closed_error_new(loba_state *state, void *box, loba_reference *error) { return refuse_box(state, box); }
static void *_Nullable closed_host_box(loba_state *state, const loba_slot *slot) { return NULL; }
static void *_Nullable closed_function_box(loba_state *state, loba_location function) { return NULL; }
static int closed_object_new(loba_state *state, void *box, uint64_t identity, loba_reference metatable,
                             loba_reference *userdata) {
  return refuse_box(state, box);
}
static int closed_object_find(loba_state *state, uint64_t identity, loba_reference *userdata) {
  return LOBA_ERROR_CLOSED;
}
static int closed_class_new(loba_state *state, const loba_class *description, loba_reference *metatable) {
  return LOBA_ERROR_CLOSED;
}
static int closed_thread_new(loba_state *state, loba_reference function, loba_reference *thread) {
  return LOBA_ERROR_CLOSED;
}
static int closed_thread_status(loba_state *state, loba_reference thread) { return LOBA_THREAD_DEAD; }
static int closed_resume(loba_state *state, loba_reference thread, loba_slot *slots, int argument_count,
                         int result_count, int *count) {
  return LOBA_ERROR_CLOSED;
}
static int closed_thread_close(loba_state *state, loba_reference thread) { return LOBA_ERROR_CLOSED; }
static int closed_thread_throw(loba_state *state, loba_reference thread, const loba_slot *error, loba_slot *slots,
                               int result_count, int *count) {
  return LOBA_ERROR_CLOSED;
}
static int closed_thread_function(loba_state *state, loba_reference thread, loba_reference *function) {
  return LOBA_ERROR_CLOSED;
}
static int closed_globals(loba_state *state, loba_reference *table) { return LOBA_ERROR_CLOSED; }
static int closed_collect(loba_state *state, int what) { return LOBA_ERROR_CLOSED; }
static int closed_limit_memory(loba_state *state, size_t limit) { return LOBA_ERROR_CLOSED; }

// In the order of the table, so that the compiler tells of an operation that is missing here.
#pragma clang diagnostic error "-Wmissing-field-initializers"
static const loba_operations operations = {
    closed_load_library, closed_library_path, closed_release_text, closed_claim_global_symbols, closed_open,
    closed_close, closed_execute, closed_load, closed_call, closed_dump, closed_release_held, closed_stack_top,
    closed_reference, closed_copy_reference, closed_string_new, closed_describe,
    closed_identity, closed_raw_equal, closed_compare, closed_to_text, closed_table_new, closed_get, closed_set,
    closed_get_field, closed_set_field, closed_raw_length, closed_length, closed_walk, closed_scan, closed_clear,
    closed_get_metatable, closed_set_metatable, closed_fill_array, closed_fill_pairs, closed_array_from_numbers,
    closed_array_from_integers, closed_read_numbers, closed_read_integers, closed_read_element, closed_function_new,
    closed_accessor_new, closed_error_new, closed_host_box, closed_function_box, closed_object_new, closed_object_find,
    closed_class_new, closed_thread_new, closed_thread_status, closed_resume, closed_thread_close,
    closed_thread_throw, closed_thread_function, closed_globals, closed_collect, closed_limit_memory,
};

const loba_operations *loba_closed_operations(void) { return &operations; }

#pragma clang assume_nonnull end
