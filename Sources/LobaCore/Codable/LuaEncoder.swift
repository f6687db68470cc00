internal import struct Foundation.Date

/// Makes Lua values of `Encodable` ones: structures become tables of named fields, arrays lists, numbers and strings what
/// they are.
///
/// ```swift
/// try lua.globals.set("settings", to: LuaEncoder(lua).encode(settings))
/// ```
///
/// A nil field is left out. A nil in an array, where a table would have a hole, or in a dictionary becomes `swift.none`,
/// unless ``LuaCodingOptions`` say that it is dropped. The keys of a `[String: …]` are strings in Lua, those of an
/// `[Int: …]` integers.
///
/// Dates, `URL`, `UUID`, `Data`, `Decimal` and `CGFloat` are what they are outside of `Codable`; for dates there are
/// ``LuaCodingOptions``.
///
/// A type that is ``LuaEncodable`` needs no encoder to be given to Lua.
public struct LuaEncoder {
  let runtime: LuaRuntime
  /// What is written of several ways.
  public var options: LuaCodingOptions

  /// Makes an encoder whose tables belong to a runtime, which it keeps alive.
  public init(_ runtime: LuaRuntime, options: LuaCodingOptions = LuaCodingOptions()) {
    self.runtime = runtime
    self.options = options
  }

  /// Encodes a value.
  ///
  /// - Throws: `EncodingError` if a part of it cannot be represented in Lua, or an object contains itself, with the path to
  ///   it; ``LuaError`` of kind `memory` or `closed`; what the value's own encoding throws.
  public func encode<T: Encodable>(_ value: T) throws -> LuaValue {
    let box = EncodedValue()
    try ValueEncoder(context: EncodingContext(runtime, options), codingPath: [], result: box).encodeWhole(value)
    return box.value ?? .nil
  }
}

@available(*, unavailable)
extension LuaEncoder: Sendable {}

/// What the encoders of one value have in common.
final class EncodingContext {
  let runtime: LuaRuntime
  let options: LuaCodingOptions
  let userInfo: [CodingUserInfoKey: Any]
  /// The objects around the value that is being encoded, and how long the paths to them are.
  fileprivate var outer: [(object: ObjectIdentifier, depth: Int)] = []

  init(_ runtime: LuaRuntime, _ options: LuaCodingOptions) {
    self.runtime = runtime
    self.options = options
    userInfo = options.userInfo
  }
}

/// Where a nested encoder leaves what it has made.
final class EncodedValue {
  var value: LuaValue?
}

struct ValueEncoder: Encoder {
  let context: EncodingContext
  let codingPath: [any CodingKey]
  let result: EncodedValue
  private(set) var keyStyle = KeyStyle.fields
  var runtime: LuaRuntime { context.runtime }
  var userInfo: [CodingUserInfoKey: Any] { context.userInfo }

  /// The deepest nesting of containers: a value that contains itself is found out.
  static let depthLimit = 1000

  init(context: EncodingContext, codingPath: [any CodingKey], result: EncodedValue) {
    self.context = context
    self.codingPath = codingPath
    self.result = result
  }

  func encodeWhole<T: Encodable>(_ value: T) throws {
    guard codingPath.count < Self.depthLimit, hasStack() else { throw tooDeep(value) }
    if let value = value as? any CodedAsItself {
      result.value = try converted(value)
      return
    }
    if T.self == Date.self { return try encode(value as! Date) }
    let type = type(of: value as Any)
    var encoder = self
    encoder.keyStyle = KeyStyle(type)
    guard type is AnyClass else { return try value.encode(to: encoder) }
    context.outer.append((ObjectIdentifier(value as AnyObject), codingPath.count))
    defer { context.outer.removeLast() }
    try value.encode(to: encoder)
  }

  /// Gives Lua a part that is what it is elsewhere.
  func converted(_ value: any LuaRepresentable) throws -> LuaValue {
    do {
      return try runtime.value(value)
    } catch let error as LuaError where error.kind == .conversion {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: error.message, underlyingError: error))
    }
  }

  /// Why there is an end to the nesting, and where an object is found again.
  private func tooDeep(_ value: Any) -> EncodingError {
    var places: [ObjectIdentifier: Int] = [:]
    for (object, depth) in context.outer {
      guard let first = places.updateValue(depth, forKey: object), first < depth else { continue }
      let other = first == 0 ? "the value itself" : "'\(Array(codingPath[..<first]).luaText(context.options.keys))'"
      return .invalidValue(
        value,
        .init(
          codingPath: Array(codingPath[..<depth]), debugDescription: "an object contains itself: it is \(other) again"))
    }
    return .invalidValue(value, .init(codingPath: codingPath, debugDescription: "nested too deeply"))
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
    ValueEncoder(context: context, codingPath: codingPath + [key], result: box)
  }
}
