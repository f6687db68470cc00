// The parts of a state that need no Lua: the arena, the queue of released references, stack bounds.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/template/support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void free_arena(loba_arena *arena);

// ---------------------------------------------------------------- state

#define SLOT_FRAMES 8

loba_state *loba_state_new(const loba_operations *operations, const loba_callbacks *callbacks) {
  loba_state *S = calloc(1, sizeof(loba_whole_state));
  loba_slot *slots = calloc(SLOT_FRAMES * LOBA_SLOT_FRAME, sizeof *slots);
  struct loba_release_list *released = calloc(1, sizeof *released);
  if (!S || !slots || !released) abort();  // as Swift itself does when malloc fails
  S->operations = operations;
  S->callbacks = callbacks;
  in(S)->released = released;
  S->slot_top = slots;
  S->slot_end = slots + SLOT_FRAMES * LOBA_SLOT_FRAME;
  S->allocations_left = -1;
  in(S)->limits.block =
      (loba_limit_block){INT64_MAX, UINT64_MAX, INT64_MAX, UINT64_MAX, LOBA_DEPTH_LIMIT, LOBA_NO_LIMIT};
  in(S)->limits.end = INT64_MAX;
  in(S)->limits.deadline = UINT64_MAX;
  in(S)->limits.call = (loba_limits){LOBA_NO_LIMIT, LOBA_NO_LIMIT, LOBA_NO_LIMIT, LOBA_NO_LIMIT};
  return S;
}

bool loba_is_closed(const loba_state *S) {
  return !__atomic_load_n(&in(S)->main, __ATOMIC_RELAXED) || __atomic_load_n(&in(S)->closing, __ATOMIC_RELAXED);
}

int loba_depth(const loba_state *S) { return in(S)->depth; }

void *loba_begin_leaf(loba_state *S) {
  void *current = in(S)->current;
  in(S)->current = NULL;
  return current;
}

void loba_end_leaf(loba_state *S, void *current) { in(S)->current = current; }

bool loba_is_in_leaf(const loba_state *S) { return in(S)->main && !in(S)->current; }

bool loba_is_idle(const loba_state *S) {
  return in(S)->entered == 0 && in(S)->depth == 0 && !S->wide &&
         S->slot_end - S->slot_top == SLOT_FRAMES * LOBA_SLOT_FRAME;
}

size_t loba_memory_limit(const loba_state *S) {
  return in(S)->has_limit_to_come ? in(S)->limit_to_come : S->memory_limit;
}

// ---------------------------------------------------------------- limits

int loba_stop_reason(const loba_state *S) { return in(S)->limits.stopped; }

const loba_traceback *loba_keep_traceback(loba_state *S) {
  loba_traceback *kept = S->traceback;
  S->traceback = S->kept_traceback;
  S->kept_traceback = kept;
  if (S->traceback) S->traceback->count = 0;
  return kept;
}

const loba_traceback *loba_stop_place(const loba_state *S) { return in(S)->limits.place; }

loba_interruption *loba_interruption_new(void) {
  loba_interruption *interruption = calloc(1, sizeof *interruption);
  if (!interruption) abort();
  interruption->references = 1;
  return interruption;
}

loba_interruption *loba_interruption_retain(loba_interruption *interruption) {
  __atomic_fetch_add(&interruption->references, 1, __ATOMIC_RELAXED);
  return interruption;
}

void loba_interruption_release(loba_interruption *interruption) {
  if (__atomic_sub_fetch(&interruption->references, 1, __ATOMIC_ACQ_REL) == 0) free(interruption);
}

void loba_interruption_request(loba_interruption *interruption, bool is_requested) {
  __atomic_store_n(&interruption->is_requested, is_requested, __ATOMIC_RELEASE);
}

bool loba_interruption_is_requested(const loba_interruption *interruption) {
  return __atomic_load_n(&interruption->is_requested, __ATOMIC_RELAXED);
}

uint64_t loba_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// ---------------------------------------------------------------- released references

static uint32_t entry_of(loba_reference reference) {
  return reference > 0 ? (uint32_t)reference * 2 : (uint32_t)-reference * 2 + 1;
}

static uint32_t *link_of(struct loba_release_list *list, uint32_t entry) {
  int chunk = 31 - __builtin_clz(entry);
  uintptr_t links = atomic_load_explicit(&list->chunks[chunk], memory_order_acquire);
  if (!links) {
    uintptr_t fresh = (uintptr_t)calloc((size_t)1 << chunk, sizeof(uint32_t));
    if (!fresh) abort();
    if (atomic_compare_exchange_strong(&list->chunks[chunk], &links, fresh)) {
      links = fresh;
    } else {
      free((void *)fresh);
    }
  }
  return (uint32_t *)links + (entry - (1u << chunk));
}

