#if Macros
  import Loba
  import LobaMacros
  import Testing

  private struct Refused: Error, Equatable {}

  /// Has legs.
  @LuaObject class Animal {
    let name: String
    var energy = 10
    @LuaMember("mood") var moodOfToday: String? = nil
    var weight: Double { didSet { changes += 1 } }
    private(set) var changes = 0
    @LuaIgnored var cache: [Int] = []
    private var secret = 1
    var isTired: Bool { energy < 5 }
    static let limit = 100

    init(_ name: String, weight: Double = 1.5) {
      self.name = name
      self.weight = weight
    }

    @LuaMember("named") convenience init(of other: Animal, _ name: String) throws {
      guard !name.isEmpty else { throw Refused() }
      self.init(name, weight: other.weight)
    }

    func speak() -> String { "\(name) is silent" }
    func eat(_ amount: Int, times: Int = 2) throws -> Int {
      guard amount > 0 else { throw Refused() }
      energy += amount * times
      return energy
    }
    nonisolated(nonsending) func rest(for seconds: Int) async throws -> Int {
      await Task.yield()
      energy += seconds
      return energy
    }
    func apply(_ body: (Int) -> Void) { body(energy) }
    func generic<T>(_ value: T) -> T { value }
    static func count(_ a: Int, _ b: Int) -> Int { a + b }
    private func hidden() -> Int { secret }
  }

  @LuaObject("Lark", inheriting: Animal.self) final class Bird: Animal {
    var song = "la"
    override func speak() -> String { "\(name) sings \(song)" }
    init() { super.init("lark") }
  }

  @LuaObject struct Vector: Equatable {
    var x: Double
    var y: Double
    init(x: Double, y: Double = 0) {
      self.x = x
      self.y = y
    }
    var length: Double { (x * x + y * y).squareRoot() }
    mutating func scale(by factor: Double) {
      x *= factor
      y *= factor
    }
    static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Vector, b: Vector) -> Vector { Vector(x: a.x - b.x, y: a.y - b.y) }
    static prefix func - (a: Vector) -> Vector { Vector(x: -a.x, y: -a.y) }
  }

  @LuaObject final class Sprite {
    @LuaMember(writesThrough: true) var position = Vector(x: 1, y: 2)
    var children: [Sprite] = []
  }

  @LuaObject enum Direction: String {
    case north, south
    func turned() -> Direction { self == .north ? .south : .north }
  }

  @LuaObject enum Shape: Equatable {
    case empty
    case circle(radius: Double)
    case box(Double, height: Double)
    var area: Double {
      switch self {
      case .empty: 0
      case .circle(let radius): radius * radius * 3
      case .box(let width, let height): width * height
      }
    }
  }

  @LuaObject struct Even {
    let value: Int
    init?(_ value: Int) {
      guard value % 2 == 0 else { return nil }
      self.value = value
    }
  }

  @Suite struct LuaObjectTests {
    @Test("a class: properties, methods, defaults, initializers, constants", arguments: LuaEngines.available)
    func classes(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      try lua.register(Animal.self)
      try lua.execute("a = Animal('fox', 3) b = Animal('hare')")
      #expect(
        try lua.execute("return a.name, a.energy, a.weight, b.weight, a.isTired") as LuaValues == [
          "fox", 10, 3.0, 1.5, false,
        ])
      try lua.execute("a.energy = 3 a.mood = 'good' a.weight = 7")
      #expect(
        try lua.execute("return a.isTired, a.mood, a.changes, Animal.limit") as LuaValues == [true, "good", 1, 100])
      #expect(try lua.eval("a:eat(2)") == 7)
      #expect(try lua.eval("a:eat(2, 1)") == 9)
      #expect(try lua.eval("Animal.count(1, 2)") == 3)
      #expect(try lua.eval("Animal.named(a, 'wolf').weight") == 7.0)
      #expect(throws: Refused()) { try lua.execute("a:eat(0)") }
      #expect(throws: Refused()) { try lua.execute("Animal.named(a, '')") }
      for wrong in ["a.cache", "a.secret", "a:hidden()", "a:generic(1)", "a.name = 'x'", "a.changes = 2"] {
        #expect(throws: LuaError.self) { try lua.execute(wrong.contains("=") ? wrong : "return \(wrong)") }
      }
    }

    @Test("a subclass, whose superclass is registered with it", arguments: LuaEngines.available)
    func inheritance(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      try lua.register(Bird.self)
      try lua.execute("b = Lark() b.song = 'lu' b.energy = 20")
      #expect(
        try lua.execute("return b:speak(), b.name, b.energy, Animal('x'):speak()") as LuaValues
          == ["lark sings lu", "lark", 20, "x is silent"])
      let bird: Bird = try lua.globals["b"]
      #expect(bird.song == "lu")
    }

    @Test("type stubs know the names of parameters, and comments", arguments: LuaEngines.available)
    func documentation(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      try lua.register(Bird.self)
      let text = try lua.typeStubs()
      for line in [
        "function Animal:eat(amount, times) end", "---@param times integer?", "function Animal.named(other, name) end",
        "function Animal.new(name, weight) end", "function Animal:rest(seconds) end", "---Has legs.\n---@class Animal",
      ] { #expect(text.contains(line), "\(line)\n\(text)") }
    }

    @Test("a method that waits", arguments: LuaEngines.available)
    func waits(_ engine: any LuaEngine) async throws {
      let lua = try LuaRuntime(engine: engine)
      try lua.register(Animal.self)
      let f: LuaFunction = try lua.eval("function() return Animal('fox'):rest(5) end")
      let energy: Int = try await f.callAsync()
      #expect(energy == 15)
    }

    @Test("structures: operators, changes in place, parts", arguments: LuaEngines.available)
    func structures(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      try lua.register(Vector.self)
      try lua.register(Sprite.self)
      try lua.execute("v = Vector(3, 4) v:scale(2) w = -(v + Vector(1) - Vector(0, 1))")
      #expect(try lua.execute("return v.length, w.x, w.y, v == Vector(6, 8)") as LuaValues == [10.0, -7.0, -7.0, true])
      let sprite = Sprite()
      try lua.globals.set("s", to: lua.wrap(sprite))
      try lua.execute("s.position.x = 9 s.children = {Sprite(), Sprite()}")
      #expect(sprite.position == Vector(x: 9, y: 2) && sprite.children.count == 2)
    }

    @Test("enumerations, and initializers that may refuse", arguments: LuaEngines.available)
    func enumerations(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      for type in [Direction.self, Shape.self, Even.self] as [any LuaObject.Type] { try lua.register(type) }
      #expect(try lua.eval("Direction.north:turned() == Direction.south") as Bool)
      #expect(try lua.eval("Shape.circle(2).area + Shape.box(2, 3).area + Shape.empty.area") == 18.0)
      #expect(try lua.eval("Even(4).value") == 4)
      let error = #expect(throws: LuaError.self) { try lua.execute("Even(3)") }
      #expect(error?.message.contains("a Even cannot be made of these values") == true)
    }
  }
#endif
