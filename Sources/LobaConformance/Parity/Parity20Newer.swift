internal import LobaCore

private let row = ParityRows(section: 2)

/// A list that is an object, so that it can be shared and contain itself.
private final class Chain: Sequence {
  var items: [Any]

  init(_ items: Any...) { self.items = items }

  func makeIterator() -> IndexingIterator<[Any]> { items.makeIterator() }
}

/// A mapping that is an object.
private final class Node: Sequence {
  var fields: [String: Any]

  init(_ fields: [String: Any]) { self.fields = fields }

  func makeIterator() -> Dictionary<String, Any>.Iterator { fields.makeIterator() }
}

/// 2: what Lupa has added since 1.14.1.
let parityNewerChecks: [ConformanceCheck] = [
  row(1, "the language version is the engine's, and the same as Lua's own") { lua in
    let version: String = try lua.eval("_VERSION")
    try expectEqual(version, "Lua \(lua.engine.version.major).\(lua.engine.version.minor)")
  },
  row(2, "the release is read from the library and cannot be forged") { lua in
    let before = lua.release
    try lua.execute("jit = {version = 'forged'} _VERSION = 'forged'")
    try expectEqual(lua.release, before)
    try expect(before.contains("Lua"), before)
  },
  row(3, "compile takes a name and a mode") { lua in
    let f = try lua.compile("error('here')", name: "@file.lua", mode: .text)
    try expectEqual(try expectLuaError(.runtime) { try f() as Void }.message, "file.lua:1: here")
    try expectLuaError(.syntax) { _ = try lua.compile("return 1", mode: .binary) }
  },
  row(4, "chunk names follow Lua's conventions, the mode holds on every engine") { lua in
    func message(_ name: String?) throws -> String {
      let error = try expectLuaError(.runtime) { try lua.execute("error('x')", name: name) }
      return error.message
    }
    try expectEqual(try message("plain"), "[string \"plain\"]:1: x")
    try expectEqual(try message("@file.lua"), "file.lua:1: x")
    try expectEqual(try message("=chunk"), "chunk:1: x")
    try expectEqual(try message(nil), "[string \"error('x')\"]:1: x")
    let dump = try lua.compile("return 42").dump()
    try expectContains(try expectLuaError(.syntax) { _ = try lua.compile(bytes: dump.bytes) }.message, "binary", "'t'")
    try expectContains(
      try expectLuaError(.syntax) { _ = try lua.compile("return 1", mode: .binary) }.message, "text", "'b'")
    try expectEqual(try lua.compile("return 1", mode: .any)() as Int, 1)
    for attempt: () throws -> Void in [
      { _ = try lua.eval("1", mode: .binary) as Int }, { _ = try lua.eval("1", mode: .binary) as LuaValue },
      { try lua.execute("x = 1", mode: .binary) }, { _ = try lua.execute("return 1", mode: .binary) as Int },
    ] {
      try expectContains(try expectLuaError(.syntax) { try attempt() }.message, "text", "'b'")
    }
    try expectEqual(try lua.eval("..., 1", "x", name: "=here", mode: .any) as String, "x")
    try expectContains(
      try expectLuaError(.runtime) { _ = try lua.eval("nil + 1", name: "=here") as Int }.message, "here:1:")
  },
  row(5, "byte code is bytes") { lua in
    let dump: LuaString = try lua.eval("string.dump(function() return 42 end)")
    try expectEqual(try lua.compile(bytes: dump.bytes, mode: .binary)() as Int, 42)
    try expectEqual(try lua.compile(bytes: lua.compile("return 43").dump().bytes, mode: .any)() as Int, 43)
  },
  row.engine(8, "memory can be limited, or counted without a limit") { engine in
    let free = try LuaRuntime(engine: engine)
    try expectEqual(free.memoryLimit, nil)
    try expect(free.memoryUsed > 0)
    let tight = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: 4_000_000))
    try expectEqual(tight.memoryLimit, 4_000_000)
    try expectLuaError(.memory) { try tight.execute("local x = {} for i = 1, 1e9 do x[i] = {} end") }
    try tight.collectGarbage()
    try expectUsable(tight)
  },
  row(9, "the memory in use is known, in total and beyond what a new runtime uses") { lua in
    try lua.collectGarbage()
    let before = lua.memoryUsed
    try expect(lua.memoryBaseline > 1_000 && lua.memoryBaseline < 500_000, "\(lua.memoryBaseline)")
    try lua.execute("kept = ('x'):rep(1000000)")
    try expect(lua.memoryUsed - before >= 1_000_000)
    try lua.execute("kept = nil")
    for _ in 0..<8 { try lua.collectGarbage() }  // Lua 5.1 and LuaJIT shrink their string buffer by and by
    try expect(lua.memoryUsed - before < 100_000)
  },
  row(10, "no limit is nil, and a limit is what was set") { lua in
    try expectEqual(lua.memoryLimit, nil)
    lua.memoryLimit = 50_000_000
    try expectEqual(lua.memoryLimit, 50_000_000)
    lua.memoryLimit = nil
    try expectEqual(lua.memoryLimit, nil)
  },
  row(11, "the limit can be changed at any time, also to less than is in use") { lua in
    try lua.execute("kept = ('x'):rep(1000000)")
    lua.memoryLimit = lua.memoryUsed / 2
    try expectLuaError(.memory) { try lua.execute("more = ('y'):rep(100000)") }
    lua.memoryLimit = nil
    try expectEqual(try lua.eval("#kept") as Int, 1_000_000)
    try lua.execute("more = ('y'):rep(100000)")
    lua.memoryLimit = lua.memoryUsed + 100_000
    lua.memoryLimit = 0
    try expectEqual(lua.memoryLimit, 1, "a limit of nothing is a limit")
    lua.memoryLimit = nil
  }.excused(from: [.collectingCalls], because: "it counts on garbage that is there"),
  row(12, "a lack of memory is an error of its own kind, which pcall catches as a string") { lua in
    lua.memoryLimit = lua.memoryUsed + 1_000_000
    try expectLuaError(.memory) { try lua.execute("local x = {} for i = 1, 1e9 do x[i] = {} end") }
    let (ok, text): (Bool, String) = try lua.eval("pcall(string.rep, 'x', 100000000)")
    try expectEqual(ok, false)
    try expectContains(text, "not enough memory")
    lua.memoryLimit = nil
    try expectLuaError(.runtime) { try lua.execute("error('not enough memory, says the script')") }
  }.excused(from: ConformancePreparation.hooks, because: "the hook runs out of memory as well, outside of the pcall"),
  row(13, "the limit works on every engine, LuaJIT included") { lua in
    lua.memoryLimit = lua.memoryUsed + 2_000_000
    try expectLuaError(.memory) { try lua.execute("local t = {} for i = 1, 1e9 do t[i] = {} end") }
    lua.memoryLimit = nil
    try expectUsable(lua)
  },
  row(18, "a table of arguments has names and the indices of parameters only") { lua in
    try lua.globals.set("f", to: lua.function(named: "a", "b", "c") { (a: Int?, b: Int?, c: Int?) in 1 })
    for table in ["{[5] = 1}", "{[0] = 1}", "{1, 2, [4] = 3}", "{[1.5] = 1}", "{[true] = 1}", "{[2^40] = 1}"] {
      try expectLuaError(.conversion) { _ = try lua.eval("f(\(table))") as Int }
    }
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.eval("f{1, 2, 3, 4}") as Int }.message, "argument 4")
  },
  row(19, "swift.enumerate counts in integers and takes an integer to start at") { lua in
    let code = "for i in swift.enumerate(..., 7) do return i end"
    try expectEqual(try lua.execute(code, lua.wrap(["a"])).values, [7])
    if lua.engine.capabilities.contains(.integers) {
      try expectEqual(
        try lua.execute("for i in swift.enumerate(...) do return math.type(i) end", lua.wrap(["a"])) as String,
        "integer")
    }
    for start in ["1.5", "'abc'", "{}"] {
      try expectLuaError(.conversion) { try lua.execute("swift.enumerate(..., \(start))", lua.wrap(["a"])) }
    }
  },
  row(20, "an object is one userdata for each way to look at it") { lua in
    final class Thing {}
    let thing = Thing()
    try lua.register(LuaClass<Thing>("Thing"))
    try expect(try lua.eval("rawequal(...)", lua.wrap(thing), lua.wrap(thing)) as Bool)
    let view = try lua.wrap(thing, as: .attributes)
    try expect(try lua.eval("rawequal(...)", view, lua.wrap(thing, as: .attributes)) as Bool)
    try expect(!(try lua.eval("rawequal(...)", lua.wrap(thing), view) as Bool))
    try lua.execute("key = {} key[...] = 'found'", lua.wrap(thing))
    try expectEqual(try lua.eval("key[...]", lua.wrap(thing)) as String, "found")
    let back: Thing = try (lua.eval("...", lua.wrap(thing, as: .attributes)) as LuaValue).as(Thing.self)
    try expect(back === thing)
  },
  row(21, "errors in metamethods are caught, for reads and writes") { lua in
    let t: LuaTable = try lua.eval(
      "setmetatable({}, {__index = function() error('r', 0) end, __newindex = function() error('w', 0) end})")
    try expectEqual(try expectLuaError(.runtime) { _ = try t["x"] as Int }.message, "r")
    try expectEqual(try expectLuaError(.runtime) { try t.set("x", to: 1) }.message, "w")
  },
  row(22, "an error has its traceback apart from its message, innermost level first, also without debug") { lua in
    try lua.execute(
      """
      debug = nil
      function inner() error('deep') end
      function outer() inner() return 1 end
      """, name: "=code")
    let error = try expectLuaError(.runtime) { try lua.execute("outer()", name: "=main") }
    try expectEqual(error.message, "code:2: deep")
    let names = error.traceback.frames.compactMap(\.name)
    guard let inner = names.firstIndex(of: "inner"), let outer = names.firstIndex(of: "outer") else {
      return try expect(false, "\(names)")
    }
    try expect(inner < outer, "\(names)")
  },
  row(23, "tables are made recursively; what is shared stays shared, circles stay circles") { lua in
    let nested = try lua.table(
      from: ["list": [1, [2, 3]] as [Any], "map": ["k": [4]], "range": 1...2] as [String: Any], recursive: true)
    try expect(
      try lua.eval("(...).list[2][2] == 3 and (...).map.k[1] == 4 and (...).range[2] == 2", nested) as Bool)
    let shared = Node(["x": 1])
    let both = try lua.table(from: ["a": shared, "b": shared], recursive: true)
    try expect(try lua.eval("(...).a == (...).b and (...).a.x == 1", both) as Bool)
    let circle = Chain(1)
    circle.items.append(circle)
    let table = try lua.table(from: circle, recursive: true)
    circle.items = []
    try expect(try lua.eval("(...)[2] == (...) and (...)[1] == 1", table) as Bool)
    let box = try lua.wrap(["y": 2])
    let wrapped = try lua.table(from: ["a": box, "b": box] as [String: Any], recursive: true)
    try expect(try lua.eval("(...).a == (...).b and type((...).a) == 'table' and (...).a.y == 2", wrapped) as Bool)
    try expectEqual(try lua.eval("type((...).a)", lua.table(from: ["a": box])) as String, "userdata")
    var deep = Chain("end")
    for _ in 0..<20_000 { deep = Chain(deep) }
    let depth: LuaFunction = try lua.eval(
      "function(t) local n = 0 while t[1] ~= 'end' do t = t[1] n = n + 1 end return n end")
    try expectEqual(try depth(lua.table(from: deep, recursive: true)) as Int, 20_000)
    while let next = deep.items.first as? Chain {
      deep.items = []
      deep = next
    }
  },
  row(23, "tables become Swift values recursively; a circle is an error that names the place") { lua in
    let table: LuaTable = try lua.eval("{a = {1, 2, {b = 'x'}}, c = true, [5] = {}}")
    let value = try table.swiftValue()
    guard let entries = value as? [AnyHashable: Any] else { return try expect(false, "\(value)") }
    try expectEqual((entries["a"] as? [Any])?.count, 3)
    try expectEqual(((entries["a"] as? [Any])?[2] as? [String: Any])?["b"] as? String, "x")
    try expectEqual(entries["c"] as? Bool, true)
    try expectEqual((entries[5] as? [Any])?.count, 0)
    let circle: LuaTable = try lua.execute("local t = {a = {b = {}}} t.a.b[1] = {} t.a.b[2] = t.a return t")
    let error = try expectLuaError(.conversion) { _ = try circle.swiftValue() }
    try expectContains(error.message, ".a.b[2] is .a again")
    let selfish: LuaTable = try lua.execute("local t = {} t.me = t return t")
    try expectContains(
      try expectLuaError(.conversion) { _ = try selfish.swiftValue() }.message, ".me", "the table itself")
    let shared: LuaTable = try lua.execute("local s = {1} return {s, s}")
    try expectEqual((try shared.swiftValue() as? [[Any]])?.count, 2)
    let deep: LuaTable = try lua.execute("local t = {} for i = 1, 10000 do t = {t} end return t")
    try expectLuaError(.conversion) { _ = try deep.swiftValue() }
  },
  row(25, "a full collection can be asked for") { lua in
    let counter = LifetimeCounter()
    try lua.execute("x = ...", lua.wrap(counter.makeTracker()))
    try expectEqual(counter.alive, 1)
    try lua.execute("x = nil")
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
  },
  row(26, "the collector can be stopped for a while, also nested") { lua in
    try lua.collectGarbage()
    let growth = "for i = 1, 20000 do kept = {i} end"
    try lua.withoutGarbageCollection {
      let before = lua.memoryUsed
      try lua.withoutGarbageCollection { try lua.execute(growth) }
      let inner = lua.memoryUsed
      try expect(inner - before > 500_000)
      try lua.execute(growth)
      try expect(lua.memoryUsed - inner > 500_000, "the inner end has restarted the collector")
    }
    try lua.withoutGarbageCollection {
      try lua.collectGarbage()
      let before = lua.memoryUsed
      try lua.execute(growth)
      try expect(lua.memoryUsed - before > 500_000, "a full collection has restarted the collector")
    }
    try expectLuaError(.runtime) { try lua.withoutGarbageCollection { try lua.execute("error('x')") } }
    let before = lua.memoryUsed
    for _ in 0..<20 { try lua.execute(growth) }
    try expect(lua.memoryUsed < before * 4, "the collector has not been restarted")
  }.excused(from: [.collectingCalls], because: "the hook collects while the collector is stopped"),
  row(27, "a handle can be released on any thread while the runtime is at work") { lua in
    var table: LuaTable? = try lua.table(1)
    let f = try lua.function { () in onAnotherThread { table = nil } }
    try expect(table != nil)
    try f()
    try expect(table == nil)
    try expectUsable(lua)
  },
  row.engine(34, "a sandboxed script reaches neither code nor members that were not given to it") { engine in
    var configuration = LuaConfiguration(libraries: .safe)
    configuration.swiftLibrary = [.none, .iteration]
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    for code in ["swift.eval", "swift.builtins", "io", "os", "debug", "package", "require", "ffi", "jit"] {
      try expect(try lua.eval("\(code) == nil") as Bool, code)
    }
    let f = try lua.function { 1 }
    try expectLuaError(.runtime) { _ = try lua.eval("(...).__name", f) as LuaValue }
  },
]
