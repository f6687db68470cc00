// Raising an error in a suspended coroutine, at the yield that it waits in.
//
// Nothing can be called in a coroutine that waits, so a hook raises the error when it goes on: at the return of yield
// itself, which 5.1 and 5.4 report to hooks (so that `pcall(coroutine.yield)` catches the error), or before the first
// instruction after it, which all engines count. LuaJIT goes on in its interpreter after a yield, also where the code
// around it has been compiled.

static void raise_thrown(lua_State *L, lua_Debug *ar) {
  (void)ar;
  void *data;
  lua_getallocf(L, &data);
  loba_state *S = data;
  loba_throw *thrown = S->thrown;
  if (!thrown || thrown->co != L) return;  // LuaJIT has one hook for all coroutines
  S->thrown = NULL;
  lua_sethook(L, (lua_Hook)thrown->hook, thrown->hook_mask, thrown->hook_count);
  push_slot(S, L, thrown->error);
  lua_error(L);
}

// The coroutine goes on with the error raised at its yield. One that has not been started has nothing to catch it.
static int op_thread_throw(loba_state *S, loba_reference thread, const loba_slot *error, loba_slot *slots,
                           int result_count, int *count) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S), *co = thread_of(S, thread);
  int thread_status = co ? status_of_thread(S, co) : LOBA_THREAD_DEAD;
  if (thread_status != LOBA_THREAD_SUSPENDED) return refuse_thread(S, thread_status);
  loba_throw thrown = {co, error, (void *)lua_gethook(co), lua_gethookmask(co), lua_gethookcount(co)};
  bool is_raised = false;
  int code = LUA_ERRRUN, given = 0;
  if (lua_status(co) == LUA_YIELD) {
    loba_entry entry = begin_running(S);
    S->thrown = &thrown;
    lua_sethook(co, raise_thrown, LUA_MASKRET | LUA_MASKCOUNT, 1);
    code = loba_resume(co, L, 0, &given);
    is_raised = S->thrown != &thrown;
    if (!is_raised) {  // the coroutine has no instruction left, only C functions that returned
      S->thrown = NULL;
      lua_sethook(co, (lua_Hook)thrown.hook, thrown.hook_mask, thrown.hook_count);
    }
    end_running(S, entry);
    if (is_raised && code <= LUA_YIELD) return take_results(S, co, given, slots, result_count, count);
    if (is_raised) record_traceback(S, co, 0);
  }
  int mark = lua_gettop(L);
  if (is_raised) {
    lua_xmove(co, L, 1);
  } else {
    lua_settop(co, 0);
    push_slot(S, L, error);
  }
  return hold_failure(S, L, mark, status_of(code > LUA_YIELD ? code : LUA_ERRRUN));
}

// A Swift error as the Lua value that stands for it.
static int op_error_new(loba_state *S, void *box, loba_reference *error) {
  host_job job = {{run_error_new, 0}, box, 0, 0};
  return make_record(S, &job, error);
}
