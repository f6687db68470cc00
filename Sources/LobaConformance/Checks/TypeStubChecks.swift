internal import Foundation
internal import LobaCore

private let area = Area("type stubs")

private class Animal {
  var energy = 10
  let name: String
  var friend: Animal?
  init(_ name: String) { self.name = name }
  var isTired: Bool { energy < 5 }
}

private final class Bird: Animal {}

private struct Vector: Equatable {
  var x: Double
  var y = 0.0
  static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y) }
  static prefix func - (a: Vector) -> Vector { Vector(x: -a.x, y: -a.y) }
}

private final class Entity {
  var hp = 100.0
  let name: String
  var target: Entity?
  let x = 0.0, y = 0.0
  init(_ name: String) { self.name = name }
  func damage(_ amount: Double, by other: Entity?) { hp -= amount }
  func move(to x: Double, _ y: Double) {}
  nonisolated(nonsending) func load(_ path: String) async throws {}
}

private enum Heading: String, CaseIterable, LuaConvertible { case north, south }

private struct Flags: OptionSet, LuaConvertible { let rawValue: Int }

private struct Event: LuaCodable { var name: String }

private struct Unknown: LuaConvertible {
  func write(to writer: inout LuaWriter) throws { writer.writeNil() }
  static func construct(from reader: LuaReader) throws -> Unknown { Unknown() }
}

extension LuaRuntime {
  /// The type stubs, which must be Lua.
  func checkedStubs(file: StaticString = #fileID, line: UInt = #line) throws -> String {
    let text = try typeStubs()
    do {
      _ = try compile(text)
    } catch {
      throw ConformanceFailure(message: "the stubs are no Lua: \(error)\n\(text)", file: file, line: line)
    }
    try expectEqual(typeStubs(), text, "asked again", file: file, line: line)
    return text
  }

  /// Fails the check unless the type stubs are these, after the first line.
  func expectStubs(_ expected: String, file: StaticString = #fileID, line: UInt = #line) throws {
    let text = try checkedStubs(file: file, line: line)
    try expectEqual(text, "---@meta\n" + (expected.isEmpty ? "" : "\n\(expected)\n"), file: file, line: line)
  }
}

