internal import LobaCore

private let area = Area("places")

private final class Entity {
  var hp = 10
  let name: String

  init(_ name: String) {
    self.name = name
  }
}

private func registerEntity(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Entity>("Entity") {
      $0.initializer { (name: String) in Entity(name) }
      $0.property("hp", get: { $0.hp }, set: { $0.hp = $1 })
      $0.property("lost", get: { _ in Undeclared() })
      $0.leafProperty("speed", get: { _ in 1.5 }, set: { (_, _: Double) in })
      $0.method("damage") { (entity, amount: Int) in entity.hp -= amount }
      $0.method("move") { (_, x: Double, y: Double) in x + y }
      $0.method("lose") { _ in Undeclared() }
      $0.leafMethod("half") { (_, n: Int) in n / 2 }
      $0.staticMethod("count") { (_: [Int], _: String, n: Int) in n }
      $0.metamethod(.add) { (entity: Entity, n: Int) in entity.hp + n }
      $0.metamethod(.call) { (entity: Entity, n: Int) in entity.hp + n }
    })
  try lua.execute("e = Entity('zombie')")
}

/// What cannot be given to Lua by value.
private struct Undeclared {}

/// The message of the error that code ends with as the tenth line of a script.
private func message(
  of code: String, _ kind: LuaError.Kind = .conversion, in lua: LuaRuntime, file: StaticString = #fileID,
  line: UInt = #line
) throws -> String {
  try expectLuaError(kind, file: file, line: line) {
    try lua.execute(String(repeating: "\n", count: 9) + code, name: "@zombie.lua")
  }.message
}

