#include "twin.h"

// The twins on Lua 5.1.
const twin_engine *_Nonnull loba_bench_twin_lua51(void);
