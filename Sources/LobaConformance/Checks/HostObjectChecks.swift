internal import LobaCore

private let area = Area("host objects")

private class Animal {
  var name: String

  init(_ name: String) { self.name = name }

  func speak() -> String { "…" }
}

private final class Dog: Animal {
  override func speak() -> String { "woof" }
}

private struct Vector: Comparable {
  var x: Int

  static func < (a: Vector, b: Vector) -> Bool { a.x < b.x }
}

/// No class describes it.
private struct Plain {
  var number = 1
  var list = [1, 2]
  var missing: Int?
}

private func registerAnimal(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Animal>("Animal") {
      $0.initializer { (name: String) in Animal(name) }
      $0.property("name", get: { $0.name }, set: { $0.name = $1 })
      $0.property("initial", get: { $0.name.first })
      $0.method("speak") { $0.speak() }
      $0.method("twice") { ($0.name, $0.name) }
      $0.staticMethod("kingdom") { "animals" }
      $0.staticMethod("pair") { (name: String) in (Animal(name + "1"), Animal(name + "2")) }
      $0.constant("legs", 4)
    })
}

private func registerVector(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Vector>("Vector") {
      $0.initializer { (x: Int) in Vector(x: x) }
      $0.property("x", get: { $0.x }, set: { $0.x = $1 })
      $0.mutatingMethod("shift") { (vector: inout Vector, by: Int) in vector.x += by }
    })
}

