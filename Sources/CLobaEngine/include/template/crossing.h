// From C into Swift and back.

// What Swift's own operations may not find, or leave behind, while it runs.
typedef struct host_scope {
  void *current;
  int room;
  bool is_aside;              // one of these is, which is rare:
  loba_job *job;              // set, and not started yet: what runs now is a hook or a finalizer
  loba_traceback *traceback;  // of an error that is on its way out: what runs now is a finalizer, or closes a variable
} host_scope;

// How far the stack of a C function may grow without a check: a part of what Lua has made room for above its arguments.
ALWAYS_INLINE int room_above(int argument_count) { return argument_count + LUA_MINSTACK - ROOM_RESERVE; }

// From here to end_host Swift may run operations: they work on L, above what lies on it now.
ALWAYS_INLINE host_scope open_host(loba_state *S, lua_State *L, int room) {
  host_scope scope = {in(S)->current, in(S)->room, false, NULL, NULL};
  if (__builtin_expect(in(S)->job || (S->traceback && S->traceback->count), 0)) {
    scope.is_aside = true;
    scope.job = in(S)->job;
    in(S)->job = NULL;
    if (S->traceback && S->traceback->count) {
      scope.traceback = S->traceback;
      S->traceback = NULL;
    }
  }
  in(S)->depth++;
  in(S)->current = L;
  in(S)->room = room;
  return scope;
}

static void put_back_traceback(loba_state *S, loba_traceback *traceback);

static void end_watches(loba_state *S);

ALWAYS_INLINE void end_host(loba_state *S, host_scope scope) {
  if (__builtin_expect(in(S)->watches != NULL, 0)) end_watches(S);
  in(S)->current = scope.current;
  in(S)->room = scope.room;
  in(S)->depth--;
  if (__builtin_expect(scope.is_aside, 0)) {
    in(S)->job = scope.job;
    if (scope.traceback) put_back_traceback(S, scope.traceback);
  }
}

// A deinit may use the runtime, as a host function may; if calls are too deep for that, it finds it busy.
static void release_box(loba_state *S, lua_State *L, void *box) {
  if (!in(S)->current) {  // closing: a deinit finds the runtime closed
    S->callbacks->release(S, box);
    return;
  }
  // Nobody knows how much of its room the function that runs has used.
  host_scope scope = open_host(S, L, lua_gettop(L) - ROOM_RESERVE);
  S->callbacks->release(S, box);
  end_host(S, scope);
}

// ---------------------------------------------------------------- errors of Swift's that are values in Lua

// Lets go of an error; what its deinit does finds nothing of it any more.
static void drop_error(loba_state *S, lua_State *L, void **owner) {
  void *error = *owner;
  *owner = NULL;
  if (error) release_box(S, L, error);
}

static void forget_errors(loba_state *S) {
  if (S->traceback) drop_error(S, current_of(S), &S->traceback->error);
  drop_error(S, current_of(S), &in(S)->raised);
}

static void put_back_traceback(loba_state *S, loba_traceback *traceback) {
  loba_traceback *inner = S->traceback;
  S->traceback = traceback;
  if (!inner) return;
  drop_error(S, current_of(S), &inner->error);
  free(inner);
}
