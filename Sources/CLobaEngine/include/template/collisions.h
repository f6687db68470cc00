// Tables whose keys collide.
//
// A table that grows is filled anew in one piece, where no hook comes, and each key goes through those that fall into
// the same place, or have been moved there. Where a number falls is for whoever has written the script to know: he can
// choose numbers that lie apart in a table and together in one of twice its size, and then one assignment takes the
// square of their number, seconds for 50,000. So before a large table of nodes is handed out, where limits have been
// announced, the allocator asks what it would take to move the keys of each such table that is full into one of that
// size, and refuses if that is too much: memory counts as short then. (Only a full one grows; but one whose list grows
// gets as many nodes anew.) What Lua would do is done in numbers: which place each node belongs to, and how many belong
// to each. Of strings those are looked at that are in the sample (loba_strings.c), if many in it share their places.
//
// It reads tables of Lua's where they lie, and never writes. What a block is the engine does not say: so a few of its
// nodes must each be in the chain that begins at the place of its key, as in a table, and by chance nowhere else.
// Nothing is followed that leads out of the block. Whether nodes look as they should is tried out first, once, with a
// table that is made for it; if they do not, nothing is refused.

#if LOBA_HAS_COMPILER
#define NODE_SIZE 24
#define NODE_NEXT 16
#elif LUA_VERSION_NUM <= 502
#define NODE_SIZE 40
#define NODE_NEXT 32
#elif LUA_VERSION_NUM == 503
#define NODE_SIZE 32
#define NODE_NEXT 28
#else
#define NODE_SIZE 24
#define NODE_NEXT 12
#endif
#define NODES_ARE_MOVED_UPWARDS (LOBA_HAS_COMPILER || LUA_VERSION_NUM >= 504)
#define NODES_ARE_LINKED_BY_ADDRESS (LUA_VERSION_NUM <= 502)
// What comes before the nodes.
#define NODES_START (LUA_VERSION_NUM >= 505 ? 8 : 0)

#define MOVE_SAMPLE 256  // nodes
#define MOVE_CHAIN 64    // a chain that is longer than that is one
// So many keys share a place, of those that are drawn: one node in so many, and at the least. Of the strings only a
// part is known, so more are drawn where they count.
#define CROWD_PAIRS 2
#define CROWD_SHARE 4096
#define CROWD_SHARE_OF_STRINGS 32
#define CROWD_LEAST 16

// The strings of honest scripts crowd by themselves, so that a pair of them counts for half.
#define STRING_WEIGHT 0.7

// (Lua 5.3 makes light userdata of the integers in a source, and keys of these.)
typedef enum key_kind { OTHER_KEY, REAL_KEY, INTEGER_KEY, POINTER_KEY, STRING_KEY } key_kind;

typedef struct node_key {
  key_kind kind;   // OTHER_KEY: nothing is known of where it falls
  int stands_for;  // so many keys
  uint64_t bits;   // of a string: its hash
} node_key;

