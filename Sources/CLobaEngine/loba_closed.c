// The operations of no engine, for a state that is closed and has never been open. A value that belongs to no runtime
// may be read as a type that asks for one: this is what it gets. What has a status is refused as closed, and what has
// none finds nothing.
#include "include/loba_engine.h"

#pragma clang diagnostic ignored "-Wunused-parameter"

static int refuse_box(loba_state *_Nonnull state, void *_Nonnull box) {
  state->callbacks->release(state, box);
  return LOBA_ERROR_CLOSED;
}

#define LOBA_OPERATION(result, name, closed, parameters)                                                               \
  static result closed_##name parameters { return closed; }
#include "include/loba_operations.h"

static const loba_operations operations = {
#define LOBA_OPERATION(result, name, closed, parameters) .name = closed_##name,
#include "include/loba_operations.h"
};

const loba_operations *_Nonnull loba_closed_operations(void) { return &operations; }
