internal import LobaCore

private let area = Area("metatables")

/// What honours metamethods, what does not, and where their errors go.
let metatableChecks: [ConformanceCheck] = [
  area("subscripts and set honour metamethods, rawGet and rawSet do not") { lua in
    let t: LuaTable = try lua.eval(
      """
      setmetatable({own = 1}, {
        __index = function(t, k) return 'index ' .. tostring(k) end,
        __newindex = function(t, k, v) rawset(t, k, v * 2) end})
      """)
    try expectEqual(try t["own"] as Int, 1)
    try expectEqual(try t["x"] as String, "index x")
    try expectEqual(try t[5] as String, "index 5")
    try expectEqual(try t.rawGet("x") as Int?, nil)
    try t.set("y", to: 4)
    try expectEqual(try t["y"] as Int, 8)
    try t.set(1, to: 4)
    try expectEqual(try t[1] as Int, 8)
    try t.rawSet("z", to: 4)
    try expectEqual(try t["z"] as Int, 4)
    try t.set("y", to: 5)
    try expectEqual(try t["y"] as Int, 5)
  },
  area("__index may be a table, through several levels") { lua in
    let t: LuaTable = try lua.eval(
      "setmetatable({}, {__index = setmetatable({a = 1}, {__index = {b = 2}})})")
    try expectEqual(try t["a"] as Int, 1)
    try expectEqual(try t["b"] as Int, 2)
    try expectEqual(try t["c"] as Int?, nil)
    try expect(t.isEmpty)
  },
  area("an error in a metamethod is thrown and the table works on") { lua in
    let t: LuaTable = try lua.eval(
      """
      setmetatable({a = 1}, {__index = function(t, k) error('no ' .. tostring(k), 0) end,
        __newindex = function(t, k) error({key = k}) end, __len = function() error('no length', 0) end,
        __tostring = function() error('no text', 0) end, __eq = function() error('not equal', 0) end,
        __pairs = function() error('no pairs', 0) end, __call = function() error('no call', 0) end})
      """)
    try expectEqual(try expectLuaError(.runtime) { _ = try t["x"] as Int }.message, "no x")
    try expectEqual(try expectLuaError(.runtime) { _ = try t[1] as Int }.message, "no 1")
    let set = try expectLuaError(.runtime) { try t.set("x", to: 1) }
    try expectEqual(try set.value.key, "x")
    try expectLuaError(.runtime) { try t.set(1, to: 1) }
    try expectEqual(try expectLuaError(.runtime) { _ = try t.length() }.message, "no length")
    try expectEqual(try expectLuaError(.runtime) { _ = try t.tostring() }.message, "no text")
    try expectEqual(try expectLuaError(.runtime) { _ = try t.pairs() }.message, "no pairs")
    try expectEqual(try expectLuaError(.runtime) { try LuaValue.table(t)() }.message, "no call")
    let other: LuaTable = try lua.eval("setmetatable({}, getmetatable(...))", t)
    try expectEqual(try expectLuaError(.runtime) { _ = try t.isEqual(to: other) }.message, "not equal")
    try expectEqual(try t["a"] as Int, 1)
  },
  area("what does not throw runs no metamethod") { lua in
    try lua.execute(
      """
      calls = 0
      local function count() calls = calls + 1 error('called') end
      t = setmetatable({1, 2, 3, a = 4}, {__index = count, __newindex = count, __len = count, __pairs = count,
        __eq = count, __tostring = count, __call = count, __concat = count, __name = 'Own'})
      """)
    let t: LuaTable = try lua.globals["t"]
    try expectEqual(t.count, 3)
    try expectEqual(t.keys.count, 4)
    try expectEqual(Set(t.values), [1, 2, 3, 4])
    try expectEqual(t.entries.count, 4)
    var seen = 0
    for (_, _) in t { seen += 1 }
    try expectEqual(seen, 4)
    try expect(t == t)
    _ = t.hashValue
    try expect(!t.description.isEmpty)
    try expect(!t.isEmpty)
    _ = try t.as([LuaValue: Int].self)
    _ = try t.as([Int].self)
    try expectEqual(try lua.globals["calls"] as Int, 0)
  },
  area("length honours __len, for tables on every engine") { lua in
    let t: LuaTable = try lua.eval("setmetatable({1, 2}, {__len = function() return 7 end})")
    try expectEqual(try t.length(), 7)
    try expectEqual(t.count, 2)
    let plain: LuaTable = try lua.eval("{1, 2, 3}")
    try expectEqual(try plain.length(), 3)
    let odd: LuaTable = try lua.eval("setmetatable({}, {__len = function() return 'long' end})")
    try expectLuaError(.conversion) { _ = try odd.length() }
  },
  area("pairs honours __pairs on every engine") { lua in
    let t: LuaTable = try lua.eval(
      """
      setmetatable({hidden = 1}, {__pairs = function(t)
        return function(_, k) if k < 3 then return k + 1, k * 10 end end, t, 0
      end})
      """)
    let pairs = try t.pairs()
    try expectEqual(pairs.map(\.key), [1, 2, 3])
    try expectEqual(pairs.map(\.value), [0, 10, 20])
    try expectEqual(t.keys, ["hidden"])
    let plain: LuaTable = try lua.eval("{5, 6}")
    try expectEqual(try plain.pairs().map(\.value), [5, 6])
    struct Stop: Error, Equatable {}
    var visited = 0
    try expectError(Stop()) {
      try t.forEachPair { _, _ in
        visited += 1
        throw Stop()
      }
    }
    try expectEqual(visited, 1)
  },
  area("tostring honours __tostring and __name") { lua in
    let t: LuaTable = try lua.eval("setmetatable({}, {__tostring = function() return 'shown' end})")
    try expectEqual(try t.tostring(), "shown")
    try expectEqual(try (lua.eval("{}") as LuaTable).tostring().hasPrefix("table: "), true)
    try expect(t.description.hasPrefix("table: 0x"), t.description)
  },
  area("a __tostring that does not return a string is an error") { lua in
    for result in ["nil", "{}", "function() end"] {
      let t: LuaTable = try lua.eval("setmetatable({}, {__tostring = function() return \(result) end})")
      try expectLuaError(.runtime) { _ = try t.tostring() }
    }
  },
  area("isEqual honours __eq, == does not") { lua in
    try lua.execute(
      "local m = {__eq = function(a, b) return a.id == b.id end} function new(id) return setmetatable({id = id}, m) end"
    )
    let new: LuaFunction = try lua.globals["new"]
    let a: LuaTable = try new(1)
    let b: LuaTable = try new(1)
    let c: LuaTable = try new(2)
    try expect(try a.isEqual(to: b))
    try expect(try !a.isEqual(to: c))
    try expect(try a.isEqual(to: a))
    try expect(a != b)
    let f: LuaFunction = try lua.eval("print")
    try expect(try !a.isEqual(to: f))
  },
  area("a metatable is read, replaced and removed") { lua in
    let t = try lua.table()
    try expect(try t.metatable == nil)
    let metatable: LuaTable = try lua.eval("{__index = {x = 1}}")
    try t.setMetatable(metatable)
    try expectEqual(try t.metatable, metatable)
    try expectEqual(try t["x"] as Int, 1)
    try t.setMetatable(nil)
    try expect(try t.metatable == nil)
    try expectEqual(try t["x"] as Int?, nil)
  },
  area("a protected metatable is seen by Swift") { lua in
    let t: LuaTable = try lua.eval("setmetatable({}, {__metatable = 'locked', tag = 5})")
    try expectEqual(try t.metatable?["tag"], 5)
    try expectEqual(try lua.eval("getmetatable(...)", t) as String, "locked")
  },
  area("a Swift function can be a metamethod") { lua in
    let metatable = try lua.table()
    try metatable.set("__index", to: lua.function { (_: LuaTable, key: String) in "swift \(key)" })
    try metatable.set("__call", to: lua.function { (_: LuaTable, a: Int, b: Int) in a * b })
    try metatable.set("__add", to: lua.function { (_: LuaValue, b: Int) in b + 100 })
    let t = try lua.table()
    try t.setMetatable(metatable)
    try expectEqual(try t["x"] as String, "swift x")
    try expectEqual(try LuaValue.table(t)(6, 7) as Int, 42)
    try expectEqual(try lua.eval("... + 1", t) as Int, 101)
  },
  area("globals with a strict metatable work, also without the debug library") { lua in
    try lua.execute("setmetatable(_G, {__index = function(_, k) error('undeclared ' .. k, 2) end}) debug = nil")
    try expectUsable(lua)
    let error = try expectLuaError(.runtime) { _ = try lua.globals["missing"] as LuaValue }
    try expectContains(error.message, "undeclared missing")
    try lua.execute("rawset(_G, 'x', 1)")
    try expectEqual(try lua.globals["x"] as Int, 1)
    try expectLuaError(.runtime) { try lua.execute("return y") }
  },
]
