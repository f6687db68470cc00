internal import LobaCore

// Several programs in one process: what one can do to another, and what it cannot. docs/tenants.md says it in words.

private let area = Area("tenants")

/// A check with two runtimes of an engine, both of which can be used afterwards.
private func two(
  _ sentence: String, requires: LuaCapabilities = [],
  _ body: @escaping @Sendable (_ a: LuaRuntime, _ b: LuaRuntime) throws -> Void
) -> ConformanceCheck {
  area.engine(sentence, requires: requires) { engine in
    let (a, b) = (try LuaRuntime.forCheck(engine), try LuaRuntime.forCheck(engine))
    defer {
      a.close()
      b.close()
    }
    try body(a, b)
    for lua in [a, b] where !lua.isClosed {
      try lua.collectGarbage()
      try expectUsable(lua)
    }
  }
}

private final class Shared {
  var number = 0
  var any: Any?
}

/// Registers the class of what is shared, with a name for the runtime.
private func register(_ lua: LuaRuntime, _ name: String) throws {
  try lua.register(
    LuaClass<Shared>(name) {
      $0.property("number", get: { $0.number }, set: { $0.number = $1 })
      $0.property("any", get: { $0.any }, set: { (object: inout Shared, value: Any?) in object.any = value })
      $0.constant("registered", name)
    })
}

/// Two scripts of one runtime, each with an environment of its own, which leads to the globals.
private let environments = """
  local function run(source, environment)
    local f = setfenv and setfenv(loadstring(source), environment) or load(source, 'script', 't', environment)
    return f()
  end
  local a, b = setmetatable({}, {__index = _G}), setmetatable({}, {__index = _G})

  """

