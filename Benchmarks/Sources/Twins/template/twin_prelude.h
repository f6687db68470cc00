// What every engine's file needs before the table of functions.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef RTLD_DEEPBIND
#define TWIN_DLOPEN_FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)
#else
#define TWIN_DLOPEN_FLAGS (RTLD_NOW | RTLD_LOCAL)
#endif
