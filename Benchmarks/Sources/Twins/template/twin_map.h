// A dictionary from owned strings to integers, such as a C program has: open addressing, keys copied. Short keys lie in
// the entry, as Swift's short strings do; without that the twin would be slower for its map, not for Lua.

#define MAP_SHORT 16

typedef struct map_entry {
  union {
    char bytes[MAP_SHORT];
    char *pointer;
  } key;
  uint32_t length;
  bool is_used;
  uint64_t hash;
  int64_t value;
} map_entry;

typedef struct map {
  map_entry *entries;
  size_t count, capacity;
} map;

static inline const char *map_key(const map_entry *entry) {
  return entry->length < MAP_SHORT ? entry->key.bytes : entry->key.pointer;
}

// Eight bytes at a time, then the rest.
static inline uint64_t hash_of(const char *key, size_t length) {
  uint64_t hash = length;
  for (; length >= 8; key += 8, length -= 8) {
    uint64_t word;
    memcpy(&word, key, 8);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  for (; length; key++, length--) hash = (hash ^ (uint8_t)*key) * 0x100000001B3u;
  return hash ^ hash >> 29;
}

static inline map_entry *map_place(map *map, const char *key, size_t length, uint64_t hash) {
  size_t mask = map->capacity - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    map_entry *entry = &map->entries[i];
    if (!entry->is_used || (entry->hash == hash && entry->length == length && !memcmp(map_key(entry), key, length)))
      return entry;
  }
}

static void map_grow(map *map) {
  map_entry *old = map->entries;
  size_t count = map->capacity;
  map->capacity = count ? count * 2 : 16;
  map->entries = calloc(map->capacity, sizeof *map->entries);
  size_t mask = map->capacity - 1;
  for (size_t i = 0; i < count; i++) {
    if (!old[i].is_used) continue;
    size_t place = old[i].hash & mask;  // the keys differ: no comparison
    while (map->entries[place].is_used) place = (place + 1) & mask;
    map->entries[place] = old[i];
  }
  free(old);
}

static inline void map_set(map *map, const char *key, size_t length, int64_t value) {
  if (map->count * 4 >= map->capacity * 3) map_grow(map);
  uint64_t hash = hash_of(key, length);
  map_entry *entry = map_place(map, key, length, hash);
  if (!entry->is_used) {
    char *copy = length < MAP_SHORT ? entry->key.bytes : (entry->key.pointer = malloc(length));
    memcpy(copy, key, length);
    entry->length = (uint32_t)length;
    entry->is_used = true;
    entry->hash = hash;
    map->count++;
  }
  entry->value = value;
}

static void map_free(map *map) {
  for (size_t i = 0; i < map->capacity; i++)
    if (map->entries[i].is_used && map->entries[i].length >= MAP_SHORT) free(map->entries[i].key.pointer);
  free(map->entries);
}
