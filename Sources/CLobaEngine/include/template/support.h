// What the engines' shared implementation needs and Swift does not see.
#ifndef LOBA_SUPPORT_H
#define LOBA_SUPPORT_H

#include <stdatomic.h>

#include "insides.h"

#pragma clang assume_nonnull begin

// Below this much stack, calls from Lua into Swift are refused: room for what Lua's own C code may use before the
// next check (the parser's 200 levels, pattern matching, string buffers) and for a Swift frame or two.
#define LOBA_STACK_RESERVE ((size_t)(112 << 10))
// An allocation of this size or more is refused while `refusals` is not 0.
#define LOBA_REFUSED_SIZE ((size_t)0x70000000)
// Nested calls from Lua into Swift; below the engines' own limit of 200 C calls. LuaJIT has none.
#define LOBA_DEPTH_LIMIT 190

// lua_Alloc: counts, enforces the limit, and fails on demand for tests.
void *_Nullable loba_allocator(void *state, void *_Nullable block, size_t old_size, size_t new_size);

// Something has been written in all blocks: those that are no strings are forgotten.
void loba_settle_long_strings(loba_state *state);

// Strings drawn by chance, of a state whose memory is limited: see loba_strings.c. For the allocator.
void loba_draw_string(loba_state *state, const void *block, size_t size);
void loba_look_at_drawn_string(loba_state *state);
void loba_forget_string(loba_state *state, const void *block);
// NULL if it is not in the sample.
const loba_drawn_string *_Nullable loba_find_string(const loba_string_sample *sample, const void *block);
void loba_look_at_waiting_strings(loba_state *state, size_t nodes);
// Whether so many pairs collide, or somewhat more.
#define LOBA_MOST_PAIRS 5e7
#define LOBA_SOME_PAIRS 4e6
bool loba_strings_collide(loba_state *state, double least);
// 1 and somewhat more, another one each time.
double loba_leniency(loba_state *state);
void loba_strings_free(loba_state *state);

// The references queued by loba_release: a stack of numbers that any thread pushes to and the owner takes whole.
// The links lie in chunks that double in size and never move, one entry for each reference that ever existed.
#define LOBA_RELEASE_CHUNKS 32

struct loba_release_list {
  _Atomic uint32_t head;                          // 0 = empty
  _Atomic uintptr_t chunks[LOBA_RELEASE_CHUNKS];  // uint32_t *
};

// To be walked once by the owner: take, then next until 0.
static inline uint32_t loba_released_take(loba_state *state) {
  struct loba_release_list *list = in(state)->released;
  if (!atomic_load_explicit(&list->head, memory_order_relaxed)) return 0;
  return atomic_exchange_explicit(&list->head, 0, memory_order_acquire);
}
uint32_t loba_released_next(loba_state *state, uint32_t entry, loba_reference *reference);

loba_interruption *loba_interruption_new(void);
// Nanoseconds of a clock that only goes forward.
uint64_t loba_now(void);

// The table of boxes: what records hold and nobody has released.
uint32_t loba_box_add(loba_state *state, void *box, bool is_buffer);
void loba_box_remove(loba_state *state, uint32_t number);
void loba_boxes_release(loba_state *state);

// The lowest address of this thread's stack, 0 until asked for; the variable's address identifies the thread.
extern __thread uintptr_t loba_stack_low __attribute__((visibility("hidden")));
uintptr_t loba_find_stack_low(void);

// The calling thread, and the lowest address that nested calls may reach on its stack.
static inline const void *loba_thread(uintptr_t *stack_limit) {
  uintptr_t low = loba_stack_low;
  if (__builtin_expect(!low, 0)) low = loba_find_stack_low();
  *stack_limit = low + LOBA_STACK_RESERVE;
  return &loba_stack_low;
}

#pragma clang assume_nonnull end

#endif
