internal import LobaCore

private let area = Area("classes")

private class Animal {
  var energy = 10
  let name: String
  init(_ name: String) { self.name = name }
  var isTired: Bool { energy < 5 }
  func speak() -> String { "\(name) is silent" }
  func walk(_ steps: Int) -> Int {
    energy -= steps
    return energy
  }
  func meet(_ other: Animal, _ greeting: String) throws -> String { "\(name): \(greeting), \(other.name)" }
  func mix(_ a: Int, _ b: Int, _ c: Int) -> [Int] { [c, b, a] }
}

private final class Bird: Animal {
  override func speak() -> String { "\(name) sings" }
}

private struct Amount: Comparable {
  var cents: Int
  static func < (a: Amount, b: Amount) -> Bool { a.cents < b.cents }
  static func + (a: Amount, b: Amount) -> Amount { Amount(cents: a.cents + b.cents) }
  static func - (a: Amount, b: Amount) -> Amount { Amount(cents: a.cents - b.cents) }
  static prefix func - (a: Amount) -> Amount { Amount(cents: -a.cents) }
}

extension LuaRuntime {
  fileprivate func openZoo() throws {
    try register(
      LuaClass<Animal>("Animal") {
        $0.initializer { (name: String) in Animal(name) }
        $0.property("energy", \.energy)
        $0.property("name", \.name)
        $0.property("tired", \.isTired)
        $0.method("speak", Animal.speak)
        $0.method("walk", Animal.walk)
        $0.method("meet", Animal.meet)
        $0.method("mix", Animal.mix)
        $0.staticMethod("count") { 2 }
      })
    try register(
      LuaClass<Bird>("Bird", inheriting: Animal.self) {
        $0.initializer { (name: String) in Bird(name) }
        $0.method("speak", Bird.speak)
      })
  }
}

