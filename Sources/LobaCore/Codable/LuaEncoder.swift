/// Makes Lua values of `Encodable` ones: structures become tables of named fields, arrays lists, numbers and strings what
/// they are.
///
/// ```swift
/// try lua.globals.set("settings", to: LuaEncoder(lua).encode(settings))
/// ```
///
/// A nil field is left out. A nil in an array, where a table would have a hole, or in a dictionary becomes `swift.none`. The
/// keys of a `[String: …]` are strings in Lua, those of an `[Int: …]` integers.
public struct LuaEncoder {
  let runtime: LuaRuntime

  /// Makes an encoder whose tables belong to a runtime, which it keeps alive.
  public init(_ runtime: LuaRuntime) {
    self.runtime = runtime
  }

  /// Encodes a value.
  ///
  /// - Throws: `EncodingError` if a part of it cannot be represented in Lua, with the path to it; ``LuaError`` of kind
  ///   `memory` or `closed`; what the value's own encoding throws.
  public func encode<T: Encodable>(_ value: T) throws -> LuaValue {
    let box = EncodedValue()
    try ValueEncoder(runtime: runtime, codingPath: [], result: box).encodeWhole(value)
    return box.value ?? .nil
  }
}

@available(*, unavailable)
extension LuaEncoder: Sendable {}

/// Where a nested encoder leaves what it has made.
final class EncodedValue {
  var value: LuaValue?
}

struct ValueEncoder: Encoder {
  let runtime: LuaRuntime
  let codingPath: [any CodingKey]
  let result: EncodedValue
  private(set) var keyStyle = KeyStyle.fields
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The deepest nesting of containers: a value that contains itself is found out.
  static let depthLimit = 1000

  func encodeWhole<T: Encodable>(_ value: T) throws {
    guard codingPath.count < Self.depthLimit, hasStack() else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "nested too deeply, or containing itself"))
    }
    if let scalar = value as? any ScalarEncodable {
      result.value = try converted(scalar)
    } else {
      var encoder = self
      encoder.keyStyle = KeyStyle(type(of: value as Any))
      try value.encode(to: encoder)
    }
  }

  func converted(_ value: any LuaRepresentable) throws -> LuaValue {
    do {
      return try runtime.value(value)
    } catch let error as LuaError where error.kind == .conversion {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: error.message, underlyingError: error))
    }
  }

  /// The table of this value: one, however many containers are asked for.
  private func table() throws -> LuaTable {
    if case .table(let table)? = result.value { return table }
    let table = try runtime.newTable()
    result.value = .table(table)
    return table
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(KeyedEncoding<Key>(encoder: self, table: Result { try table() }))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    UnkeyedEncoding(encoder: self, table: Result { try table() })
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleEncoding(encoder: self) }

  /// Encodes a part of this value.
  func part<T: Encodable>(_ value: T, at key: any CodingKey) throws -> LuaValue {
    let box = EncodedValue()
    try nested(key, box).encodeWhole(value)
    return try box.value ?? .table(runtime.newTable())
  }

  func nested(_ key: any CodingKey, _ box: EncodedValue) -> ValueEncoder {
    ValueEncoder(runtime: runtime, codingPath: codingPath + [key], result: box)
  }
}

/// What is encoded as itself.
private protocol ScalarEncodable: LuaRepresentable {}
extension Bool: ScalarEncodable {}
extension String: ScalarEncodable {}
extension Double: ScalarEncodable {}
extension Float: ScalarEncodable {}
extension Int: ScalarEncodable {}
extension Int8: ScalarEncodable {}
extension Int16: ScalarEncodable {}
extension Int32: ScalarEncodable {}
extension Int64: ScalarEncodable {}
extension UInt: ScalarEncodable {}
extension UInt8: ScalarEncodable {}
extension UInt16: ScalarEncodable {}
extension UInt32: ScalarEncodable {}
extension UInt64: ScalarEncodable {}
