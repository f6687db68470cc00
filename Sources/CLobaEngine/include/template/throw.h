// Raising an error in a suspended coroutine, at the yield that it waits in.
//
// Nothing can be called in a coroutine that waits, so a hook raises the error when it goes on: at the return of yield
// itself, which 5.1 and 5.4 report to hooks (so that `pcall(coroutine.yield)` catches the error), or before the first
// instruction after it, which all engines count. Compiled code is never hooked, and LuaJIT goes on in it after a yield,
// so there all of it is thrown away first.

#ifndef loba_drop_compiled_code
#define loba_drop_compiled_code(L) ((void)(L))
#endif

static int run_drop_compiled_code(lua_State *L, loba_state *S, loba_job *job) {
  (void)S, (void)job;
  loba_drop_compiled_code(L);
  return 0;
}

// Unless the coroutine has set another meanwhile.
static void restore_hook(loba_state *S, const loba_throw *thrown) {
  if (lua_gethook(thrown->co) == run_hook) set_hook(S, thrown->co, thrown->kept);
}

// In the hook of the coroutine.
static void throw_now(lua_State *L, loba_state *S, loba_throw *thrown) {
  if (thrown->is_raised) {  // the coroutine goes on
    thrown->is_caught = true;
    in(S)->thrown = NULL;
    restore_hook(S, thrown);
    return;
  }
  thrown->is_raised = true;
  push_slot(S, L, thrown->error);
  lua_error(L);
}

// The coroutine goes on with the error raised at its yield. One that has not been started has nothing to catch it.
static int op_thread_throw(loba_state *S, loba_reference thread, const loba_slot *error, loba_slot *slots,
                           int result_count, int *count) {
  int status = enter(S);
  if (status != LOBA_OK) return status;
  lua_State *L = current_of(S), *co;
  int mark = lua_gettop(L), code = 0, given = 0;
  if ((status = ensure_room(S, L, mark, RESULT_ROOM)) != LOBA_OK) return status;
  if (LOBA_HAS_COMPILER) {
    loba_job drop = {run_drop_compiled_code, 0};
    if ((status = run_job(S, &drop, 0, &mark)) != LOBA_OK) return status;
    lua_settop(L, mark);
  }
  // Asked for now, when no hook and no finalizer can resume it any more.
  int thread_status = find_thread(S, thread, &co);
  if (thread_status != LOBA_THREAD_SUSPENDED) return refuse_thread(S, thread_status);
  if (lua_status(co) == LUA_YIELD) {
    loba_throw thrown = {co, error, false, false, hook_of_script(co)};
    loba_entry entry = begin_running(S);
    loba_throw *before = in(S)->thrown;
    in(S)->thrown = &thrown;
    set_hook(S, co, thrown.kept);
    code = resume_thread(S, co, L, 0, &given);
    in(S)->thrown = before;
    if (!thrown.is_caught) restore_hook(S, &thrown);
    end_running(S, entry);
    if (code > LUA_YIELD) {
      trace_coroutine(S, co);
      push_slot(S, L, error);
      lua_xmove(co, L, 1);
      bool is_itself = thrown.is_raised && !thrown.is_caught && lua_rawequal(L, mark + 1, mark + 2);
      lua_replace(L, mark + 1);
      settle_after_resume(S, L);
      if (!is_itself) return hold_failure(S, L, mark, failure_status(S, entry, code));
      lua_settop(L, mark);
    }
    if (code <= LUA_YIELD && thrown.is_raised) return take_results(S, co, given, slots, result_count, count);
  }
  // Nothing in the coroutine has caught the error, or could: it was not started, or has no instruction left.
  if (code <= LUA_YIELD) lua_settop(co, code == LUA_YIELD ? -given - 1 : 0);
  settle_after_resume(S, L);
  leave(S);
  return LOBA_ERROR_ITSELF;
}

// A Swift error as the Lua value that stands for it.
static int op_error_new(loba_state *S, void *box, loba_reference *error) {
  host_job job = {{run_error_new, 0}, box, 0, 0};
  return make_record(S, &job, error);
}
