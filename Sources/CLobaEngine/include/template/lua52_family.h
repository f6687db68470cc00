// What Lua 5.2 to 5.5 have in common and Lua 5.1 and LuaJIT have not. Included after api.h. What the C API of one
// version has and another has not is told from the version of the headers.

#define lua_callk loba_api.lua_callk
#define lua_pcallk loba_api.lua_pcallk
#define lua_yieldk loba_api.lua_yieldk
#define lua_pushthread loba_api.lua_pushthread
#define lua_tonumberx loba_api.lua_tonumberx
#define lua_tointegerx loba_api.lua_tointegerx
#define lua_rawlen loba_api.lua_rawlen
#define lua_copy loba_api.lua_copy
#define lua_compare loba_api.lua_compare
#define lua_len loba_api.lua_len
#define luaL_requiref loba_api.luaL_requiref
#define luaL_tolstring loba_api.luaL_tolstring
#define luaL_len loba_api.luaL_len

#define loba_copy(L, from, to) (lua_copy(L, from, to), true)
#define loba_push_length(L, index) lua_len(L, index)
#define loba_push_default_text(L) luaL_tolstring(L, 1, NULL)
#define loba_push_globals(L) lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS)
#define loba_compare(L, a, b, how) lua_compare(L, a, b, (how) == 0 ? LUA_OPEQ : LUA_OPLT)
#define loba_load(L, reader, data, name) lua_load(L, reader, data, name, NULL)
// Takes the table on top as the environment of the chunk below it: the first upvalue, if a binary chunk has any.
#define loba_set_environment(L) (lua_setupvalue(L, -2, 1) ? (void)0 : lua_pop(L, 1))

#define LOBA_STRING_TYPE LUA_TSTRING

// A call that goes on by go_on_with_pcall where it has yielded.
#define LOBA_PCALL_CONTINUES 1
static int go_on_with_pcall(lua_State *L, int status, int skipped);

#if LUA_VERSION_NUM >= 503
static int continue_pcall(lua_State *L, int status, lua_KContext skipped) {
  return go_on_with_pcall(L, status, (int)skipped);
}
#else
#define lua_getctx loba_api.lua_getctx
static int continue_pcall(lua_State *L) {
  int skipped;
  int status = lua_getctx(L, &skipped);
  return go_on_with_pcall(L, status, skipped);
}
#endif

static inline int loba_pcallk(lua_State *L, int count, int handler, int skipped) {
  return lua_pcallk(L, count, LUA_MULTRET, handler, skipped, continue_pcall);
}

#if LUA_VERSION_NUM >= 503
#define lua_isinteger loba_api.lua_isinteger
#define lua_stringtonumber loba_api.lua_stringtonumber
#define lua_rotate loba_api.lua_rotate
#define lua_geti loba_api.lua_geti
#define lua_seti loba_api.lua_seti
#define LOBA_LIBRARY_OF_VERSION {LOBA_LIBRARY_UTF8, "utf8", loba_api.luaopen_utf8},
#define loba_rawget(L, index) lua_rawget(L, index)
#define loba_dump(L, writer, data, strip) lua_dump(L, writer, data, strip)
#else
#define LOBA_HAS_INTEGERS 0
#define LOBA_MATCHES_ARE_APART 0
#define lua_insert loba_api.lua_insert
#define lua_remove loba_api.lua_remove
#define lua_replace loba_api.lua_replace
#define LOBA_LIBRARY_OF_VERSION {LOBA_LIBRARY_BIT32, "bit32", loba_api.luaopen_bit32},
#define loba_rawget(L, index) (lua_rawget(L, index), lua_type(L, -1))
#define loba_dump(L, writer, data, strip) ((void)(strip), lua_dump(L, writer, data))
#endif

#define LOBA_LIBRARIES_ENGINE {LOBA_LIBRARY_COROUTINE, "coroutine", loba_api.luaopen_coroutine}, LOBA_LIBRARY_OF_VERSION

#if LUA_VERSION_NUM >= 504
#define lua_newuserdatauv loba_api.lua_newuserdatauv
#define lua_setwarnf loba_api.lua_setwarnf
#define luaL_typeerror loba_api.luaL_typeerror
#define loba_newuserdata(L, size) lua_newuserdatauv(L, size, 0)
#define loba_resume(S, co, from, argument_count, given) lua_resume(co, from, argument_count, given)

