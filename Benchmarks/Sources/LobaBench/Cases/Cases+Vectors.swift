import CTwin
import Loba

struct Vector {
  var x, y, z: Double

  static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
}

final class Planet {
  var p = Vector(x: 0, y: 0, z: 0)
}

extension Case {
  /// Values that a program makes by the thousand: in each step every object gets a new one.
  static let vectors = [
    Case("vector", units: Int(TWIN_VECTOR_COUNT)) { lua in
      try lua.register(
        LuaClass<Vector>("Vector") {
          $0.property("x", get: { $0.x })
          $0.property("y", get: { $0.y })
          $0.property("z", get: { $0.z })
          $0.metamethod(.add) { (a: Vector, b: Vector) in a + b }
        })
      try lua.register(LuaClass<Planet>("Planet") { $0.property("p", get: { $0.p }, set: { $0.p = $1 }) })
      let bodies = try lua.table()
      for i in 1...Int(TWIN_VECTOR_COUNT) { try bodies.set(i, to: lua.wrap(Planet())) }
      try bodies.set("step", to: lua.wrap(Vector(x: 1, y: 2, z: 3)))
      let move: LuaFunction = try lua.eval(
        """
        function(bodies, n)
          local v = bodies.step
          for i = 1, n do
            for k = 1, #bodies do local body = bodies[k] body.p = body.p + v end
          end
          return bodies[#bodies].p.x
        end
        """)
      return { times in
        let x: Double = try move(bodies, times)
        return Int64(x)
      }
    }
  ]
}