/// Registered classes: their members, and what scripts do wrong with them.
let hostClassChecks: [ConformanceCheck] = [
  area("a class has initialisers, properties, methods, statics and constants") { lua in
    try registerAnimal(lua)
    try expectEqual(try lua.eval("Animal('a').name .. Animal.new('b').name") as String, "ab")
    try expectEqual(
      try lua.execute("local a = Animal('a') a.name = 'xyz' return a.name, a.initial").values, ["xyz", "x"])
    try expectEqual(try lua.eval("Animal('a'):speak()") as String, "…")
    try expectEqual(try lua.execute("return Animal('a'):twice()").values, ["a", "a"])
    try expectEqual(try lua.eval("Animal.kingdom()") as String, "animals")
    try expectEqual(try lua.execute("local a, b = Animal.pair('p') return a.name, b.name").values, ["p1", "p2"])
    try expectEqual(try lua.execute("return Animal.legs, Animal('a').legs").values, [4, 4])
  },
  area("an object is one value in Lua, and itself when it comes back") { lua in
    try registerAnimal(lua)
    let animal = Animal("a")
    try lua.globals.set("a", to: animal)
    try expect(try lua.eval("rawequal(a, ...)", animal))
    try lua.execute("t = {[a] = 'found'}")
    try expectEqual(try lua.eval("t[...]", animal) as String, "found")
    let read: Animal = try lua.globals["a"]
    try expect(read === animal)
    let returned: Animal = try lua.eval("(function(x) return x end)(...)", animal)
    try expect(returned === animal)
    var taken: Animal?
    try lua.eval("(...)(a)", lua.function { (a: Animal) in taken = a }) as Void
    try expect(taken === animal)
    let listed: [Animal] = try lua.eval("{a, a}")
    try expect(listed.allSatisfy { $0 === animal })
  },
  area("a wrong or missing object is refused, in words that name the member, what was wanted and what came") { lua in
    try registerAnimal(lua)
    try registerVector(lua)
    for (code, words) in [
      ("Animal('a').speak()", ["'speak'", "Animal", "object:speak"]),
      ("Animal('a').speak(5)", ["'speak'", "Animal", "number 5"]),
      ("Animal('a').speak('text')", ["'speak'", "Animal", "string"]),
      ("Animal('a').speak(Vector(1))", ["'speak'", "Animal", "Vector"]),
      ("Animal('a').speak(io.stdout)", ["'speak'", "Animal", "userdata"]),
      ("Vector(1).shift(Animal('a'), 1)", ["'shift'", "Vector", "Animal"]),
    ] {
      let message = try expectLuaError(.conversion) { _ = try lua.eval(code) as LuaValue }.message
      for word in words { try expectContains(message, word) }
    }
  },
  area("wrong arguments and values name what was expected and what came") { lua in
    try registerAnimal(lua)
    try registerVector(lua)
    for (code, words) in [
      ("Animal({})", ["#1", "String", "table"]), ("Animal()", ["#1", "String", "nil"]),
      ("Vector(1):shift('x')", ["#1", "Int", "\"x\""]),
      ("(function() Animal('a').name = {} end)()", ["'Animal.name'", "String", "table"]),
    ] {
      let message = try expectLuaError(.conversion) { _ = try lua.eval(code) as LuaValue }.message
      for word in words { try expectContains(message, word) }
    }
    let wrong = try expectLuaError(.conversion) { let _: Vector = try lua.execute("return Animal('a')") }
    try expectContains(wrong.message, "Vector", "Animal")
  },
  area("members that there are not are errors, alike for the object and its attribute view") { lua in
    try registerAnimal(lua)
    for object in ["Animal('a')", "swift.as_attrgetter(Animal('a'))"] {
      for (code, words) in [
        ("return o.nope", ["Animal", "member", "nope"]), ("o.nope = 1", ["Animal", "settable member", "nope"]),
        ("o.initial = 'x'", ["Animal", "settable member", "initial"]), ("o.speak = 1", ["settable member", "speak"]),
        ("return o[1]", ["Animal", "number"]), ("return o[nil]", ["Animal", "nil"]),
      ] {
        let error = try expectLuaError(.runtime) { try lua.execute("local o = \(object) \(code)") }
        for word in words { try expectContains(error.message, word) }
      }
    }
  },
  area("a subclass has what it inherits and its own, also one that is not registered") { lua in
    try registerAnimal(lua)
    let rex = Dog("rex")
    try expectEqual(try lua.eval("(...).name .. (...):speak()", rex) as String, "rexwoof")
    let back: Dog = try lua.eval("...", rex)
    try expect(back === rex)
    let animal: Animal = try lua.eval("...", rex)
    try expect(animal === rex)
    try lua.register(
      LuaClass<Dog>("Dog", inheriting: Animal.self) {
        $0.initializer { (name: String) in Dog(name) }
        $0.method("fetch") { (dog, what: String) in "\(dog.name) fetches \(what)" }
        $0.method("twice") { _ in "its own" }
      })
    try lua.execute("d = Dog('d') d.name = 'e'")
    try expectEqual(
      try lua.execute("return d:fetch('it'), d:speak(), d.name, d.legs, d:twice()").values,
      ["e fetches it", "woof", "e", 4, "its own"])
    let error = try expectLuaError(.conversion) { _ = try lua.eval("d.fetch(Animal('a'), 'it')") as String }
    try expectContains(error.message, "'fetch'", "Dog", "Animal")
    try expectLuaError(.conversion) { let _: Dog = try lua.execute("return Animal('a')") }
    let fresh = try LuaRuntime(engine: lua.engine)
    let early = try expectLuaError(.engine) { try fresh.register(LuaClass<Dog>("Dog", inheriting: Animal.self)) }
    try expectContains(early.message, "Dog", "Animal")
  },
  area.engine("members that capture the runtime make a circle, which close breaks") { engine in
    for isInside in [false, true] {
      weak var gone: LuaRuntime?
      try {
        let lua = try LuaRuntime(engine: engine)
        gone = lua
        let table = try lua.table(1)
        try lua.register(LuaClass<Animal>("Animal") { $0.method("first") { _ in try table[1] as Int } })
        try expectEqual(try lua.eval("(...):first()", Animal("a")) as Int, 1)
        if isInside {
          try lua.function { [unowned lua] in lua.close() }() as Void
        } else {
          lua.close()
        }
      }()
      try expect(gone == nil, "closed from \(isInside ? "inside" : "outside")")
    }
  },
  area("a structure is changed in place, and equal by its value") { lua in
    try registerVector(lua)
    try expectEqual(try lua.execute("local v = Vector(1) v:shift(4) v.x = v.x * 2 return v.x").values, [10])
    try expectEqual(
      try lua.execute(
        "return Vector(1) == Vector(1), Vector(1) ~= Vector(1), Vector(1) < Vector(2), Vector(2) <= Vector(1)"
      )
      .values, [true, false, true, false])
    let vector: Vector = try lua.execute("return Vector(3)")
    try expectEqual(vector, Vector(x: 3))
  },
  area("of members declared twice by one name the last holds, also of a leaf and of what is inherited") { lua in
    class Animal { var age = 1 }
    final class Bird: Animal {}
    try lua.register(
      LuaClass<Animal>("Animal") {
        $0.leafProperty("age", get: { $0.age }, set: { $0.age = $1 })
        $0.property("age", get: { "\($0.age) years" })
        $0.method("name") { (_: Animal) in "method" }
        $0.property("name", get: { _ in "property" })
        $0.property("sound", get: { _ in "none" })
        $0.leafMethod("sound") { (a: Animal) in a.age }
        $0.property("legs", get: { $0.age }, set: { $0.age = $1 })
        $0.method("move") { (_: Animal) in "walks" }
      })
    try lua.register(
      LuaClass<Bird>("Bird", inheriting: Animal.self) {
        $0.property("legs", get: { _ in 2 })
        $0.property("move", get: { _ in "flies" })
      })
    try lua.globals.set("a", to: lua.wrap(Animal()))
    try lua.globals.set("b", to: lua.wrap(Bird()))
    try lua.execute(
      """
      for i = 1, 100 do
        assert(a.age == '1 years' and a.name == 'property' and a:sound() == 1)
        assert(b.legs == 2 and b.move == 'flies' and a:move() == 'walks')
      end
      assert(not pcall(function() a.age = 2 end))
      assert(not pcall(function() b.legs = 3 end))
      a.legs = 4
      assert(a.age == '4 years')
      """)
  },
]

