// Library functions whose C loops no hook sees, bounded: installed in runtimes that are prepared for limits.
//
// Closed are loops over numbers that a script chooses, work that is not in proportion to memory, and C functions that
// nest without end. What is left is in proportion to memory in use (a pass over a string or a table), which a limit of
// memory bounds; and libraries that reach the system (io, os.execute, package), which wait as long as they like.

#include "steps.h"
#include "text.h"
#include "items.h"
#include "matcher.h"
#include "patterns.h"
#include "gsub.h"
#include "strings.h"
#include "numerals.h"
#include "tables.h"
#include "sort.h"
#include "base.h"

// LuaJIT's functions that call others from C, and look for their own upvalues and environment: the state comes after
// the upvalues.
#if LOBA_HAS_COMPILER
static loba_state *state_of_nested(lua_State *L) {
  int last = 1;
  while (lua_type(L, lua_upvalueindex(last + 1)) != LUA_TNONE) last++;
  return lua_touserdata(L, lua_upvalueindex(last));
}

#define LOBA_NESTING(X) X(print) X(require) X(dofile)
#define LOBA_NESTED(name)                                                                                              \
  static lua_CFunction nested_##name;                                                                                  \
  static int bounded_##name(lua_State *L) {                                                                            \
    need_depth(L, state_of_nested(L));                                                                                 \
    return nested_##name(L);                                                                                           \
  }
LOBA_NESTING(LOBA_NESTED)
LOBA_NESTED(time)
#undef LOBA_NESTED

// Replaces a function of the table on top.
static void replace_nested(lua_State *L, loba_state *S, replacement replacement) {
  lua_getfield(L, -1, replacement.name);
  lua_CFunction function = lua_tocfunction(L, -1);
  int from = lua_gettop(L), count = 0;
  if (function) {
    while (lua_getupvalue(L, from, count + 1)) count++;
    keep_original(replacement.original, function);
    lua_pushlightuserdata(L, S);
    lua_pushcclosure(L, replacement.function, count + 1);
    lua_getfenv(L, from);  // where `require` finds the package library
    lua_setfenv(L, -2);
    lua_setfield(L, from - 1, replacement.name);
  }
  lua_settop(L, from - 1);
}
#endif

// Replaces those functions of the table on top that are there, and C's; they have the state as their upvalue.
static void bound_functions(lua_State *L, loba_state *S, const replacement *replacements, size_t count) {
  for (size_t i = 0; i < count; i++) {
    lua_getfield(L, -1, replacements[i].name);
    bool is_there = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    if (is_there) replace_with_state(L, S, replacements[i]);
  }
}

#define BOUND(L, S, replacements) bound_functions(L, S, replacements, sizeof replacements / sizeof *replacements)

