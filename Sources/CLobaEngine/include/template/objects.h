// Swift objects as userdata: identity, and members looked up without leaving C until a Swift function must run.

// ---------------------------------------------------------------- identity

// An object that is passed twice is the same userdata: a table with weak values finds it by a number that Swift makes
// of the object's address. (A number, since a light userdata may need memory on LuaJIT.)
static void push_identity(lua_State *L, uint64_t identity) { lua_pushnumber(L, (lua_Number)identity); }

static int object_find_unentered(loba_state *S, uint64_t identity, loba_reference *userdata) {
  *userdata = 0;
  if (!in(S)->current) return LOBA_ERROR_CLOSED;
  lua_State *A = auxiliary_of(S), *L = current_of(S);
  push_identity(A, identity);
  lua_rawget(A, AUX_OBJECTS);
  // A script can have released what is behind the userdata, by calling __gc itself.
  if (lua_type(A, -1) == LUA_TUSERDATA && ((loba_record *)lua_touserdata(A, -1))->box) {
    lua_xmove(A, L, 1);
    *userdata = make_reference(S, L);
  } else {
    lua_settop(A, in(S)->reference_top);
  }
  return LOBA_OK;
}

static int op_object_find(loba_state *S, uint64_t identity, loba_reference *userdata) {
  UNENTERED(S, LOBA_ERROR_THREAD, object_find_unentered(S, identity, userdata));
}

static int run_object_new(lua_State *L, loba_state *S, loba_job *base) {
  host_job *job = (host_job *)base;
  push_record(S, L, &job->box, LOBA_HOST, 0);
  push_reference(S, L, job->metatable);
  lua_setmetatable(L, 1);
  if (job->identity) {
    push_fixed(S, L, AUX_OBJECTS);
    push_identity(L, job->identity);
    lua_pushvalue(L, 1);
    lua_rawset(L, 2);
    lua_settop(L, 1);
  }
  return 1;
}

static int op_object_new(loba_state *S, void *box, uint64_t identity, loba_reference metatable,
                         loba_reference *userdata) {
  host_job job = {{run_object_new, 0}, box, metatable, identity};
  return make_record(S, &job, userdata);
}

static int op_value_new(loba_state *S, const loba_slot *value, loba_reference *userdata) {
  push_job job = {{run_push, 0}, value};
  return run_job_for_reference(S, &job.job, userdata);
}

// ---------------------------------------------------------------- members

// Upvalues of __index and __newindex: members by name, values or accessors (records); the class's name; a record that
// is asked about everything else, or nil; the state. __newindex has the setters for its members, and the members that
// can be read as well, which the fallback must not hide.
enum { MEMBERS = 1, MEMBER_CLASS, MEMBER_FALLBACK, MEMBER_STATE, MEMBER_COUNT = MEMBER_STATE, MEMBERS_READ };

static int no_member(lua_State *L, const char *what) {
  const char *class = lua_tolstring(L, lua_upvalueindex(MEMBER_CLASS), NULL);
  forget_raised(L, lua_touserdata(L, lua_upvalueindex(MEMBER_STATE)));
  push_where(L);
  if (lua_type(L, 2) == LUA_TSTRING)
    lua_pushfstring(L, "%s has no %s '%s'", class, what, lua_tolstring(L, 2, NULL));
  else
    lua_pushfstring(L, "%s has no %s for a key of type %s", class, what, lua_typename(L, lua_type(L, 2)));
  lua_concat(L, 2);
  return lua_error(L);
}

// A script may call them with any number of arguments, none at all included.
#define MEMBER_ROOM room_above(0)

// What lies in tables of members and in upvalues is of Loba's own making: no script reaches either.
static loba_record *accessor_on_top(lua_State *L) {
  loba_record *record = lua_type(L, -1) == LUA_TUSERDATA ? lua_touserdata(L, -1) : NULL;
  return record && record->box && record->kind == RECORD_FUNCTION ? record : NULL;
}

static int object_index(lua_State *L) {
  if (lua_gettop(L) != 2) lua_settop(L, 2);
  lua_pushvalue(L, 2);
  int type = loba_rawget(L, lua_upvalueindex(MEMBERS));
  if (type == LUA_TUSERDATA) {
    loba_record *record = lua_touserdata(L, 3);
    if (record->magic != RECORD_MAGIC || record->kind != RECORD_FUNCTION) return 1;  // a constant
    if (record->box) return call_record(L, record, 1, 0, MEMBER_ROOM);
  } else if (type != LUA_TNIL) {
    return 1;
  }
  lua_pushvalue(L, lua_upvalueindex(MEMBER_FALLBACK));
  loba_record *record = accessor_on_top(L);
  return record ? call_record(L, record, 2, 0, MEMBER_ROOM) : no_member(L, "member");
}

static int object_newindex(lua_State *L) {
  if (lua_gettop(L) != 3) lua_settop(L, 3);
  lua_pushvalue(L, 2);
  if (loba_rawget(L, lua_upvalueindex(MEMBERS)) == LUA_TUSERDATA) {
    loba_record *record = lua_touserdata(L, 4);
    if (record->box && record->kind == RECORD_FUNCTION) return call_record(L, record, 2, 1, MEMBER_ROOM);
  }
  lua_pushvalue(L, lua_upvalueindex(MEMBER_FALLBACK));
  loba_record *record = accessor_on_top(L);
  if (!record) return no_member(L, "settable member");
  lua_pushvalue(L, 2);
  if (loba_rawget(L, lua_upvalueindex(MEMBERS_READ)) != LUA_TNIL) return no_member(L, "settable member");
  return call_record(L, record, 3, 0, MEMBER_ROOM);
}

// ---------------------------------------------------------------- metatables of classes

typedef struct class_job {
  loba_job job;
  const loba_class *description;
} class_job;

static void push_member_upvalues(loba_state *S, lua_State *L, const loba_class *class, loba_reference members,
                                 loba_reference fallback) {
  push_reference(S, L, members);
  lua_pushlstring(L, class->name, strlen(class->name));
  if (fallback)
    push_reference(S, L, fallback);
  else
    lua_pushnil(L);
  lua_pushlightuserdata(L, S);
}

static int run_class_new(lua_State *L, loba_state *S, loba_job *base) {
  const loba_class *class = ((class_job *)base)->description;
  push_record_metatable(L, class->name, !class->is_in_place);
  push_member_upvalues(S, L, class, class->members, class->index_fallback);
  lua_pushcclosure(L, object_index, MEMBER_COUNT);
  lua_setfield(L, 1, "__index");
  push_member_upvalues(S, L, class, class->setters, class->newindex_fallback);
  push_reference(S, L, class->members);
  lua_pushcclosure(L, object_newindex, MEMBERS_READ);
  lua_setfield(L, 1, "__newindex");
  return 1;
}

static int op_class_new(loba_state *S, const loba_class *description, loba_reference *metatable) {
  class_job job = {{run_class_new, 0}, description};
  return run_job_for_reference(S, &job.job, metatable);
}

// A record for the accessor tables: like a function, but called by __index and __newindex only.
static int run_accessor_new(lua_State *L, loba_state *S, loba_job *base) {
  push_record(S, L, &((host_job *)base)->box, RECORD_FUNCTION, AUX_RECORD_META);
  return 1;
}

static int op_accessor_new(loba_state *S, void *box, loba_reference *accessor) {
  host_job job = {{run_accessor_new, 0}, box, 0, 0};
  return make_record(S, &job, accessor);
}

static bool is_host_function(lua_CFunction function) {
  return function == trampoline || function == object_index || function == object_newindex;
}