/// Operators, and objects that no class describes.
let hostOperatorChecks: [ConformanceCheck] = [
  area("operators and functions of Lua's do what a class says") { lua in
    try lua.register(
      LuaClass<Vector>("Vector") {
        $0.initializer { (x: Int) in Vector(x: x) }
        $0.property("x", get: { $0.x })
        $0.metamethod(.add) { (a: Vector, b: Vector) in Vector(x: a.x + b.x) }
        $0.metamethod(.subtract) { (a: Vector, b: Vector) in Vector(x: a.x - b.x) }
        $0.metamethod(.multiply) { (a: LuaValue, b: LuaValue) -> Vector in
          let factors = try [a, b].map { try (try? $0.as(Int.self)) ?? $0.as(Vector.self).x }
          return Vector(x: factors[0] * factors[1])
        }
        $0.metamethod(.divide) { (a: Vector, b: Int) in Vector(x: a.x / b) }
        $0.metamethod(.modulo) { (a: Vector, b: Int) in Vector(x: a.x % b) }
        $0.metamethod(.power) { (a: Vector, b: Int) in Vector(x: (0..<b).reduce(1) { n, _ in n * a.x }) }
        $0.metamethod(.negate) { (a: Vector) in Vector(x: -a.x) }
        $0.metamethod(.length) { (a: Vector) in a.x }
        $0.metamethod(.concatenate) { (a: Vector, b: String) in "\(a.x)\(b)" }
        $0.metamethod(.call) { (a: Vector, b: Int) in (a.x, b) }
        $0.metamethod(.tostring) { (a: Vector) in "Vector \(a.x)" }
      })
    try expectEqual(
      try lua.execute(
        """
        local a, b = Vector(7), Vector(2)
        return (a + b).x, (a - b).x, (a * 3).x, (3 * a).x, (a / 2).x, (a % 4).x, (b ^ 3).x, (-a).x, #a, a .. '!', tostring(a)
        """
      ).values, [9, 5, 21, 21, 3, 3, 8, -7, 7, "7!", "Vector 7"])
    try expectEqual(try lua.execute("return Vector(1)(2)").values, [1, 2])
    for code in ["Vector(1) + 1", "1 + Vector(1)"] {
      let error = try expectLuaError(.conversion) { _ = try lua.eval(code) as LuaValue }
      try expectContains(error.message, "Vector", "number 1")
    }
    try lua.register(LuaClass<Animal>("Animal") { $0.initializer { (name: String) in Animal(name) } })
    for code in ["-Animal('a')", "Animal('a')()", "Animal('a') < Animal('b')", "#Animal('a')", "Animal('a') .. 'x'"] {
      try expectLuaError(.runtime) { _ = try lua.eval(code) as LuaValue }
    }
  },
  area("what is of another type is not equal, whoever is asked") { lua in
    try registerVector(lua)
    try lua.register(
      LuaClass<Animal>("Animal") {
        $0.initializer { (name: String) in Animal(name) }
        $0.metamethod(.equal) { (a: Animal, b: Animal) in a.name == b.name }
      })
    try expect(try lua.eval("Animal('a') == Animal('a') and Animal('a') ~= Animal('b')"))
    // A subclass inherits what makes them equal, and a view is what it views.
    try lua.register(
      LuaClass<Dog>("Dog", inheriting: Animal.self) { $0.initializer { (name: String) in Dog(name) } })
    try expect(try lua.eval("Animal('a') == Dog('a') and Dog('a') == Animal('a') and Dog('a') ~= Animal('b')"))
    try lua.execute("a = Dog('a')")
    try expect(try lua.eval("swift.as_attrgetter(a) == a and swift.as_attrgetter(a) == Animal('a')"))
    for other in ["Animal('a')", "swift.none", "io.stdout", "1", "nil"] {
      try expect(try lua.eval("Vector(1) ~= \(other) and \(other) ~= Vector(1)"), other)
    }
  },
  area.engine("pairs does what a class says", requires: .pairsAndLengthMetamethods) { engine in
    for unpacks in [true, false] {
      var configuration = LuaConfiguration()
      configuration.unpacksReturnedTuples = unpacks
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      let next: LuaFunction = try lua.eval("function(limit, last) if last < limit then return last + 1, last end end")
      try lua.globals.set("next_of_vector", to: next)
      try lua.register(
        LuaClass<Vector>("Vector") { [unowned lua] in
          $0.initializer { (x: Int) in Vector(x: x) }
          $0.metamethod(.pairs) { (vector: Vector) in
            (try lua.globals["next_of_vector"] as LuaFunction, vector.x, 0)
          }
        })
      try expectEqual(
        try lua.execute("local s = 0 for i, j in pairs(Vector(4)) do s = s + i * j end return s") as Int, 20)
    }
    let lua = try LuaRuntime(engine: engine)
    try expectEqual(
      try lua.execute("local s = '' for i, x in pairs(...) do s = s .. i .. x end return s", lua.wrap(["a", "b"]))
        as String,
      "0a1b")
    try expectEqual(
      try lua.execute("local t = {} for k, v in pairs(...) do t[k] = v end return t", lua.wrap(["a": 1, "b": 2]))
        as [String: Int], ["a": 1, "b": 2])
  },
  area("wrapped collections are used in place, and wrong keys and values refused in words") { lua in
    let list = try lua.wrap([1, 2])
    try lua.execute("local list = ... list[0] = 5 list[#list] = 6", list)
    try expectEqual(try LuaValue.userdata(list).as([Int].self), [5, 2, 6])
    let map = try lua.wrap(["a": 1, "b": 2])
    try lua.execute("local map = ... map.a = nil map.c = 3", map)
    try expectEqual(try LuaValue.userdata(map).as([String: Int].self), ["b": 2, "c": 3])
    let set = try lua.wrap(Set(["a"]))
    try expect(
      try lua.execute("local set = ... set.b = true set.a = nil return set.b and not set.a and #set == 1", set))
    for (value, code, words) in [
      (list, "x[0] = 'x'", ["key 0", "Int", "\"x\""]), (list, "x[0] = nil", ["key 0", "Int", "nil"]),
      (list, "x[9] = 1", ["9", "3 elements"]), (list, "x.name = 1", ["integer", "\"name\""]),
      (map, "x.a = 'x'", ["key a", "Int", "\"x\""]), (map, "x[{}] = 1", ["the key", "String", "table"]),
      (set, "x[1] = true", ["the key", "String", "number 1"]),
    ] {
      let error = try expectLuaError(.conversion) { try lua.execute("local x = ... \(code)", value) }
      for word in words { try expectContains(error.message, word) }
    }
    // Items that no class describes are passed on, as they are in iteration.
    let plain: Plain = try lua.execute("local x = ... return x[0]", lua.wrap([Plain(number: 7)]))
    try expectEqual(plain.number, 7)
  },
  area.engine("a value of an undeclared type shows nothing, or what a mirror shows") { engine in
    let closed = try LuaRuntime(engine: engine)
    try expectContains(
      try expectLuaError(.runtime) { _ = try closed.eval("(...).number", closed.wrap(Plain())) as LuaValue }.message,
      "Plain", "number")
    try expectContains(
      try expectLuaError(.conversion) { _ = try closed.eval("...", Plain()) as LuaValue }.message, "Plain", "wrap")
    var configuration = LuaConfiguration()
    configuration.reflection = .mirror
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    let plain = try lua.wrap(Plain())
    try expectEqual(
      try lua.execute("local p = ... return p.number, p.list[2], p.missing", plain).values, [1, 2, .nil])
    try expectEqual(try lua.eval("swift.as_attrgetter(...).number", plain) as Int, 1)
    for (code, word) in [("return p.nope", "nope"), ("return p[1]", "number"), ("p.number = 2", "number")] {
      let error = try expectLuaError(.runtime) { try lua.execute("local p = ... \(code)", plain) }
      try expectContains(error.message, "Plain", word)
    }
  },
]
