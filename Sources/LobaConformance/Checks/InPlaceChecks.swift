internal import LobaCore

private let area = Area("values in place")

/// Structures without references, which are userdata themselves.
let inPlaceChecks: [ConformanceCheck] = [
  area("a value goes to Lua and back, by every way") { lua in
    try register(lua)
    let v = Vector(x: 1, y: 2, z: 3)
    try lua.globals.set("v", to: lua.wrap(v))
    try lua.globals.set("w", to: v)
    try lua.globals.set("make", to: lua.function { (x: Double) in Vector(x: x, y: 0, z: 0) })
    try lua.globals.set("both", to: lua.function { (a: Vector, b: Vector) in (b, a, "end") })
    try lua.globals.set("any", to: lua.function { (a: Vector) -> Any in a })
    try lua.globals.set("perhaps", to: lua.function { (a: Vector, isThere: Bool) in isThere ? a : nil })
    try expectEqual(try vector(lua, "v"), v)
    try expectEqual(try vector(lua, "w"), v)
    try expectEqual(try vector(lua, "make(5)"), Vector(x: 5, y: 0, z: 0))
    try expectEqual(try vector(lua, "any(v)"), v)
    try expectEqual(try vector(lua, "perhaps(v, true)"), v)
    try expectEqual(try lua.eval("perhaps(v, false)"), LuaValue.nil)
    let (a, b, end) = try lua.execute("return both(make(1), make(2))") as (Vector, Vector, String)
    try expectEqual([a.x, b.x], [2, 1])
    try expectEqual(end, "end")
    let f: LuaFunction = try lua.eval("function(a, b) return a + b end")
    try expectEqual(try f(v, v) as Vector, Vector(x: 2, y: 4, z: 6))
    let list: [Vector] = try lua.eval("{make(1), make(2)}")
    try expectEqual(list.map(\.x), [1, 2])
    let value: LuaValue = try lua.eval("v")
    try expectEqual(try value.as(Any.self) as? Vector, v)
    try expectEqual(try value.as(Vector.self), v)
    try expectEqual(value.type, .userdata)
  },
  area("members, operators, and the class") { lua in
    try register(lua)
    try lua.execute(
      """
      local v = Vector(1, 2, 3)
      assert(v.x == 1 and v.length == math.sqrt(14) and v:dot(v) == 14)
      v.x = 10
      assert(v.x == 10)
      v:scale(2)
      assert(v.x == 20 and v.z == 6)
      local w = v + Vector.new(1, 1, 1)
      assert(w.x == 21 and w.y == 5 and (-w).x == -21)
      assert(w == Vector(21, 5, 7) and w ~= v)
      assert(Vector.unit('y').y == 1 and Vector.origin.x == 0 and v.origin.x == 0)
      assert(tostring(Vector(1, 2, 3)):find('1.0') and type(v) == 'userdata')
      """)
    try expectRefused(lua, "return Vector(1, 2, 3).q", containing: "Vector has no member 'q'")
    try expectRefused(lua, "Vector(1, 2, 3).length = 1", containing: "has no settable member 'length'")
    try expectRefused(lua, "return Vector(1, 2, 3).dot(5)", containing: "'dot' is a member of Vector, got number 5")
    try expectRefused(lua, "return Vector(1, 2, 3) + 5", containing: "expected Vector, got number 5")
    try expectRefused(lua, "return Vector(1, 2, 3):dot(Pixel(1))", containing: "expected Vector, got a Pixel")
    try expectRefused(lua, "Vector(1, 2, 3).x = {}", containing: "'Vector.x': expected Double, got table")
  },
  area("it is a copy, and what a script does to it stays there") { lua in
    try register(lua)
    let v = Vector(x: 1, y: 2, z: 3)
    try lua.globals.set("v", to: v)
    try lua.execute("w = v w.x = 5")
    try expectEqual(v.x, 1)
    try expectEqual(try lua.eval("v.x"), 5.0)
    try expectEqual(try lua.eval("v == w"), true)
    try expectEqual(try lua.eval("rawequal(v, w)"), true)
  },
  area("values of every size and alignment") { lua in
    func check<T: Equatable>(_ value: T, _ name: String) throws {
      try lua.register(
        LuaClass<T>(name) {
          $0.property("itself", get: { $0 }, set: { $0 = $1 })
          $0.method("same") { (a, b: T) in a == b }
        })
      try lua.globals.set("v", to: lua.wrap(value))
      try lua.globals.set("f", to: lua.function { (v: T) in v })
      let same: T = try lua.eval("f(v)")
      try expectEqual(same, value)
      try lua.execute(
        "for i = 1, 50 do local w = f(v) v.itself = w assert(v.itself:same(w)) assert(w == v) end collectgarbage()")
      let still: T = try lua.eval("v")
      try expectEqual(still, value)
    }
    try check(Empty(), "Empty")
    try check(Pixel(value: 200), "Pixel")
    try check(SIMD4<Float>(1, 2, 3, 4), "SIMD4")
    try check(SIMD8<Double>(repeating: 0.5), "SIMD8")
    try check(Choice.number(4.5), "Choice")
    try check(Large(), "Large")
    try check(TooLarge(), "TooLarge")
    try check(Fill(of: 255), "Text")
  },
  area("a value that writes itself is by reference where it is asked for") { lua in
    try lua.register(
      LuaClass<Angle>("Angle") {
        $0.initializer { (d: Double) in Angle(degrees: d) }
        $0.property("degrees", get: { $0.degrees })
        $0.method("copy") { $0 }
      })
    try lua.globals.set("give", to: lua.function { Angle(degrees: 90) })
    try expectEqual(try lua.eval("type(Angle(45))"), "userdata")
    try expectEqual(try lua.eval("give()"), 90.0)
    try expectEqual(try lua.eval("Angle(45):copy()"), 45.0)
    try expectEqual(try lua.eval("type(Angle(45))"), "userdata")
  },
  area("a class that is registered again has other members for new values") { lua in
    try register(lua)
    try lua.globals.set("make", to: lua.function { (x: Double) in Vector(x: x, y: 0, z: 0) })
    try lua.execute("old = make(1) assert(old.x == 1)")
    try lua.register(LuaClass<Vector>("Vector") { $0.property("first", get: { $0.x }) })
    try lua.execute(
      "new = make(2) assert(new.first == 2 and old.x == 1) assert(not pcall(function() return new.x end))")
    let sum: Vector = try lua.eval("old + new")
    try expectEqual(sum.x, 3)
  },
  area("while a member changes it, nothing else can") { lua in
    try register(lua)
    let text: String = try lua.execute(
      """
      local v = Vector(1, 2, 3)
      local inner, x
      v:calling(function() inner = {pcall(function() v.y = 9 end)} x = v.x end)
      assert(not inner[1] and x == 1)
      assert(v.x == 100 and v.y == 2)
      return tostring(inner[2])
      """)
    try expectContains(text, "a Vector is being changed by 'calling'")
    try lua.execute("local v = Vector(1, 2, 3) assert(not pcall(v.calling, v, error)) assert(v.x == 100) v.y = 1")
  },
  area("it works with whatever takes host objects") { lua in
    try register(lua)
    try lua.globals.set("v", to: Vector(x: 1, y: 2, z: 3))
    try lua.execute(
      """
      local view = swift.as_attrgetter(v)
      assert(view.x == 1 and view.dot(Vector(1, 1, 1)) == 6 and view:dot(v) == 14 and view.dot == view.dot)
      view.x = 7
      assert(v.x == 7 and view == v)
      assert(rawequal(view, swift.as_attrgetter(v)))
      assert(swift.builtins.type(v):find('Vector'))
      local add = swift.as_function(v)
      assert(add(1) == 8)
      view, add = nil, nil
      collectgarbage() collectgarbage()
      v:scale(1)
      """)
    try expectEqual(try vector(lua, "v"), Vector(x: 7, y: 2, z: 3))
    let keys: [AnyHashable: Bool] = try lua.eval("{[v] = true}")
    try expectEqual(keys, [AnyHashable(Vector(x: 7, y: 2, z: 3)): true])
    let items = try lua.wrap([Vector(x: 1, y: 1, z: 1)])
    try lua.globals.set("list", to: items)
    try lua.execute("list[0] = v assert(list[0].x == 7) list[0].x = 1 assert(list[0].x == 7)")
  },
  area.engine("handlers and filters of members are asked about it") { engine in
    var configuration = LuaConfiguration.standard
    configuration.memberAccess = .filter { object, name, _ in
      guard object is Vector, try name.as(String.self) != "y" else { throw LuaError(message: "no") }
      return name
    }
    let lua = try LuaRuntime.forCheck(engine, configuration)
    defer { lua.close() }
    try register(lua)
    try lua.globals.set("v", to: Vector(x: 1, y: 2, z: 3))
    try lua.execute("assert(v.x == 1) v.x = 5 assert(v.x == 5 and not pcall(function() return v.y end))")
  },
  area("a part of a value, and a value that is a part") { lua in
    try register(lua)
    try lua.register(
      LuaClass<Line>("Line") {
        $0.initializer { (a: Vector, b: Vector) in Line(start: a, end: b) }
        $0.property("start", \.start, writesThrough: true)
        $0.property("finish", \.end)
      })
    try lua.execute(
      """
      local line = Line(Vector(0, 0, 0), Vector(1, 1, 1))
      local start = line.start
      start.x = 5
      assert(line.start.x == 5 and line.start == Vector(5, 0, 0) and Vector(5, 0, 0) == line.start)
      line.finish.x = 5
      assert(line.finish.x == 1)
      line.start = line.finish
      assert(start.x == 1 and line.start ~= Vector(0, 0, 0))
      line = nil
      collectgarbage() collectgarbage()
      start.x = 6
      assert(start.x == 6 and start + start == Vector(12, 2, 2))
      """)
  },
  area("leaves of a value, with compiled code and without") { lua in
    try lua.register(
      LuaClass<Vector>("Vector") {
        $0.leafProperty("x", get: { $0.x }, set: { $0.x = $1 })
        $0.leafMethod("plus") { (v, n: Double) in v.x + v.y + n }
        $0.leafMutatingMethod("move") { (v: inout Vector, d: Double) in v.x += d }
        $0.property("part", get: { $0 })
      })
    try lua.globals.set("v", to: Vector(x: 1, y: 2, z: 3))
    try lua.globals.set("calling", to: lua.function { (v: Vector) in v })
    try expectEqual(
      try lua.execute(
        """
        local n = 0
        for i = 1, 200 do
          v.x = v.x + 1
          v:move(1)
          n = n + v:plus(i)
          if i % 50 == 0 then v = calling(v) end
        end
        return v.x, n
        """) as LuaValues, [401.0, 60_900.0])
    try expectRefused(lua, "v.x = 'wide'", containing: "'Vector.x': expected Double")
    try expectRefused(lua, "return v.plus({}, 1)", containing: "'plus' is a member of Vector, got table")
  },
  area("it needs no finalizer, and takes no memory that is not given back") { lua in
    try register(lua)
    try lua.execute(
      """
      local p, v = Vector(0, 0, 0), Vector(1, 2, 3)
      for i = 1, 20000 do p = p + v end
      assert(p.x == 20000)
      assert(swift and getmetatable(p) == false)
      """)
    try lua.collectGarbage()
    let before = lua.memoryUsed
    try lua.execute("local p, v = Vector(0, 0, 0), Vector(1, 2, 3) for i = 1, 50000 do p = p + v end")
    try lua.collectGarbage()
    try expect(lua.memoryUsed < before + 50_000, "\(lua.memoryUsed) bytes, \(before) before")
  },
  area.engine("what holds one when the runtime closes finds it closed") { engine in
    let lua = try LuaRuntime.forCheck(engine)
    try register(lua)
    let handle = try lua.wrap(Vector(x: 1, y: 2, z: 3))
    let function: LuaFunction = try lua.eval("swift.as_function(...)", handle)
    lua.close()
    try expectLuaError(.closed) { _ = try lua.wrap(Vector(x: 1, y: 2, z: 3)) }
    try expectLuaError(.closed) { _ = try function(1) as Int }
    withExtendedLifetime((handle, function)) {}
  },
  area("a class is registered or it is not, whatever its constants do meanwhile") { lua in
    func old() -> LuaClass<Vector> { LuaClass("Vector") { $0.property("old", get: { $0.x }) } }
    func new(_ constant: Doing) -> LuaClass<Vector> {
      LuaClass("Vector") {
        $0.leafProperty("new", get: { $0.x })
        $0.constant("constant", constant)
      }
    }
    try lua.register(old())
    try lua.execute("class = Vector")
    var tables: [LuaTable] = []
    try lua.register(
      new(
        Doing {
          try lua.register(old())
          for _ in 0..<40 { tables.append(try lua.table()) }
        }))
    for table in tables { try expectEqual(table.values.count, 0) }
    try lua.globals.set("v", to: Vector(x: 1, y: 2, z: 3))
    for failing in 1...2 {
      var calls = 0
      try lua.register(old())
      try lua.execute("class = Vector")
      do {
        try lua.register(
          new(
            Doing {
              calls += 1
              if calls == failing { throw Refusal() }
            }))
        try expect(false, "registered")
      } catch is Refusal {}
      try lua.globals.set("v", to: Vector(x: 1, y: 2, z: 3))
      try lua.execute("assert(v.old == 1 and rawequal(class, Vector))")
    }
    do {
      try lua.register(
        new(
          Doing {
            try lua.register(LuaClass<Vector>("Vector") { $0.property("inner", get: { $0.x }) })
            throw Refusal()
          }))
      try expect(false, "registered")
    } catch is Refusal {}
    try lua.globals.set("v", to: Vector(x: 1, y: 2, z: 3))
    try lua.execute("assert(v.inner == 1)")
  },
]