/// What editors are told.
let typeStubChecks: [ConformanceCheck] = [
  area("a class: its properties, constants, methods, functions, and what makes objects") { lua in
    try lua.register(
      LuaClass<Animal>("Animal") {
        $0.initializer { (name: String) in Animal(name) }
        $0.property("energy", \.energy)
        $0.property("friend", get: { $0.friend }, set: { $0.friend = $1 })
        $0.property("tired", \.isTired)
        $0.leafProperty("legs", get: { _ in 4 })
        $0.constant("LIMIT", 100)
        $0.method("walk") { (animal, steps: Int, wait: Double?) in animal.energy -= steps }
        $0.method("eat", named: "food", "count") { (_, food: String, count: Int?) in (food, true) }
        $0.leafMethod("isStronger") { (animal, than: Int) in animal.energy > than }
        $0.leafMethod("rest") { animal in animal.energy += 1 }
        $0.asyncMethod("sleep") { (animal, hours: Int) async in animal }
        $0.staticMethod("named") { (lua: LuaRuntime, name: String, rest: LuaValues) in Animal(name) }
        $0.staticMethod("all") { () -> LuaValues in [] }
      })
    try lua.expectStubs(
      """
      ---@class Animal
      ---@field LIMIT integer # read-only
      ---@field energy integer
      ---@field friend Animal?
      ---@field legs integer # read-only
      ---@field tired boolean # read-only
      ---@overload fun(arg1: string): Animal
      Animal = {}

      ---@return any ...
      function Animal.all() end

      ---@param food string
      ---@param count integer?
      ---@return string
      ---@return boolean
      function Animal:eat(food, count) end

      ---@param arg1 integer
      ---@return boolean
      function Animal:isStronger(arg1) end

      ---@param arg1 string
      ---@param ... any
      ---@return Animal
      function Animal.named(arg1, ...) end

      ---@param arg1 string
      ---@return Animal
      function Animal.new(arg1) end

      function Animal:rest() end

      ---@async
      ---@param arg1 integer
      ---@return Animal
      function Animal:sleep(arg1) end

      ---@param arg1 integer
      ---@param arg2 number?
      function Animal:walk(arg1, arg2) end
      """)
  },
  area("a class has the members that it declares, and the name of what it inherits from") { lua in
    try lua.register(LuaClass<Animal>("Animal") { $0.property("energy", \.energy) })
    try lua.register(
      LuaClass<Bird>("Bird", inheriting: Animal.self) {
        $0.method("sing") { (bird, song: String) in song }
        $0.method("fly") { (_: Bird) -> (Int, [Int]) in (1, []) }
      })
    try lua.expectStubs(
      """
      ---@class Animal
      ---@field energy integer
      Animal = {}

      ---@class Bird: Animal
      Bird = {}

      ---@return integer
      ---@return integer[]
      function Bird:fly() end

      ---@param arg1 string
      ---@return string
      function Bird:sing(arg1) end
      """)
  },
  area("operators, calls of objects, and names that are not declared") { lua in
    try lua.register(
      LuaClass<Vector>("Vector") {
        $0.initializer { (x: Double, y: Double?) in Vector(x: x, y: y ?? 0) }
        $0.initializer { (x: Double) in Vector(x: x) }
        $0.property("x", \.x)
        $0.mutatingMethod("scale") { (v: inout Vector, k: Double) in v.x *= k }
        $0.leafMutatingMethod("flip") { (v: inout Vector) in v.x = -v.x }
        $0.metamethod(.add, +)
        $0.metamethod(.negate, prefix: -)
        $0.metamethod(.multiply) { (k: Double, v: Vector) in Vector(x: v.x * k) }
        $0.metamethod(.divide) { (a: LuaValue, b: LuaValue) in Vector(x: 1) }
        $0.metamethod(.concatenate) { (a: Vector, b: String) in b }
        $0.metamethod(.length) { (_: Vector) in 2 }
        $0.metamethod(.call) { (_: Vector, i: Int, j: Int?) in "" }
        $0.metamethod(.tostring) { (_: Vector) in "" }
        $0.metamethod(.lessThan) { (a: Vector, b: Vector) in a.x < b.x }
        $0.metamethod(.index) { (_: Vector, key: String) -> Double? in nil }
        $0.metamethod(.newIndex) { (_: Vector, key: String, value: Double) in }
      })
    try lua.expectStubs(
      """
      ---@class Vector
      ---@field x number
      ---@field [string] number?
      ---@operator add(Vector): Vector
      ---@operator concat(string): string
      ---@operator div(any): Vector
      ---@operator len: integer
      ---@operator mul(number): Vector
      ---@operator unm: Vector
      ---@overload fun(arg1: number): Vector
      ---@overload fun(arg1: integer, arg2: integer?): string
      Vector = {}

      function Vector:flip() end

      ---@param arg1 number
      ---@return Vector
      function Vector.new(arg1) end

      ---@param arg1 number
      function Vector:scale(arg1) end
      """)
  },
  area("Swift functions and constants among the globals, and in tables there") { lua in
    let globals = lua.globals
    try lua.register(LuaClass<Animal>("Animal"))
    try globals.set("add") { (a: Int, b: Int) in a + b }
    try globals.set("log") { (text: String) in }
    try globals.set("nothing", to: lua.function { (lua: LuaRuntime) in })
    try globals.set("mix", to: lua.leaf { (a: Double, b: Bool) in a })
    try globals.set("fetch", to: lua.asyncFunction { (url: String) async throws -> String in url })
    try globals.set("draw", to: lua.function(named: "x", "end", "x y") { (x: Int, y: Int, z: Int) in })
    try globals.set("fox", to: lua.wrap(Animal("fox")))
    try globals.set("lark", to: lua.wrap(Bird("lark")))
    try globals.set("handle", to: lua.wrap(Date.now))
    try globals.set("title", to: "x")
    try globals.set("verbose", to: true)
    try lua.execute("function theirs() end worker = coroutine.create(theirs)")
    try globals.set(
      "game",
      to: lua.table(fields: [
        "spawn": lua.function { (name: String) in Animal(name) },
        "version": "1.0",
        "audio": lua.table(fields: ["play": lua.function { (path: String, volume: Double) in true }]),
        "Animal": globals["Animal"] as LuaTable,
      ]))
    try (globals["string"] as LuaTable).set("trim") { (text: String) in text }
    try lua.expectStubs(
      """
      ---@class Animal
      Animal = {}

      ---@param arg1 integer
      ---@param arg2 integer
      ---@return integer
      function add(arg1, arg2) end

      ---@param x integer
      ---@param arg2 integer
      ---@param arg3 integer
      function draw(x, arg2, arg3) end

      ---@async
      ---@param arg1 string
      ---@return string
      function fetch(arg1) end

      ---@type Animal
      fox = nil

      game = {}

      ---@type Animal
      game.Animal = nil

      game.audio = {}

      ---@param arg1 string
      ---@param arg2 number
      ---@return boolean
      function game.audio.play(arg1, arg2) end

      ---@param arg1 string
      ---@return Animal
      function game.spawn(arg1) end

      ---@type string
      game.version = nil

      ---@type userdata
      handle = nil

      ---@type Animal
      lark = nil

      ---@param arg1 string
      function log(arg1) end

      ---@param arg1 number
      ---@param arg2 boolean
      ---@return number
      function mix(arg1, arg2) end

      function nothing() end

      ---@param arg1 string
      ---@return string
      function string.trim(arg1) end

      ---@type string
      title = nil

      ---@type boolean
      verbose = nil

      ---@type thread
      worker = nil
      """)
  },
  area("types: numbers, texts, containers, closures, enumerations, and what is not known") { lua in
    func expectType<T>(_ type: T.Type, _ name: String, line: UInt = #line) throws {
      try lua.globals.set("value") { (_: T) -> Int in 1 }
      try expectContains(lua.checkedStubs(), "---@param arg1 \(name)\n", line: line)
    }
    try expectType(Int8.self, "integer")
    try expectType(UInt64.self, "integer")
    try expectType(Float.self, "number")
    try expectType(CGFloat.self, "number")
    try expectType(Date.self, "number")
    try expectType(Decimal.self, "number")
    try expectType(Substring.self, "string")
    try expectType(Character.self, "string")
    try expectType(LuaString.self, "string")
    try expectType(Data.self, "string")
    try expectType(URL.self, "string")
    try expectType(UUID.self, "string")
    try expectType(LuaTable.self, "table")
    try expectType(LuaFunction.self, "function")
    try expectType(LuaCoroutine.self, "thread")
    try expectType(LuaUserdata.self, "userdata")
    try expectType(LuaValue.self, "any")
    try expectType(LuaValue?.self, "any")
    try expectType(Any.self, "any")
    try expectType(AnyHashable.self, "any")
    try expectType(Int??.self, "integer?")
    try expectType([Int?].self, "(integer?)[]")
    try expectType([[String]].self, "string[][]")
    try expectType([Int]?.self, "integer[]?")
    try expectType([String: [Int]].self, "table<string, integer[]>")
    try expectType(Set<String>.self, "table<string, true>")
    try expectType(Range<Double>.self, "number[]")
    try expectType(ClosedRange<Int>.self, "integer[]")
    try expectType(LuaBuffer<Float>.self, "number[]")
    try expectType(Heading.self, #""north"|"south""#)
    try expectType([Heading].self, #"("north"|"south")[]"#)
    try expectType(Heading?.self, #"("north"|"south")?"#)
    try expectType(Flags.self, "integer")
    try expectType(Event.self, "table")
    try expectType([Event].self, "table[]")
    try expectType(Unknown.self, "any")
    try expectType(Animal.self, "any")
    try expectType(((Int, String) -> Bool).self, "fun(arg1: integer, arg2: string): boolean")
    try expectType((() throws -> Void)?.self, "(fun())?")
    try expectType([(LuaValues) async -> (Int, Int)].self, "(async fun(...: any): (integer, integer))[]")
    try expectType(((Double) -> LuaValues).self, "fun(arg1: number): ...any")
    try lua.globals.set("value", to: 1)
    let isInteger = lua.engine.capabilities.contains(.integers)
    try lua.expectStubs("---@type \(isInteger ? "integer" : "number")\nvalue = nil")
  },
  area.engine("a tuple that is one value is a userdata") { engine in
    var configuration = LuaConfiguration.standard
    configuration.unpacksReturnedTuples = false
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try lua.globals.set("pair") { (1, 2) }
    try lua.expectStubs("---@return userdata\nfunction pair() end")
  },
  area("the example of the guide") { lua in
    try lua.register(
      LuaClass<Entity>("Entity") {
        $0.document("Whatever is in the world.")
        $0.initializer { (name: String) in Entity(name) }
        $0.property("hp", \.hp)
        $0.property("name", get: { $0.name })
        $0.property("target", \.target)
        $0.method("damage") { (entity, amount: Double, by: Entity?) in entity.damage(amount, by: by) }
        $0.method("move", named: "x", "y") { (entity, x: Double, y: Double) in entity.move(to: x, y) }
        $0.asyncMethod("load") { (entity, path: String) async throws in try await entity.load(path) }
        $0.staticMethod("named") { (name: String) in name == "" ? nil : Entity(name) }
        $0.document("damage", "Takes from its `hp`; it dies of it at 0.", parameters: "amount", "by")
      })
    try lua.globals.set(
      "game",
      to: lua.table(fields: [
        "version": "1.0",
        "position": lua.function { (entity: Entity) in (entity.x, entity.y) },
      ]))
    try lua.expectStubs(
      """
      ---Whatever is in the world.
      ---@class Entity
      ---@field hp number
      ---@field name string # read-only
      ---@field target Entity?
      ---@overload fun(arg1: string): Entity
      Entity = {}

      ---Takes from its `hp`; it dies of it at 0.
      ---@param amount number
      ---@param by Entity?
      function Entity:damage(amount, by) end

      ---@async
      ---@param arg1 string
      function Entity:load(arg1) end

      ---@param x number
      ---@param y number
      function Entity:move(x, y) end

      ---@param arg1 string
      ---@return Entity?
      function Entity.named(arg1) end

      ---@param arg1 string
      ---@return Entity
      function Entity.new(arg1) end

      game = {}

      ---@param arg1 Entity
      ---@return number
      ---@return number
      function game.position(arg1) end

      ---@type string
      game.version = nil
      """)
  },
]