/// Where in a script an error of Swift's was raised, and in which function.
let placeChecks: [ConformanceCheck] = [
  area("memory that is denied names the chunk that ran") { lua in
    let source = "local s = 'x' while true do s = s .. s end"
    let greedy = try lua.compile(source, name: "@greedy.lua")
    let inner: LuaFunction = try lua.eval("function() \(source) end", name: "@inner.lua")
    let callable = try lua.table()
    try callable.setMetatable(lua.table(fields: ["__call": inner]))
    let coroutine = try inner.coroutine()
    let limit = lua.memoryUsed + 1_000_000
    func message(_ body: () throws -> Void) throws -> String {
      lua.memoryLimit = limit
      defer { lua.memoryLimit = nil }
      let error = try expectLuaError(.memory, body)
      try expectEqual(error.traceback.frames.count, error.message.contains(":") ? 1 : 0)
      return error.message
    }
    try expectEqual(try message { try lua.execute(source, name: "@zombie.lua") }, "zombie.lua: not enough memory")
    try expectEqual(try message { try lua.execute(source, name: "=zombie") }, "zombie: not enough memory")
    try expectEqual(try message { try lua.execute(source) }, "[string \"\(source)\"]: not enough memory")
    let long = "-- a comment that is as long as comments are wont to be\n\(source)"
    try expectEqual(
      try message { try lua.execute(long) }, "[string \"\(long.prefix(45))...\"]: not enough memory")
    let path = "/a/path/that/is/longer/than/what/messages/have/room/for/game/zombie.lua"
    let shortened = try message { try lua.execute(source, name: "@\(path)") }
    try expect(shortened.hasPrefix("...") && shortened.hasSuffix("/game/zombie.lua: not enough memory"), shortened)
    try expectEqual(try message { try greedy() }, "greedy.lua: not enough memory")
    try expectEqual(try message { try inner() }, "inner.lua: not enough memory")
    try expectEqual(try message { try inner(1, 2, 3, 4, 5, 6, 7, 8, 9) }, "inner.lua: not enough memory")
    let place = try message { _ = try coroutine.next() as LuaValue? }  // whose stack is still there
    try expect(["inner.lua: not enough memory", "inner.lua:1: not enough memory"].contains(place), place)
    try expectContains(try message { try callable() }, "not enough memory")
    let big = "return '\(String(repeating: "x", count: 2_000_000))'"
    try expectEqual(try message { _ = try lua.compile(big, name: "@big.lua") }, "big.lua: not enough memory")
    // Passed on by a host function, it names what was called last.
    try lua.globals.set("nested", to: lua.function { try greedy() })
    try expectEqual(try message { try lua.execute("nested()", name: "@outer.lua") }, "greedy.lua: not enough memory")
  },
  area("a host function's own error has the place that has called it, if it asks for it") { lua in
    try lua.globals.set("find", to: lua.function { (name: String) in throw LuaError(placed: "there is no '\(name)'") })
    let error = try expectLuaError(.runtime) { try lua.execute("\n\nfind('x')", name: "@build.lua") }
    try expectEqual(error.message, "build.lua:3: there is no 'x'")
    try expectEqual(try lua.eval("(select(2, pcall(find, 'y')))", name: "@b.lua"), "b.lua:1: there is no 'y'")
    let find: LuaFunction = try lua.globals["find"]
    try expectEqual(try expectLuaError(.runtime) { try find("z") }.message, "there is no 'z'")
    try expectEqual(LuaError(placed: "alone", kind: .conversion).message, "alone")
  },
  area("wrong arguments name the place, their number, and the member with its class") { lua in
    try registerEntity(lua)
    for (code, text) in [
      ("e:damage('much')", "bad argument #1 to 'Entity.damage': expected Int, got string \"much\""),
      ("e:damage()", "bad argument #1 to 'Entity.damage': expected Int, got nil"),
      ("e:move(1, {})", "bad argument #2 to 'Entity.move': expected Double, got table"),
      ("Entity({})", "bad argument #1 to 'Entity.new': expected String, got table"),
      ("Entity.new({})", "bad argument #1 to 'Entity.new': expected String, got table"),
      ("Entity.count({}, 'x')", "bad argument #3 to 'Entity.count': expected Int, got nil"),
      ("Entity.count({1, 'x'})", "bad argument #1 to 'Entity.count': element 2: expected Int, got string \"x\""),
      ("e.hp = 'x'", "bad value for 'Entity.hp': expected Int, got string \"x\""),
      ("local x = e + 'x'", "bad argument #2 to 'Entity.__add': expected Int, got string \"x\""),
      ("e({})", "bad argument #2 to 'Entity.__call': expected Int, got table"),
      ("swift.as_function(e)({})", "bad argument #2 to 'Entity.__call': expected Int, got table"),
      ("e:half({})", "bad argument #1 to 'Entity.half': expected Int, got table"),
      ("e.speed = {}", "bad value for 'Entity.speed': expected Double, got table"),
    ] {
      try expectEqual(try message(of: code, in: lua), "zombie.lua:10: \(text)")
    }
  },
  area("so do results that cannot be given, a wrong object, and members that there are not") { lua in
    try registerEntity(lua)
    for (code, text) in [
      ("local x = e:lose()", "result of 'Entity.lose': "), ("return e.lost", "result of 'Entity.lost': "),
      ("e.damage({}, 1)", "'damage' is a member of Entity, got table"), ("e.damage()", "'damage' needs a Entity"),
    ] {
      try expect(try message(of: code, in: lua).hasPrefix("zombie.lua:10: \(text)"), code)
    }
    for (code, text) in [
      ("return e.nope", "Entity has no member 'nope'"), ("e.nope = 1", "Entity has no settable member 'nope'"),
      ("e.name = 1", "Entity has no settable member 'name'"),
      ("return swift.as_attrgetter(e).nope", "Entity has no member 'nope'"),
    ] {
      try expectEqual(try message(of: code, .runtime, in: lua), "zombie.lua:10: \(text)")
    }
    try lua.globals.set("lose", to: lua.function { Undeclared() })
    try expect(try message(of: "return 1, (lose())", in: lua).hasPrefix("zombie.lua:10: result of 'lose': "))
  },
  area("members that a filter is asked about have their names as well") { lua in
    var configuration = LuaConfiguration.standard
    configuration.memberAccess = .filter { _, name, _ in name }
    let lua = try LuaRuntime(engine: lua.engine, configuration: configuration)
    defer { lua.close() }
    try registerEntity(lua)
    for (code, text) in [
      ("e.hp = {}", "bad value for 'Entity.hp': expected Int, got table"),
      ("e:damage({})", "bad argument #1 to 'Entity.damage': expected Int, got table"),
    ] {
      try expectEqual(try message(of: code, in: lua), "zombie.lua:10: \(text)")
    }
    try expect(try message(of: "return e.lost", in: lua).hasPrefix("zombie.lua:10: result of 'Entity.lost': "))
    try expectEqual(
      try message(of: "e.nope = 1", .runtime, in: lua), "zombie.lua:10: Entity has no settable member 'nope'")
  },
  area("a function has the name that the script calls it by") { lua in
    try lua.globals.set("f", to: lua.function { (a: Int, _: Int?) in a })
    try lua.globals.set("half", to: lua.leaf { (n: Int) in n / 2 })
    try lua.globals.set("t", to: lua.table(fields: ["f": lua.function { (_: LuaTable, n: Int) in n }]))
    for (code, text) in [
      ("f('x')", "bad argument #1 to 'f': expected Int"), ("f(1, 'x')", "bad argument #2 to 'f': expected Int"),
      ("local g = f g('x')", "bad argument #1 to 'g': expected Int"),
      ("local x = half('x')", "bad argument #1 to 'half': expected Int"),
      ("t.f({}, 'x')", "bad argument #2 to 'f': expected Int"),
      ("t:f('x')", "bad argument #1 to 'f': expected Int"),
    ] {
      let message = try message(of: code, in: lua)
      try expect(message.hasPrefix("zombie.lua:10: \(text)"), message)
    }
    try lua.execute("string.f = t.f")
    try expectContains(
      try message(of: "('x'):f(1)", in: lua), "zombie.lua:10: calling 'f' on bad self: expected LuaTable, got string")
  },
  area("a function that a script does not call by a name is known by the place") { lua in
    try lua.globals.set("f", to: lua.function { (n: Int) in n })
    try expectEqual(
      try message(of: "local ok, e = pcall(f, 'x') error(e, 0)", in: lua),
      "zombie.lua:10: bad argument #1 to '?': expected Int, got string \"x\"")
    let inSort = try message(of: "table.sort({'b', 'a'}, f)", in: lua)
    try expect(inSort.hasPrefix("zombie.lua:10: bad argument #1 to "), inSort)
  },
  area("without a script there is no place, and no name that nobody has given") { lua in
    let f = try lua.function { (n: Int) in n }
    try expectEqual(
      try expectLuaError(.conversion) { _ = try f("x") as Int }.message,
      "bad argument #1: expected Int, got string \"x\"")
    try registerEntity(lua)
    let damage: LuaFunction = try lua.eval("e.damage")
    try expectEqual(
      try expectLuaError(.conversion) { _ = try damage(Entity("other"), "x") as LuaValue }.message,
      "bad argument #1 to 'Entity.damage': expected Int, got string \"x\"")
  },
  area("the place is that of the coroutine that runs, and of what calls in the end") { lua in
    try registerEntity(lua)
    let bad = "bad argument #1 to 'Entity.damage': expected Int, got nil"
    for code in [
      "coroutine.wrap(function()\n e:damage() end)()", "local function f()\n e:damage() end f()",
      "local function f()\n local x = e:damage() return x end return f()",
    ] {
      try expectEqual(try message(of: code, in: lua), "zombie.lua:11: \(bad)")
    }
    // LuaJIT has forgotten by then what has called.
    let tail = try message(of: "local function f()\n return e:damage() end f()", in: lua)
    try expect(tail == "zombie.lua:11: \(bad)" || tail == "zombie.lua:10: \(bad)", tail)
    let resumed: LuaFunction = try lua.compile("e:damage(1)\n coroutine.yield()\n e:damage()", name: "=co")
    let co = try resumed.coroutine()
    _ = try co.next()
    let error = try expectLuaError(.conversion) { _ = try co.next() }
    try expectEqual(error.message, "co:3: \(bad)")
    try expectEqual(error.traceback.frames.first { $0.line != nil }?.line, 3)
  },
  area("an error says its place once, however many host functions it passes") { lua in
    try registerEntity(lua)
    try lua.globals.set("call", to: lua.function { (f: LuaFunction) -> LuaValue in try f() })
    let text = "zombie.lua:11: bad argument #1 to 'Entity.damage': expected Int, got nil"
    try expectEqual(try message(of: "call(function() call(function()\n e:damage() end) end)", in: lua), text)
    let caught: (Bool, String) = try lua.eval(
      "pcall(function() local ok, e = pcall(call, function() e:damage() end) error(tostring(e), 0) end)", name: "=pcall"
    )
    try expectEqual(caught.1, "pcall:1: bad argument #1 to 'Entity.damage': expected Int, got nil")
  },
]
