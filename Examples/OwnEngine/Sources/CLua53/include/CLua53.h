#ifndef CLUA53_H
#define CLUA53_H

#include "loba_engine.h"

#pragma clang assume_nonnull begin

const loba_operations *loba_lua53_operations_table(void);

#pragma clang assume_nonnull end

#endif