static void install_bounded(lua_State *L, loba_state *S) {
  static const replacement strings[] = {
    {"find", bounded_find, NULL},
    {"match", bounded_match, NULL},
    {"gmatch", bounded_gmatch, NULL},
    {"gfind", bounded_gmatch, NULL},
    {"gsub", bounded_gsub, NULL},
    {"rep", bounded_rep, NULL},
    {"format", bounded_format, &original_format},
    {"lower", bounded_lower, &original_lower},
    {"upper", bounded_upper, &original_upper},
    {"reverse", bounded_reverse, &original_reverse},
    {"char", bounded_char, &original_char},
#if LUA_VERSION_NUM >= 503
    {"pack", bounded_pack, &original_pack},
    {"packsize", bounded_packsize, &original_packsize},
    {"unpack", bounded_unpack_bytes, &original_unpack_bytes},
#endif
  };
  static const replacement tables[] = {
    {"insert", bounded_insert, &original_insert},
    {"remove", bounded_remove, &original_remove},
    {"sort", bounded_sort, NULL},
    {"concat", bounded_concat, &original_concat},
#if LUA_VERSION_NUM >= 503
    {"move", bounded_move, &original_move},
    {"unpack", bounded_unpack, &original_unpack},
#endif
#if LUA_VERSION_NUM == 501 && !LOBA_HAS_COMPILER
    {"foreach", bounded_foreach, NULL},
    {"foreachi", bounded_foreachi, NULL},
#endif
#if LUA_VERSION_NUM <= 502 && !LOBA_HAS_COMPILER
    {"maxn", bounded_maxn, NULL},
#endif
  };
  static const replacement base[] = {
    {"collectgarbage", bounded_collectgarbage, &original_collectgarbage},
    {"tonumber", bounded_tonumber, &original_tonumber},
#if !LOBA_HAS_COMPILER
    {"print", bounded_print, &original_print},
#endif
  };
#if LUA_VERSION_NUM >= 503
  static const replacement utf8[] = {
      {"len", bounded_len, &original_len},
      {"offset", bounded_offset, &original_offset},
      {"codepoint", bounded_codepoint, &original_codepoint},
      {"char", bounded_utf8_char, &original_utf8_char},
  };
  if (push_library(L, "utf8")) BOUND(L, S, utf8);
#endif
#if LUA_VERSION_NUM == 502 || LUA_VERSION_NUM == 503
  static const replacement bit32[] = {
      {"band", bounded_band, &original_band},
      {"bor", bounded_bor, &original_bor},
      {"bxor", bounded_bxor, &original_bxor},
      {"btest", bounded_btest, &original_btest},
  };
  if (push_library(L, "bit32")) BOUND(L, S, bit32);
#endif
  static const replacement math[] = {{"max", bounded_max, &original_max}, {"min", bounded_min, &original_min}};
  if (push_library(L, "math")) BOUND(L, S, math);
  static const replacement system[] = {{"date", bounded_date, &original_date}};
  if (push_library(L, "string")) BOUND(L, S, strings);
  if (push_library(L, "table")) BOUND(L, S, tables);
  if (push_library(L, "os")) BOUND(L, S, system);
  if (push_library(L, "")) BOUND(L, S, base);
  bound_loaders(L, S);
#if LOBA_HAS_COMPILER
  lua_getfield(L, -1, "tostring");
  if (lua_type(L, -1) == LUA_TFUNCTION) {
    lua_pushlightuserdata(L, S);
    lua_insert(L, -2);
    lua_pushcclosure(L, bounded_tostring, 2);
    lua_setfield(L, -2, "tostring");
  } else {
    lua_pop(L, 1);
  }
#define LOBA_REPLACE_NESTED(name) replace_nested(L, S, (replacement){#name, bounded_##name, &nested_##name});
  LOBA_NESTING(LOBA_REPLACE_NESTED)
  if (push_library(L, "os")) replace_nested(L, S, (replacement){"time", bounded_time, &nested_time});
#undef LOBA_REPLACE_NESTED
#endif
  lua_settop(L, 0);
}

// Whether a script must not change a function's upvalues.
static bool is_bounded_function(lua_CFunction function) {
  return function == bounded_find || function == bounded_match || function == bounded_gmatch ||
         function == next_match || function == bounded_gsub || function == bounded_rep || function == bounded_format ||
         function == bounded_insert || function == bounded_remove || function == bounded_sort ||
         function == bounded_concat || function == bounded_load || function == bounded_loadstring ||
         function == read_piece || function == read_on || function == bounded_collectgarbage ||
         function == bounded_date || function == bounded_tonumber || function == bounded_lower ||
         function == bounded_upper || function == bounded_reverse || function == bounded_char ||
         function == bounded_max || function == bounded_min
#if LUA_VERSION_NUM >= 503
         || function == bounded_move || function == bounded_unpack || function == bounded_pack ||
         function == bounded_packsize || function == bounded_unpack_bytes || function == bounded_len ||
         function == bounded_offset || function == bounded_codepoint || function == bounded_utf8_char
#endif
#if LUA_VERSION_NUM == 502 || LUA_VERSION_NUM == 503
         || function == bounded_band || function == bounded_bor || function == bounded_bxor || function == bounded_btest
#endif
#if LUA_VERSION_NUM <= 502 && !LOBA_HAS_COMPILER
         || function == bounded_maxn
#endif
#if LUA_VERSION_NUM == 501 && !LOBA_HAS_COMPILER
         || function == bounded_foreach || function == bounded_foreachi
#endif
#if !LOBA_HAS_COMPILER
         || function == bounded_print
#else
         || function == bounded_tostring || function == bounded_print || function == bounded_require ||
         function == bounded_dofile || function == bounded_time
#endif
      ;
}
