internal import LobaCore

private let area = Area("environments")

/// Chunks with globals of their own.
let environmentChecks: [ConformanceCheck] = [
  area("what a chunk sets stays in its environment, what it inherits it sees") { lua in
    try lua.globals.set("shared", to: 7)
    let (a, b) = (try lua.environment(inheriting: lua.globals), try lua.environment(inheriting: lua.globals))
    try lua.execute("own = shared + 1; function get() return own end; shared = 0", environment: a)
    try lua.execute("own = 'b'", environment: b)
    try expectEqual(try a["own"], 8)
    try expectEqual(try b["own"], "b")
    try expectEqual(try lua.globals["own"] as Int?, nil)
    try expectEqual(try lua.globals["shared"] as Int, 7)
    // A function keeps its chunk's, wherever it is called.
    let get: LuaFunction = try a["get"]
    try expectEqual(try get(), 8)
    try expectEqual(try lua.eval("get() .. own", environment: a), "88")
    try expectEqual(try lua.eval("(...)() .. own", get, environment: b), "8b")
    try expect(try lua.eval("_G == ... and _G ~= nil", a, environment: a))
  },
  area("an environment that inherits nothing has what the host puts in") { lua in
    let empty = try lua.environment()
    try expectEqual(try lua.eval("print", environment: empty) as LuaValue, .nil)
    try empty.set("double", to: lua.function { (x: Int) in 2 * x })
    try expectEqual(try lua.eval("double(21)", environment: empty), 42)
    try expectContains(
      try expectLuaError(.runtime) { try lua.execute("print(1)", environment: empty) }.message, "'print'")
    let (x, y): (Int, Int) = try lua.execute("return 1, double(1)", environment: empty)
    try expect(x == 1 && y == 2)
  },
  area("any table can be an environment, with metamethods too") { lua in
    let table: LuaTable = try lua.eval(
      "setmetatable({}, {__index = function(_, name) return name .. '!' end, __newindex = function() error('read-only', 0) end})"
    )
    try expectEqual(try lua.eval("anything", environment: table), "anything!")
    try expectEqual(try expectLuaError(.runtime) { try lua.execute("x = 1", environment: table) }.message, "read-only")
    // Metamethods that call back, with other environments.
    try table.metatable!.set(
      "__index", to: lua.function { (_: LuaTable, name: String) in try lua.eval("... .. '?'", name) as String })
    try expectEqual(try lua.eval("deep", environment: table), "deep?")
  },
  area("chunks that have been compiled, dumps and bytes have environments as well") { lua in
    let environment = try lua.environment()
    try environment.set("x", to: 5)
    let f = try lua.compile("return x, ...", environment: environment)
    let (x, y): (Int, Int) = try f(6)
    try expect(x == 5 && y == 6)
    let binary = Array(try f.dump().bytes)
    try expectEqual(try lua.compile(bytes: binary, mode: .binary, environment: environment)() as Int, 5)
    try expectEqual(try lua.compile(bytes: binary, mode: .binary)() as Int?, nil)
    try expectEqual(try lua.execute(bytes: Array("return x".utf8), environment: environment)[0], 5)
    // A chunk that uses no globals, and a dumped function with another first upvalue or none.
    try expectEqual(try lua.eval("1 + 1", environment: environment), 2)
    for source in ["function() return 4 end", "(function() local a = 1 return function() return a end end)()"] {
      let f: LuaFunction = try lua.eval(source)
      let again = try lua.compile(bytes: Array(try f.dump().bytes), mode: .binary, environment: environment)
      _ = try again() as LuaValue
    }
    let error = try expectLuaError(.syntax) {
      _ = try lua.compile("x = = 1", name: "=broken", environment: environment)
    }
    try expectContains(error.message, "broken:1:")
  },
  area("an environment of another runtime, or of one that is closed, is refused") { lua in
    let other = try LuaRuntime(engine: lua.engine)
    let foreign = try other.environment()
    _ = try expectLuaError(.foreignValue) { try lua.execute("x = 1", environment: foreign) }
    _ = try expectLuaError(.foreignValue) { _ = try lua.eval("x", environment: foreign) as LuaValue }
    _ = try expectLuaError(.foreignValue) { _ = try lua.compile("x = 1", environment: foreign) }
    _ = try expectLuaError(.foreignValue) { _ = try lua.compile(bytes: [], environment: foreign) }
    _ = try expectLuaError(.foreignValue) { try lua.execute(bytes: [], environment: foreign) }
    _ = try expectLuaError(.foreignValue) { _ = try lua.environment(inheriting: foreign) }
    other.close()
    _ = try expectLuaError(.closed) { try other.execute("x = 1", environment: foreign) }
    _ = try expectLuaError(.closed) { _ = try other.environment() }
  },
  area("an environment is garbage when nobody has it") { lua in
    let counter = LifetimeCounter()
    do {
      let environment = try lua.environment(inheriting: lua.globals)
      try environment.set("object", to: lua.wrap(counter.makeTracker()))
      try lua.execute("function f() return object end f()", environment: environment)
      try expectEqual(counter.alive, 1)
    }
    for _ in 0..<3 { try lua.collectGarbage() }
    try expectEqual(counter.alive, 0)
  },
]
