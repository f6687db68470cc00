internal import LobaCore

/// A value that says of itself which one it is: its number decides about its type and all of its contents. So a value
/// that comes back can be told from every other one, and from one that has been damaged.
struct RandomToken: Hashable {
  enum Kind: Int, CaseIterable {
    case integer, text, number, table, object
  }

  let number: Int

  var kind: Kind { Kind(rawValue: number % Kind.allCases.count)! }

  /// Lengths around those at which Loba changes its ways: 16, 40, 1024.
  private static let lengths = [8, 15, 16, 17, 39, 41, 200, 1023, 1025, 3000]

  /// `T12:` and letters that the number decides about.
  var text: String {
    let head = "T\(number):"
    let length = Self.lengths[number / 5 % Self.lengths.count]
    return head + String(repeating: String(UnicodeScalar(UInt8(97 + number % 26))), count: max(1, length - head.count))
  }

  var integer: Int { number * 7919 }
  var double: Double { Double(number) + 0.25 }
}

// MARK: - To Lua

/// Writes a token, with anything happening before and in between.
struct RandomWritten: LuaRepresentable {
  let token: RandomToken

  func write(to writer: inout LuaWriter) throws {
    let world = RandomWorld.current
    try world?.disturb("write", .conversions)
    switch token.kind {
    case .integer: try writer.write(token.integer)
    case .text: try writer.write(token.text)
    case .number: try writer.write(token.double)
    case .object: try writer.write(writer.runtime.wrap(RandomObject(token)))
    case .table:
      let table = try writer.runtime.table(token)
      if world?.has(.freshTables) != true { world?.keepAlive(table) }
      try world?.disturb("write, with a table made", .conversions)
      if token.number % 2 == 0 { try writer.write(table) } else { try table.write(to: &writer) }
    }
  }
}

extension LuaRuntime {
  /// The table of a token.
  func table(_ token: RandomToken) throws -> LuaTable {
    let table = try self.table()
    try table.rawSet("number", to: token.number)
    try table.rawSet("text", to: token.text)
    return table
  }
}

// MARK: - From Lua

/// Reads a token before and after anything has happened.
struct RandomRead: LuaConstructible, LuaRepresentable {
  let token: RandomToken?

  static func construct(from reader: LuaReader) throws -> RandomRead {
    let world = RandomWorld.current
    let before = try RandomToken.reading(reader)
    try world?.disturb("construct", .conversions)
    let after = try RandomToken.reading(reader)
    if before != after { world?.fail("a value was \(describe(before)), then \(describe(after))") }
    return RandomRead(token: after)
  }

  func write(to writer: inout LuaWriter) throws {
    if let token { try RandomWritten(token: token).write(to: &writer) } else { writer.writeNil() }
  }
}

func describe(_ token: RandomToken?) -> String { token.map { "\($0.kind) \($0.number)" } ?? "no token" }

extension RandomToken {
  /// The token that a value is; nil for any other value.
  static func reading(_ reader: LuaReader) throws -> RandomToken? {
    switch reader.type {
    case .string: try RandomToken(text: reader.read(as: LuaString.self))
    default: try RandomToken(reader.value())
    }
  }

  init?(_ value: LuaValue) throws {
    switch value {
    case .integer(let value) where value > 0 && value % 7919 == 0: number = value / 7919
    case .number(let value) where value > 0 && value < 1e9 && value - value.rounded(.down) == 0.25: number = Int(value)
    case .string(let text):
      guard let token = RandomToken(text: text) else { return nil }
      self = token
    case .table(let table):
      guard let found: Int = try table.rawGet("number") else { return nil }
      let text: LuaString = try table.rawGet("text")
      guard text == LuaString(RandomToken(number: found).text) else {
        RandomWorld.current?.fail("the table of token \(found) has the text \(text)")
        return nil
      }
      number = found
    case .userdata:
      do { number = try value.as(RandomObject.self).token.number } catch let error as LuaError
        where error.kind == .conversion
      { return nil }
    default: return nil
    }
  }

  private init?(text: LuaString) {
    guard text.bytes.first == UInt8(ascii: "T") else { return nil }
    let digits = text.bytes.dropFirst().prefix { (48...57).contains($0) }
    guard let found = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    let token = RandomToken(number: found)
    guard text == LuaString(token.text) else {
      RandomWorld.current?.fail("a string that begins as that of token \(found) goes on with other bytes: \(text)")
      return nil
    }
    self = token
  }
}
