internal import LobaCore

// Programs that took another binding down or made it give wrong data. Left out is what needs the `swift` library
// (arguments by table, overflow handlers).

/// A check of a known hazard, by the number it has in the list of them.
func hazard(
  _ number: String, _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
  _ body: @escaping @Sendable (LuaRuntime, LifetimeCounter) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("hazard \(number)", sentence, requires: requires, excludes: excludes) { engine in
    try withRuntime(engine, body)
  }
}

/// Fails unless the body throws a ``LuaError``, whatever its kind.
func expectAnyLuaError(file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void) throws {
  do { try body() } catch is LuaError { return }
  throw ConformanceFailure(message: "nothing was thrown", file: file, line: line)
}

/// Runs a body with little memory left, then lifts the limit.
func withLittleMemory(_ lua: LuaRuntime, _ spare: Int = 20_000, _ body: () throws -> Void) rethrows {
  lua.memoryLimit = lua.memoryUsed + spare
  defer { lua.memoryLimit = nil }
  try body()
}

let hazardProgramChecks: [ConformanceCheck] = [
  hazard("1.6.1.1", "writing to a table whose __newindex raises throws") { lua, _ in
    let table: LuaTable = try lua.eval("setmetatable({}, {__newindex = function() error('no') end})")
    for _ in 0..<100 {
      try expectLuaError(.runtime) { try table.set("a", to: 1) }
      try expectLuaError(.runtime) { try table.set("a", to: nil as Int?) }
      try expectLuaError(.runtime) { try table.set(1, to: "x") }
    }
  },
  hazard("1.6.1.2", "NaN as a key throws") { lua, _ in
    let table = try lua.table()
    try expectLuaError(.runtime) { try table.set(Double.nan, to: 1) }
    try expectLuaError(.runtime) { try table.rawSet(Double.nan, to: 1) }
    try expectEqual(table[Double.nan], Int?.none)
  },
  hazard("1.6.1.3", "a dictionary with NaN as a key throws") { lua, _ in
    try expectLuaError(.runtime) { _ = try lua.table(from: [Double.nan: 1]) }
  },
  hazard("1.6.1.4", "a table may be changed in any way while it is walked") { lua, _ in
    let table: LuaTable = try lua.execute("local t = {} for i = 1, 50 do t['k' .. i] = i end return t")
    var seen = 0
    for (key, _) in table {
      seen += 1
      try table.set(key, to: nil as Int?)
      for i in 0..<200 { try table.set("new \(seen) \(i)", to: i) }
      try lua.collectGarbage()
    }
    try expectEqual(seen, 50)
    try table.forEachPair { key, _ in try table.set(key, to: nil as Int?) }
    try expect(table.isEmpty)
  },
  hazard("1.6.1.5", "strict globals and no debug library are no matter") { lua, _ in
    try lua.execute(
      "debug = nil setmetatable(_G, {__index = function() error('strict') end, __newindex = function() error('strict') end})"
    )
    try expectEqual(lua.eval("1 + 1"), 2)
    try expectLuaError(.runtime) { _ = try lua.eval("undefined") as LuaValue }
    try expectLuaError(.runtime) { try lua.execute("error('x')") }
  },
  hazard("1.6.1.6", "a long string under a memory limit throws") { lua, _ in
    let long = String(repeating: "x", count: 100_000)
    let length: LuaFunction = try lua.eval("function(s) return #s end")
    let globals = lua.globals
    try withLittleMemory(lua) {
      for _ in 0..<10 {
        try expectLuaError(.memory) { _ = try length(long) as Int }
        try expectLuaError(.memory) { try globals.set("long", to: long) }
        try expectLuaError(.memory) { try globals.set(long, to: 1) }
      }
    }
    try expectEqual(length(long), 100_000)
  },
  hazard("1.6.1.7", "a long array under a memory limit throws") { lua, _ in
    try withLittleMemory(lua) {
      try expectLuaError(.memory) { _ = try lua.table(from: 0..<100_000) }
      try expectLuaError(.memory) { _ = try lua.table(from: (0..<10_000).map { "\($0)" }) }
      try expectLuaError(.memory) {
        _ = try lua.table(from: Dictionary(uniqueKeysWithValues: (0..<10_000).map { ($0, $0) }))
      }
    }
  },
  hazard("1.6.1.8", "a host function that returns a long string under a memory limit throws") { lua, _ in
    let long = String(repeating: "x", count: 100_000)
    let f = try lua.function { long }
    let script: LuaFunction = try lua.eval("function(f) return #f() end")
    let many = try lua.function {
      LuaValues((0..<2000).map { .string(LuaString(String(repeating: "y", count: 100 + $0 % 7))) })
    }
    try withLittleMemory(lua) {
      for _ in 0..<10 {
        try expectLuaError(.memory) { _ = try script(f) as Int }
        try expectLuaError(.memory) { _ = try many() as LuaValues }
      }
    }
    try expectEqual(script(f), 100_000)
  },
  hazard("1.6.1.9", "a finalizer that raises is an error or a warning") { lua, _ in
    let swallows = lua.engine.capabilities.contains(.finalizerWarnings)
    try lua.execute(
      "if newproxy then getmetatable(newproxy(true)).__gc = function() error('in gc') end "
        + "else setmetatable({}, {__gc = function() error('in gc') end}) end")
    if swallows {
      try lua.collectGarbage()
    } else {
      try expectThrown(.runtime, "in gc") { try lua.collectGarbage() }
    }
    try lua.collectGarbage()
  },
  hazard("1.6.1.10", "a host function that throws in a finalizer is an error or a warning") { lua, counter in
    let capabilities = lua.engine.capabilities
    do {
      let error = counter.makeTracker()
      let fail = try lua.function { () -> Int in throw error }
      try lua.execute(
        "local fail = ... keep = fail if newproxy then getmetatable(newproxy(true)).__gc = fail "
          + "else setmetatable({}, {__gc = fail}) end", fail)
      if capabilities.contains(.finalizerWarnings) {
        try lua.collectGarbage()
      } else if capabilities.contains(.finalizerErrorTexts) {
        try expectThrown(.runtime, "__gc") { try lua.collectGarbage() }
      } else {
        try expectError(error) { try lua.collectGarbage() }
      }
    }
  },
  hazard("1.6.1.11", "a table of what Lua functions return") { lua, _ in
    let f: LuaFunction = try lua.eval("function(x) return {x} end")
    let table = try lua.table(from: (1...500).lazy.map { try! f($0) as LuaTable })
    try expectEqual(table.count, 500)
    try expectEqual(table[500], [500])
  },
  hazard("1.6.1.12", "a coroutine may yield 5,000 values at once") { lua, _ in
    let f: LuaFunction = try lua.eval(
      "function(n) local t = {} for i = 1, n do t[i] = i end coroutine.yield((unpack or table.unpack)(t)) return 'end' end"
    )
    for count in [1, 9, 100, 5000] {
      let co = try f.coroutine(count)
      let values: LuaValues = try co.send()
      try expectEqual(values.count, count)
      try expectEqual(values.last, .integer(count))
      try expectEqual(co.next(), "end")
    }
  },
  hazard("1.6.1.13", "a closure outlives the coroutine that made it") { lua, _ in
    let save: LuaFunction
    do {
      let f: LuaFunction = try lua.eval("function() local x = 5 coroutine.yield(function() return x end) end")
      let co = try f.coroutine()
      save = try co.send()
      _ = try co.next() as LuaValue?
    }
    for _ in 0..<3 { try lua.collectGarbage() }
    try expectEqual(save(), 5)
  },
  hazard("1.6.1.14", "tables outlive the coroutines that made them") { lua, _ in
    let f: LuaFunction = try lua.eval("function(i) coroutine.yield({i}) end")
    var tables: [LuaTable] = []
    for i in 0..<200 { tables.append(try f.coroutine(i).send()) }
    try lua.collectGarbage()
    for (i, table) in tables.enumerated() { try expectEqual(table[1], i) }
    tables.shuffle()
    while let last = tables.popLast() { if last.count == 0 { break } }
    try lua.collectGarbage()
  },
  hazard("1.6.1.15", "tables with holes as arguments give a defined result") { lua, _ in
    let f = try lua.function { (list: [Int?]) in list.count }
    let strict = try lua.function { (list: [Int]) in list.count }
    for source in ["{1, nil, 3}", "{nil, 2}", "{nil, nil, 3}", "{nil}", "{}"] {
      let length: Int = try lua.eval("#\(source)")
      try expectEqual(lua.eval("(...)(\(source))", f), length)
    }
    // LuaJIT may take such a list to end at the hole.
    let list: LuaTable = try lua.eval("{1, nil, 3}")
    if list.count == 3 { try expectLuaError(.conversion) { _ = try strict(list) as Int } }
  },
  hazard("1.6.2.1", "of three host objects the one that was sent comes back, 10,000 times") { lua, counter in
    let objects = (0..<3).map { counter.makeTracker($0) }
    let echo: LuaFunction = try lua.eval("function(x) local t = {} for i = 1, 10 do t[i] = {} end return x end")
    for i in 0..<rounds(10_000) {
      let back: LifetimeTracker = try echo(lua.wrap(objects[i % 3]))
      try expect(back === objects[i % 3], "another object came back in round \(i)")
    }
  },
  hazard("1.6.2.2", "a host function reads a Lua table while Lua calls it") { lua, _ in
    struct Reader { let table: LuaTable }
    try lua.register(
      LuaClass<Reader>("Reader") {
        $0.property("p", get: { (reader: Reader) -> String in try reader.table["p"] })
        $0.metamethod(.tostring) { (reader: Reader) -> String in try reader.table["p"] }
      })
    let reader = Reader(table: try lua.table(fields: ["p": "value1"]))
    try lua.globals.set("reader", to: reader)
    try expectEqual(lua.eval("reader.p .. tostring(reader)"), "value1value1")
    let function = try lua.function { (t: LuaTable) -> String in try t["p"] }
    try expectEqual(lua.eval("(...)({p = 'value2'})", function), "value2")
    try lua.globals.set("reader", to: nil as Int?)
  },
  hazard("1.6.2.3", "a container that occurs twice is whole both times") { lua, _ in
    let shared = ["x": 1]
    let table = try lua.table(from: ["a": shared, "b": shared])
    try expectEqual(table["a"], shared)
    try expectEqual(table["b"], shared)
    let handle = try lua.table(fields: ["x": 1])
    let both = try lua.table(from: ["a": handle, "b": handle])
    try expectEqual(both["a"] as LuaTable, handle)
    try expectEqual(both["b"] as LuaTable, handle)
  },
  hazard("1.6.2.4", "of two errors that were caught, the one raised again arrives") { lua, counter in
    let errors = [counter.makeTracker(1), counter.makeTracker(2)]
    let fail = try lua.function { (n: Int) -> Int in throw errors[n - 1] }
    try expectError(errors[0]) {
      try lua.execute("local f = ... local _, a = pcall(f, 1) local _, b = pcall(f, 2) error(a)", fail)
    }
  },
]
