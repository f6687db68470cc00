// Lua's allocator: it counts, enforces the limit, fails on demand for tests, and notes what blocks would take long to
// go through.
#include <stdlib.h>
#include <string.h>

#include "include/template/support.h"

// Whether more memory is not to be had: tests count allocations, users set limits, and Loba raises memory errors.
static bool refuses(loba_state *S, size_t size, size_t growth) {
  if (in(S)->refusals && size >= LOBA_REFUSED_SIZE) {
    in(S)->refusals--;  // the error is of what has been denied before
    return true;
  }
  if (S->allocations_left >= 0) {
    S->allocation_count++;
    if (S->allocations_left == 0) return true;
    S->allocations_left--;
  }
  if (S->memory_limit == 0 || S->memory_used + growth <= S->memory_limit) return false;
  S->keys_collide = false;
  return true;
}

// Where limits count instructions the hook is to come sooner: see limits.h.
static inline void hasten_hook(loba_state *S) {
  if (in(S)->limits.armed && in(S)->hasten_hook) in(S)->hasten_hook(S);
}

static void note_block(loba_noted_blocks *blocks, loba_noted_block block) {
  if (blocks->count == blocks->capacity) {
    blocks->capacity = blocks->capacity ? blocks->capacity * 2 : 16;
    blocks->items = realloc(blocks->items, blocks->capacity * sizeof *blocks->items);
    if (!blocks->items) abort();
  }
  blocks->items[blocks->count++] = block;
}

// The index of a block, from the newest on; the count if it is none of them.
static size_t index_of_block(const loba_noted_blocks *blocks, const void *block) {
  for (size_t i = blocks->count; i-- > 0;)
    if (blocks->items[i].block == block) return i;
  return blocks->count;
}

static void note_long_string(loba_state *S, const void *block, size_t size) {
  loba_long_strings *strings = &in(S)->long_strings;
  bool is_sure = in(S)->string_type != 0;
  note_block(&strings->blocks, (loba_noted_block){block, size, is_sure});
  strings->unsure += !is_sure;
  if (size <= strings->longest) return;
  strings->longest = size;
  hasten_hook(S);
}

static void forget_long_string(loba_long_strings *strings, size_t index) {
  loba_noted_blocks *blocks = &strings->blocks;
  if (index == blocks->count) return;
  loba_noted_block removed = blocks->items[index];
  blocks->items[index] = blocks->items[--blocks->count];
  strings->unsure -= !removed.is_sure;
  if (removed.size < strings->longest) return;
  strings->longest = 0;
  for (size_t i = 0; i < blocks->count; i++)
    if (blocks->items[i].size > strings->longest) strings->longest = blocks->items[i].size;
}

// Whatever a string looks like in an engine, its length stands before its bytes.
static bool may_be_string(const loba_noted_block *string) {
  uint32_t words[8];
  memcpy(words, string->block, sizeof words);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if ((uint32_t)string->size - words[i] <= 64) return true;
  return false;
}

void loba_settle_long_strings(loba_state *S) {
  loba_long_strings *strings = &in(S)->long_strings;
  for (size_t i = strings->blocks.count; i-- > 0 && strings->unsure;) {
    loba_noted_block *string = &strings->blocks.items[i];
    if (string->is_sure) continue;
    if (!may_be_string(string)) {
      forget_long_string(strings, i);
      continue;
    }
    string->is_sure = true;
    strings->unsure--;
  }
}

static void start_collector(loba_state *S) {
  in(S)->lowest = in(S)->hastened = S->memory_used;
  in(S)->is_hastened = true;
  in(S)->hasten_collector(S, true);
  if (in(S)->collector_threshold) in(S)->hastened_threshold = *in(S)->collector_threshold;
}

// A whole cycle ends with another threshold. Memory may also be freed before it has begun, as that of a table that has
// grown.
static bool collector_has_run(const loba_state *S) {
  if (in(S)->collector_threshold) return *in(S)->collector_threshold != in(S)->hastened_threshold;
  return S->memory_used < in(S)->hastened;
}

