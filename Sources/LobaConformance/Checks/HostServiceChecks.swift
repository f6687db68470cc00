internal import LobaCore
internal import Synchronization

private let area = Area("host services")

private final class World {
  var names = ["a", "b"]
}

/// What functions of the host get without capturing it, and what scripts get from the host in place of the system.
let hostServiceChecks: [ConformanceCheck] = [
  area("a parameter that is the runtime is the one that calls, and no argument") { lua in
    try lua.globals.set("one", to: lua.function { (lua: LuaRuntime) in try lua.table(1) })
    try lua.globals.set("two", to: lua.function { (lua: LuaRuntime, a: Int) in try lua.table(a) })
    try lua.globals.set("three", to: lua.function { (lua: LuaRuntime, a: Int, b: String) in try lua.table(a, b) })
    try lua.globals.set("middle", to: lua.function { (a: Int, lua: LuaRuntime, b: String) in try lua.table(a, b) })
    try lua.globals.set(
      "five", to: lua.function { (lua: LuaRuntime, a: Int, b: Int, c: Int, d: Int?) in [a, b, c, d ?? 0] })
    try lua.globals.set("rest", to: lua.function { (_: LuaRuntime, a: Int, rest: LuaValues) in a + rest.count })
    try lua.execute(
      """
      assert(one()[1] == 1 and one(5)[1] == 1 and two(7)[1] == 7)
      local t = three(1, 'x') assert(t[1] == 1 and t[2] == 'x' and #t == 2)
      t = middle(1, 'x') assert(t[1] == 1 and t[2] == 'x')
      assert(five(1, 2, 3)[3] == 3 and rest(1, nil, nil) == 3)
      """)
    for code in ["two('x')", "three('x')", "five('x')"] {
      try expectContains(try expectLuaError(.conversion) { try lua.execute(code) }.message, "bad argument #1 to")
    }
    try expectContains(
      try expectLuaError(.conversion) { try lua.execute("three(1, {})") }.message, "bad argument #2 to")
  },
  area("methods and initialisers get the runtime as well") { lua in
    try lua.register(
      LuaClass<World>("World") {
        $0.initializer { (lua: LuaRuntime, names: [String]) -> World in
          let world = World()
          world.names = names + ["\(lua.isClosed)"]
          return world
        }
        $0.method("names") { (world: World, lua: LuaRuntime) in try lua.table(from: world.names) }
        $0.method("name") { (world: World, lua: LuaRuntime, i: Int) in lua.isClosed ? "" : world.names[i - 1] }
        $0.method("set") { (world: World, lua: LuaRuntime, i: Int, name: String) in world.names[i - 1] = name }
      })
    try lua.execute(
      """
      local w = World.new({'x', 'y'})
      assert(w:name(1) == 'x' and w:name(3) == 'false')
      w:set(2, 'z')
      assert(w:names()[2] == 'z')
      """)
    try expectContains(
      try expectLuaError(.conversion) { try lua.execute("World.new({}):set(1, {})") }.message, "bad argument #2 to")
  },
  area.engine("a function that takes the runtime does not keep it alive") { engine in
    weak var weakRuntime: LuaRuntime?
    do {
      let lua = try LuaRuntime(engine: engine)
      try lua.globals.set("f", to: lua.function { (lua: LuaRuntime, a: Int) in lua.isClosed ? 0 : a })
      try expectEqual(try lua.eval("f(3)"), 3)
      weakRuntime = lua
    }
    try expect(weakRuntime == nil)
  },
  area.engine("the context has one value of each type, until the runtime is closed") { engine in
    let lua = try LuaRuntime.forCheck(engine)
    let counter = LifetimeCounter()
    try expect(lua.context[World.self] == nil && lua.context[Int.self] == nil)
    lua.context[World.self] = World()
    lua.context[Int.self] = 4
    lua.context[Int?.self] = .some(nil)
    lua.context[LifetimeTracker.self] = counter.makeTracker()
    try lua.globals.set("f", to: lua.function { (lua: LuaRuntime) in lua.context[World.self]?.names.count })
    try expectEqual(try lua.eval("f()"), 2)
    try expectEqual(lua.context[Int.self], 4)
    lua.context[World.self] = nil
    try expectEqual(try lua.eval("f()"), LuaValue.nil)
    try expectEqual(counter.alive, 1)
    lua.close()
    try expectEqual(counter.alive, 0)
    try expect(lua.context[Int.self] == nil)
  },
  area.engine("print is the host's, with the texts that Lua gives") { engine in
    for libraries in [LuaLibraries.all, .base] {
      let lines = Mutex<[String]>([])
      var configuration = LuaConfiguration(libraries: libraries)
      configuration.print = { line in lines.withLock { $0.append(line) } }
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.execute(
        "print(1, nil, 'x', true) print() print(setmetatable({}, {__tostring = function() return 'me' end}), nil)")
      try expectEqual(lines.withLock { $0 }, ["1\tnil\tx\ttrue", "", "me\tnil"])
      _ = try expectLuaError(.runtime) {
        try lua.execute("print(setmetatable({}, {__tostring = function() error('no') end}))")
      }
      try expectThrown { try lua.execute("print(setmetatable({}, {__tostring = function() return {} end}))") }
      try expectUsable(lua)
    }
  },
  area.engine("an error of the host's print is the script's") { engine in
    var configuration = LuaConfiguration.standard
    let counter = LifetimeCounter()
    configuration.print = { _ in throw counter.makeTracker(5) }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try expectTracker(5) { try lua.execute("print(1)") }
    try expect(try lua.eval("not pcall(print, 1)"))
  },
]
