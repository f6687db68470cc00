// The plain-C twin of every case: what an expert writes with the C API of one engine and no binding.
#ifndef LOBA_BENCH_TWIN_H
#define LOBA_BENCH_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What one case needs between its runs: a Lua state of its own and what was prepared in it.
typedef struct twin twin;

// One engine's twins. All of them are compiled from ../../template.
typedef struct twin_engine {
  // Opens the shared library that Loba's engine uses. NULL, or what is wrong (malloc'ed).
  char *_Nullable (*_Nonnull load)(const char *_Nonnull library);
  // Prepares a case; NULL if there is none of that name.
  twin *_Nullable (*_Nonnull make)(const char *_Nonnull name);
  // Runs the operation so many times and returns a checksum, which must be that of Loba's side.
  int64_t (*_Nonnull run)(twin *_Nonnull twin, size_t times);
  void (*_Nonnull destroy)(twin *_Nonnull twin);
} twin_engine;

// Sizes that both sides agree on.
#define TWIN_ARRAY_COUNT 100000
#define TWIN_DICTIONARY_COUNT 10000
#define TWIN_LONG_STRING (1 << 20)
#define TWIN_MANY_STRINGS 1024
#define TWIN_VECTOR_COUNT 2000

// Keeps freed memory in the process, so that neither side pays for fresh pages when the layout of the heap happens to
// let the C library give a large block back.
void twin_keep_memory(void);

// The processor time of this thread in nanoseconds: unlike wall time it does not count what other processes take.
uint64_t twin_now(void);

// Where counting instructions begins and ends: a profiler is told to write what it has counted at each call.
void twin_mark(void);

#endif
