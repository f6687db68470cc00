// coroutine.resume and coroutine.wrap for Lua 5.1, doing what the library's own do.
//
// The library's own grow the stack of the coroutine for its arguments while that is running nothing: for want of
// memory 5.1 then finds nobody to raise the error to, and ends the process.

// Resumes `co` with the `count` values on top of L, which it takes. The number of results that are then on L, or -1 and
// the error value on top.
static int resume_values(lua_State *L, loba_state *S, lua_State *co, int count) {
  int thread_status = status_of_thread(S, L, co);
  if (thread_status != LOBA_THREAD_SUSPENDED) {
    const char *obstacle = thread_status == LOBA_THREAD_RUNNING ? "running"
                           : thread_status == LOBA_THREAD_NORMAL ? "normal"
                                                                 : "dead";
    lua_pushfstring(L, "cannot resume %s coroutine", obstacle);
    return -1;
  }
  if (!grow_other(S, co, count)) return luaL_error(L, "too many arguments to resume");
  lua_xmove(L, co, count);
  int given = 0;
  int status = loba_resume(co, L, count, &given);
  if (status != 0 && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  need_stack(L, S, given + 1, "too many results to resume");
  lua_xmove(co, L, given);
  return given;
}

static int coroutine_resume(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  lua_State *co = lua_tothread(L, 1);
  if (!co) return luaL_argerror(L, 1, "coroutine expected");
  int given = resume_values(L, S, co, lua_gettop(L) - 1);
  lua_pushboolean(L, given >= 0);
  int results = given >= 0 ? given : 1;
  lua_insert(L, -results - 1);
  return results + 1;
}

static int call_wrapped(lua_State *L) {
  loba_state *S = lua_touserdata(L, lua_upvalueindex(1));
  lua_State *co = lua_tothread(L, lua_upvalueindex(2));
  int given = resume_values(L, S, co, lua_gettop(L));
  if (given >= 0) return given;
  if (lua_type(L, -1) == LUA_TSTRING || lua_type(L, -1) == LUA_TNUMBER) {  // with the place that called
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int coroutine_wrap(lua_State *L) {
  if (lua_type(L, 1) != LUA_TFUNCTION || lua_iscfunction(L, 1)) return luaL_argerror(L, 1, "Lua function expected");
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, call_wrapped, 2);
  return 1;
}

static void loba_replace_coroutines(lua_State *L, loba_state *S) {
  static const struct {
    const char *name;
    lua_CFunction function;
  } functions[] = {{"resume", coroutine_resume}, {"wrap", coroutine_wrap}};
  loba_push_globals(L);
  lua_getfield(L, -1, "coroutine");
  for (size_t i = 0; i < 2 && lua_type(L, -1) == LUA_TTABLE; i++) {
    lua_pushlightuserdata(L, S);
    lua_pushcclosure(L, functions[i].function, 1);
    lua_setfield(L, -2, functions[i].name);
  }
  lua_pop(L, 2);
}
