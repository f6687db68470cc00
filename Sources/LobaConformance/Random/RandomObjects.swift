internal import LobaCore

/// A host object whose members, equality, description and end do whatever the seed says.
class RandomObject: Hashable, CustomStringConvertible {
  let token: RandomToken
  /// Set by scripts.
  var slot: RandomToken?
  private let life: LifetimeTracker?

  required init(_ token: RandomToken) {
    self.token = token
    life = RandomWorld.current?.lives.makeTracker(token.number)
  }

  deinit { RandomWorld.current?.disturbQuietly("deinit", .deinits) }

  static func == (a: RandomObject, b: RandomObject) -> Bool {
    RandomWorld.current?.disturbQuietly("==", .equality)
    return a.token == b.token
  }

  func hash(into hasher: inout Hasher) {
    RandomWorld.current?.disturbQuietly("hash", .equality)
    hasher.combine(token)
  }

  var description: String {
    RandomWorld.current?.disturbQuietly("description", .descriptions)
    return token.text
  }
}

final class RandomSubobject: RandomObject {}

/// A value that scripts change in place.
struct RandomPoint {
  var x = 0
}

/// A key that asks the world whenever it is hashed or compared.
struct RandomKey: Hashable, LuaRepresentable, LuaConstructible {
  let number: Int

  static func == (a: RandomKey, b: RandomKey) -> Bool {
    RandomWorld.current?.disturbQuietly("== of a key", .equality)
    return a.number == b.number
  }

  func hash(into hasher: inout Hasher) {
    RandomWorld.current?.disturbQuietly("hash of a key", .equality)
    hasher.combine(number % 4)
  }

  func write(to writer: inout LuaWriter) throws {
    try RandomWorld.current?.disturb("write of a key", .conversions)
    try writer.write(number)
  }

  static func construct(from reader: LuaReader) throws -> RandomKey {
    let number = try reader.read(as: Int.self)
    do {
      try RandomWorld.current?.disturb("construct of a key", .keys)
    } catch let error as LuaError where error.kind == .conversion {
      // It would say that the value is no key, and a dictionary then that it has none such.
      RandomWorld.current?.drop(error)
    }
    return RandomKey(number: number)
  }
}

/// A sequence whose iterator does what it likes.
struct RandomSequence: Sequence, IteratorProtocol {
  var left: Int

  mutating func next() -> RandomWritten? {
    RandomWorld.current?.disturbQuietly("next", .iteration)
    guard left > 0 else { return nil }
    left -= 1
    return RandomWritten(token: RandomToken(number: 100 + left))
  }
}

/// Encodes and decodes itself with anything happening in between.
struct RandomRecord: Codable, Equatable {
  var name: String
  var numbers: [Int]
  var next: [RandomRecord]

  private enum Key: CodingKey { case name, numbers, next }

  init(_ token: RandomToken, depth: Int) {
    name = token.text
    numbers = Array(repeating: token.integer, count: depth)
    next = depth > 0 ? [RandomRecord(token, depth: depth - 1)] : []
  }

  func encode(to encoder: any Encoder) throws {
    try RandomWorld.current?.disturb("encode", .codable)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try RandomWorld.current?.disturb("encode, half-way", .codable)
    try container.encode(numbers, forKey: .numbers)
    try container.encode(next, forKey: .next)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    try RandomWorld.current?.disturb("decode", .codable)
    numbers = try container.decode([Int].self, forKey: .numbers)
    next = try container.decode([RandomRecord].self, forKey: .next)
  }
}

// MARK: - What scripts see

extension RandomWorld {
  /// Registers the classes, also again.
  func registerClasses() throws {
    registrations += 1
    func members<T: RandomObject>(of luaClass: inout LuaClass<T>) {
      func disturb(_ place: String) throws { try RandomWorld.current?.disturb(place, .members) }
      luaClass.initializer { (number: Int) in
        try disturb("initializer")
        return T(RandomToken(number: max(1, number)))
      }
      luaClass.property("number") { (object: T) in object.token.number }
      luaClass.property("token") { (object: T) in
        try disturb("getter")
        return RandomWritten(token: object.token)
      }
      luaClass.property("many") { (object: T) in
        try disturb("getter of many")
        return LuaValues((0..<8).map { LuaValue.string(LuaString(RandomToken(number: 36 + 50 * $0).text)) })
      }
      luaClass.property(
        "slot",
        get: { (object: T) in
          try disturb("getter of slot")
          return RandomRead(token: object.slot)
        },
        set: { (object: inout T, value: RandomRead) in
          object.slot = value.token
          try disturb("setter")
        })
      luaClass.leafProperty("exact") { (object: T) in
        try RandomWorld.current?.disturbLeaf()
        return object.token.number
      }
      luaClass.leafMethod("plus") { (object: T, number: Int) in
        try RandomWorld.current?.disturbLeaf()
        return object.token.number + number
      }
      luaClass.method("echo") { (object: T, values: LuaValues) in
        try disturb("method")
        return values
      }
      if has(.waiting) {
        luaClass.asyncMethod("later") { (object: T, value: RandomRead) in
          try await RandomWorld.current?.nap("method that waits")
          return value
        }
      }
      luaClass.method("pair") { (object: T, a: RandomRead, b: RandomRead) -> (String, String) in
        try disturb("method of two")
        return (describe(b.token), describe(a.token))
      }
      luaClass.metamethod(.add) { (a: LuaValue, b: LuaValue) -> LuaValue in
        try disturb("__add")
        return a
      }
      luaClass.metamethod(.concatenate) { (a: LuaValue, b: LuaValue) -> LuaValue in
        try disturb("__concat")
        return b
      }
      luaClass.metamethod(.length) { (object: T) -> Int in
        try disturb("__len")
        return object.token.number
      }
      luaClass.metamethod(.call) { (object: T, values: LuaValues) -> LuaValues in
        try disturb("__call")
        return values
      }
      luaClass.metamethod(.lessThan) { (a: LuaValue, b: LuaValue) -> Bool in
        try disturb("__lt")
        return true
      }
      if pick(2) == 0 {
        luaClass.metamethod(.tostring) { (object: T) -> String in
          try disturb("__tostring")
          return object.token.text
        }
      }
      if pick(2) == 0 {
        luaClass.metamethod(.close) { (object: T, error: LuaValue) in try disturb("__close") }
      }
      luaClass.staticMethod("make") { (number: Int) -> Int in
        try disturb("static method")
        return number
      }
      luaClass.constant("limit", 7)
    }
    try lua.register(LuaClass<RandomObject>("Object") { members(of: &$0) })
    try lua.register(LuaClass<RandomSubobject>("Subobject", inheriting: RandomObject.self) { members(of: &$0) })
    try lua.register(
      LuaClass<RandomPoint>("Point") {
        $0.initializer { (x: Int) in RandomPoint(x: x) }
        $0.property("x", get: { $0.x }, set: { $0.x = $1 })
        $0.method("twice") { (point: RandomPoint) in
          try RandomWorld.current?.disturb("method of a value", .members)
          return 2 * point.x
        }
        $0.mutatingMethod("move") { (point: inout RandomPoint, by: Int) in
          point.x &+= by
          try RandomWorld.current?.disturb("mutating method", .members)
        }
      })
  }
}