void loba_release(loba_state *S, loba_reference reference) {
  if (!reference) return;
  struct loba_release_list *list = in(S)->released;
  uint32_t entry = entry_of(reference);
  uint32_t *link = link_of(list, entry);
  uint32_t head = atomic_load_explicit(&list->head, memory_order_relaxed);
  do {
    *link = head;
  } while (
      !atomic_compare_exchange_weak_explicit(&list->head, &head, entry, memory_order_release, memory_order_relaxed));
}

uint32_t loba_released_next(loba_state *S, uint32_t entry, loba_reference *reference) {
  *reference = (entry & 1) ? -(loba_reference)(entry / 2) : (loba_reference)(entry / 2);
  return *link_of(in(S)->released, entry);
}

// ---------------------------------------------------------------- exposed states

// How long another thread's operation waits: in yields, then in naps.
#define CLAIM_YIELDS 100
#define CLAIM_NAPS 2000
#define CLAIM_NAP_NANOSECONDS 100000

static const void *this_thread(void) { return &loba_stack_low; }

void loba_expose(loba_state *S) {
  if (S->is_exposed) return;
  // The operations that are under way count as claims: each leaves one.
  in(S)->claims = in(S)->entered;
  __atomic_store_n(&in(S)->claimant, in(S)->entered ? this_thread() : NULL, __ATOMIC_RELEASE);
  S->is_exposed = true;
}

