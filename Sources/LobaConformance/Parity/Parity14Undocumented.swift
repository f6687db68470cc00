internal import LobaCore

private let row = ParityRows(section: 1)

private struct Broken: Error, Equatable, CustomStringConvertible {
  let code: Int
  var description: String { "broken \(code)" }
}

private final class Reversed {
  func compare(_ a: Int, _ b: Int) -> Bool { a > b }
}

private final class Pixel {
  var x: Int
  init(_ x: Int) { self.x = x }
}

/// 1.14: what the README leaves out.
let parityUndocumentedChecks: [ConformanceCheck] = [
  row(134, "further arguments are the chunk's ...") { lua in
    try expectEqual(try lua.eval("select('#', ...)", 1, "x", nil as Int?) as Int, 3)
    try expectEqual(try lua.execute("local a, b = ... return b .. a", "x", "y") as String, "yx")
  },
  row(135, "source is text or bytes") { lua in
    try expectEqual(try lua.execute(bytes: Array("return 1 + 1".utf8)).values, [2])
    try expectEqual(try lua.execute(bytes: Array("return ...".utf8), 1, "x").values, [1, "x"])
    try expectEqual(try lua.compile(bytes: Array("return '\u{e9}'".utf8))() as String, "é")
    let odd = try lua.execute(bytes: Array("return '".utf8) + [0xFF] + Array("'".utf8))
    try expectEqual(odd.values, [.string(LuaString(bytes: [0xFF]))])
  },
  row(136, "compile gives a function without running it") { lua in
    let f = try lua.compile("ran = true return 2 + 3", name: "=setup")
    try expectEqual(try lua.globals["ran"] as Bool?, nil)
    try expectEqual(try f() as Int, 5)
    try expectEqual(try lua.globals["ran"] as Bool?, true)
    try expectContains(
      try expectLuaError(.syntax) { _ = try lua.compile("x = = 1", name: "=setup") }.message, "setup:1:")
  },
  row(137, "there is one error type, which says of what kind an error is") { lua in
    try expectLuaError(.syntax) { try lua.execute("for") }
    try expectLuaError(.syntax) { _ = try lua.eval("for") as LuaValue }
    try expectEqual(try expectLuaError(.runtime) { try lua.execute("error('no', 0)") }.message, "no")
  },
  row(138, "a Swift error comes through Lua as itself, and pcall catches it as an object") { lua in
    try lua.globals.set("fail", to: lua.function { (code: Int) throws -> Int in throw Broken(code: code) })
    try expectError(Broken(code: 7)) { _ = try lua.eval("fail(7)") as Int }
    let (ok, type, text): (Bool, String, String) = try lua.execute(
      "local ok, e = pcall(fail, 8) kept = e return ok, type(e), tostring(e)")
    try expectEqual(ok, false)
    try expectEqual(type, "userdata")
    try expectEqual(text, "broken 8")
    try expectError(Broken(code: 8)) { try lua.execute("pcall(fail, 9) error(kept)") }
    try expectEqual(try lua.globals["kept"] as Broken, Broken(code: 8))
  },
  row.configured(139, "source has an encoding of its own") {
    $0.stringEncoding = .isoLatin1
    $0.sourceEncoding = .utf8
  } _: { lua in
    try expectEqual(try lua.eval("#'é'") as Int, 2)
    try expectEqual(try lua.eval("#...", "é") as Int, 1)
  },
  row.configured(140, "without swift.builtins there are none") {
    $0.swiftLibrary = .all.subtracting(.builtins)
  } _: { lua in
    try expect(try lua.eval("swift.builtins == nil and swift.none ~= nil") as Bool)
    var configuration = LuaConfiguration()
    configuration.swiftLibrary = []
    try expect(try LuaRuntime(engine: lua.engine, configuration: configuration).eval("swift == nil") as Bool)
    // As every other part.
    for (part, names) in [
      (LuaSwiftLibrary.none, ["none"]), (.iteration, ["iter", "iterex", "enumerate"]), (.args, ["args"]),
      (.views, ["as_attrgetter", "as_itemgetter"]), (.asFunction, ["as_function"]),
      (.classes, ["extend"]),
      (.overflowHandler, ["set_overflow_handler", "get_overflow_handler"]),
    ] {
      configuration.swiftLibrary = .all.subtracting(part)
      let without = try LuaRuntime(engine: lua.engine, configuration: configuration)
      configuration.swiftLibrary = part
      let only = try LuaRuntime(engine: lua.engine, configuration: configuration)
      for name in names {
        try expect(try without.eval("swift.\(name) == nil and swift.builtins ~= nil"), name)
        try expect(try only.eval("swift.\(name) ~= nil and swift.builtins == nil"), name)
      }
    }
  },
  row(141, "the version is known, whatever scripts set") { lua in
    try lua.execute("_VERSION = 'Lua 9.9' jit = {version = 'mine'}")
    try expectEqual(lua.engine.version.major, 5)
    try expect(lua.engine.name.hasPrefix("Lua"))
    try expect(lua.release.contains(lua.engine.capabilities.contains(.jit) ? "LuaJIT 2" : "Lua 5."), lua.release)
    try expect(!lua.release.contains("9.9") && !lua.release.contains("mine"))
    try expectEqual(lua.engine.release, lua.release)
  },
  row(142, "entries are set, removed and looked for") { lua in
    let t: LuaTable = try lua.eval("{x = 1, y = 2, 5}")
    try t.removeValue(forKey: "x")
    try expect(!t.keys.contains("x"))
    try expect(t.keys.contains("y"))
    try t.removeValue(forKey: 1)
    try expectEqual(t.keys, ["y"])
    try t.set("y", to: nil as Int?)
    try expect(t.isEmpty)
    let guarded: LuaTable = try lua.eval("setmetatable({}, {__newindex = function() error('locked', 0) end})")
    try expectEqual(try expectLuaError(.runtime) { try guarded.removeValue(forKey: "x") }.message, "locked")
  },
  row(143, "nil is no key; swift.none stands for it") { lua in
    let t = try lua.table()
    try t.set(LuaNone(), to: "value")
    try expectEqual(try t[LuaNone()] as String, "value")
    try expectEqual(try lua.eval("(...)[swift.none]", t) as String, "value")
    try t.set("none", to: LuaNone())
    for copy in [try lua.table(from: t), try lua.table(from: [1], t)] {
      try expect(try lua.eval("(...)[swift.none] == 'value' and (...).none == swift.none", copy))
    }
    try expectLuaError(.runtime) { try t.set(Int?.none, to: 1) }
  },
  row(144, "swift.as_function makes a real function of an object, which is the object when it comes back") { lua in
    try lua.register(
      LuaClass<Reversed>("Reversed") {
        $0.metamethod(.call) { (order: Reversed, a: Int, b: Int) in order.compare(a, b) }
      })
    let order = Reversed()
    try lua.globals.set("order", to: lua.wrap(order))
    try expectEqual(try lua.eval("type(swift.as_function(order))") as String, "function")
    try lua.execute("t = {3, 1, 2} f = swift.as_function(order) table.sort(t, f)")
    try expectEqual(try lua.globals["t"] as [Int], [3, 2, 1])
    let back: Reversed = try lua.globals["f"]
    try expect(back === order)
    let take = try lua.function { (other: Reversed) in other === order }
    try expect(try lua.eval("(...)(f)", take) as Bool)
    let any: Any = try lua.globals["f"]
    try expect(any as? Reversed === order)
    try expectEqual(try lua.eval("swift.builtins.type(f)") as String, "Reversed")
    try expect(try lua.eval("swift.as_attrgetter(f) == swift.as_attrgetter(order)"))
    try expectEqual(try (lua.globals["f"] as LuaValue).type, .function)
    try expect(try lua.eval("swift.as_function(print) == print") as Bool)
    try lua.register(LuaClass<Pixel>("Pixel") { $0.initializer { (x: Int) in Pixel(x) } })
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.eval("swift.as_function(Pixel(1))") as LuaValue }.message, "Pixel")
  },
  row(145, "swift.enumerate counts from where it is told") { lua in
    let indices: [Int] = try lua.execute(
      "local t = {} for i in swift.enumerate(..., 5) do t[#t + 1] = i end return t", lua.wrap(["a", "b"]))
    try expectEqual(indices, [5, 6])
    try expectEqual(try lua.execute("for i in swift.enumerate(..., -1) do return i end", lua.wrap(["a"])) as Int, -1)
    let limit = lua.engine.capabilities.contains(.integers) ? Int.max : 1 << 53
    let code = "local list, last = ... for i in swift.enumerate(list, last) do reached = i end"
    let error = try expectLuaError(.conversion) { try lua.execute(code, lua.wrap(["a", "b"]), limit) }
    try expectContains(error.message, "9")
    try expectEqual(try lua.globals["reached"] as Int, limit)
  },
  row(146, "a coroutine knows whether it is finished") { lua in
    let co = try (lua.eval("function() coroutine.yield(1) end") as LuaFunction).coroutine()
    try expect(co.status != .dead)
    _ = try co.collect() as [Int]
    try expectEqual(co.status, .dead)
  },
  row(147, "handles describe themselves by kind and address") { lua in
    try expect(String(describing: try lua.table()).hasPrefix("table: 0x"))
    try expect(String(describing: try lua.eval("print") as LuaFunction).hasPrefix("function: 0x"))
    try expect(String(describing: try lua.wrap([1])).hasPrefix("userdata: 0x"))
    let table = try lua.table()
    try expectEqual(String(describing: table), try table.tostring())
    try expect(
      String(describing: try lua.eval("coroutine.create(function() end)") as LuaCoroutine).hasPrefix("thread: 0x"))
  },
  row(148, "tostring of a Swift object is its description") { lua in
    try expectEqual(try lua.eval("tostring(...)", lua.wrap(Broken(code: 3))) as String, "broken 3")
    try expectEqual(try lua.eval("tostring(...)", lua.wrap([1, 2])) as String, "[1, 2]")
  },
  row(149, "a bound method drops its own object: both spellings work") { lua in
    try lua.register(
      LuaClass<Pixel>("Pixel") {
        $0.method("getx") { $0.x }
        $0.method("plus") { (pixel, other: LuaValues) in pixel.x + other.count }
      })
    let pixel = Pixel(4)
    try lua.globals.set("x", to: lua.wrap(pixel, as: .attributes))
    try lua.globals.set("natural", to: lua.wrap(pixel))
    try expectEqual(try lua.eval("x:getx()") as Int, 4)
    try expectEqual(try lua.eval("x.getx()") as Int, 4)
    try expectEqual(try lua.eval("x.getx(natural)") as Int, 4)
    try expectEqual(try lua.eval("x.plus(1, 2)") as Int, 6)
    try expectEqual(try lua.eval("x:plus(1, nil)") as Int, 6)
    try expectEqual(try lua.eval("natural:getx()") as Int, 4)
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.eval("natural.getx()") as Int }.message, "object:getx")
  },
]
