// coroutine.resume, wrap and status for engines whose library cannot close coroutines, doing what the library's own do,
// but:
// - A coroutine that Swift has closed is dead for them too.
// - The stack of a coroutine is grown for its arguments before it runs: for want of memory 5.1 and LuaJIT find nobody
//   to raise the error to in a coroutine that runs nothing, and end the process.
// - Coroutines in coroutines end with an error, not with the C stack.

// Of the coroutine at an index.
static int status_for_scripts(lua_State *L, loba_state *S, int index) {
  if (is_closed_thread(S, L, index)) return LOBA_THREAD_DEAD;
  return status_of_thread(S, L, lua_tothread(L, index));
}

// Resumes the coroutine at an index with the `count` values on top of L, which it takes. The number of results that are
// then on L, or -1 and the error value on top.
static int resume_values(lua_State *L, loba_state *S, int index, int count) {
  lua_State *co = lua_tothread(L, index);
  int thread_status = status_for_scripts(L, S, index);
  if (thread_status != LOBA_THREAD_SUSPENDED) {
    const char *obstacle = thread_status == LOBA_THREAD_DEAD      ? "dead"
                           : !LOBA_RESUME_NAMES_STATUS            ? "non-suspended"
                           : thread_status == LOBA_THREAD_RUNNING ? "running"
                                                                  : "normal";
    lua_pushfstring(L, "cannot resume %s coroutine", obstacle);
    return -1;
  }
  if ((uintptr_t)__builtin_frame_address(0) < in(S)->stack_limit) {
    lua_pushlstring(L, "C stack overflow", 16);
    return -1;
  }
  if (!grow_other(S, L, co, count)) return luaL_error(L, "too many arguments to resume");
  lua_xmove(L, co, count);
  watch_thread(S, co);
  int given = 0;
  int status = resume_thread(S, co, L, count, &given);
  if (status != 0 && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    loba_after_resume(S, L);
    pass_stop(L, S, true);
    return -1;
  }
  need_stack(L, S, given + 1, "too many results to resume");
  lua_xmove(co, L, given);
  loba_after_resume(S, L);
  pass_stop(L, S, false);
  return given;
}

static int coroutine_resume(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  if (!lua_tothread(L, 1)) return luaL_argerror(L, 1, "coroutine expected");
  int given = resume_values(L, S, 1, lua_gettop(L) - 1);
  lua_pushboolean(L, given >= 0);
  int results = given >= 0 ? given : 1;
  lua_insert(L, -results - 1);
  return results + 1;
}

static int call_wrapped(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  int given = resume_values(L, S, lua_upvalueindex(2), lua_gettop(L));
  if (given >= 0) return given;
  if (lua_status(lua_tothread(L, lua_upvalueindex(2))) == LUA_ERRMEM) return raise_memory(L, S);
  if (lua_type(L, -1) == LUA_TSTRING || (LOBA_RESUME_NAMES_STATUS && lua_type(L, -1) == LUA_TNUMBER)) {
    luaL_where(L, 1);  // the place that called
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int coroutine_wrap(lua_State *L) {
  if (lua_type(L, 1) != LUA_TFUNCTION) {
    lua_pushfstring(L, "function expected, got %s", lua_typename(L, lua_type(L, 1)));
    return luaL_argerror(L, 1, lua_tolstring(L, -1, NULL));
  }
  if (!LOBA_COROUTINES_RUN_C && lua_iscfunction(L, 1)) return luaL_argerror(L, 1, "Lua function expected");
  lua_pushvalue(L, lua_upvalueindex(1));
  push_new_coroutine(L, lua_touserdata(L, -1));
  lua_pushcclosure(L, call_wrapped, 2);
  return 1;
}

static int coroutine_status(lua_State *L) {
  static const char *const names[] = {"suspended", "running", "normal", "dead"};
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  if (!lua_tothread(L, 1)) return luaL_argerror(L, 1, "coroutine expected");
  const char *name = names[status_for_scripts(L, S, 1)];
  lua_pushlstring(L, name, strlen(name));
  return 1;
}

static bool is_coroutine_function(lua_CFunction function) {
  return function == coroutine_resume || function == call_wrapped || function == coroutine_wrap ||
         function == coroutine_status;
}

static void guard_coroutines(lua_State *L, loba_state *S) {
  static const replacement replacements[] = {
      {"resume", coroutine_resume, NULL}, {"wrap", coroutine_wrap, NULL}, {"status", coroutine_status, NULL}};
  if (!push_library(L, "coroutine")) return;
  for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++) replace_with_state(L, S, replacements[i]);
}
