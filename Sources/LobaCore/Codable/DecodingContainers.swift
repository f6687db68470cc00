// The containers of LuaDecoder.

struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let table: LuaTable
  private let whole: ValueDecoder
  /// Where fields are found that the table does not have.
  private let fallback: LuaTable?
  private var style: KeyStyle { whole.keyStyle }
  var codingPath: [any CodingKey] { whole.codingPath }

  init(table: LuaTable, decoder: ValueDecoder) throws {
    try table.state.passLimits()
    self.table = table
    whole = decoder
    if decoder.keyStyle == .fields, case .table(let table) = decoder.fallback {
      fallback = table
    } else {
      fallback = nil
    }
    whole.watch?.add(table, keys: Key.self, at: decoder.codingPath)
    if style != .fields { try checkKeys() }
  }

  /// Makes sure that all keys of a table are keys of a dictionary, which would silently be without the others.
  private func checkKeys() throws {
    var texts: Set<String> = []
    try table.runtime.walk(table.location) { key, _ in
      switch (style, try key.value()) {
      case (.integers, .integer): return
      case (.texts, .integer(let number)):
        if !texts.insert(String(number)).inserted { throw ambiguous(String(number)) }
      case (.texts, .string(let name)):
        guard let text = name.text else { fallthrough }
        if !texts.insert(text).inserted { throw ambiguous(text) }
      default:
        throw DecodingError.typeMismatch(
          style == .integers ? Int.self : String.self,
          .init(codingPath: codingPath, debugDescription: "a key of the table is the \(key.summary)"))
      }
    }
  }

  private func ambiguous(_ key: String) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: codingPath, debugDescription: "two keys of the table are one and the same as text: '\(key)'"))
  }

  /// Those of the table alone, if it has any: which they are may say what it is that is decoded.
  var allKeys: [Key] {
    let keys = keys(of: table)
    return if keys.isEmpty, let fallback { self.keys(of: fallback) } else { keys }
  }

  private func keys(of table: LuaTable) -> [Key] {
    table.keys.compactMap {
      switch $0 {
      case .string(let name):
        name.text.flatMap { Key(stringValue: style == .fields ? whole.context.options.keys.key(of: $0) : $0) }
      case .integer(let number):
        style == .texts ? Key(stringValue: String(number)) : Key(intValue: number) ?? Key(stringValue: String(number))
      default: nil
      }
    }
  }

  /// What a coding key is called in the table.
  private func name(of key: any CodingKey) -> String {
    style == .fields ? whole.context.options.keys.name(of: key.stringValue) : key.stringValue
  }

  private func value(_ key: any CodingKey, in table: LuaTable) throws -> LuaValue {
    let text = name(of: key)
    guard let number = style.number(of: key) else {
      let value: LuaValue = try table[text]
      // Every integer has one text only.
      if value.isNil, style == .texts, let number = Int(text), String(number) == text { return try table[number] }
      return value
    }
    let value: LuaValue = try table[number]
    if style == .integers { return value }
    if value.isNil { return try table[text] }
    if text == String(number), try !(table.rawGet(text) as LuaValue).isNil { throw ambiguous(text) }
    return value
  }

  private func decoder(_ key: any CodingKey) throws -> ValueDecoder {
    whole.watch?.ask(table, for: name(of: key))
    let value = try value(key, in: table)
    var part = ValueDecoder(value: value, codingPath: codingPath + [key], context: whole.context)
    if let fallback {
      let other = try self.value(key, in: fallback)
      if try value.isNil && !isSet(key) {
        part = ValueDecoder(value: other, codingPath: part.codingPath, context: whole.context)
      } else {
        part.fallback = other
      }
    }
    part.watch = whole.watch
    return part
  }

  /// Whether the table has a value for a key, be it `swift.none`.
  private func isSet(_ key: any CodingKey) throws -> Bool {
    if let number = style.number(of: key), try table.containsKey(number) { return true }
    return try table.containsKey(name(of: key))
  }

  /// A key whose value cannot be had is there, so that whoever asks next gets the error, which this cannot throw.
  func contains(_ key: Key) -> Bool {
    do { return try !decoder(key).value.isNil } catch { return true }
  }

  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).value.isNil }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    let decoder = try decoder(key)
    if decoder.value.isNil, !(type is any OptionalType.Type), T.self != LuaValue.self {
      let text = table.missing(key, named: name(of: key), whole.context.options.keys)
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: text))
    }
    return try decoder.decodeWhole(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(LuaCodingKey("super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}

private protocol OptionalType {}
extension Optional: OptionalType {}

struct UnkeyedDecoding: UnkeyedDecodingContainer {
  private let table: LuaTable
  private let whole: ValueDecoder
  private let length: Int
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { whole.codingPath }

  init(table: LuaTable, decoder: ValueDecoder) throws {
    self.table = table
    whole = decoder
    length = table.count
    if case .refused = decoder.context.options.unknownKeys { try checkKeys() }
    // Whoever reads it believes the length, which a script can make anything.
    guard length > LuaRuntime.trustedCount else { return }
    do {
      try table.runtime.checkDensity(of: table.location, upTo: length)
    } catch let error as LuaError where error.kind == .conversion {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: error.message, underlyingError: error))
    }
  }

  /// Makes sure that nothing but elements is in the table.
  private func checkKeys() throws {
    try table.runtime.walk(table.location) { key, _ in
      if case .integer(let index) = try key.value(), index > 0, index <= length { return }
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "a key of the list is the \(key.summary)"))
    }
  }

  var count: Int? { length }
  var isAtEnd: Bool { currentIndex >= length }

  private func decoder() throws -> ValueDecoder {
    let path = codingPath + [LuaCodingKey(index: currentIndex)]
    try table.state.passLimits()
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(Any.self, .init(codingPath: path, debugDescription: "the list ends before it"))
    }
    var part = ValueDecoder(value: try table[currentIndex + 1], codingPath: path, context: whole.context)
    part.watch = whole.watch
    return part
  }

  private mutating func advancing<R>(_ body: (ValueDecoder) throws -> R) throws -> R {
    let result = try body(decoder())
    currentIndex += 1
    return result
  }

  mutating func decodeNil() throws -> Bool {
    guard try decoder().value.isNil else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try advancing { try $0.decodeWhole(type) } }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try advancing { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try advancing { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try advancing { $0 } }
}

struct SingleDecoding: SingleValueDecodingContainer {
  let decoder: ValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.value.isNil }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decodeWhole(type) }
}