private struct Vector: Hashable {
  var x, y, z: Double

  static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
}

private struct Line {
  var start, end: Vector
}

private struct Empty: Equatable {}

private struct Pixel: Equatable {
  var value: UInt8
}

private enum Choice: Equatable {
  case none
  case number(Double)
}

private struct Large: Equatable {
  var a = SIMD16<Double>(repeating: 1)
  var b = SIMD16<Double>(repeating: 2)
}

private struct TooLarge: Equatable {
  var large = Large()
  var more = 3
}

/// One with references, which needs a box.
private struct Fill: Equatable {
  var bytes: [UInt8]

  init(of byte: UInt8) { bytes = [UInt8](repeating: byte, count: 3) }
}

private struct Angle: LuaRepresentable, Equatable {
  var degrees: Double

  func write(to writer: inout LuaWriter) { writer.write(number: degrees) }
}

private func register(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Vector>("Vector") {
      $0.initializer { (x: Double, y: Double, z: Double) in Vector(x: x, y: y, z: z) }
      $0.property("x", \.x)
      $0.property("y", \.y)
      $0.property("z", \.z)
      $0.property("length", get: { ($0.x * $0.x + $0.y * $0.y + $0.z * $0.z).squareRoot() })
      $0.constant("origin", Vector(x: 0, y: 0, z: 0))
      $0.staticMethod("unit") { (axis: String) in
        Vector(x: axis == "x" ? 1 : 0, y: axis == "y" ? 1 : 0, z: axis == "z" ? 1 : 0)
      }
      $0.method("dot") { (a, b: Vector) in a.x * b.x + a.y * b.y + a.z * b.z }
      $0.mutatingMethod("scale") { (v: inout Vector, k: Double) in v = Vector(x: v.x * k, y: v.y * k, z: v.z * k) }
      $0.mutatingMethod("calling") { (v: inout Vector, f: LuaFunction) in
        v.x = 100
        try f() as Void
      }
      $0.metamethod(.add) { (a: Vector, b: Vector) in a + b }
      $0.metamethod(.negate) { (v: Vector) in Vector(x: -v.x, y: -v.y, z: -v.z) }
      $0.metamethod(.call) { (v: Vector, n: Double) in v.x + n }
    })
  try lua.register(LuaClass<Pixel>("Pixel") { $0.initializer { (n: Int) in Pixel(value: UInt8(n)) } })
}

private func expectRefused(
  _ lua: LuaRuntime, _ source: String, containing text: String, file: StaticString = #fileID, line: UInt = #line
) throws {
  do { try lua.execute(source) } catch { return try expectContains("\(error)", text, file: file, line: line) }
  throw ConformanceFailure(message: "no error: \(source)", file: file, line: line)
}

private func vector(_ lua: LuaRuntime, _ expression: String) throws -> Vector { try lua.eval(expression) }

private struct Refusal: Error {}

/// A constant that does something when it is written.
private struct Doing: LuaRepresentable, @unchecked Sendable {
  let body: () throws -> Void

  func write(to writer: inout LuaWriter) throws {
    try body()
    writer.write(number: 7)
  }
}
