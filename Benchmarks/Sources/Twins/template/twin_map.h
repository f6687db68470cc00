// A dictionary from owned strings to integers, such as a C program has: open addressing, keys copied.

typedef struct map_entry {
  char *key;  // NULL = free
  size_t length;
  uint64_t hash;
  int64_t value;
} map_entry;

typedef struct map {
  map_entry *entries;
  size_t count, capacity;
} map;

// Eight bytes at a time, then the rest.
static uint64_t hash_of(const char *key, size_t length) {
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

static map_entry *map_place(map *map, const char *key, size_t length, uint64_t hash) {
  size_t mask = map->capacity - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    map_entry *entry = &map->entries[i];
    if (!entry->key || (entry->hash == hash && entry->length == length && !memcmp(entry->key, key, length)))
      return entry;
  }
}

static void map_set(map *map, const char *key, size_t length, int64_t value) {
  if (map->count * 4 >= map->capacity * 3) {
    map_entry *old = map->entries;
    size_t count = map->capacity;
    map->capacity = count ? count * 2 : 16;
    map->entries = calloc(map->capacity, sizeof *map->entries);
    for (size_t i = 0; i < count; i++)
      if (old[i].key) *map_place(map, old[i].key, old[i].length, old[i].hash) = old[i];
    free(old);
  }
  uint64_t hash = hash_of(key, length);
  map_entry *entry = map_place(map, key, length, hash);
  if (!entry->key) {
    entry->key = malloc(length + 1);
    memcpy(entry->key, key, length);
    entry->key[length] = 0;
    entry->length = length;
    entry->hash = hash;
    map->count++;
  }
  entry->value = value;
}

static void map_free(map *map) {
  for (size_t i = 0; i < map->capacity; i++) free(map->entries[i].key);
  free(map->entries);
}