let tenantChecks: [ConformanceCheck] = [
  two("what a script changes in its runtime is not changed in another") { a, b in
    try a.execute(
      """
      secret, string.secret, package.loaded.secret, swift.secret = 1, 2, 3, 4
      math.floor, print, _G.tostring = nil, nil, nil
      getmetatable('').__index = function() return 'evil' end
      getmetatable(io.stdout).secret = 5
      debug.getregistry().secret = 6
      for _, v in ipairs{1, true, print or pcall, coroutine.create(function() end)} do
        debug.setmetatable(v, {__index = function() return 'evil' end, __call = function() return 'evil' end})
      end
      debug.setmetatable(nil, {__index = function() return 'evil' end})
      """)
    try b.execute(
      """
      assert(secret == nil and string.secret == nil and package.loaded.secret == nil and swift.secret == nil)
      assert(math.floor(1.5) == 1 and print and tostring(1) == '1' and ('x').y == nil and ('x'):upper() == 'X')
      assert(getmetatable(io.stdout).secret == nil and debug.getregistry().secret == nil)
      for _, v in ipairs{1, true, print, coroutine.create(function() end)} do
        assert(debug.getmetatable(v) == nil and not pcall(function() return v.x end))
      end
      assert(debug.getmetatable(nil) == nil)
      """)
  },
  two("an object that is in two runtimes has the members that each has registered") { a, b in
    try register(a, "OfA")
    try register(b, "OfB")
    let object = Shared()
    for lua in [a, b] { try lua.globals.set("object", to: lua.wrap(object)) }
    try a.execute("object.number = 5 debug.getmetatable(object).__index = function() return 'evil' end")
    let (number, name): (Int, String) = try b.eval("object.number, object.registered")
    try expect(number == 5 && name == "OfB", "\(number), \(name)")
    try expect(try b.eval("OfA == nil and OfB ~= nil"))
    let back: Shared = try b.eval("object")
    try expect(back === object)
  },
  two("a class of one runtime is none of another") { a, b in
    try register(a, "OfA")
    try b.globals.set("object", to: b.wrap(Shared()))
    try expect(!b.eval("pcall(function() return object.number end)"), "a member was found")
    // Nor views and bound methods, which are kept for each.
    try a.globals.set("object", to: a.wrap(Shared()))
    try expect(a.eval("swift.as_attrgetter(object).number == 0"))
    try expect(!b.eval("pcall(function() return swift.as_attrgetter(object).number end)"))
  },
  two("an object is kept by each runtime that has it") { a, b in
    let counter = LifetimeCounter()
    for lua in [a, b] { try lua.execute("kept = {}") }
    do {
      let object = counter.makeTracker()
      for lua in [a, b] { try (lua.globals["kept"] as LuaTable).append(lua.wrap(object)) }
    }
    try expectEqual(counter.alive, 1)
    a.close()
    try expectEqual(counter.alive, 1)
    b.close()
    try expectEqual(counter.alive, 0)
  },
  two("a value of one runtime gets into another by no host object") { a, b in
    try register(a, "Shared")
    try register(b, "Shared")
    let object = Shared()
    for lua in [a, b] { try lua.globals.set("object", to: lua.wrap(object)) }
    for value in ["{1}", "function() end", "coroutine.create(function() end)", "io.stdout"] {
      try a.execute("pcall(function() object.any = \(value) end)")
      // Refused when it is stored, or when it is read.
      let (isRead, type): (Bool, String?) = try b.execute(
        "local ok, v = pcall(function() return object.any end) return ok, type(v)")
      try expect(!isRead || type == "nil", "\(value) of another runtime is a \(type ?? "nothing")")
      let handle: LuaValue = try a.eval(value)
      object.any = handle
      try expect(!b.eval("pcall(function() return object.any end)"), "\(value) has come into another runtime")
      object.any = nil
    }
  },
  two("a host function of one runtime that returns a value of another throws") { a, b in
    for value in ["{1}", "function() end", "coroutine.create(function() end)"] {
      let foreign: LuaValue = try a.eval(value)
      try b.globals.set("f", to: b.function { () -> LuaValue in foreign })
      try expectLuaError(.foreignValue) { try b.execute("return f()") }
      try b.globals.set("g", to: b.function { (_: LuaValue) -> Int in try a.globals["number"] })
      try a.globals.set("number", to: 7)
      try expectEqual(try b.eval("g({})"), 7)
    }
    // A coroutine is resumed where it belongs, whoever asks.
    let body: LuaFunction = try a.eval("function() coroutine.yield(1) return 2 end")
    let coroutine = try body.coroutine()
    try b.globals.set("resume", to: b.function { () -> Int? in try coroutine.next() })
    try expect(b.eval("resume() == 1 and resume() == 2"))
    try expectEqual(coroutine.status, .dead)
  },
  two("an error goes through two runtimes as itself, and takes no value along") { a, b in
    let counter = LifetimeCounter()
    try a.globals.set("fail", to: a.function { () -> Void in throw counter.makeTracker(7) })
    try b.globals.set("ask", to: b.function { (source: String) -> Void in try a.execute(source) as Void })
    try expectTracker(7) { try b.execute("ask('fail()')") }
    try expectTracker(7) { try b.execute("local ok, e = pcall(ask, 'fail()') error(e, 0)") }
    let text: String = try b.execute("local ok, e = pcall(ask, 'error({secret = 1})') return type(e)")
    try expect(text != "table", "a table of another runtime is an error here")
    let error = try expectLuaError(.runtime) { try b.execute("ask('error(\"mine\", 0)')") }
    try expectEqual(error.message, "mine")
  },
  two("a limit, a stop and a lack of memory are one runtime's alone") { a, b in
    try b.globals.set(
      "ask",
      to: b.function { () -> String in
        do {
          try a.withLimits(LuaLimits(instructions: 5_000)) { try a.execute("while true do end") }
          return "ended"
        } catch let error as LuaError { return "\(error.kind)" }
      })
    try b.execute("for i = 1, 20 do assert(ask() == 'limit') end")
    try a.interruption.interrupt()
    try b.execute("for i = 1, 100000 do end")
    try expectLuaError(.limit) { try a.execute("while true do end") }
    a.memoryLimit = a.memoryUsed + 50_000
    try expectLuaError(.memory) { try a.execute("local t = {} for i = 1, 1e6 do t[i] = {} end") }
    try b.execute("local t = {} for i = 1, 20000 do t[i] = {} end")
    a.memoryLimit = nil
  },
  two("runtimes call each other, and one closes the other") { a, b in
    try a.globals.set("other", to: a.function { (n: Int) -> Int in try (b.globals["f"] as LuaFunction)(n) })
    try b.globals.set("other", to: b.function { (n: Int) -> Int in try (a.globals["f"] as LuaFunction)(n) })
    for lua in [a, b] { try lua.execute("function f(n) if n == 0 then return 0 end return 1 + other(n - 1) end") }
    try expectEqual(try a.eval("f(40)"), 40)
    try a.globals.set("close", to: a.function { b.close() })
    try b.globals.set("through", to: b.function { () -> Void in try a.execute("close()") as Void })
    _ = try? b.execute("through()") as Void
    try expect(b.isClosed)
    try expectUsable(a)
  },
  area.engine("a seed of random numbers is its runtime's, where the engine has a generator for each") { engine in
    // Lua 5.1 to 5.3 use C's, which the process has one of.
    guard engine.version.minor >= 4 || engine.capabilities.contains(.jit) else { return }
    let numbers = "math.random(1000000), math.random(1000000), math.random(1000000)"
    func take(disturbing: Bool) throws -> [Int] {
      let (a, b) = (try LuaRuntime.forCheck(engine), try LuaRuntime.forCheck(engine))
      defer {
        a.close()
        b.close()
      }
      try b.execute("math.randomseed(42)")
      if disturbing { try a.execute("math.randomseed(7) math.random() math.random()") }
      let (x, y, z): (Int, Int, Int) = try b.eval(numbers)
      return [x, y, z]
    }
    try expectEqual(take(disturbing: true), take(disturbing: false))
  },
  area("environments of one runtime have their own globals, and all else in common") { lua in
    try register(lua, "Shared")
    try lua.globals.set("object", to: lua.wrap(Shared()))
    try lua.execute(
      environments + """
        run('x = 1 object.number = 3 tag = object', a)
        assert(run('return x', b) == nil and x == nil and run('return x', a) == 1)
        -- By design: the same libraries, metatables, objects and classes.
        assert(run('return object.number', b) == 3 and rawequal(run('return tag', a), run('return object', b)))
        run('string.mark = 5', a)
        assert(run('return string.mark', b) == 5 and run('return ("x").mark', b) == 5)
        string.mark = nil
        run('getmetatable("").__index = function() return 7 end', a)
        assert(run('return ("x").anything', b) == 7)
        getmetatable('').__index = string
        """)
  },
]
