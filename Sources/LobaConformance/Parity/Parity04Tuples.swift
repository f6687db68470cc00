internal import LobaCore

private let row = ParityRows(section: 1)

private func definePair(_ lua: LuaRuntime) throws {
  try lua.globals.set("pair", to: lua.function { () in (1, "two") })
}

/// 1.4: tuples as results of host functions.
let parityTupleChecks: [ConformanceCheck] = [
  row.configured(31, "a returned tuple gives several values") {
    $0.unpacksReturnedTuples = true
    $0.evaluator = { _, _ in (1, 2) }
  } _: { lua in
    try definePair(lua)
    try lua.execute("a, b = pair()")
    try expectEqual(try lua.globals["a"] as Int, 1)
    try expectEqual(try lua.globals["b"] as String, "two")
    let (a, b): (Int, Int) = try lua.eval("swift.eval('(1, 2)')")
    try expectEqual([a, b], [1, 2])
  },
  row(32, "what a tuple does not reach is nil") { lua in
    try definePair(lua)
    try lua.execute("c = 5 a, b, c = pair()")
    try expectEqual(try lua.globals["c"] as Int?, nil)
  },
  row.configured(33, "without unpacking, a tuple passes through as one value") {
    $0.unpacksReturnedTuples = false
    $0.evaluator = { _, _ in (1, 2) }
  } _: { lua in
    try definePair(lua)
    try lua.execute("b = 5 a, b = pair()")
    try expectEqual(try lua.eval("type(a)") as String, "userdata")
    try expectEqual(try lua.globals["b"] as Int?, nil)
    try expectEqual(try lua.eval("select('#', pair())") as Int, 1)
    try expectEqual(try lua.eval("select('#', swift.eval(''))") as Int, 1)
    try expectEqual(try lua.eval("select('#', (function() return 1, 2 end)())") as Int, 2)
    final class Maker {}
    try lua.register(
      LuaClass<Maker>("Maker") {
        $0.initializer { Maker() }
        $0.method("pair") { _ in (3, 4) }
      })
    try expectEqual(try lua.eval("select('#', Maker():pair())") as Int, 1)
  },
  row.configured(34, "the opaque tuple comes back as the same tuple") {
    $0.unpacksReturnedTuples = false
  } _: { lua in
    try definePair(lua)
    let direct: (Int, String) = try lua.eval("pair()")
    try expect(direct == (1, "two"), "\(direct)")
    try lua.execute("a = pair()")
    let global: (Int, String) = try lua.globals["a"]
    try expect(global == (1, "two"), "\(global)")
    let f: LuaFunction = try lua.globals["pair"]
    let called: (Int, String) = try f()
    try expect(called == (1, "two"), "\(called)")
    let take = try lua.function { (pair: (Int, String)) in "\(pair.0) \(pair.1)" }
    try expectEqual(try lua.eval("(...)(a)", take) as String, "1 two")
    try expectContains(try lua.eval("tostring(a)") as String, "1", "two")
  },
  row.engine(35, "tuples are unpacked if nothing is said") { engine in
    try expect(LuaConfiguration().unpacksReturnedTuples)
    let lua = try LuaRuntime(engine: engine)
    try definePair(lua)
    try expectEqual(try lua.eval("select('#', pair())") as Int, 2)
  },
]