/// What is declared by its name, and what scripts do with the class itself.
let classSpellingChecks: [ConformanceCheck] = [
  area("properties by key paths: those that cannot be written to can be read") { lua in
    try lua.openZoo()
    try lua.execute("a = Animal('fox') a.energy = 3")
    let (energy, name, isTired): (Int, String, Bool) = try lua.eval("a.energy, a.name, a.tired")
    try expect(energy == 3 && name == "fox" && isTired)
    let error = try expectLuaError(.runtime) { try lua.execute("a.name = 'hare'") }
    try expectContains(error.message, "no settable member 'name'")
  },
  area("methods by their names") { lua in
    try lua.openZoo()
    try lua.execute("a, b = Animal('fox'), Bird('lark')")
    try expectEqual(try lua.eval("a:speak() .. ', ' .. b:speak()"), "fox is silent, lark sings")
    try expectEqual(try lua.eval("a:walk(3)"), 7)
    try expectEqual(try lua.eval("a:meet(b, 'hello')"), "fox: hello, lark")
    try expectEqual(try lua.eval("b:mix(1, 2, 3)") as [Int], [3, 2, 1])
    let error = try expectLuaError(.conversion) { try lua.execute("a:walk('far')", name: "=zoo") }
    try expectContains(error.message, "zoo:1: bad argument #1 to 'Animal.walk'")
  },
  area("a class has its methods as functions, for calls of the superclass's") { lua in
    try lua.openZoo()
    try lua.execute("b = Bird('lark')")
    try expectEqual(try lua.eval("Bird.speak(b)"), "lark sings")
    // Swift calls the method that the object has.
    try expectEqual(try lua.eval("Animal.walk(b, 1)"), 9)
    try expectEqual(try lua.eval("Bird.walk(b, 1)"), 8)
    try expectEqual(try lua.eval("Animal.count()"), 2)
    try expectEqual(try lua.eval("Animal.new('x').name"), "x")
    try expectEqual(try lua.eval("Animal.energy == nil and Animal.name == nil"), true)
    let error = try expectLuaError(.conversion) { try lua.execute("Animal.speak(1)") }
    try expectContains(error.message, "speak")
    try expectLuaError(.conversion) { try lua.execute("Animal.speak()") }
    try expectLuaError(.conversion) { try lua.execute("Bird.speak(Animal('x'))") }
  },
  area("operators by their names") { lua in
    try lua.register(
      LuaClass<Amount>("Amount") {
        $0.initializer { (cents: Int) in Amount(cents: cents) }
        $0.property("cents", \.cents)
        $0.metamethod(.add, +)
        $0.metamethod(.subtract, -)
        $0.metamethod(.negate, prefix: -)
        $0.metamethod(.lessThan, <)
        $0.metamethod(.concatenate) { (a: Amount, b: Amount) in "\(a.cents) and \(b.cents)" }
      })
    try lua.execute("a, b = Amount(5), Amount(7)")
    try expectEqual(try lua.execute("return (a + b).cents, (a - b).cents, (-a).cents") as LuaValues, [12, -2, -5])
    try expectEqual(try lua.execute("return a < b, a == b, a == Amount(5)") as LuaValues, [true, false, true])
    try expectEqual(try lua.eval("a .. b"), "5 and 7")
    try expectLuaError(.conversion) { try lua.execute("return a + 1") }
    try lua.register(
      LuaClass<Amount>("Amount") {
        $0.initializer { (cents: Int) in Amount(cents: cents) }
        $0.metamethod(.negate, -)
      })
    let error = try expectLuaError(.runtime) { try lua.execute("return -Amount(1)") }
    try expectContains(error.message, "prefix:")
  },
  area("index and newIndex are asked about names that are not declared, and hide none that are") { lua in
    final class Bag {
      var size = 1
      var values: [String: LuaValue] = [:]
    }
    try lua.register(
      LuaClass<Bag>("Bag") {
        $0.initializer { Bag() }
        $0.property("size", \.size)
        $0.method("clear") { $0.values = [:] }
        $0.metamethod(.index) { (bag: Bag, key: String) in bag.values[key] ?? .nil }
        $0.metamethod(.newIndex) { (bag: Bag, key: String, value: LuaValue) in
          guard key != "forbidden" else { throw LuaError(kind: .runtime, message: "not that") }
          bag.values[key] = value
        }
      })
    try lua.execute("b = Bag() b.x = 1 b.size = 5 b.y = {2}")
    try expectEqual(try lua.execute("return b.x, b.size, b.y[1], b.z") as LuaValues, [1, 5, 2, nil])
    try lua.execute("b:clear()")
    try expectEqual(try lua.eval("b.x"), LuaValue.nil)
    let error = try expectLuaError(.runtime) { try lua.execute("b.forbidden = 1") }
    try expectContains(error.message, "not that")
    try expectLuaError(.conversion) { try lua.execute("return b[{}]") }
    let bag: Bag = try lua.globals["b"]
    try expectEqual(bag.size, 5)
  },
  area.engine("index and newIndex where members are asked about") { engine in
    final class Open {
      let value = 1
    }
    var configuration = LuaConfiguration.standard
    configuration.memberAccess = .filter { _, name, _ in
      guard case .string(let text) = name, text.description != "secret" else {
        throw LuaError(kind: .runtime, message: "no access")
      }
      return name
    }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try lua.register(
      LuaClass<Open>("Open") {
        $0.initializer { Open() }
        $0.property("value", \.value)
        $0.method("twice") { $0.value * 2 }
        $0.metamethod(.index) { (_: Open, key: String) in "any \(key)" }
      })
    try lua.execute("o = Open()")
    try expectEqual(try lua.execute("return o.value, o.other") as LuaValues, [1, "any other"])
    try expectLuaError(.runtime) { try lua.execute("return o.secret") }
    // What the class shows would be there for everybody.
    try expectEqual(try lua.eval("rawget(Open, 'twice')"), LuaValue.nil)
  },
]
