internal import LobaCore

private let area = Area("tables")

/// Getting and setting, one entry at a time.
let tableChecks: [ConformanceCheck] = [
  area("an entry that was set is there, typed and untyped, for Swift and for Lua") { lua in
    let t = try lua.table()
    try lua.globals.set("t", to: t)
    try t.set("answer", to: 42)
    try t.set(1, to: "one")
    try t.set(true, to: 2.5)
    try t.set(0.5, to: false)
    let answer: Int = try t["answer"]
    try expectEqual(answer, 42)
    try expectEqual(try t[1] as String, "one")
    try expectEqual(try t[true] as Double, 2.5)
    try expectEqual(try t[0.5] as Bool, false)
    try expectEqual(try t["answer"] as LuaValue, 42)
    try expect(try lua.eval("t.answer == 42 and t[1] == 'one' and t[true] == 2.5 and t[0.5] == false"))
  },
  area("a key that is absent is nil, and so an optional") { lua in
    let t = try lua.table()
    let missing: Int? = try t["nothing"]
    try expectEqual(missing, nil)
    try expect(try (t[1] as LuaValue).isNil)
    let error = try expectLuaError(.conversion) { let _: Int = try t["nothing"] }
    try expectContains(error.message, "nothing", "Int", "nil")
  },
  area("a value of another type throws, naming key, expected and actual") { lua in
    let t: LuaTable = try lua.eval("{a = 'text', [7] = {}}")
    let named = try expectLuaError(.conversion) { let _: Int = try t["a"] }
    try expectContains(named.message, "a", "Int", "text")
    let numbered = try expectLuaError(.conversion) { let _: String = try t[7] }
    try expectContains(numbered.message, "7", "String", "table")
    let optional = try expectLuaError(.conversion) { let _: Int? = try t["a"] }
    try expectContains(optional.message, "Int")
  },
  area("setting nil removes an entry") { lua in
    let t: LuaTable = try lua.eval("{a = 1, b = 2}")
    try t.set("a", to: nil as Int?)
    try t.set("b", to: LuaValue.nil)
    try t.set("c", to: LuaValue.nil)
    try expect(t.isEmpty)
    try expect(try lua.eval("next(...) == nil", t))
  },
  area("setting an existing entry replaces it, whatever was there") { lua in
    let t = try lua.table()
    let values: [LuaValue] = [1, "x", true, 2.5, .table(t), false, "a longer string that is not cached", 3]
    for key in ["k", "a key that is longer than a short string"] {
      for value in values {
        try t.set(key, to: value)
        try expectEqual(try t[key] as LuaValue, value)
        try t.rawSet(key, to: value)
        try expectEqual(try t.rawGet(key) as LuaValue, value)
      }
    }
  },
  area("keys of every type find their entries") { lua in
    let t = try lua.table()
    let keys: [LuaValue] = [
      "", "a", "\0", "sixteen bytes ..", "seventeen bytes .", .string(LuaString(bytes: [255, 0])), 0, 1, -1,
      1_099_511_627_776, 0.5,
      -0.5, true, false, .table(t), .function(try lua.eval("print")), .userdata(try lua.wrap(1)), .number(.infinity),
    ]
    for (index, key) in keys.enumerated() { try t.set(key, to: index) }
    for (index, key) in keys.enumerated() {
      try expectEqual(try t[key] as Int, index, "\(key)")
      try expectEqual(try t.rawGet(key) as Int, index, "\(key)")
      try expectEqual(try lua.eval("(function(t, k) return t[k] end)(...)", t, key) as Int, index)
    }
    try expectEqual(t.keys.count, keys.count)
  },
  area("many short keys do not get into each other's way") { lua in
    let t = try lua.table()
    for i in 0..<2_000 { try t.set("k\(i)", to: i) }
    for i in 0..<2_000 { try expectEqual(try t["k\(i)"] as Int, i) }
    for i in 0..<2_000 { try t.set("k\(i)", to: -i) }
    for i in 0..<2_000 { try expectEqual(try t["k\(i)"] as Int, -i) }
    for (a, b) in [("abcdefgh", "abcdefghabcdefgh"), ("aXc", "aYc"), ("ab", "aab"), ("abab", "abababab")] {
      try t.set(a, to: 1)
      try t.set(b, to: 2)
      try expectEqual(try t[a] as Int, 1)
      try expectEqual(try t[b] as Int, 2)
    }
  },
  area("an integral float key is the integer key") { lua in
    let t = try lua.table()
    try t.set(1.0, to: "x")
    try expectEqual(try t[1] as String, "x")
    try expectEqual(t.count, 1)
    try t.set(2, to: "y")
    try expectEqual(try t[2.0] as String, "y")
  },
  area("a key that is nil or NaN cannot be set, and finds nothing") { lua in
    let t = try lua.table()
    for key in [LuaValue.nil, .number(.nan)] {
      let set = try expectLuaError(.runtime) { try t.set(key, to: 1) }
      try expectContains(set.message, "index is")
      try expectLuaError(.runtime) { try t.rawSet(key, to: 1) }
      try expect(try (t[key] as LuaValue).isNil)
      try expect(try (t.rawGet(key) as LuaValue).isNil)
      try expectUsable(lua)
    }
    try expectLuaError(.runtime) { try t.set(nil as String?, to: 1) }
    try expectLuaError(.runtime) { try t.set(Double.nan, to: 1) }
    try expectLuaError(.runtime) { _ = try lua.table(from: [Double.nan: 1]) }
    try expectLuaError(.runtime) { _ = try lua.table(from: [nil as Int?: 1]) }
    try expect(t.isEmpty)
  },
  area("dynamic members are fields") { lua in
    let globals = lua.globals
    try lua.execute("config = {size = {width = 3}}")
    let width: Int = try globals.config.size.width.as()
    try expectEqual(width, 3)
    let config: LuaTable = try globals.config
    try expectEqual(try config.size.width, 3)
    let missing: Int? = try config.nothing
    try expectEqual(missing, nil)
  },
  area("indices 0 to 3 are ordinary keys") { lua in
    let t = try lua.table()
    for i in 0...3 { try t.set(i, to: "v\(i)") }
    for i in 0...3 { try expectEqual(try t[i] as String, "v\(i)") }
    try expectEqual(t.count, 3)
    try expectEqual(try t.as([String].self), ["v1", "v2", "v3"])
    try expectEqual(try t.as([Int: String].self), [0: "v0", 1: "v1", 2: "v2", 3: "v3"])
    try expectEqual(try (t[-1] as LuaValue), nil)
    try expectEqual(try (t[Int32.max] as LuaValue), nil)
  },
  area("removeAll empties a table, also one with metamethods") { lua in
    let t: LuaTable = try lua.eval("setmetatable({1, 2, a = 3, [true] = 4}, {__newindex = error, __index = error})")
    try t.removeAll()
    try expect(t.isEmpty)
    try expectEqual(t.count, 0)
    try t.rawSet(1, to: 5)
    try expectEqual(t.count, 1)
  },
  area("append goes on after the last element") { lua in
    let t = try lua.table(1, 2)
    try t.append(3)
    try t.append("four", 5.5)
    try t.append()
    try expectEqual(t.count, 5)
    try expectEqual(t.values, [1, 2, 3, "four", 5.5])
    try t.append([6, 7] as LuaValues)
    try expectEqual(t.count, 7)
    let raw: LuaTable = try lua.eval("setmetatable({}, {__newindex = error})")
    for i in 1...100 { try raw.append(i) }
    try expectEqual(try raw.as([Int].self), Array(1...100))
  },
  area("a value that cannot be given to Lua throws and leaves the table as it was") { lua in
    struct Unknown {}
    let t: LuaTable = try lua.eval("{a = 1}")
    try expectLuaError(.conversion) { try t.set("a", to: Unknown()) }
    try expectLuaError(.conversion) { try t.set(Unknown(), to: 1) }
    try expectLuaError(.conversion) { try t.rawSet("a", to: Unknown()) }
    try expectLuaError(.conversion) { try t.append(Unknown()) }
    try expectLuaError(.conversion) { _ = try t[Unknown()] as LuaValue }
    try expectEqual(try t.as([String: Int].self), ["a": 1])
  },
]
