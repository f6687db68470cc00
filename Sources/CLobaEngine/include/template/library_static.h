// An engine that is linked into the program: there is nothing to open, and no other library can take its place.

#if !defined(__linux__)
#error "LOBA_STATIC works on Linux only"
#endif

// LuaJIT has none.
extern const char lua_ident[] __attribute__((weak));

static bool is_this_program(const char *path) {
  char *asked = realpath(path, NULL), *own = realpath(library_file, NULL);
  bool is_same = asked && own && strcmp(asked, own) == 0;
  free(asked);
  free(own);
  return is_same;
}

static char *op_load_library(const char *path) {
  pthread_mutex_lock(&library_lock);
  if (!library_file) {
    char *program = realpath("/proc/self/exe", NULL);
    read_release(lua_ident);
    library_file = file_of_library(program ? program : "");
    free(program);
  }
  pthread_mutex_unlock(&library_lock);
  if (!path || is_this_program(path)) return NULL;
  return message_of("%s: %s is part of this program (it was built with LOBA_STATIC), which can use no other library",
                    path, LOBA_ENGINE_NAME);
}

// A C module finds what the program exports.
static bool op_claim_global_symbols(void) {
  return dlsym(RTLD_DEFAULT, "lua_newthread") == (void *)lua_newthread &&
         dlsym(RTLD_DEFAULT, "lua_next") == (void *)lua_next;
}

static bool op_is_static(void) { return true; }
