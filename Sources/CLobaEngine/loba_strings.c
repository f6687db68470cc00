// Strings whose hashes collide.
//
// On Lua 5.2 and 5.3 hashes leave out bytes of strings from 32 bytes on, so that anyone can make as many as there is
// memory for that fall into the same place of every table, Lua's own table of strings before all. Each that is made
// takes what there are already, where the hook sees it; but a table that grows, a collection or the end of the state
// takes the square of their number in one piece. So while memory is limited a sample of the strings is kept, each drawn
// by chance, with its hash. How many pairs of them share their places says how many pairs of all do, which is what
// going through them takes. Beyond LOBA_MOST_PAIRS no more are handed out: memory counts as short then. From
// LOBA_SOME_PAIRS on the growth of a table asks which strings are its keys (collisions.h), which is all that there is
// on Lua 5.1.
//
// Whoever found out which strings are in the sample could keep only the others, by making one more where it tips the
// scales. So what is too many changes by chance each time that it is asked for, by much more than one string weighs.
//
// From 5.2 on strings of more than 40 bytes are only hashed when they are keys for the first time. Those drawn wait for
// that; before a table grows they are asked for it. Comparing two takes their length, so they are drawn by it.
//
// What is read are the headers of blocks that are alive; that they are those of strings, and look as they do in Lua, is
// tried out first (string_headers.h).
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "include/template/support.h"

#define LENIENCY 0.6
#define STRINGS_DRAWN 1024
#define LEAST_SHARE 32           // so many of them are drawn, and more of long ones
#define FIRST_PLACES 8192        // so many low bits of a hash tell the strings of a large table apart
#define ENOUGH_TO_COUNT 2000     // fewer make no LOBA_SOME_PAIRS
#define GROWTHS_PER_WAITING 16   // nodes of growing tables for which all that wait are looked at, as its part
#define BYTES_PER_COMPARISON 64  // that take as long as going on to the next string

// ---------------------------------------------------------------- sets, by address, with open addressing

static size_t slot_of(const loba_drawn_strings *set, const void *block) {
  return (size_t)(((uint64_t)(uintptr_t)block * 0x9e3779b97f4a7c15u) >> 32) & (set->capacity - 1);
}

static size_t find(const loba_drawn_strings *set, const void *block) {
  size_t slot = slot_of(set, block);
  while (set->items[slot].block && set->items[slot].block != block) slot = (slot + 1) & (set->capacity - 1);
  return slot;
}

static void add(loba_drawn_strings *set, loba_drawn_string string) {
  if (set->count * 2 >= set->capacity) {
    loba_drawn_strings old = *set;
    set->capacity = old.capacity ? old.capacity * 2 : 64;
    set->items = calloc(set->capacity, sizeof *set->items);
    if (!set->items) abort();
    for (size_t i = 0; i < old.capacity; i++)
      if (old.items[i].block) set->items[find(set, old.items[i].block)] = old.items[i];
    free(old.items);
  }
  set->items[find(set, string.block)] = string;
  set->count++;
}

static void take_out(loba_drawn_strings *set, size_t slot) {
  set->count--;
  size_t mask = set->capacity - 1;
  for (size_t next = (slot + 1) & mask; set->items[next].block; next = (next + 1) & mask) {
    size_t home = slot_of(set, set->items[next].block);
    if (((next - home) & mask) < ((next - slot) & mask)) continue;
    set->items[slot] = set->items[next];
    slot = next;
  }
  set->items[slot].block = NULL;
}

// ---------------------------------------------------------------- places

// As many as there are by chance, if all places are alike, count for nothing.
static void settle(loba_string_sample *sample) {
  double by_chance =
      sample->place_count ? (sample->strings * sample->strings - sample->squares) / 2 / (double)sample->place_count : 0;
  sample->colliding = sample->pairs - by_chance;
}

// sign = 1: it is there from now on; -1: no longer.
static void count(loba_string_sample *sample, loba_drawn_string string, int sign) {
  double *place = &sample->places[string.hash & (sample->place_count - 1)];
  if (sign < 0) *place -= string.stands_for;
  sample->pairs += sign * *place * string.stands_for;
  if (sign > 0) *place += string.stands_for;
}

static void count_anew(loba_string_sample *sample, size_t place_count) {
  free(sample->places);
  sample->places = calloc(place_count, sizeof *sample->places);
  if (!sample->places) abort();
  sample->place_count = place_count;
  sample->pairs = 0;
  for (size_t i = 0; i < sample->hashed.capacity; i++)
    if (sample->hashed.items[i].block) count(sample, sample->hashed.items[i], 1);
}

static void note_hashed(loba_string_sample *sample, loba_drawn_string string) {
  add(&sample->hashed, string);
  sample->strings += string.stands_for;
  sample->squares += (double)string.stands_for * string.stands_for;
  if (sample->strings < ENOUGH_TO_COUNT && !sample->place_count) return;
  if (!sample->place_count)
    count_anew(sample, FIRST_PLACES);
  else if (sample->hashed.count > sample->place_count)
    count_anew(sample, sample->place_count * 4);
  else
    count(sample, string, 1);
  settle(sample);
}

