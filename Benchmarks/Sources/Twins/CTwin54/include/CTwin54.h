#include "twin.h"

// The twins on Lua 5.4.
const twin_engine *_Nonnull loba_bench_twin_lua54(void);
