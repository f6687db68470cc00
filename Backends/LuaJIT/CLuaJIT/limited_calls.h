// pcall and xpcall that know of limits.
//
// LuaJIT's own are no C functions, and what they call may yield. So these are Lua functions around them, which look
// afterwards whether the script has been stopped. That look is also what ends a recursion at the limit of Lua's stack,
// where a hook has no room to run.

static void keep_calls(lua_State *L, loba_state *S) {
  static const char *const names[] = {"pcall", "xpcall"};
  if (!push_library(L, "")) return;
  for (int i = 0; i < 2; i++) {
    lua_getfield(L, -1, names[i]);
    lua_xmove(L, auxiliary_of(S), 1);
    lua_replace(auxiliary_of(S), AUX_PCALL + i);
  }
}

static int pass_results(lua_State *L) {
  pass_stop(L, state_of(L), !lua_toboolean(L, 1));
  return lua_gettop(L);
}

static int give_handler(lua_State *L) {
  lua_settop(L, 1);
  limit_handler(L, 1);
  return 1;
}

static void loba_limit_calls(lua_State *L, loba_state *S) {
  loba_job job = {NULL, 0};
  if (!push_library(L, "")) return;
  int globals = lua_gettop(L);
  compile(L, S, &job,
          "local pcall, xpcall, pass, handler = ... "
          "return function(...) return pass(pcall(...)) end, "
          "function(f, h, ...) return pass(xpcall(f, handler(h), ...)) end");
  push_fixed(S, L, AUX_PCALL);
  push_fixed(S, L, AUX_XPCALL);
  lua_pushcclosure(L, pass_results, 0);
  lua_pushcclosure(L, give_handler, 0);
  lua_call(L, 4, 2);
  static const char *const names[] = {"pcall", "xpcall"};
  for (int i = 0; i < 2; i++) {
    lua_settop(L, globals + 2);
    lua_pushvalue(L, globals);
    raw_field(L, names[i]);
    push_fixed(S, L, AUX_PCALL + i);
    bool is_there = lua_rawequal(L, -1, -2);
    lua_settop(L, globals + 3);
    if (!is_there) continue;
    lua_pushvalue(L, globals + 1 + i);
    set_raw_field(L, names[i]);
  }
  lua_settop(L, globals);
}

// What shows the originals, or calls Lua where hooks do not come: the callbacks of the compiler and the profiler.
static void loba_limit_announced(lua_State *L, loba_state *S) {
  (void)S;
  static const char *const names[] = {"getupvalue", "setupvalue", "upvaluejoin"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) remove_function(L, "debug", names[i]);
  remove_function(L, "jit", "attach");
  if (!push_library(L, "package")) return;
  lua_getfield(L, -1, "preload");
  if (lua_type(L, -1) != LUA_TTABLE) return;
  lua_pushnil(L);
  set_raw_field(L, "jit.profile");
}
