// Runs the twins of one engine for another program, which asks line by line:
//
//   prepare NAME    ok, or no if there is no such case
//   run TIMES       the processor time in nanoseconds, and the checksum
//
// SERVED is the function that gives the twins.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin.h"

const twin_engine *SERVED(void);

int main(void) {
  const twin_engine *engine = SERVED();
  twin *twin = NULL;
  char line[256];
  twin_keep_memory();
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    if (!strncmp(line, "prepare ", 8)) {
      if (twin) engine->destroy(twin);
      twin = engine->make(line + 8);
      puts(twin ? "ok" : "no");
    } else if (twin && !strncmp(line, "run ", 4)) {
      uint64_t start = twin_now();
      int64_t sum = engine->run(twin, strtoull(line + 4, NULL, 10));
      printf("%llu %lld\n", (unsigned long long)(twin_now() - start), (long long)sum);
    } else {
      puts("?");
    }
    fflush(stdout);
  }
  if (twin) engine->destroy(twin);
  return 0;
}