#define LOBA_CLOSES_THREADS 1
#define LOBA_FINALIZERS_RAISE 0
#define LOBA_REQUIRE_BEGINS_LINES 1
#define LOBA_TEXT_RAISES_MEMORY 1

#if LUA_VERSION_NUM >= 505
#define lua_closethread loba_api.lua_closethread
#define luaL_makeseed loba_api.luaL_makeseed
#define loba_close_thread(co) lua_closethread(co, NULL)
#define LOBA_COLLECTOR_PAUSE 250
#define LOBA_FINALIZERS_PRECEDE_PAUSE 1
#define loba_step_collector(L, bytes) lua_gc(L, LUA_GCSTEP, (size_t)(bytes))
#define loba_newstate(allocator, data) lua_newstate(allocator, data, luaL_makeseed(NULL))
#else
#define lua_resetthread loba_api.lua_resetthread
#define loba_close_thread(co) lua_resetthread(co)
#define loba_newstate(allocator, data) lua_newstate(allocator, data)
#endif

// A piece of a warning that Swift takes when it is whole. No longer than the memory that Lua may use: a script says one
// text many times in one call.
static void collect_warning(loba_state *S, const char *text, int continues) {
  size_t limit = S->memory_limit ? S->memory_limit : SIZE_MAX;
  size_t before = in(S)->warning_length, room = limit > before ? limit - before : 0;
  size_t length = strnlen(text, room);  // what is cut is not looked at, or it would take time that no limit ends
  char *grown = length ? realloc(in(S)->warning, before + length) : NULL;
  if (grown) {
    memcpy(grown + before, text, length);
    in(S)->warning = grown;
    in(S)->warning_length += length;
  }
  if (continues) return;
  char *whole = in(S)->warning;
  length = in(S)->warning_length;
  in(S)->warning = NULL;
  in(S)->warning_length = 0;
  S->callbacks->warn(S, whole ? whole : "", length);
  free(whole);
}

// As luaL_newstate does it: warnings are off until a script says warn("@on"). Those that Swift takes are on from the
// beginning.
static void loba_warn(void *data, const char *text, int continues) {
  loba_state *S = data;
  if (!continues && !in(S)->warning_continues && text[0] == '@') {
    if (strcmp(text, "@on") == 0) in(S)->warnings_on = true;
    if (strcmp(text, "@off") == 0) in(S)->warnings_on = false;
    return;
  }
  if (in(S)->warnings_on && S->takes_warnings) {
    collect_warning(S, text, continues);
  } else if (in(S)->warnings_on) {
    if (!in(S)->warning_continues) fputs("Lua warning: ", stderr);
    fputs(text, stderr);
    if (!continues) fputs("\n", stderr);
    fflush(stderr);
  }
  in(S)->warning_continues = continues;
}

static lua_State *new_lua_state(loba_state *S) {
  lua_State *L = loba_newstate(loba_allocator, S);
  if (L) lua_setwarnf(L, loba_warn, S);
  in(S)->warnings_on = S->takes_warnings;
  return L;
}
#define loba_new_lua_state new_lua_state
#else
#define lua_newuserdata loba_api.lua_newuserdata
#define LOBA_FINALIZERS_PRECEDE_PAUSE (LUA_VERSION_NUM == 503)
#define loba_newuserdata(L, size) lua_newuserdata(L, size)

static int loba_resume(loba_state *S, lua_State *co, lua_State *from, int argument_count, int *given) {
  (void)S;
  int status = lua_resume(co, from, argument_count);
  *given = lua_gettop(co);
  return status;
}
#endif

static void loba_open_library(lua_State *L, const char *name, lua_CFunction open) {
  luaL_requiref(L, name, open, 1);
  lua_pop(L, 1);
}

static void loba_open_base(lua_State *L, uint32_t flags) {
  if (flags & LOBA_LIBRARY_BASE) loba_open_library(L, "_G", luaopen_base);
}

// The library's own coroutine.resume.
static void loba_push_resume(lua_State *L, bool is_open) {
  (void)is_open;
  lua_pushcfunction(L, loba_api.luaopen_coroutine);
  lua_call(L, 0, 1);
  lua_getfield(L, -1, "resume");
  lua_remove(L, -2);
}

static int loba_protected_c_call(lua_State *L, lua_CFunction function, void *data) {
  lua_pushcfunction(L, function);
  lua_pushlightuserdata(L, data);
  return lua_pcall(L, 1, 0, 0);
}