bool loba_claim(loba_state *S) {
  const void *thread = this_thread();
  if (__atomic_load_n(&in(S)->claimant, __ATOMIC_RELAXED) == thread) {
    in(S)->claims++;
    return true;
  }
  for (int i = 0; i < CLAIM_YIELDS + CLAIM_NAPS; i++) {
    const void *nobody = NULL;
    if (__atomic_compare_exchange_n(&in(S)->claimant, &nobody, thread, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
      in(S)->claims = 1;
      return true;
    }
    if (i < CLAIM_YIELDS)
      sched_yield();
    else
      nanosleep(&(struct timespec){0, CLAIM_NAP_NANOSECONDS}, NULL);
  }
  return false;
}

void loba_unclaim(loba_state *S) {
  if (--in(S)->claims == 0) __atomic_store_n(&in(S)->claimant, NULL, __ATOMIC_RELEASE);
}

loba_keeping *loba_keeping_new(void) {
  loba_keeping *keeping = calloc(1, sizeof *keeping);
  if (!keeping) abort();
  return keeping;
}

void loba_keeping_add(loba_keeping *keeping, loba_reference reference) {
  if (keeping->count == keeping->capacity) {
    keeping->capacity = keeping->capacity ? keeping->capacity * 2 : 8;
    keeping->references = realloc(keeping->references, keeping->capacity * sizeof *keeping->references);
    if (!keeping->references) abort();
  }
  keeping->references[keeping->count++] = reference;
}

void loba_keeping_free(loba_keeping *keeping, loba_state *S) {
  for (size_t i = 0; i < keeping->count; i++) loba_release(S, keeping->references[i]);
  free(keeping->references);
  free_arena(&keeping->bytes);
  free(keeping);
}

// ---------------------------------------------------------------- references of writers

int32_t loba_own(loba_state *S, loba_reference reference) {
  if (in(S)->owned_count == in(S)->owned_capacity) {
    in(S)->owned_capacity = in(S)->owned_capacity ? in(S)->owned_capacity * 2 : 16;
    in(S)->owned_references = realloc(in(S)->owned_references, (size_t)in(S)->owned_capacity * sizeof(int32_t));
    if (!in(S)->owned_references) abort();
  }
  in(S)->owned_references[in(S)->owned_count] = reference;
  return in(S)->owned_count++;
}

void loba_disown(loba_state *S, int32_t mark) {
  while (in(S)->owned_count > mark) loba_release(S, in(S)->owned_references[--in(S)->owned_count]);
}

void loba_state_free(loba_state *S) {
  for (int i = 0; i < LOBA_RELEASE_CHUNKS; i++) free((void *)in(S)->released->chunks[i]);
  free(in(S)->released);
  free_arena(&S->arguments);
  free_arena(&S->results);
  free(in(S)->free_references);
  free(in(S)->owned_references);
  free(in(S)->boxes);
  free(in(S)->long_strings.blocks.items);
  free(in(S)->node_tables.items);
  loba_strings_free(S);
  free(in(S)->identities);
  free(in(S)->warning);
  free(S->traceback);
  free(S->kept_traceback);
  free(in(S)->limits.place);
  if (in(S)->limits.interruption) loba_interruption_release(in(S)->limits.interruption);
  free(S->slot_end - SLOT_FRAMES * LOBA_SLOT_FRAME);
  free(S);
}

// ---------------------------------------------------------------- arena

#define ARENA_CHUNK 4000

void *loba_arena_allocate_slowly(loba_arena *arena, size_t size) {
  size_t capacity = size > ARENA_CHUNK ? size : ARENA_CHUNK;
  loba_arena_chunk *chunk = malloc(sizeof *chunk + capacity);
  if (!chunk) abort();
  chunk->previous = arena->chunk;
  chunk->capacity = capacity;
  arena->chunk = chunk;
  arena->next = chunk->bytes + size;
  arena->end = chunk->bytes + capacity;
  return chunk->bytes;
}

// Frees every chunk newer than the mark; the oldest chunk is kept, empty, if the mark is from before it.
void loba_arena_reset_slowly(loba_arena *arena, loba_arena_mark mark) {
  loba_arena_chunk *chunk;
  while ((chunk = arena->chunk)) {
    if (!mark.next && !chunk->previous && chunk->capacity == ARENA_CHUNK) mark.next = chunk->bytes;
    arena->end = chunk->bytes + chunk->capacity;
    if (mark.next >= chunk->bytes && mark.next <= arena->end) break;
    arena->chunk = chunk->previous;
    free(chunk);
  }
  if (!chunk) arena->end = NULL;
  arena->next = chunk ? mark.next : NULL;
}

static void free_arena(loba_arena *arena) {
  loba_arena_reset_slowly(arena, (loba_arena_mark){NULL});
  free(arena->chunk);
}

loba_slot *loba_reserve_results(loba_call_frame *frame, size_t count) {
  if (count > LOBA_SLOT_FRAME) frame->results = loba_arena_allocate(&frame->state->results, count * sizeof(loba_slot));
  frame->result_count = (int32_t)count;
  return frame->results;
}

// ---------------------------------------------------------------- boxes

uint32_t loba_box_add(loba_state *S, void *box, bool is_buffer) {
  uint32_t number;
  if (in(S)->box_free) {
    number = in(S)->box_free - 1;
    in(S)->box_free = in(S)->boxes[number].next_free;
  } else {
    if (in(S)->box_count == in(S)->box_capacity) {
      in(S)->box_capacity = in(S)->box_capacity ? in(S)->box_capacity * 2 : 16;
      in(S)->boxes = realloc(in(S)->boxes, in(S)->box_capacity * sizeof *in(S)->boxes);
      if (!in(S)->boxes) abort();
    }
    number = in(S)->box_count++;
  }
  in(S)->boxes[number] = (loba_box){box, 0, is_buffer};
  return number;
}

void loba_box_remove(loba_state *S, uint32_t number) {
  in(S)->boxes[number] = (loba_box){NULL, in(S)->box_free, false};
  in(S)->box_free = number + 1;
  S->released_boxes++;
}

void loba_boxes_release(loba_state *S) {
  for (uint32_t i = 0; i < in(S)->box_count; i++) {
    void *box = in(S)->boxes[i].box;
    if (!box) continue;
    bool is_buffer = in(S)->boxes[i].is_buffer;
    loba_box_remove(S, i);
    if (is_buffer)
      loba_buffer_release(box);
    else
      S->callbacks->release(S, box);
  }
}

// ---------------------------------------------------------------- threads

__thread uintptr_t loba_stack_low;

uintptr_t loba_find_stack_low(void) {
#if defined(__APPLE__)
  pthread_t self = pthread_self();
  loba_stack_low = (uintptr_t)pthread_get_stackaddr_np(self) - pthread_get_stacksize_np(self);
#else
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void *low;
    size_t size, guard;
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_getguardsize(&attributes, &guard);
    loba_stack_low = (uintptr_t)low + guard;
    pthread_attr_destroy(&attributes);
  } else {
    loba_stack_low = (uintptr_t)__builtin_frame_address(0) - (128 << 10);  // a cautious guess
  }
#endif
  return loba_stack_low;
}

size_t loba_stack_left(void) {
  uintptr_t limit;
  loba_thread(&limit);
  return (uintptr_t)__builtin_frame_address(0) - (limit - LOBA_STACK_RESERVE);
}

// ---------------------------------------------------------------- names of nothing

static __thread char missing_name[52];

void loba_note_missing(const uint8_t *name, size_t length) {
  if (length >= sizeof missing_name) length = sizeof missing_name - 1;
  if (length) memcpy(missing_name, name, length);
  missing_name[length] = 0;
}

const char *loba_missing(void) { return missing_name; }
