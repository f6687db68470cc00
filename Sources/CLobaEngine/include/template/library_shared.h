// Opening the engine's shared library.
//
// RTLD_LOCAL and RTLD_DEEPBIND keep the libraries of several engines, which export the same names, apart.

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LOBA_NO_DEEPBIND 1
#endif
#endif
#if !defined(RTLD_DEEPBIND) || defined(LOBA_NO_DEEPBIND)
#define LOBA_DLOPEN_FLAGS (RTLD_NOW | RTLD_LOCAL)
#else
#define LOBA_DLOPEN_FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)
#endif

static void *library_handle;

// Fills the table. NULL, or what is wrong with the library.
static char *bind_library(void *handle, const char *path) {
  char *fields = (char *)&loba_api;
  for (size_t i = 0; i < sizeof loba_symbols / sizeof *loba_symbols; i++) {
    void *address = dlsym(handle, loba_symbols[i].name);
    if (!address) return message_of("%s: is not %s: it has no '%s'", path, LOBA_ENGINE_NAME, loba_symbols[i].name);
    memcpy(fields + loba_symbols[i].offset, &address, sizeof address);
  }
  if (!LOBA_HAS_COMPILER && dlsym(handle, "luaJIT_setmode"))
    return message_of("%s: is LuaJIT, not %s", path, LOBA_ENGINE_NAME);
  return NULL;
}

static char *open_library(const char *path) {
  void *handle = dlopen(path, LOBA_DLOPEN_FLAGS);
  if (!handle) return message_of("%s", dlerror());
  char *problem = bind_library(handle, path);
  if (problem) {
    memset(&loba_api, 0, sizeof loba_api);
    dlclose(handle);
    return problem;
  }
  library_handle = handle;
  read_release(dlsym(handle, "lua_ident"));
  library_file = file_of_library(path);
  return NULL;
}

static char *op_load_library(const char *path) {
  pthread_mutex_lock(&library_lock);
  char *problem = NULL;
  if (library_handle) {
    // One library per engine and process: asking for the one that is loaded is fine, for another is not.
    void *same = path ? dlopen(path, RTLD_NOW | RTLD_NOLOAD) : library_handle;
    if (same != library_handle)
      problem = message_of("%s: %s is in use already, loaded from %s", path, LOBA_ENGINE_NAME, library_file);
    if (path && same) dlclose(same);
  } else if (path) {
    problem = open_library(path);
  } else {
    static const char *const names[] = {LOBA_LIBRARY_NAMES};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
      char *failure = open_library(names[i]);
      if (!failure) {
        free(problem);
        problem = NULL;
        break;
      }
      char *both = problem ? message_of("%s\n%s", problem, failure) : strdup(failure);
      free(problem);
      free(failure);
      problem = both;
    }
  }
  pthread_mutex_unlock(&library_lock);
  return problem;
}

static bool op_claim_global_symbols(void) {
  const char *path = op_library_path();
  return path && dlopen(path, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
}

static bool op_is_static(void) { return false; }
