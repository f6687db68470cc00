#ifndef CLUA55_H
#define CLUA55_H

#include "loba_engine.h"

#pragma clang assume_nonnull begin

const loba_operations *loba_lua55_operations_table(void);

#pragma clang assume_nonnull end

#endif
