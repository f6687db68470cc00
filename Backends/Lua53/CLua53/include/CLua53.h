#ifndef LOBA_CLUA53_H
#define LOBA_CLUA53_H

#include "loba_engine.h"

#pragma clang assume_nonnull begin

// The operations of this engine: a constant.
const loba_operations *loba_lua53_operations_table(void);

#pragma clang assume_nonnull end

#endif
