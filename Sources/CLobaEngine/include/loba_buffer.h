// Buffers: numbers of one type that Swift and any number of Lua states have in common.
//
// A buffer belongs to nobody. Who has it retains it, from any thread, and the last who lets go of it frees it. What its
// elements are, and where, never changes; their values are memory, which nobody guards.
#ifndef LOBA_BUFFER_H
#define LOBA_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// What elements can be: X(Swift's name, type in C, how they cross). One list, from which everything follows.
#define LOBA_BUFFER_ELEMENTS(X)                                                                                        \
  X(Int8, int8_t, SMALL)                                                                                               \
  X(UInt8, uint8_t, SMALL)                                                                                             \
  X(Int16, int16_t, SMALL)                                                                                             \
  X(UInt16, uint16_t, SMALL)                                                                                           \
  X(Int32, int32_t, SMALL)                                                                                             \
  X(UInt32, uint32_t, SMALL)                                                                                           \
  X(Int64, int64_t, SIGNED)                                                                                            \
  X(UInt64, uint64_t, UNSIGNED)                                                                                        \
  X(Int, intptr_t, SIGNED)                                                                                             \
  X(UInt, uintptr_t, UNSIGNED)                                                                                         \
  X(Float, float, FLOAT)                                                                                               \
  X(Double, double, FLOAT)

// No other kind of record has one of these numbers: see template/values.h.
#define LOBA_ELEMENT_FIRST 32

typedef enum loba_element {
  LOBA_ELEMENT_none = LOBA_ELEMENT_FIRST - 1,
#define LOBA_ELEMENT(name, type, crossing) LOBA_ELEMENT_##name,
  LOBA_BUFFER_ELEMENTS(LOBA_ELEMENT)
#undef LOBA_ELEMENT
} loba_element;

#define LOBA_ELEMENT_COUNT 12

typedef struct loba_buffer {
  void *data;
  size_t count;
  loba_element element;
  struct loba_buffer *_Nullable owner;  // of the memory, retained; NULL if it follows this struct
  size_t references;                    // changed by the functions below only
} loba_buffer;

// The name of an element's type in Swift, and the size of its values.
const char *loba_element_name(loba_element element);
size_t loba_element_size(loba_element element);

// A buffer of zeros, or NULL if there is not so much memory.
loba_buffer *_Nullable loba_buffer_new(loba_element element, size_t count);
// A part of a buffer, which shares its memory and keeps it; NULL if memory is short. The part must lie within it.
loba_buffer *_Nullable loba_buffer_slice(loba_buffer *buffer, size_t start, size_t count);
void loba_buffer_retain(loba_buffer *buffer);
void loba_buffer_release(loba_buffer *buffer);

#pragma clang assume_nonnull end
#endif
