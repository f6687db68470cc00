internal import LobaCore

private func table(
  _ name: String, _ source: String = "{}", _ body: @escaping @Sendable (LuaRuntime, LuaTable) throws -> Void
) -> Sweep.Operation {
  Sweep.Operation(name) { lua, _ in
    let table: LuaTable = try lua.eval(source)
    return { try body(lua, table) }
  }
}

let tableOperations: [Sweep.Operation] = [
  .direct("table, values and fields") { lua in
    let table = try lua.table(1, "two", [3], fields: ["a": 1, "b": "text", "c": ["x": 1]])
    try expectEqual(table.count, 3)
    try expectEqual(table.keys.count, 6)
  },
  .direct("table of an array of strings") { lua in
    let table = try lua.table(from: (1...40).map { "element \($0)" })
    try expectEqual(table[40], "element 40")
  },
  .direct("table of numbers") { lua in
    let table = try lua.table(from: [1.5, 2.5])
    try expectEqual(table[2], 2.5)
  },
  .direct("table of a dictionary") { lua in
    let table = try lua.table(from: ["one": 1, "two": 2, "three": 3, "a key of more than sixteen bytes": 4])
    try expectEqual(table["a key of more than sixteen bytes"], 4)
  },
  .direct("table of nested containers") { lua in
    let table = try lua.table(from: ["list": [[1, 2], [3]], "none": []])
    try expectEqual(table["list"], [[1, 2], [3]])
  },
  table("table of a table", "{1, x = 2}") { lua, t in
    let copy = try lua.table(from: t)
    try expectEqual(copy.keys.count, 2)
  },
  table("set, a new string key") { _, t in
    try t.set("a new key", to: "a new value")
    try expectEqual(t["a new key"], "a new value")
  },
  table("set, 100 integers") { _, t in
    for i in 1...100 { try t.set(i, to: i) }
    try expectEqual(t[100], 100)
  },
  table("set, a long string", "{key = 1}") { _, t in
    try t.set("key", to: String(repeating: "x", count: 3000))
    try expectEqual((try t["key"] as String).utf8.count, 3000)
  },
  table("set, an existing key", "{key = 1}") { _, t in
    try t.set("key", to: 2)
    try expectEqual(t["key"], 2)
  },
  table("set, a table as key") { lua, t in
    let key = try lua.table()
    try t.set(key, to: [1, 2])
    try expectEqual(t[key], [1, 2])
  },
  table("set, through __newindex", "setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v .. '!') end})") {
    _, t in
    try t.rawSet("key", to: nil as Int?)
    try t.set("key", to: "value")
    try expectEqual(t["key"], "value!")
  },
  table("set, a __newindex that raises", "setmetatable({}, {__newindex = function() error('read' .. 'only') end})") {
    _, t in
    try expectThrown(.runtime, "readonly") { try t.set("key", to: 1) }
  },
  table("set, nil and NaN as keys") { _, t in
    try expectThrown(.runtime, "nil") { try t.set(LuaValue.nil, to: 1) }
    try expectThrown(.runtime, "NaN") { try t.set(Double.nan, to: 1) }
    try expectThrown(.runtime, "NaN") { try t.rawSet(Double.nan, to: 1) }
  },
  table("get, missing and present", "{present = 'here'}") { _, t in
    try expectEqual(t["present"], "here")
    try expectEqual(t["not present at all"], Int?.none)
  },
  table("get, through __index", "setmetatable({}, {__index = function(_, k) return k .. '?' end})") { _, t in
    try expectEqual(t["key"], "key?")
  },
  table("get, a table", "{inner = {1, 2}}") { _, t in
    let inner: LuaTable = try t["inner"]
    try expectEqual(inner.count, 2)
  },
  table("get, a wrong type", "{key = {}}") { _, t in
    try expectThrown(.conversion, "key") { _ = try t["key"] as Int }
  },
  table("raw get and set", "setmetatable({}, {__index = error, __newindex = error})") { _, t in
    try t.rawSet("raw key", to: "raw value")
    try expectEqual(t.rawGet("raw key"), "raw value")
  },
  table("append", "{1}") { _, t in
    let count = t.count
    try t.append("two", [3], 4)
    try expectEqual(t.count, count + 3)
  },
  table("insert, in front of others", "{1, 'two', {}}") { _, t in
    do {
      try t.insert("a new element", at: 1)
    } catch {
      // Not at all, or wholly: finalizers of 5.1 raise also when a call has been done.
      try expect(t.count == 3 ? t.values[0] == 1 : t.count == 4 && t.values[1] == 1)
      throw error
    }
    try expect(t.count == 4 && t.values[0] == "a new element" && t.values[1] == 1)
  },
  table("remove and pop", "{1, 'two', {}, 4, 'five'}") { _, t in
    let two: String = try t.remove(at: 2)
    let five: String? = try t.pop()
    try expect(two == "two" && five == "five" && t.count == 3)
  },
  table("sort, numbers, texts and by __lt", "{{n = 3, t = 'c'}, {n = 1, t = 'a'}, {n = 2, t = 'b'}}") { lua, t in
    try t.sort { (a: LuaTable, b: LuaTable) in try (a["t"] as String) < (b["t"] as String) }
    try t.sort { (a: LuaTable, b: LuaTable) in try (a["n"] as Int) > (b["n"] as Int) }
    let metatable: LuaTable = try lua.eval("{__lt = function(a, b) return ('n' .. a.n) < 'n' .. b.n end}")
    try t.forEachEntry { (_: Int, element: LuaTable) in try element.setMetatable(metatable) }
    try t.sort()
    try expectEqual(t.as([LuaTable].self).map { try $0["n"] as Int }, [1, 2, 3])
  },
  table("paths, defaults and fields", "{inner = {count = 1}}") { _, t in
    try t.set(path: "inner", "made here", "deep", to: "a value that is new")
    try expectEqual(t[path: "inner", "made here", "deep"], "a value that is new")
    try expectEqual(t["missing here", default: 3], 3)
    try expect(t.containsKey("inner") && !t.containsKey("not contained"))
    try expectEqual(t.inner.fields.count, 1)
  },
  table(
    "a call and a method",
    "setmetatable({m = function(t, x) return {x .. '!'}, t end}, {__call = function(_, x) return x .. '?' end})"
  ) {
    _, t in
    try expectEqual(t("called") as String, "called?")
    try expectEqual(t.call(method: "m", "x") as [String], ["x!"])
    let (list, same): ([String], LuaTable) = try t.call(method: "m", "y")
    try expect(list == ["y!"] && same == t)
  },
  table("dump", "{1, 'two', {x = {}, y = print}}") { _, t in
    try expect(t.dump().hasPrefix(#"{1, "two", {x = {}, y = nil --[[function: 0x"#))
  },
  table("removeAll", "{1, 2, x = {}, y = 'z'}") { _, t in
    try t.removeAll()
    try expect(t.isEmpty)
  },
  table("keys, values, iteration", "{1, {}, x = 'y', z = print}") { _, t in
    try expect(t.keys.count == 4 && t.values.count == 4)
    try expectEqual(Dictionary(uniqueKeysWithValues: Array(t))["x"], "y")
    try expect(!t.isEmpty)
  },
  table("forEachEntry, names and lists", "{a = {1}, b = {2, 3}, ['a key of more than sixteen bytes'] = {}}") { lua, t in
    var count = 0
    try t.forEachEntry { (key: String, list: [Int]) in count += key.utf8.count + list.count }
    try expectEqual(count, 37)
  },
  table("forEachEntry, a body that makes more", "{'x', {}, y = 'z'}") { lua, t in
    var made: [LuaTable] = []
    try t.forEachEntry { (key: LuaValue, value: LuaValue) in
      try t.set(key, to: "another value")
      made.append(try lua.table(key, value))
    }
    try expectEqual(made.count, 3)
  },
  table("as an array of numbers", "{1.5, 2.5, 3.5}") { _, t in try expectEqual(t.as(), [1.5, 2.5, 3.5]) },
  table("as an array of integers", "{1, 2, 3}") { _, t in try expectEqual(t.as(), [1, 2, 3]) },
  table("as an array of strings", "{'a', 'b', 'c'}") { _, t in try expectEqual(t.as(), ["a", "b", "c"]) },
  table("as an array of tables", "{{}, {}, {}}") { _, t in try expectEqual((try t.as([LuaTable].self)).count, 3) },
  table("as nested arrays", "{{{1}}, {{2}, {3}}}") { _, t in try expectEqual(t.as(), [[[1]], [[2], [3]]]) },
  table("as a dictionary", "{a = 1, b = 2}") { _, t in try expectEqual(t.as(), ["a": 1, "b": 2]) },
  table("as a dictionary of dictionaries", "{a = {b = {1}}}") { _, t in try expectEqual(t.as(), ["a": ["b": [1]]]) },
  table("as a type it is not", "{1, {}, 'x'}") { _, t in
    try expectThrown(.conversion, "element 2") { _ = try t.as([Int].self) }
  },
  table("length, plain", "{1, 2}") { _, t in try expectEqual(t.length(), 2) },
  table("length, through __len", "setmetatable({}, {__len = function() return #('x'):rep(40) end})") { _, t in
    try expectEqual(t.length(), 40)
  },
  table("pairs, plain", "{1, 2, x = 3}") { _, t in try expectEqual(t.pairs().count, 3) },
  table(
    "pairs, through __pairs",
    "setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return 'k' .. 1, {} end end, t, nil end})"
  ) { _, t in
    let pairs = try t.pairs()
    try expect(pairs.count == 1 && pairs[0].key == "k1")
  },
  table("metatables") { lua, t in
    let metatable = try lua.table(fields: ["__index": ["inherited": "yes"]])
    try t.setMetatable(metatable)
    try expectEqual(t.metatable, metatable)
    try expectEqual(t["inherited"], "yes")
    try t.setMetatable(nil)
    try expectEqual(t.metatable, nil)
  },
  table("isEqual, plain and through __eq", "setmetatable({}, {__eq = function(a, b) return #('eq' .. 1) == 3 end})") {
    lua, t in
    try expect(!lua.table().isEqual(to: lua.table()))
    let other: LuaTable = try lua.eval("setmetatable({}, getmetatable((...)))", t)
    try expect(t.isEqual(to: other))
  },
  table("tostring, plain") { _, t in try expect(t.tostring().hasPrefix("table: ")) },
  table("tostring, through __tostring", "setmetatable({}, {__tostring = function() return 'shown ' .. 1 end})") {
    _, t in
    try expectEqual(t.tostring(), "shown 1")
  },
  table("description, identity, equality, hash") { lua, t in
    try expect(t.description.hasPrefix("table: ") && t.identity != nil)
    try expectEqual(Set([t, t]).count, 1)
  },
]
