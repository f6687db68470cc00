// What every engine's C file includes before its Lua headers.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // vasprintf, dladdr, RTLD_DEEPBIND
#endif
#include <ctype.h>
#include <dlfcn.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support.h"

#ifdef LOBA_STATIC_OTHER
#error                                                                                                                 \
    "LOBA_STATIC names another engine than this one. A build with a static engine has that engine alone: enable its trait and no other"
#endif