// With a limit of memory on an engine that would find memory short without having collected the garbage first: it is to
// collect when half of what was left after the last time is in use.
static void watch_memory(loba_state *S) {
  size_t used = S->memory_used;
  if (!in(S)->lowest || used < in(S)->lowest) in(S)->lowest = used;
  if (in(S)->is_hastened && collector_has_run(S)) {
    in(S)->is_hastened = false;
    in(S)->hasten_collector(S, false);
  }
  if (in(S)->keeps_garbage || used >= S->memory_limit) return;
  if (used < in(S)->lowest + (S->memory_limit - in(S)->lowest) / 2) return;
  start_collector(S);
}

// How many nodes a block of that size has; 0 if it is no table's, or too small to look at.
static int64_t count_nodes(const loba_state *S, size_t size) {
  size_t node_size = in(S)->node_size;
  if (!node_size || (size -= in(S)->nodes_start) % node_size != 0) return 0;
  size_t count = size / node_size;
  return count >= LOBA_SOME_TABLE && (count & (count - 1)) == 0 ? (int64_t)count : 0;
}

static void forget_nodes(loba_noted_blocks *tables, const void *block) {
  size_t index = index_of_block(tables, block);
  if (index < tables->count) tables->items[index] = tables->items[--tables->count];
}

// Whether it is to be seen to that nothing takes long in one piece: only where memory may be short.
static inline bool watches_time(const loba_state *S) { return in(S)->limits.is_prepared && S->memory_limit; }

// Whether moving a table's keys into a new one would take too long. Where it no longer fits in the processor's nearer
// memory, a step takes twice as long and more.
#define MOST_MOVES 4e7
#define NEAR_MEMORY ((uint64_t)1 << 20)  // bytes
static bool collides(loba_state *S, int64_t new_count) {
  if (!watches_time(S)) return false;
  in(S)->limits.interval = 1;  // many tables that take a while are not to come between two hooks
  hasten_hook(S);
  if (new_count <= LOBA_LARGE_TABLE) return false;
  const loba_noted_blocks *tables = &in(S)->node_tables;
  double most = (uint64_t)new_count * in(S)->node_size > NEAR_MEMORY ? MOST_MOVES / 2 : MOST_MOVES;
  const loba_string_sample *sample = loba_strings_collide(S, LOBA_SOME_PAIRS) ? &in(S)->string_sample : NULL;
  if (sample) most *= loba_leniency(S);
  for (size_t i = tables->count; i-- > 0;) {
    const loba_noted_block *table = &tables->items[i];
    double steps = in(S)->cost_of_moving(sample, table->block, (int64_t)table->size, new_count);
    if (steps <= (table->size == (size_t)new_count ? most * 2 : most)) continue;  // it is rarely that one
    // What is in the way may be garbage, on an engine that finds memory short without having collected it first.
    if (in(S)->hasten_collector && !in(S)->keeps_garbage) start_collector(S);
    return true;
  }
  return false;
}

static bool is_string(const loba_state *S, size_t type) { return type != 0 && type == (size_t)in(S)->string_type; }

// Whether a new block is refused since there are too many strings whose hashes collide: another, or a table that they
// may be moved into. Only where memory may be short.
static bool strings_collide(loba_state *S, size_t type, size_t size) {
  loba_string_sample *sample = &in(S)->string_sample;
  if (!watches_time(S)) return false;
  bool may_be_table = type == 0 && size >= (size_t)LOBA_SMALL_TABLE * LOBA_SMALLEST_NODE;
  if (may_be_table && sample->waiting.count) loba_look_at_waiting_strings(S, size / LOBA_SMALLEST_NODE);
  if (!sample->refuses || !(may_be_table || (is_string(S, type) && size >= sample->least_refused))) return false;
  return loba_strings_collide(S, LOBA_MOST_PAIRS);
}

