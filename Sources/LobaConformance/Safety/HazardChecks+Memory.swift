internal import LobaCore

// Hazards from the history of other bindings: handles, references, memory, lifetimes.

let hazardMemoryChecks: [ConformanceCheck] = [
  hazard("2.1", "many handles to tables with metatables, released in any order") { lua, _ in
    let f: LuaFunction = try lua.eval(
      "(function() local m = {} return function(i) return setmetatable({i}, m) end end)()")
    for count in [10_000, isFullSweep ? 100_000 : 20_000] {
      var tables: [LuaTable] = []
      for i in 0..<count { tables.append(try f(i)) }
      for i in stride(from: 0, to: count, by: 997) { try expectEqual(tables[i][1], i) }
      var generator = SeededGenerator(seed: 1)
      tables.shuffle(using: &generator)
      while tables.count > count / 2 { tables.removeLast() }
      for i in 0..<1000 { tables.append(try f(i)) }
      for table in tables.suffix(1000).enumerated() { try expectEqual(table.element[1], table.offset) }
    }
  },
  hazard("2.2", "9,000 handles") { lua, _ in
    let tables = try (0..<9000).map { try lua.table($0) }
    try lua.collectGarbage()
    for (i, table) in tables.enumerated() { try expectEqual(table[1], i) }
  },
  hazard("2.3", "a host function that captured a handle is collected in the middle of allocations") { lua, counter in
    for _ in 0..<20 {
      let captured = try lua.table(counter.makeTracker().number)
      _ = try lua.function { captured.count }
    }
    for i in 0..<10_000 { _ = try lua.table(i) }
    try lua.collectGarbage()
  },
  hazard("2.4", "an object whose deinit releases and makes handles, while handles are made") { lua, counter in
    final class Owner {
      let table: LuaTable
      let tracker: LifetimeTracker
      init(_ table: LuaTable, _ tracker: LifetimeTracker) {
        self.table = table
        self.tracker = tracker
      }
      deinit { _ = try? table.runtime.table(table.count) }
    }
    for i in 0..<rounds(5000) {
      _ = try lua.wrap(Owner(try lua.table(1, 2), counter.makeTracker()))
      if i % 100 == 0 { try lua.collectGarbage() }
    }
    for _ in 0..<3 { try lua.collectGarbage() }
    try expectEqual(counter.alive, 0)
  },
  hazard("2.5", "handles that are released and made again are never two things at once") { lua, _ in
    var kept: [(Int, LuaTable)] = []
    var generator = SeededGenerator(seed: 5)
    for i in 0..<5000 {
      try lua.globals.set("x", to: LuaValue.nil)
      let nothing: LuaValue = try lua.globals["x"]
      try expect(nothing.isNil)
      kept.append((i, try lua.table(i)))
      if Bool.random(using: &generator) { kept.remove(at: Int.random(in: 0..<kept.count, using: &generator)) }
    }
    try expectEqual(Set(kept.map(\.1)).count, kept.count)
    for (i, table) in kept { try expectEqual(table[1], i) }
  },
  hazard("2.6", "handles made where the stack is full") { lua, _ in
    let f = try lua.function { (all: LuaValues) in try LuaValues(all.map { .table(try lua.table($0)) }) }
    for count in [1, 8, 15, 16, 17, 18, 19, 20, 21, 40, 200] {
      let results: LuaValues = try f(LuaValues((0..<count).map { .integer($0) }))
      try expectEqual(results.count, count)
      for (i, value) in results.enumerated() { try expectEqual(value[1], .integer(i)) }
    }
    let nested: [[[String]]] = try lua.eval("{{{'a', 'b'}, {'c'}}, {{}}}")
    try expectEqual(nested, [[["a", "b"], ["c"]], [[]]])
  },
  hazard("2.7", "with the limit at what is in use, every operation throws or works") { lua, counter in
    let context = Sweep.Context(tracker: counter)
    for operation in Sweep.operations where operation.requires.isSubset(of: lua.engine.capabilities) {
      let body = try operation.prepare(lua, context)
      lua.memoryLimit = lua.memoryUsed
      do {
        try body()
      } catch {
        lua.memoryLimit = nil
        try expect("\(error)".contains("not enough memory"), "\(operation): \(error)")
      }
      lua.memoryLimit = nil
      try expectIntact(lua)
    }
  },
  hazard("2.9", "strings too long for any memory") { lua, _ in
    lua.memoryLimit = 64 << 20
    for text in ["x", "xy"] {
      for count in ["2^31", "2^40", "2^53", "2^62", "1e300", "1/0"] {
        do {
          // Lua 5.1 and LuaJIT take the count as an integer of 32 bits, which may be none, or negative.
          let length: Int = try lua.execute("return ('\(text)'):rep(\(count)):len()")
          try expect(length == 0 && !lua.engine.capabilities.contains(.integers), "\(count) times: \(length) bytes")
        } catch let error as LuaError {
          try expect([.memory, .runtime].contains(error.kind), "\(count) times: \(error.kind): \(error)")
        }
      }
    }
    lua.memoryLimit = nil
  },
  hazard("2.10", "memory limits of any size") { lua, _ in
    for limit in [Int.max, Int.max - 1, 1 << 62, 0, 1, -1, Int.min] {
      lua.memoryLimit = limit
      if limit < 2 {
        try expectLuaError(.memory) { try lua.execute("local t = {} for i = 1, 10000 do t[i] = {} end") }
      } else {
        try expectUsable(lua)
      }
      lua.memoryLimit = nil
    }
    for limit in [-1, 0, 1, 1000, 5000] {
      var configuration = LuaConfiguration.standard
      configuration.memoryLimit = limit
      try expectLuaError(.memory) { _ = try LuaRuntime(engine: lua.engine, configuration: configuration) }
    }
  },
  hazard("2.11", "every operation leaves Lua's stack where it was") { lua, counter in
    let context = Sweep.Context(tracker: counter)
    for operation in Sweep.operations where operation.requires.isSubset(of: lua.engine.capabilities) {
      try operation.prepare(lua, context)()
      try expect(lua.stackTop == 0 && lua.isIdle, "\(operation)")
    }
    // The same inside a host call, where the stack is not empty.
    let inner = try lua.function { (_: Int) in
      let top = lua.stackTop
      for operation in Sweep.operations where operation.requires.isSubset(of: lua.engine.capabilities) {
        try operation.prepare(lua, context)()
        try expectEqual(lua.stackTop, top, "\(operation)")
      }
    }
    try lua.execute("local f = ... f(1) coroutine.wrap(function() f(2) end)()", inner)
  },
  hazard("2.36", "objects that hold handles to themselves and to others") { lua, counter in
    final class Node {
      var handles: [LuaUserdata] = []
      let tracker: LifetimeTracker
      init(_ tracker: LifetimeTracker) { self.tracker = tracker }
    }
    let nodes = (0..<20).map { _ in Node(counter.makeTracker()) }
    for node in nodes {
      node.handles = try nodes.map { try lua.wrap($0) }
    }
    try lua.collectGarbage()
    for node in nodes { try expectEqual(node.handles.count, 20) }
    for node in nodes { node.handles = [] }
    try lua.collectGarbage()
  },
  hazard("2.37", "closing while objects live whose deinit uses their handles") { lua, counter in
    final class User {
      let table: LuaTable
      let tracker: LifetimeTracker
      init(_ table: LuaTable, _ tracker: LifetimeTracker) {
        self.table = table
        self.tracker = tracker
      }
      deinit {
        _ = try? table.set("x", to: 1)
        _ = table.count + table.keys.count
        _ = try? table.runtime.eval("1 + 1") as Int
      }
    }
    for _ in 0..<100 {
      let other = try LuaRuntime(engine: lua.engine)
      for _ in 0..<5 {
        try other.globals.set("object\(counter.alive)", to: other.wrap(User(other.table(1), counter.makeTracker())))
      }
      other.close()
    }
    try expectEqual(counter.alive, 0)
  },
  hazard("2.38", "1,000 runtimes one after the other") { lua, _ in
    try expectFlatMemory(rounds: rounds(1000)) { _ in
      let other = try LuaRuntime(engine: lua.engine)
      try expectEqual(other.eval("('x'):rep(3)"), "xxx")
    }
  },
  hazard("2.40", "values that need more alignment than Lua gives") { lua, _ in
    let vector = SIMD4<Double>(1, 2, 3, 4)
    let back: SIMD4<Double> = try lua.eval("...", lua.wrap(vector))
    try expectEqual(back, vector)
    let wide: SIMD64<UInt8> = try lua.eval("...", lua.wrap(SIMD64<UInt8>(repeating: 7)))
    try expectEqual(wide, SIMD64(repeating: 7))
  },
  hazard("2.51", "an array whose third element cannot be converted lets go of the others") { lua, counter in
    let objects = try (0..<2).map { try lua.wrap(counter.makeTracker($0)) }
    let table = try lua.table(objects[0], objects[1], 3)
    for _ in 0..<100 { try expectLuaError(.conversion) { _ = try table.as([LifetimeTracker].self) } }
    try expectEqual(counter.alive, 2)
  },
  hazard("2.59", "locals of a host function are released when Lua fails below it") { lua, counter in
    let f = try lua.function { (g: LuaFunction) -> Int in
      let local = counter.makeTracker()
      defer { local.touch() }
      return try g(1)
    }
    for _ in 0..<1000 {
      try expectLuaError(.runtime) { try lua.execute("local f = ... f(function() error('x') end)", f) }
      try expectEqual(counter.alive, 0)
    }
  },
  hazard("2.61", "values and objects under a collector that always runs") { lua, counter in
    try lua.execute(hurryCollector(stepMultiplier: 100_000))
    struct Value: Equatable { var text = "value" }
    for i in 0..<rounds(3000) {
      let object = counter.makeTracker(i)
      try lua.globals.set("object", to: lua.wrap(object))
      try lua.globals.set("value", to: lua.wrap(Value(text: "value \(i)")))
      let (a, b): (LifetimeTracker, Value) = try lua.execute(
        "local t = {} for i = 1, 20 do t[i] = 's' .. i end return object, value")
      try expect(a === object && b.text == "value \(i)")
    }
  },
  hazard("2.65", "10,000 failing scripts leave nothing on the stack") { lua, _ in
    for i in 0..<rounds(100_000) {
      try expectAnyLuaError { try lua.execute(i % 2 == 0 ? "error({})" : "x = = 1") }
      try expectEqual(lua.stackTop, 0)
    }
  },
  hazard("2.66", "a soak of host objects passed back and forth") { lua, counter in
    let object = counter.makeTracker(42)
    let read = try lua.function { (object: LifetimeTracker) in object.number }
    let script: LuaFunction = try lua.eval(
      "function(read, o, n) local sum = 0 for i = 1, n do sum = sum + read(o) end return sum end")
    try expectFlatMemory(rounds: 20) { _ in
      try expectEqual(script(read, lua.wrap(object), rounds(50_000)), 42 * rounds(50_000))
    }
  },
]
