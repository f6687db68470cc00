// Finding out how an engine lays things out: a state made for it, once per process, in which a function looks at blocks
// whose content it knows. It raises an error if they are not as they should be.

typedef struct layout_probe {
  void *first, *last;  // blocks asked for
  size_t first_size, last_size;
} layout_probe;

static void *allocate_for_probe(void *data, void *block, size_t old_size, size_t size) {
  (void)old_size;
  layout_probe *probe = data;
  if (size == 0) {
    free(block);
    return NULL;
  }
  void *result = realloc(block, size);
  if (block || !result) return result;
  probe->last = result;
  probe->last_size = size;
  if (probe->first) return result;
  probe->first = result;
  probe->first_size = size;
  return result;
}

// The function is given the probe as a light userdata.
static bool is_laid_out(lua_CFunction function) {
  layout_probe probe = {NULL, NULL, 0, 0};
  lua_State *L = loba_newstate(allocate_for_probe, &probe);
  if (!L) return false;
  bool is_as_expected = loba_protected_c_call(L, function, &probe) == 0;
  lua_close(L);
  return is_as_expected;
}
