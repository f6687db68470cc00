// The containers of LuaDecoder.

struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let table: LuaTable
  let codingPath: [any CodingKey]
  private let style: KeyStyle

  init(table: LuaTable, style: KeyStyle, codingPath: [any CodingKey]) throws {
    self.table = table
    self.style = style
    self.codingPath = codingPath
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

  var allKeys: [Key] {
    table.keys.compactMap {
      switch $0 {
      case .string(let name): name.text.flatMap { Key(stringValue: $0) }
      case .integer(let number):
        style == .texts ? Key(stringValue: String(number)) : Key(intValue: number) ?? Key(stringValue: String(number))
      default: nil
      }
    }
  }

  private func value(_ key: any CodingKey) throws -> LuaValue {
    let text = key.stringValue
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
    ValueDecoder(value: try value(key), codingPath: codingPath + [key])
  }

  /// A key whose value cannot be had is there, so that whoever asks next gets the error, which this cannot throw.
  func contains(_ key: Key) -> Bool {
    do { return try !value(key).isNil } catch { return true }
  }

  func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNil }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    let decoder = try decoder(key)
    if decoder.value.isNil, !(type is any OptionalType.Type) {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "there is no field '\(key.stringValue)'"))
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
  let table: LuaTable
  let codingPath: [any CodingKey]
  private let length: Int
  private(set) var currentIndex = 0

  init(table: LuaTable, codingPath: [any CodingKey]) throws {
    self.table = table
    self.codingPath = codingPath
    length = table.count
    // Whoever reads it believes the length, which a script can make anything.
    guard length > LuaRuntime.trustedCount else { return }
    do {
      try table.runtime.checkDensity(of: table.location, upTo: length)
    } catch let error as LuaError where error.kind == .conversion {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: error.message, underlyingError: error))
    }
  }

  var count: Int? { length }
  var isAtEnd: Bool { currentIndex >= length }

  private func decoder() throws -> ValueDecoder {
    let path = codingPath + [LuaCodingKey(index: currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(Any.self, .init(codingPath: path, debugDescription: "the list ends before it"))
    }
    return ValueDecoder(value: try table[currentIndex + 1], codingPath: path)
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
