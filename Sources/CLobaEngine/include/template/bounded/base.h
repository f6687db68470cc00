// Functions of the base library and of os.

// ---------------------------------------------------------------- load

// The parser reads texts in pieces of this size: a few bytes can take it long, and it sees no hooks.
#define PIECE 1024
#define PIECE_STEPS 8192

// Gives the next piece of the text in one upvalue, of which so much has been read as the next one says. An empty one is
// the end.
static int give_piece(lua_State *L, int text) {
  size_t length, at = (size_t)lua_tonumber(L, lua_upvalueindex(text + 1));
  const char *bytes = lua_tolstring(L, lua_upvalueindex(text), &length);
  charge_steps(L, state_of_function(L), PIECE_STEPS);
  if (at > length) at = length;
  size_t piece = length - at < PIECE ? length - at : PIECE;
  lua_pushnumber(L, (lua_Number)(at + piece));
  lua_replace(L, lua_upvalueindex(text + 1));
  lua_pushlstring(L, bytes + at, piece);
  return 1;
}

static bool is_long_text(lua_State *L) { return lua_type(L, 1) == LUA_TSTRING && lua_rawlen(L, 1) > PIECE; }

// Upvalues: state, text, how much of it has been read.
static int read_piece(lua_State *L) { return give_piece(L, 2); }

// Upvalues: state, a reader function, what that has given if it is long, and how much of it has been read. Gives what
// the function gives, which may be C's and give something for ever, in pieces.
static int read_on(lua_State *L) {
  loba_state *S = state_of_function(L);
  size_t length = lua_type(L, lua_upvalueindex(3)) == LUA_TSTRING ? lua_rawlen(L, lua_upvalueindex(3)) : 0;
  if ((size_t)lua_tonumber(L, lua_upvalueindex(4)) < length) return give_piece(L, 3);
  count_steps(L, S, PIECE_STEPS / 16);
  need_depth(L, S);
  lua_settop(L, 0);
  if (!lua_checkstack(L, 1)) return luaL_error(L, "stack overflow");
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_call(L, 0, 1);
  if (!is_long_text(L)) return 1;
  lua_replace(L, lua_upvalueindex(3));
  lua_pushnumber(L, 0);
  lua_replace(L, lua_upvalueindex(4));
  return give_piece(L, 3);
}

// Calls the library's function with a reader in place of its first argument.
static int load_with_reader(lua_State *L, lua_CFunction load) {
  loba_state *S = state_of_function(L);
  int outer = begin_catching(L, S);
  lua_replace(L, 1);
  int count = load(L);
  end_catching(S, outer);
  charge_steps(L, S, 0);  // what the reader has raised, `load` has caught
  return count;
}

static int load_pieces(lua_State *L, lua_CFunction load) {
  if (lua_gettop(L) < 2) lua_settop(L, 2);
  if (lua_type(L, 2) == LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_replace(L, 2);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushnumber(L, 0);
  lua_pushcclosure(L, read_piece, 3);
  return load_with_reader(L, load);
}

// What is short is not read in pieces.
static int load_short(lua_State *L, lua_CFunction load) {
  if (lua_type(L, 1) == LUA_TSTRING) count_steps(L, state_of_function(L), lua_rawlen(L, 1) * PIECE_STEPS / PIECE);
  return load(L);
}

// Upvalues: state, and the library's function, which is not the same in every runtime (see keep_off_files).
static lua_CFunction original_of(lua_State *L, int upvalue) {
  return (lua_CFunction)(uintptr_t)lua_touserdata(L, lua_upvalueindex(upvalue));
}

static int bounded_load(lua_State *L) {
  if (LOBA_LOAD_HAS_MODE && is_long_text(L)) return load_pieces(L, original_of(L, 2));
  if (lua_type(L, 1) != LUA_TFUNCTION) return load_short(L, original_of(L, 2));
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  lua_pushnumber(L, 0);
  lua_pushcclosure(L, read_on, 4);
  return load_with_reader(L, original_of(L, 2));
}

// Lua 5.1's `load` takes reader functions only. Upvalues: also `load`, which takes them.
static int bounded_loadstring(lua_State *L) {
  return is_long_text(L) ? load_pieces(L, original_of(L, 3)) : load_short(L, original_of(L, 2));
}

// Of the function at an index.
static void push_original(lua_State *L, int index) {
  lua_pushlightuserdata(L, (void *)(uintptr_t)lua_tocfunction(L, index));
}

// Of the table of globals, on top.
static void bound_loaders(lua_State *L, loba_state *S) {
  int top = lua_gettop(L);
  lua_getfield(L, top, "load");
  lua_getfield(L, top, "loadstring");
  if (lua_tocfunction(L, top + 1)) {
    lua_pushlightuserdata(L, S);
    push_original(L, top + 1);
    lua_pushcclosure(L, bounded_load, 2);
    lua_setfield(L, top, "load");
  }
  if (lua_tocfunction(L, top + 2)) {
    lua_pushlightuserdata(L, S);
    push_original(L, top + 2);
    push_original(L, top + 1);
    lua_pushcclosure(L, bounded_loadstring, 3);
    lua_setfield(L, top, "loadstring");
  }
  lua_settop(L, top);
}

// ---------------------------------------------------------------- tostring

#if LOBA_HAS_COMPILER
// LuaJIT's own calls __tostring in its own place, and so goes on for ever where that is tostring again.
static int bounded_tostring(lua_State *L) {
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  if (!luaL_getmetafield(L, 1, "__tostring")) lua_pushvalue(L, lua_upvalueindex(2));
  lua_insert(L, 1);
  call_back(L, state_of_function(L), 1);
  return 1;
}
#endif

// ---------------------------------------------------------------- print

#if !LOBA_HAS_COMPILER
// Whoever reads what is written may be slow.
#define PRINTED_AT_ONCE ((size_t)16 << 20)

static lua_CFunction original_print;

static int bounded_print(lua_State *L) {
  size_t total = 0;
  for (int i = lua_gettop(L); i > 0; i--) {
    if (lua_type(L, i) == LUA_TSTRING) total += lua_rawlen(L, i);
    if (total > PRINTED_AT_ONCE) return luaL_error(L, "too much to print at once");
  }
  count_bytes(L, state_of_function(L), total);
  return original_print(L);
}
#endif

// ---------------------------------------------------------------- collectgarbage, os.date

static lua_CFunction original_collectgarbage, original_date;

static int bounded_collectgarbage(lua_State *L) {
  loba_state *S = state_of_function(L);
  const char *what = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, NULL) : "collect";
  need_depth(L, S);
  if (strcmp(what, "collect") == 0 || strcmp(what, "step") == 0) count_bytes(L, S, S->memory_used);
  return original_collectgarbage(L);
}

#define LONGEST_DATE_FORMAT ((size_t)64 << 10)

static int bounded_date(lua_State *L) {
  if (lua_type(L, 1) == LUA_TSTRING && lua_rawlen(L, 1) > LONGEST_DATE_FORMAT)
    return luaL_argerror(L, 1, "format too long");
  if (lua_type(L, 1) == LUA_TSTRING) count_steps(L, state_of_function(L), lua_rawlen(L, 1) * 8);
  return original_date(L);
}
