#ifndef LOBA_CLUA52_H
#define LOBA_CLUA52_H

#include "loba_engine.h"

#pragma clang assume_nonnull begin

// The operations of this engine: a constant.
const loba_operations *loba_lua52_operations_table(void);

#pragma clang assume_nonnull end

#endif
