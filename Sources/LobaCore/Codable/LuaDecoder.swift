/// Reads `Decodable` values from Lua ones: structures from tables of named fields, arrays from lists.
///
/// ```swift
/// let settings = try LuaDecoder().decode(Settings.self, from: lua.eval("{name = 'x', sizes = {1, 2}}"))
/// ```
///
/// Fields are read as Lua code reads them, honouring `__index`. A missing field is nil.
///
/// Every key of a table becomes a key of a dictionary: of a `[String: …]` a string, or an integer as its text; of an
/// `[Int: …]` an integer.
public struct LuaDecoder: Sendable {
  /// Makes a decoder: it keeps nothing, and reads values of any runtime.
  public init() {}

  /// Decodes a value.
  ///
  /// - Throws: `DecodingError` that names the path to what is missing or of another type, to a key that no key of its
  ///   dictionary can be, or to two that would be the same; what a metamethod raises.
  public func decode<T: Decodable>(_ type: T.Type, from value: LuaValue) throws -> T {
    try ValueDecoder(value: value, codingPath: []).decodeWhole(type)
  }
}

struct ValueDecoder: Decoder {
  let value: LuaValue
  let codingPath: [any CodingKey]
  private(set) var keyStyle = KeyStyle.fields
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(value: LuaValue, codingPath: [any CodingKey]) {
    self.value = value
    self.codingPath = codingPath
  }

  func decodeWhole<T: Decodable>(_ type: T.Type) throws -> T {
    guard codingPath.count < ValueEncoder.depthLimit, hasStack() else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "nested too deeply: the table may contain itself"))
    }
    if T.self is any ScalarDecodable.Type { return try scalar(type) }
    var decoder = self
    decoder.keyStyle = KeyStyle(type)
    return try T(from: decoder)
  }

  /// A number, string or boolean.
  func scalar<T>(_ type: T.Type) throws -> T {
    do {
      return try value.as(type)
    } catch let error as LuaError where error.kind == .conversion {
      let context = DecodingError.Context(
        codingPath: codingPath, debugDescription: error.message, underlyingError: error)
      throw value.isNil ? DecodingError.valueNotFound(type, context) : DecodingError.typeMismatch(type, context)
    }
  }

  func table(for type: Any.Type) throws -> LuaTable {
    guard case .table(let table) = value else {
      let context = DecodingError.Context(
        codingPath: codingPath, debugDescription: "expected a table, got \(value.type)")
      throw value.isNil ? DecodingError.valueNotFound(type, context) : DecodingError.typeMismatch(type, context)
    }
    return table
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(
      try KeyedDecoding<Key>(table: table(for: [String: Any].self), style: keyStyle, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try UnkeyedDecoding(table: table(for: [Any].self), codingPath: codingPath)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleDecoding(decoder: self) }
}

/// Whether there is room on the thread's stack to nest further.
func hasStack() -> Bool { LuaState.stackLeft > 96 << 10 }

/// What is decoded as itself.
private protocol ScalarDecodable {}
extension Bool: ScalarDecodable {}
extension String: ScalarDecodable {}
extension Double: ScalarDecodable {}
extension Float: ScalarDecodable {}
extension Int: ScalarDecodable {}
extension Int8: ScalarDecodable {}
extension Int16: ScalarDecodable {}
extension Int32: ScalarDecodable {}
extension Int64: ScalarDecodable {}
extension UInt: ScalarDecodable {}
extension UInt8: ScalarDecodable {}
extension UInt16: ScalarDecodable {}
extension UInt32: ScalarDecodable {}
extension UInt64: ScalarDecodable {}
