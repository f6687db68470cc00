#include "twin.h"

// The twins on LuaJIT.
const twin_engine *_Nonnull loba_bench_twin_luajit(void);
