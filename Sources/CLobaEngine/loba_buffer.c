// The memory of buffers.
#include "include/loba_buffer.h"

#include <stdlib.h>

// More than this no process can have, and tools that watch over memory end it for asking.
#define SIZE_LIMIT (sizeof(void *) == 8 ? (size_t)1 << 47 : (size_t)PTRDIFF_MAX)

// In front of the elements, so that these are aligned as malloc aligns.
#define HEADER_SIZE ((sizeof(loba_buffer) + 15) & ~(size_t)15)

static const struct {
  const char *name;
  size_t size;
} elements[] = {
#define LOBA_ELEMENT(name, type, crossing) {#name, sizeof(type)},
    LOBA_BUFFER_ELEMENTS(LOBA_ELEMENT)
#undef LOBA_ELEMENT
};

_Static_assert(sizeof elements / sizeof *elements == LOBA_ELEMENT_COUNT, "the list has another length");

const char *loba_element_name(loba_element element) { return elements[element - LOBA_ELEMENT_FIRST].name; }

size_t loba_element_size(loba_element element) { return elements[element - LOBA_ELEMENT_FIRST].size; }

loba_buffer *loba_buffer_new(loba_element element, size_t count) {
  size_t size;
  if (__builtin_mul_overflow(count, loba_element_size(element), &size) || size > SIZE_LIMIT - HEADER_SIZE) return NULL;
  loba_buffer *buffer = calloc(1, HEADER_SIZE + size);
  if (!buffer) return NULL;
  *buffer = (loba_buffer){(char *)buffer + HEADER_SIZE, count, element, NULL, 1};
  return buffer;
}

loba_buffer *loba_buffer_slice(loba_buffer *whole, size_t start, size_t count) {
  loba_buffer *owner = whole->owner ? whole->owner : whole;  // so that slices of slices make no chain
  loba_buffer *buffer = malloc(sizeof *buffer);
  if (!buffer) return NULL;
  loba_buffer_retain(owner);
  void *data = (char *)whole->data + start * loba_element_size(whole->element);
  *buffer = (loba_buffer){data, count, whole->element, owner, 1};
  return buffer;
}

void loba_buffer_retain(loba_buffer *buffer) { __atomic_fetch_add(&buffer->references, 1, __ATOMIC_RELAXED); }

void loba_buffer_release(loba_buffer *buffer) {
  // What others have written before they let go of it has happened before it is freed.
  if (__atomic_fetch_sub(&buffer->references, 1, __ATOMIC_ACQ_REL) != 1) return;
  loba_buffer *owner = buffer->owner;
  free(buffer);
  if (owner) loba_buffer_release(owner);
}
