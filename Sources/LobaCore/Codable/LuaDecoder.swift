internal import struct Foundation.Date

/// Reads `Decodable` values from Lua ones: structures from tables of named fields, arrays from lists.
///
/// ```swift
/// let settings = try LuaDecoder().decode(Settings.self, from: lua.eval("{name = 'x', sizes = {1, 2}}"))
/// ```
///
/// Fields are read as Lua code reads them, honouring `__index`. A missing field is nil.
///
/// Every key of a table becomes a key of a dictionary: of a `[String: …]` a string, or an integer as its text; of an
/// `[Int: …]` an integer. An empty table is an empty array and an empty dictionary alike.
///
/// Dates, `URL`, `UUID`, `Data`, `Decimal` and `CGFloat` are what they are outside of `Codable`; for dates there are
/// ``LuaCodingOptions``. A host object is read as itself where its own type is wanted.
///
/// A type that is ``LuaDecodable`` needs no decoder to be read.
public struct LuaDecoder: Sendable {
  /// What is read of several ways; those that a type that is ``LuaDecodable`` has of its own are for where it is read without
  /// a decoder: give them, `options: Settings.luaCodingOptions`, if they are to hold here.
  public var options: LuaCodingOptions

  /// Makes a decoder: it reads values of any runtime.
  public init(options: LuaCodingOptions = LuaCodingOptions()) {
    self.options = options
  }

  /// Decodes a value.
  ///
  /// - Throws: `DecodingError` that names the path to what is missing or of another type, to a key that no key of its
  ///   dictionary can be, or to two that would be the same, to a table that contains itself, and to a key that is unknown,
  ///   if such are refused; what a metamethod raises; what the type's own decoding throws.
  public func decode<T: Decodable>(_ type: T.Type, from value: LuaValue) throws -> T {
    try ValueDecoder(value: value, codingPath: [], context: DecodingContext(options)).decodeWhole(type)
  }

  /// Decodes a value of which only some is there; what is not is as it is in another value.
  ///
  /// ```swift
  /// var settings = Settings(name: "main", width: 640, height: 480)
  /// settings = try LuaDecoder().decode(Settings.self, from: lua.eval("{width = 800}"), defaults: settings)
  /// ```
  ///
  /// So it is with structures in structures. An array or a dictionary that is there is taken as it is. `swift.none` makes a
  /// field nil.
  ///
  /// - Parameter defaults: The value that is returned if there is nothing at all. It is encoded to be looked at.
  /// - Throws: As ``decode(_:from:)``; `EncodingError` if the defaults cannot be represented in Lua.
  public func decode<T: Codable>(_ type: T.Type, from value: LuaValue, defaults: T) throws -> T {
    if value.isNil { return defaults }
    var decoder = ValueDecoder(value: value, codingPath: [], context: DecodingContext(options))
    if case .table(let table) = value {
      var options = options
      options.nils = .kept
      decoder.fallback = try LuaEncoder(table.runtime, options: options).encode(defaults)
    }
    return try decoder.decodeWhole(type)
  }
}

/// What the decoders of one value have in common.
final class DecodingContext {
  let options: LuaCodingOptions
  let userInfo: [CodingUserInfoKey: Any]
  /// The tables around the one that is being decoded, and how long the paths to them are.
  fileprivate var outer: [(table: LuaTable, depth: Int)] = []

  init(_ options: LuaCodingOptions) {
    self.options = options
    userInfo = options.userInfo
  }
}

struct ValueDecoder: Decoder {
  let value: LuaValue
  let codingPath: [any CodingKey]
  let context: DecodingContext
  /// What stands in for what is not there.
  var fallback: LuaValue?
  /// Looks for keys of this value that are unknown.
  var watch: KeyWatch?
  private(set) var keyStyle = KeyStyle.fields
  var userInfo: [CodingUserInfoKey: Any] { context.userInfo }

  init(value: LuaValue, codingPath: [any CodingKey], context: DecodingContext) {
    self.value = value
    self.codingPath = codingPath
    self.context = context
  }

  func decodeWhole<T: Decodable>(_ type: T.Type) throws -> T {
    guard codingPath.count < ValueEncoder.depthLimit, hasStack() else { throw tooDeep() }
    if T.self is any CodedAsItself.Type { return try converted(to: type) }
    if T.self == Date.self { return try date() as! T }
    switch value {
    case .table(let table): context.outer.append((table, codingPath.count))
    case .userdata(let userdata):
      if let object = try userdata.object(as: type) { return object }
      fallthrough
    default: return try T(from: styled(as: type))
    }
    defer { context.outer.removeLast() }
    var decoder = styled(as: type)
    guard case .refused = context.options.unknownKeys, decoder.keyStyle == .fields else { return try T(from: decoder) }
    let watch = KeyWatch(context.options.keys)
    decoder.watch = watch
    let result = try T(from: decoder)
    try watch.check()
    return result
  }

  private func styled(as type: Any.Type) -> ValueDecoder {
    var decoder = self
    decoder.keyStyle = KeyStyle(type)
    return decoder
  }

  /// A value that is read as it is elsewhere.
  func converted<T>(to type: T.Type) throws -> T {
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
    // One of a closed runtime looks empty.
    guard !table.runtime.isClosed else { throw LuaRuntime.closedError }
    return table
  }

  /// Why there is an end to the nesting, and where a table is found again.
  private func tooDeep() -> DecodingError {
    var places: [LuaTable: Int] = [:]
    for (table, depth) in context.outer {
      guard let first = places.updateValue(depth, forKey: table), first < depth else { continue }
      let other = first == 0 ? "the table itself" : "'\(Array(codingPath[..<first]).luaText(context.options.keys))'"
      return .dataCorrupted(
        .init(
          codingPath: Array(codingPath[..<depth]), debugDescription: "the table contains itself: it is \(other) again"))
    }
    return .dataCorrupted(.init(codingPath: codingPath, debugDescription: "the table is nested too deeply"))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try KeyedDecoding<Key>(table: table(for: [String: Any].self), decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try UnkeyedDecoding(table: table(for: [Any].self), decoder: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleDecoding(decoder: self) }
}

extension LuaUserdata {
  /// The host object, if it is of a type.
  fileprivate func object<T>(as type: T.Type) throws -> T? {
    try runtime.withSlot(of: reference) { LuaReader(slot: $0, state: state).hostValue(as: type) }
  }
}

/// Whether there is room on the thread's stack to nest further.
func hasStack() -> Bool { LuaState.stackLeft > 96 << 10 }
