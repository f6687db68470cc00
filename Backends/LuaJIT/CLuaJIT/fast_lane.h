// The fast lane: leaves that compiled code calls directly.
//
// A call of a C function ends what LuaJIT compiles; a call through an FFI pointer is compiled with the rest. So a leaf
// is a Lua function that looks at the types of its arguments, which costs nothing in compiled code, and calls
// `enter_leaf`. What is not of these types goes to the slow function, an ordinary host function, as does everything
// that a leaf cannot say with a number: NaN sends there, and the host function `after` tells what has happened, or does
// it all if nothing has.
//
// What is passed, pointers included, is in upvalues of these functions alone. The lane is closed to a runtime whose
// scripts could look at them (with the debug library, or the jit library's view of compiled code) and have not been
// given the ffi library, with which they can do all that anyway.

// ---------------------------------------------------------------- the ffi library

static void push_ffi(lua_State *L, loba_state *S) { push_fixed(S, L, AUX_FFI); }

static int require_ffi(lua_State *L) {
  push_ffi(L, lua_touserdata(L, lua_upvalueindex(1)));
  return 1;
}

// The library is at 1. lua_close walks its table of finalizers while they run, and nothing but functions of the library
// holds that. What holds those can be garbage by then, and a finalizer may collect it. So the registry holds the table.
static void keep_finalizers(lua_State *L) {
  static char key;
  lua_pushlightuserdata(L, &key);
  lua_getfield(L, 1, "gc");
  lua_getfenv(L, -1);
  lua_replace(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

static int open_ffi(lua_State *L) {
  lua_settop(L, 0);
  loba_api.luaopen_ffi(L);
  lua_replace(L, 1);
  lua_settop(L, 1);  // it leaves more than it returns
  keep_finalizers(L);
  return 1;
}

// LuaJIT's parser opens the library by itself where it comes to a number like 1LL. Ended in the middle of that by a
// limit of memory or a finalizer's error, LuaJIT may not come back, or it walks a table of finalizers as it closes that
// is freed; opened twice, the library forgets the types of the first time. So it is open in every state from the
// beginning, and scripts have it if they were given it, or by `require`.
static void loba_keep_ffi(lua_State *L, loba_state *S) {
  lua_settop(L, 0);
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  lua_getfield(L, 1, "ffi");
  lua_remove(L, 1);
  if (lua_type(L, 1) == LUA_TTABLE) {
    keep_finalizers(L);
  } else {
    memory_grant grant = grant_memory(S);
    lua_pushcclosure(L, open_ffi, 0);
    int status = lua_pcall(L, 0, 1, 0);
    end_grant(S, grant);
    if (status != 0) lua_error(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_pushnil(L);
    lua_setfield(L, -2, "ffi");
    lua_settop(L, 2);
    lua_remove(L, 1);
  }
  lua_xmove(L, auxiliary_of(S), 1);
  lua_replace(auxiliary_of(S), AUX_FFI);
  if (!push_library(L, "package")) return;
  lua_getfield(L, -1, "preload");
  if (lua_type(L, -1) != LUA_TTABLE) return;
  lua_getfield(L, -1, "ffi");
  if (lua_tocfunction(L, -1) != loba_api.luaopen_ffi) return;
  lua_pushlightuserdata(L, S);
  lua_pushcclosure(L, require_ffi, 1);
  lua_setfield(L, -3, "ffi");
}

// ---------------------------------------------------------------- entering a leaf

// Where the metatable of a userdata is, before its bytes: how far; negative if it takes four bytes and not eight.
// LuaJIT does not tell, so it is looked for, and 0 if it is not found.
static _Atomic int metatable_distance;

static inline bool has_metatable(const void *object, const void *metatable) {
  int distance = atomic_load_explicit(&metatable_distance, memory_order_relaxed);
  if (__builtin_expect(distance > 0, 1)) return *(const void *const *)((const char *)object - distance) == metatable;
  return *(const uint32_t *)(const void *)((const char *)object + distance) == (uintptr_t)metatable;
}

// Compiled code cannot be unwound: a backtrace that is taken in a leaf (Swift Testing takes one where an error is
// thrown) would end the process there. So it ends here.
#if defined(__x86_64__)
#define END_OF_BACKTRACES() __asm__ volatile(".cfi_undefined rip")
#elif defined(__aarch64__)
#define END_OF_BACKTRACES() __asm__ volatile(".cfi_undefined x30")
#else
#define END_OF_BACKTRACES() ((void)0)
#endif

static double enter_leaf(void *context, void *metatable, void *object, double a, double b, double c, double d) {
  END_OF_BACKTRACES();
  loba_record *record = context;
  if (!record || record->magic != RECORD_MAGIC || record->self != record || !record->box) return __builtin_nan("");
  loba_state *S = record->state;
  if (!in(S)->current || (uintptr_t)__builtin_frame_address(0) < in(S)->stack_limit) return __builtin_nan("");
  if (metatable) {
    // Without its object the leaf does nothing, and leaves just that to be told.
    loba_record *holder = object && has_metatable(object, metatable) ? object : NULL;
    if (holder && ((loba_value *)object)->key == VALUE_KEY(object))
      object = (char *)object + LOBA_IN_PLACE;
    else
      object = holder && holder->magic == RECORD_MAGIC && holder->self == holder ? holder->box : NULL;
  }
  void *current = in(S)->current;
  in(S)->current = NULL;
  double result = S->callbacks->leaf(S, record->box, object, a, b, c, d);
  in(S)->current = current;
  return result;
}

// ---------------------------------------------------------------- making functions

// The parts that all functions of the lane need, at AUX_LEAVES: those of the base library (before a script can have
// changed it), then those that the ffi library has made. While a limit keeps the compiler off, the lane is
// closed: LuaJIT does not come back from some refusals in its FFI.
enum { LANE_TYPE = 1, LANE_GETMETATABLE, LANE_IS_OPEN, LANE_CALL, LANE_POINTER };

static bool loba_lane_is_open(loba_state *S) {
  return S->has_fast_lane && in(S)->lane_is_safe && !keeps_compiler_off(S);
}

static void loba_prepare_lane(lua_State *L, loba_state *S, bool is_open) {
  if (!S->has_fast_lane || !in(S)->lane_is_safe) return;
  if (!is_open) loba_open_library(L, "", luaopen_base);
  int top = lua_gettop(L);
  lua_createtable(L, LANE_POINTER, 0);
  loba_push_globals(L);
  lua_getfield(L, -1, "type");
  lua_rawseti(L, top + 1, LANE_TYPE);
  lua_getfield(L, -1, "getmetatable");
  lua_rawseti(L, top + 1, LANE_GETMETATABLE);
  lua_settop(L, top + 1);
  lua_xmove(L, auxiliary_of(S), 1);
  lua_replace(auxiliary_of(S), AUX_LEAVES);
  in(S)->lane_is_open = 1;
}

static void compile(lua_State *L, loba_state *S, loba_job *job, const char *text) {
  loba_source source = {(const uint8_t *)text, strlen(text), "=" OWN_CHUNK, LOBA_MODE_TEXT, false, 0};
  load_source(L, S, job, &source);
}

// Looks at two userdata that differ in their metatables.
static void find_metatables(lua_State *L) {
  if (atomic_load_explicit(&metatable_distance, memory_order_relaxed)) return;
  int top = lua_gettop(L), found = -1;
  const char *object[2];
  uint64_t address[2];
  for (int i = 0; i < 2; i++) {
    object[i] = lua_newuserdata(L, 8);
    lua_createtable(L, 0, 0);
    address[i] = (uintptr_t)lua_topointer(L, -1);
    lua_setmetatable(L, -2);
  }
  bool is_wide = address[0] >> 32 && address[1] >> 32;
  int width = is_wide ? 8 : 4, count = 0;
  for (int distance = width; distance <= 24; distance += width) {
    uint64_t words[2] = {0, 0};
    for (int i = 0; i < 2; i++) memcpy(&words[i], object[i] - distance, (size_t)width);
    if (words[0] != address[0] || words[1] != address[1]) continue;
    found = distance;
    count++;
  }
  lua_settop(L, top);
  if (count != 1) return;
  atomic_store_explicit(&metatable_distance, is_wide ? found : -found,
                        memory_order_relaxed);  // the same for every state
}

// Pushes the table of parts.
static void push_lane(lua_State *L, loba_state *S, loba_job *job) {
  push_fixed(S, L, AUX_LEAVES);
  lua_rawgeti(L, -1, LANE_POINTER);
  bool is_ready = lua_type(L, -1) != LUA_TNIL;
  lua_pop(L, 1);
  if (is_ready) return;
  int lane = lua_gettop(L);
  compile(
      L, S, job,
      "local ffi, entry, is_open = ... "
      "return ffi.cast('int32_t *', is_open),"
      " ffi.cast('double (*)(void *, void *, void *, double, double, double, double)', entry), ffi.typeof('void *')");
  push_ffi(L, S);
  lua_pushlightuserdata(L, (void *)enter_leaf);
  lua_pushlightuserdata(L, &in(S)->lane_is_open);
  lua_call(L, 3, 3);
  for (int i = LANE_POINTER; i >= LANE_IS_OPEN; i--) lua_rawseti(L, lane, i);
  find_metatables(L);
}

// The text of a leaf's function.
static void write_leaf(char *text, size_t size, const loba_leaf *leaf) {
  char names[64] = "", values[160] = "", tests[256] = "is_open[0] ~= 0";
  const char *sep = "";
  size_t n = 0, v = 0, t = strlen(tests);
  if (leaf->metatable) {
    n += (size_t)snprintf(names, sizeof names, "self");
    t += (size_t)snprintf(tests + t, sizeof tests - t, " and type(self) == 'userdata' and getmetatable(self) == false");
    sep = ", ";
  }
  int count = (int)strlen(leaf->arguments);
  for (int i = 0; i < LOBA_LEAF_ARGUMENTS; i++) {
    if (i >= count) {
      v += (size_t)snprintf(values + v, sizeof values - v, ", 0");
      continue;
    }
    bool is_boolean = leaf->arguments[i] == 'b';
    n += (size_t)snprintf(names + n, sizeof names - n, "%sa%d", sep, i);
    v += (size_t)snprintf(values + v, sizeof values - v, is_boolean ? ", a%d and 1 or 0" : ", a%d", i);
    t += (size_t)snprintf(tests + t, sizeof tests - t, " and type(a%d) == '%s'", i, is_boolean ? "boolean" : "number");
    sep = ", ";
  }
  // What objects are known by is to stay while there is the function: another table, of something that is no object of
  // Swift, could come to be where it was. So the function has it as `kept`, and asks for it where that costs nothing.
  char ending[128];
  // A method can be called without its object, and the message is to say so.
  const char *given = leaf->is_method ? "..." : names;
  snprintf(ending, sizeof ending, leaf->metatable ? "if kept then return after(%s) end" : "return after(%s)", given);
  snprintf(text, size,
           "local type, getmetatable, is_open, call, pointer, context, metatable, kept, after, slow = ... "
           "local context, metatable = pointer(context), pointer(metatable) "
           "return function(%s) %s%s%s if %s then "
           "local r = call(context, metatable, %s%s) "
           "if r == r then return %s end %s end return slow(%s) end",
           given, leaf->is_method ? "local " : "", leaf->is_method ? names : "", leaf->is_method ? " = ..." : "", tests,
           leaf->metatable ? "self" : "nil", values,
           leaf->result == 'n'   ? "r"
           : leaf->result == 'b' ? "r ~= 0"
                                 : "",
           ending, given);
}

// Pushes the function, or nil if compiled code is not to be had.
static int run_leaf_new(lua_State *L, loba_state *S, loba_job *base) {
  const loba_leaf *leaf = ((leaf_job *)base)->leaf;
  char text[1024];
  lua_pushcclosure(L, original_jit_status, 0);
  lua_call(L, 0, 1);
  bool is_on = lua_toboolean(L, -1);
  lua_settop(L, 0);
  push_lane(L, S, base);  // at 1
  if (!is_on || (leaf->metatable && !atomic_load_explicit(&metatable_distance, memory_order_relaxed))) {
    lua_pushnil(L);
    return 1;
  }
  write_leaf(text, sizeof text, leaf);
  compile(L, S, base, text);
  for (int i = LANE_TYPE; i <= LANE_POINTER; i++) lua_rawgeti(L, 1, i);
  push_reference(S, L, leaf->after);
  int after = lua_gettop(L);
  if (lua_tocfunction(L, after) != trampoline || !lua_getupvalue(L, after, 1)) return luaL_error(L, "not a leaf");
  lua_pushlightuserdata(L, lua_touserdata(L, -1));
  lua_replace(L, after + 1);
  if (leaf->metatable) {
    push_reference(S, L, leaf->metatable);
    lua_pushlightuserdata(L, (void *)(uintptr_t)lua_topointer(L, -1));
    lua_insert(L, -2);
  } else {
    lua_pushlightuserdata(L, NULL);
    lua_pushnil(L);
  }
  lua_pushvalue(L, after);
  lua_remove(L, after);
  push_reference(S, L, leaf->slow);
  lua_call(L, 10, 1);
  ((leaf_job *)base)->is_made = true;
  return 1;
}

static int run_leaf_members(lua_State *L, loba_state *S, loba_job *base) {
  const members_job *job = (const members_job *)base;
  push_reference(S, L, job->metatable);
  compile(L, S, base,
          "local values, getters, slow = ... return function(self, key) "
          "local value = values[key] if value ~= nil then return value end "
          "local get = getters[key] if get then return get(self) end "
          "return slow(self, key) end");
  push_reference(S, L, job->values);
  push_reference(S, L, job->getters);
  lua_getfield(L, 1, "__index");
  lua_call(L, 3, 1);
  compile(L, S, base,
          "local setters, slow = ... return function(self, key, value) "
          "local set = setters[key] if set then return set(self, value) end "
          "return slow(self, key, value) end");
  push_reference(S, L, job->setters);
  lua_getfield(L, 1, "__newindex");
  lua_call(L, 2, 1);
  lua_setfield(L, 1, "__newindex");
  lua_setfield(L, 1, "__index");
  lua_settop(L, 0);
  return 0;
}
