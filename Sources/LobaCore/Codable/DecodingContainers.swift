// The containers of LuaDecoder.

struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let table: LuaTable
  let codingPath: [any CodingKey]

  var allKeys: [Key] {
    table.keys.compactMap {
      switch $0 {
      case .string(let name): name.text.flatMap { Key(stringValue: $0) }
      case .integer(let index): Key(intValue: index) ?? Key(stringValue: String(index))
      default: nil
      }
    }
  }

  private func value(_ key: any CodingKey) throws -> LuaValue {
    if let index = key.intValue, let value: LuaValue = try table[index], !value.isNil { return value }
    return try table[key.stringValue]
  }

  private func decoder(_ key: any CodingKey) throws -> ValueDecoder {
    ValueDecoder(value: try value(key), codingPath: codingPath + [key])
  }

  func contains(_ key: Key) -> Bool { (try? value(key).isNil) == false }

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
  let count: Int?
  private(set) var currentIndex = 0

  init(table: LuaTable, codingPath: [any CodingKey]) {
    self.table = table
    self.codingPath = codingPath
    count = table.count
  }

  var isAtEnd: Bool { currentIndex >= count! }

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
