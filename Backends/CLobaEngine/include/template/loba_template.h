// The one implementation of the operations, compiled once per engine.
//
// The engine's C file includes its own Lua headers, then api.h, defines what differs (lua54.c has the whole list), and
// includes this. Read in this order; each part uses only those above it.
#include "state.h"
#include "values.h"
#include "protect.h"
#include "crossing.h"
#include "run.h"
#include "tables.h"
#include "bulk.h"
#include "host.h"
#include "objects.h"
#include "threads.h"
#include "throw.h"
#include "libraries.h"
#include "library.h"
#include "lifecycle.h"

static const loba_operations operations = {
    .load_library = op_load_library,
    .library_path = op_library_path,
    .claim_global_symbols = op_claim_global_symbols,
    .open = op_open,
    .close = op_close,
    .execute = op_execute,
    .load = op_load,
    .call = op_call,
    .dump = op_dump,
    .release_held = op_release_held,
    .stack_top = op_stack_top,
    .reference = op_reference,
    .copy_reference = op_copy_reference,
    .string_new = op_string_new,
    .describe = op_describe,
    .identity = op_identity,
    .raw_equal = op_raw_equal,
    .compare = op_compare,
    .to_text = op_to_text,
    .table_new = op_table_new,
    .get = op_get,
    .set = op_set,
    .get_field = op_get_field,
    .set_field = op_set_field,
    .raw_length = op_raw_length,
    .length = op_length,
    .walk = op_walk,
    .scan = op_scan,
    .clear = op_clear,
    .get_metatable = op_get_metatable,
    .set_metatable = op_set_metatable,
    .fill_array = op_fill_array,
    .fill_pairs = op_fill_pairs,
    .array_from_numbers = op_array_from_numbers,
    .array_from_integers = op_array_from_integers,
    .read_numbers = op_read_numbers,
    .read_integers = op_read_integers,
    .read_element = op_read_element,
    .function_new = op_function_new,
    .accessor_new = op_accessor_new,
    .object_new = op_object_new,
    .object_find = op_object_find,
    .class_new = op_class_new,
    .thread_new = op_thread_new,
    .thread_status = op_thread_status,
    .resume = op_resume,
    .thread_close = op_thread_close,
    .thread_throw = op_thread_throw,
    .error_new = op_error_new,
    .host_box = op_host_box,
    .function_box = op_function_box,
    .thread_function = op_thread_function,
    .globals = op_globals,
    .collect = op_collect,
    .limit_memory = op_limit_memory,
    .release_text = op_release_text,
};

const loba_operations *LOBA_OPERATIONS(void) { return &operations; }
