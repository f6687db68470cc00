internal import LobaCore

private let area = Area("parts of objects")

/// Properties that write through.
let partChecks: [ConformanceCheck] = [
  area("changing a part changes the object") { lua in
    try register(lua)
    let entity = Entity()
    try lua.globals.set("e", to: lua.wrap(entity))
    try lua.execute("e.body.position.x = 9 e.body.position.y = e.body.position.x + 1 e.body.mass = 2")
    try expectEqual(entity.body, Body(position: Point(x: 9, y: 10), mass: 2))
    try lua.execute("local p = e.body.position p:move(1, 1) p.x = p.x * 2")
    try expectEqual(entity.body.position, Point(x: 20, y: 11))
  },
  area("a part goes on to be a part of what the object has then") { lua in
    try register(lua)
    let entity = Entity()
    try lua.globals.set("e", to: lua.wrap(entity))
    try lua.execute("p = e.body.position e.body.position = Point(5, 6)")
    try expectEqual(try lua.eval("p.x"), 5.0)
    entity.body.position.x = 7
    try expectEqual(try lua.eval("p.x"), 7.0)
    try lua.execute("e = nil collectgarbage() collectgarbage() p.y = 1")
    try expectEqual(entity.body.position, Point(x: 7, y: 1))
    let value: Point = try lua.eval("p")
    try expectEqual(value, Point(x: 7, y: 1))
    try lua.globals.set("q", to: lua.wrap(Entity()))
    try lua.execute("q.body.position = p p.x = 0")
    try expectEqual(try lua.eval("q.body.position.x"), 7.0)
  },
  area("parts of structures that Lua holds, and of parts of those") { lua in
    try register(lua)
    try lua.globals.set("b", to: lua.wrap(Body(position: Point(x: 1, y: 2), mass: 3)))
    try lua.execute("b.position.x = b.position.x + 10")
    let body: Body = try lua.eval("b")
    try expectEqual(body.position, Point(x: 11, y: 2))
  },
  area("collections are changed in the object, item by item") { lua in
    try register(lua)
    let entity = Entity()
    try lua.globals.set("e", to: lua.wrap(entity))
    try lua.execute("e.tags[0] = 'first' e.tags[1] = e.tags[1] .. '!' e.scores.a = 1 e.scores.b = 2 e.scores.a = nil")
    try expectEqual(entity.tags, ["first", "b!"])
    try expectEqual(entity.scores, ["b": 2])
    try expectEqual(try lua.execute("return #e.tags, e.tags[1], e.scores.b") as LuaValues, [2, "b!", 2])
    try expectThrows(lua, "e.scores.b = {}")
  },
  area("what is no object, or nil, is read as it is") { lua in
    try register(lua)
    let entity = Entity()
    try lua.globals.set("e", to: lua.wrap(entity))
    try expectEqual(try lua.eval("e.name"), "entity")
    try expectEqual(try lua.eval("e.target"), LuaValue.nil)
    try lua.execute("e.target = Point(1, 2) e.name = 'other'")
    try expectEqual(entity.target, Point(x: 1, y: 2))
    try expectEqual(entity.name, "other")
  },
  area("a part cannot be changed while a member changes the object") { lua in
    try register(lua)
    try lua.globals.set("b", to: lua.wrap(Body(position: Point(x: 1, y: 2), mass: 3)))
    let text: String = try lua.execute(
      """
      local p = b.position
      local ok, e = pcall(function() b:calling(function() p.x = 5 end) end)
      return tostring(ok) .. ' ' .. tostring(e) .. ' ' .. tostring(p.x == 1)
      """)
    try expect(text.contains("false") && text.contains("is being changed by 'calling'") && text.hasSuffix("true"), text)
  },
  area("no change is lost while a part is being changed, whatever leads to it") { lua in
    try register(lua)
    let entity = Entity()
    try lua.globals.set("e", to: lua.wrap(entity))
    try lua.globals.set("b", to: lua.wrap(Body()))
    for change in [
      "local p, q = e.body.position, e.body.position p:calling(function() q.x = 50 end)",
      "e.body.position:calling(function() e.body.position.x = 50 end)",
      "e.body:calling(function() e.body.position.x = 50 end)",
      "e.body.position:calling(function() e.body.position = Point(50, 50) end)",
      "e.body.position:calling(function() e.tags[0] = 'x' end)",
      "b.position:calling(function() b.position.x = 50 end)",
      "b.position:calling(function() b.position = Point(50, 50) end)",
      "b.position:calling(function() b.mass = 50 end)",
      "b:calling(function() b.position.x = 50 end)",
    ] {
      do {
        try lua.execute(change)
        throw ConformanceFailure(message: "no error: \(change)", file: #fileID, line: #line)
      } catch let error as LuaError {
        try expect(error.message.contains("is being changed by 'calling'"), "\(change): \(error.message)")
      }
      try expectEqual(entity.body, Body(), "\(change)")
      try expectEqual(try lua.eval("b") as Body, Body(), "\(change)")
    }
    // And all of it can be changed afterwards.
    try lua.execute("e.body.position.x = 1 e.tags[0] = 'y' b.position.x = 2 b.mass = 3")
    try expectEqual(entity.body.position.x, 1)
    try expectEqual(try lua.eval("b") as Body, Body(position: Point(x: 2, y: 0), mass: 3))
  },
  area("parts are let go of") { lua in
    try register(lua)
    try lua.globals.set("make", to: lua.function { Entity() })
    try lua.execute("for i = 1, 2000 do local p = make().body.position p.x = i end")
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expect(lua.memoryUsed < lua.memoryBaseline + 1_000_000)
  },
]

private struct Point: Equatable {
  var x = 0.0, y = 0.0
}

private struct Body: Equatable {
  var position = Point()
  var mass = 1.0
}

private final class Entity {
  var body = Body()
  var tags = ["a", "b"]
  var scores = [String: Int]()
  var name = "entity"
  var target: Point?
}

private func register(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Point>("Point") {
      $0.initializer { (x: Double, y: Double) in Point(x: x, y: y) }
      $0.property("x", \.x)
      $0.property("y", \.y)
      $0.mutatingMethod("calling") { (_: inout Point, f: LuaFunction) in let _: Void = try f() }
      $0.mutatingMethod("move") { (p: inout Point, x: Double, y: Double) in
        p.x += x
        p.y += y
      }
    })
  try lua.register(
    LuaClass<Body>("Body") {
      $0.property("position", \.position, writesThrough: true)
      $0.property("mass", \.mass)
      $0.mutatingMethod("calling") { (_: inout Body, f: LuaFunction) in let _: Void = try f() }
    })
  try lua.register(
    LuaClass<Entity>("Entity") {
      $0.property("body", \.body, writesThrough: true)
      $0.property("tags", \.tags, writesThrough: true)
      $0.property("scores", \.scores, writesThrough: true)
      $0.property("name", \.name, writesThrough: true)
      $0.property("target", \.target, writesThrough: true)
    })
}

private func expectThrows(_ lua: LuaRuntime, _ source: String) throws {
  do { try lua.execute(source) } catch { return }
  throw ConformanceFailure(message: "no error: \(source)", file: #fileID, line: #line)
}
