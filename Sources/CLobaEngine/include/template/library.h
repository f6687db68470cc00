// The engine's library: opened at run time, or linked into the program.

static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;
static char *library_file;

static char release_text[64];  // the library's own release, from the library

static char *message_of(const char *format, ...) {
  char *text = NULL;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&text, format, arguments) < 0) text = NULL;
  va_end(arguments);
  return text ? text : strdup("not enough memory");
}

// PUC Lua carries "$Lua…: Lua 5.4.4  Copyright …".
static void read_release(const char *ident) {
  const char *release = ident ? strstr(ident, "Lua 5") : NULL;
  if (release) snprintf(release_text, sizeof release_text, "%.*s", 4 + (int)strcspn(release + 4, " "), release);
}

// Where the library lies, as the dynamic linker has it; if it has no full path, `otherwise`.
static char *file_of_library(const char *otherwise) {
#if !defined(LOBA_NO_DLINFO)
  Dl_info info;
  if (dladdr((void *)lua_newthread, &info) && info.dli_fname && info.dli_fname[0] == '/') otherwise = info.dli_fname;
#endif
  return strdup(otherwise);
}

static const char *op_library_path(void) {
  pthread_mutex_lock(&library_lock);  // once there, it stays
  const char *path = library_file;
  pthread_mutex_unlock(&library_lock);
  return path;
}

#ifdef LOBA_STATIC
#include "library_static.h"
#else
#include "library_shared.h"
#endif