static inline uint64_t word_at(const char *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

static inline int32_t half_at(const char *p) {
  int32_t half;
  memcpy(&half, p, sizeof half);
  return half;
}

static key_kind kind_of_key(const char *node) {
#if LOBA_HAS_COMPILER
  return word_at(node + 8) < (uint64_t)0xfff8 << 48 ? REAL_KEY : OTHER_KEY;  // what is no number is a NaN
#else
  int tag = LUA_VERSION_NUM <= 503 ? half_at(node + 24) : (uint8_t)node[9], variant = LUA_TNUMBER | 16;
  if ((tag & 15) == LUA_TSTRING) return STRING_KEY;
  if (tag == LUA_TLIGHTUSERDATA) return POINTER_KEY;
  if (LUA_VERSION_NUM <= 502) return tag == LUA_TNUMBER ? REAL_KEY : OTHER_KEY;
  if (tag == LUA_TNUMBER) return LUA_VERSION_NUM == 503 ? REAL_KEY : INTEGER_KEY;
  if (tag == variant) return LUA_VERSION_NUM == 503 ? INTEGER_KEY : REAL_KEY;
  return OTHER_KEY;
#endif
}

// Without a sample the strings count for nothing.
static node_key key_of_node(const loba_string_sample *sample, const char *node) {
  node_key key = {kind_of_key(node), 1, word_at(node + (LOBA_HAS_COMPILER ? 8 : 16))};
  if (key.kind != STRING_KEY) return key;
  const loba_drawn_string *string = sample ? loba_find_string(sample, (const void *)(uintptr_t)key.bits) : NULL;
  if (!string) return (node_key){OTHER_KEY, 0, 0};
  return (node_key){STRING_KEY, (int)(string->stands_for * STRING_WEIGHT), string->hash};
}

static bool has_key(const char *node) {
#if LOBA_HAS_COMPILER
  return word_at(node + 8) != UINT64_MAX;
#elif LUA_VERSION_NUM <= 503
  return half_at(node + 24) != LUA_TNIL;
#else
  return node[9] != LUA_TNIL;
#endif
}

static bool has_value(const char *node) {
#if LOBA_HAS_COMPILER
  return word_at(node) != UINT64_MAX;
#elif LUA_VERSION_NUM <= 503
  return half_at(node + 8) != LUA_TNIL;
#else
  return (node[8] & 15) != LUA_TNIL;
#endif
}

// The index of the next node in a chain; -1 = none, or none in the block.
static int64_t next_of_node(const char *nodes, int64_t index, int64_t count) {
  const char *node = nodes + index * NODE_SIZE;
#if NODES_ARE_LINKED_BY_ADDRESS
  uint64_t offset = word_at(node + NODE_NEXT) - (uint64_t)(uintptr_t)nodes;
  return offset % NODE_SIZE == 0 && offset / NODE_SIZE < (uint64_t)count ? (int64_t)(offset / NODE_SIZE) : -1;
#else
  int64_t step = half_at(node + NODE_NEXT), next = index + step;
  return step && next >= 0 && next < count ? next : -1;
#endif
}

#if LUA_VERSION_NUM >= 503
static uint32_t hash_of_float(double number) {
  int exponent;
  number = frexp(number, &exponent) * -(double)INT_MIN;
  if (!(number >= -0x1p63 && number < 0x1p63)) return 0;
  uint32_t hash = (uint32_t)exponent + (uint32_t)(int64_t)number;
  return hash <= (uint32_t)INT_MAX ? hash : ~hash;
}
#endif

#define ROTATED(x, by) ((x) << (by) | (x) >> (32 - (by)))

// The index where a key falls in a table of so many nodes.
static int64_t place_of_key(node_key key, int64_t count) {
  if (key.kind == STRING_KEY) return (int64_t)(key.bits & (uint64_t)(count - 1));
#if LOBA_HAS_COMPILER
  uint32_t low = (uint32_t)key.bits, high = (uint32_t)(key.bits >> 32) << 1;
  low ^= high;
  high = ROTATED(high, 14);
  low -= high;
  high = ROTATED(high, 5);
  high ^= low;
  high -= ROTATED(low, 13);
  return high & (uint32_t)(count - 1);
#else
  uint64_t modulus = (uint64_t)(count - 1) | 1;
  if (key.kind == POINTER_KEY) return (int64_t)((uint32_t)key.bits % modulus);
#if LUA_VERSION_NUM >= 503
  if (key.kind == REAL_KEY) {
    double number;
    memcpy(&number, &key.bits, sizeof number);
    return (int64_t)(hash_of_float(number) % modulus);
  }
  return (int64_t)(LUA_VERSION_NUM == 503 ? key.bits & (uint64_t)(count - 1) : key.bits % modulus);
#else
  double number;
  uint64_t bits;
  memcpy(&number, &key.bits, sizeof number);
  if (LUA_VERSION_NUM == 502) number += 1;
  memcpy(&bits, &number, sizeof bits);
  uint32_t hash = (uint32_t)bits + (uint32_t)(bits >> 32);
  if (LUA_VERSION_NUM == 501) return number == 0 ? 0 : (int64_t)(hash % modulus);
  if (hash > (uint32_t)INT_MAX) hash = hash == (uint32_t)INT_MIN ? 0 : 0 - hash;
  return (int64_t)(hash % modulus);
#endif
#endif
}

static bool is_in_chain(const char *nodes, int64_t index, node_key key, int64_t count) {
  int64_t at = place_of_key(key, count);
  for (int steps = 0; at >= 0 && steps < MOVE_CHAIN; steps++) {
    if (at == index) return true;
    at = next_of_node(nodes, at, count);
  }
  return at >= 0;
}

static const char *draw_node(uint64_t *chance, const char *nodes, int64_t count) {
  return nodes + (int64_t)(loba_draw(chance) & (uint64_t)(count - 1)) * NODE_SIZE;
}

// Whether the table is full, and something is known of its keys.
static bool may_be_moved(const loba_string_sample *sample, const char *nodes, int64_t count) {
  uint64_t chance = (uint64_t)(uintptr_t)nodes;
  bool is_known = false;
  for (int i = 0; i < MOVE_SAMPLE; i++) {
    const char *node = draw_node(&chance, nodes, count);
    if (!has_key(node)) return false;
    if (is_known) continue;
    node_key key = key_of_node(sample, node);
    is_known = key.kind != OTHER_KEY && is_in_chain(nodes, (node - nodes) / NODE_SIZE, key, count);
  }
  return is_known;
}

// Whether some of a few keys share a place, as they do where most do.
static bool is_crowded(const loba_string_sample *sample, const char *nodes, int64_t count) {
  int64_t places[MOVE_SAMPLE], drawn = count / (sample ? CROWD_SHARE_OF_STRINGS : CROWD_SHARE);
  if (drawn < CROWD_LEAST) drawn = CROWD_LEAST;
  int found = 0, pairs = 0;
  uint64_t chance = (uint64_t)(uintptr_t)nodes;
  for (int64_t i = 0; i < drawn && found < MOVE_SAMPLE && pairs < CROWD_PAIRS; i++) {
    const char *node = draw_node(&chance, nodes, count);
    node_key key = key_of_node(sample, node);
    if (key.kind == OTHER_KEY || !has_value(node)) continue;
    places[found] = place_of_key(key, count);
    for (int j = 0; j < found; j++) pairs += places[j] == places[found];
    found++;
  }
  return pairs >= CROWD_PAIRS;
}

typedef struct moved_node {
  int32_t place;   // + 1: where the key falls that lies here; 0 = none
  int32_t length;  // of the chain of those that fall here
} moved_node;

// How many nodes are passed where those of a block go into a table of another size, as far as their keys are known.
static double cost_of_moving(const loba_string_sample *sample, const void *block, int64_t count, int64_t new_count) {
  const char *nodes = (const char *)block + NODES_START;
  if (new_count > INT32_MAX) return 0;
  if (!may_be_moved(sample, nodes, count) && !(new_count == count && is_crowded(sample, nodes, count))) return 0;
  moved_node *moved = calloc((size_t)new_count, sizeof *moved);
  if (!moved) return 0;
  int64_t steps = 0, free_at = new_count;
  for (int64_t i = 0; i < count; i++) {
    const char *node = nodes + (NODES_ARE_MOVED_UPWARDS ? i : count - 1 - i) * NODE_SIZE;
    node_key key = key_of_node(sample, node);
    if (key.kind == OTHER_KEY || !has_value(node)) continue;
    int64_t place = place_of_key(key, new_count), other = moved[place].place - 1;
    if (other >= 0) {
      // It is looked for to the chain's end; what belongs elsewhere is then taken out of its chain, from the beginning.
      steps += (int64_t)moved[other].length * key.stands_for;
      while (free_at > 0 && moved[--free_at].place) continue;
      if (moved[free_at].place) break;
      moved[free_at].place = moved[place].place;
    }
    if (other != place) moved[place].length = 0;
    moved[place].place = (int32_t)place + 1;
    moved[place].length += key.stands_for;
  }
  free(moved);
  return (double)steps;
}

// ---------------------------------------------------------------- whether nodes look like that

#define PROBED_KEYS 128

// Integers and fractions.
static int probe_nodes(lua_State *L) {
  lua_createtable(L, 0, PROBED_KEYS);
  for (int i = 0; i < PROBED_KEYS; i++) {
    if (i % 2)
      lua_pushnumber(L, (i % 4 == 1 ? i : -i) * 1234.56789);
    else
      lua_pushinteger(L, (i + 1) * -54321);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
  }
  const layout_probe *probe = lua_touserdata(L, 1);
  if (probe->last_size != NODES_START + (size_t)PROBED_KEYS * NODE_SIZE) return luaL_error(L, "other nodes");
  const char *nodes = (const char *)probe->last + NODES_START;
  for (int i = 0; i < PROBED_KEYS; i++) {
    node_key key = key_of_node(NULL, nodes + i * NODE_SIZE);
    if (key.kind == OTHER_KEY || !is_in_chain(nodes, i, key, PROBED_KEYS)) return luaL_error(L, "other nodes");
  }
  return 0;
}

static bool are_nodes_known;
static pthread_once_t nodes_tried = PTHREAD_ONCE_INIT;

static void try_nodes(void) { are_nodes_known = is_laid_out(probe_nodes); }

static void watch_nodes(loba_state *S) {
  pthread_once(&nodes_tried, try_nodes);
  if (!are_nodes_known) return;
  in(S)->node_size = NODE_SIZE;
  in(S)->nodes_start = NODES_START;
  in(S)->cost_of_moving = cost_of_moving;
}
