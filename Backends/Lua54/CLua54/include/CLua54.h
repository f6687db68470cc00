#ifndef LOBA_CLUA54_H
#define LOBA_CLUA54_H

#include "loba_engine.h"

#pragma clang assume_nonnull begin

// The operations of this engine: a constant.
const loba_operations *loba_lua54_operations_table(void);

#pragma clang assume_nonnull end

#endif