static int class_of_large(size_t size) {
  int class = 63 - __builtin_clzll((unsigned long long)size) - 20;
  return class < LOBA_LARGE_CLASSES ? class : LOBA_LARGE_CLASSES - 1;
}

static void count_large_blocks(loba_large_blocks *blocks, size_t before, size_t after) {
  if (before >= LOBA_LARGE_BLOCK) blocks->counts[class_of_large(before)]--;
  if (after >= LOBA_LARGE_BLOCK) {
    int class = class_of_large(after);
    blocks->counts[class]++;
    if (class >= blocks->classes) blocks->classes = class + 1;
  }
  while (blocks->classes && !blocks->counts[blocks->classes - 1]) blocks->classes--;
}

static void *deny(loba_state *S) {
  in(S)->denials++;
  in(S)->limits.interval = 1;  // several engines collect all garbage now, which may take long
  hasten_hook(S);
  return NULL;
}

static void *deny_keys(loba_state *S) {
  S->keys_collide = true;
  return deny(S);
}

void *loba_allocator(void *data, void *block, size_t old_size, size_t new_size) {
  loba_state *S = data;
  size_t before = block ? old_size : 0;  // for a new block Lua 5.4 passes its type as the old size
  bool is_limited = (S->memory_limit | (uint64_t)(S->allocations_left + 1) | in(S)->refusals) != 0;
  if (__builtin_expect(is_limited, 0) && new_size > before && refuses(S, new_size, new_size - before)) return deny(S);
  if (__builtin_expect(in(S)->string_sample.is_drawn_from, 0)) {
    if (in(S)->string_sample.fresh) loba_look_at_drawn_string(S);
    if (block)
      loba_forget_string(S, block);
    else if (strings_collide(S, old_size, new_size))
      return deny_keys(S);
  }
  int64_t nodes = 0;
  if (__builtin_expect((new_size | before) >= (size_t)LOBA_SOME_TABLE * LOBA_SMALLEST_NODE, 0)) {
    if (before && count_nodes(S, before) >= LOBA_LARGE_TABLE) forget_nodes(&in(S)->node_tables, block);
    if (!block && !old_size) nodes = count_nodes(S, new_size);  // else it is an object
    if (nodes && collides(S, nodes)) return deny_keys(S);
  }
  void *result;
  loba_long_strings *strings = &in(S)->long_strings;
  if (__builtin_expect(before >= LOBA_LONG_STRING, 0))
    forget_long_string(strings, index_of_block(&strings->blocks, block));
  if (in(S)->base_allocator) {
    result = in(S)->base_allocator(in(S)->base_allocator_data, block, old_size, new_size);
  } else if (new_size == 0) {
    free(block);
    result = NULL;
  } else {
    result = block ? realloc(block, new_size) : malloc(new_size);
  }
  if (result || new_size == 0) {
    S->memory_used += new_size - before;
    if (__builtin_expect((new_size | before) >= LOBA_LARGE_BLOCK, 0))
      count_large_blocks(&in(S)->large_blocks, before, new_size);
    if (__builtin_expect(S->memory_limit != 0, 0)) {
      if (in(S)->hasten_collector) watch_memory(S);
      if (!block && in(S)->knows_strings && old_size == (size_t)in(S)->string_type)
        loba_draw_string(S, result, new_size);
    }
    in(S)->growths += new_size > before;
    if (__builtin_expect(nodes >= LOBA_LARGE_TABLE, 0))
      note_block(&in(S)->node_tables, (loba_noted_block){result, (size_t)nodes, true});
    if (__builtin_expect(new_size >= LOBA_LONG_STRING, 0) && !block && old_size == (size_t)in(S)->string_type)
      note_long_string(S, result, new_size);
  } else if (in(S)->must_allocate && new_size <= 65536) {
    abort();
  } else {
    S->keys_collide = false;
    in(S)->denials++;
  }
  return result;
}