static void forget_hashed(loba_string_sample *sample, size_t slot) {
  loba_drawn_string string = sample->hashed.items[slot];
  take_out(&sample->hashed, slot);
  sample->strings -= string.stands_for;
  sample->squares -= (double)string.stands_for * string.stands_for;
  if (!sample->place_count) return;
  count(sample, string, -1);
  settle(sample);
}

double loba_leniency(loba_state *S) { return 1 + LENIENCY * loba_draw(&in(S)->string_sample.chance) / 0x1p31; }

bool loba_strings_collide(loba_state *S, double least) {
  double pairs = in(S)->string_sample.colliding;
  return __builtin_expect(pairs > least, 0) && pairs > least * loba_leniency(S);
}

// ---------------------------------------------------------------- strings

static uint32_t word_at(const void *block, size_t offset) {
  uint32_t word;
  memcpy(&word, (const char *)block + offset, sizeof word);
  return word;
}

static bool is_hashed(const void *block) {
  const uint8_t *bytes = block;
  return bytes[LOBA_STRING_TAG] == LOBA_HASHED_STRING || bytes[LOBA_STRING_HAS_HASH];
}

// What comparing two that share a place takes, in steps from one string to the next.
static size_t comparison(const loba_string_sample *sample, size_t size) {
  return size <= sample->hashed_size ? 1 : 1 + size / BYTES_PER_COMPARISON;
}

// In STRINGS_DRAWN.
static uint32_t share_of(const loba_string_sample *sample, size_t size) {
  size_t share = comparison(sample, size);
  if (share < LEAST_SHARE) return LEAST_SHARE;
  return share < STRINGS_DRAWN ? (uint32_t)share : STRINGS_DRAWN;
}

void loba_draw_string(loba_state *S, const void *block, size_t size) {
  loba_string_sample *sample = &in(S)->string_sample;
  if (loba_draw(&sample->chance) % STRINGS_DRAWN >= share_of(sample, size) || size <= LOBA_STRING_BYTES) return;
  sample->is_drawn_from = true;
  sample->fresh = block;
  sample->fresh_size = size;
}

// Where the allocator is not told what a new block is to be, it is judged by what is written in it.
static bool is_string(const loba_state *S, const void *block, size_t size) {
  if (in(S)->string_type) return true;
  uint64_t length;
  memcpy(&length, (const char *)block + LOBA_STRING_LENGTH, sizeof length);
  return ((const uint8_t *)block)[LOBA_STRING_TAG] == LOBA_HASHED_STRING && length == size - LOBA_STRING_BYTES - 1;
}

// The one drawn last has been filled in.
void loba_look_at_drawn_string(loba_state *S) {
  loba_string_sample *sample = &in(S)->string_sample;
  const void *block = sample->fresh;
  size_t size = sample->fresh_size;
  sample->fresh = NULL;
  if (!is_string(S, block, size)) return;
  double like = (double)STRINGS_DRAWN / share_of(sample, size);
  float stands_for = (float)round(sqrt((double)comparison(sample, size)) * like);
  loba_drawn_string string = {block, word_at(block, LOBA_STRING_HASH), stands_for};
  if (is_hashed(block))
    note_hashed(sample, string);
  else
    add(&sample->waiting, string);
}

const loba_drawn_string *loba_find_string(const loba_string_sample *sample, const void *block) {
  if (!sample->hashed.count) return NULL;
  const loba_drawn_string *string = &sample->hashed.items[find(&sample->hashed, block)];
  return string->block ? string : NULL;
}

void loba_forget_string(loba_state *S, const void *block) {
  loba_string_sample *sample = &in(S)->string_sample;
  if (sample->hashed.count) {
    size_t slot = find(&sample->hashed, block);
    if (sample->hashed.items[slot].block) {
      forget_hashed(sample, slot);
      return;
    }
  }
  if (sample->waiting.count) {
    size_t slot = find(&sample->waiting, block);
    if (sample->waiting.items[slot].block) take_out(&sample->waiting, slot);
  }
}

void loba_look_at_waiting_strings(loba_state *S, size_t nodes) {
  loba_string_sample *sample = &in(S)->string_sample;
  loba_drawn_strings *waiting = &sample->waiting;
  sample->grown += nodes;
  if (sample->grown * GROWTHS_PER_WAITING < waiting->capacity) return;
  sample->grown = 0;
  for (size_t i = 0; i < waiting->capacity; i++)
    while (waiting->items[i].block && is_hashed(waiting->items[i].block)) {
      loba_drawn_string string = waiting->items[i];
      string.hash = word_at(string.block, LOBA_STRING_HASH);
      take_out(waiting, i);
      note_hashed(sample, string);
    }
}

void loba_strings_free(loba_state *S) {
  free(in(S)->string_sample.hashed.items);
  free(in(S)->string_sample.waiting.items);
  free(in(S)->string_sample.places);
}
