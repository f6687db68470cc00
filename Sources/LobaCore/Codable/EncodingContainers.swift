// The containers of LuaEncoder. Containers cannot throw when they are made: a table that could not be made throws at
// the first value.

struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: ValueEncoder
  let table: Result<LuaTable, any Error>
  var codingPath: [any CodingKey] { encoder.codingPath }

  private func set(_ key: any CodingKey, _ value: LuaValue) throws {
    if let number = encoder.keyStyle.number(of: key) {
      try table.get().rawSet(number, to: value)
    } else {
      let keys = encoder.keyStyle == .fields ? encoder.context.options.keys : .unchanged
      try table.get().rawSet(keys.name(of: key.stringValue), to: value)
    }
  }

  /// A field that is nil is not there; an entry of a dictionary is, unless they are dropped.
  mutating func encodeNil(forKey key: Key) throws {
    if encoder.keyStyle == .fields || encoder.dropsNils {
      _ = try table.get()
    } else {
      try set(key, .userdata(encoder.runtime.noneValue()))
    }
  }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    let part = try encoder.part(value, at: key)
    if part.isNil { try encodeNil(forKey: key) } else { try set(key, part) }
  }

  /// The table of a nested container, put in its place at once, so that it need not be written back.
  private func nestedTable(_ key: any CodingKey) -> (ValueEncoder, Result<LuaTable, any Error>) {
    let box = EncodedValue()
    let nested = Result {
      let inner = try encoder.runtime.newTable()
      box.value = .table(inner)
      try set(key, .table(inner))
      return inner
    }
    return (encoder.nested(key, box), nested)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    let (encoder, table) = nestedTable(key)
    return KeyedEncodingContainer(KeyedEncoding<NestedKey>(encoder: encoder, table: table))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let (encoder, table) = nestedTable(key)
    return UnkeyedEncoding(encoder: encoder, table: table)
  }

  mutating func superEncoder() -> any Encoder { nestedTable(LuaCodingKey("super")).0 }
  mutating func superEncoder(forKey key: Key) -> any Encoder { nestedTable(key).0 }
}

struct UnkeyedEncoding: UnkeyedEncodingContainer {
  let encoder: ValueEncoder
  let table: Result<LuaTable, any Error>
  private(set) var count = 0
  /// How many of the elements are in the table.
  private var length = 0
  var codingPath: [any CodingKey] { encoder.codingPath }

  init(encoder: ValueEncoder, table: Result<LuaTable, any Error>) {
    self.encoder = encoder
    self.table = table
  }

  private mutating func append(_ value: LuaValue) throws {
    try table.get().rawSet(length + 1, to: value)
    length += 1
    count += 1
  }

  mutating func encodeNil() throws {
    if encoder.dropsNils { count += 1 } else { try append(.userdata(encoder.runtime.noneValue())) }
  }

  mutating func encode<T: Encodable>(_ value: T) throws {
    let part = try encoder.part(value, at: LuaCodingKey(index: count))
    if part.isNil { try encodeNil() } else { try append(part) }
  }

  private mutating func nestedTable() -> (ValueEncoder, Result<LuaTable, any Error>) {
    let key = LuaCodingKey(index: count)
    let box = EncodedValue()
    let nested: Result<LuaTable, any Error>
    do {
      let inner = try encoder.runtime.newTable()
      box.value = .table(inner)
      try append(.table(inner))
      nested = .success(inner)
    } catch {
      nested = .failure(error)
    }
    return (encoder.nested(key, box), nested)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    let (encoder, table) = nestedTable()
    return KeyedEncodingContainer(KeyedEncoding<NestedKey>(encoder: encoder, table: table))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let (encoder, table) = nestedTable()
    return UnkeyedEncoding(encoder: encoder, table: table)
  }

  mutating func superEncoder() -> any Encoder { nestedTable().0 }
}

struct SingleEncoding: SingleValueEncodingContainer {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  mutating func encodeNil() throws { encoder.result.value = .nil }

  mutating func encode<T: Encodable>(_ value: T) throws { try encoder.encodeWhole(value) }
}

extension ValueEncoder {
  fileprivate var dropsNils: Bool {
    if case .dropped = context.options.nils { true } else { false }
  }
}

/// A key that is not one of the type's: an index, or `super`.
struct LuaCodingKey: CodingKey {
  private let name: String?
  let intValue: Int?
  /// (Made when it is asked for: most are not.)
  var stringValue: String { name ?? "Index \(intValue!)" }

  init(_ name: String) {
    self.name = name
    intValue = nil
  }

  init(index: Int) {
    name = nil
    intValue = index
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(index: intValue) }
}
