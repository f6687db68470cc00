// Keys that a type does not have.

/// Remembers which tables a type is decoded from and which keys it has, to find those that it does not have.
final class KeyWatch {
  private struct Watched {
    let path: [any CodingKey]
    /// The kinds of keys of the containers that were made of the table.
    var types: [any CodingKey.Type] = []
    /// The names that were asked for.
    var asked: Set<String> = []
  }

  private let names: LuaCodingOptions.Keys
  private var tables: [LuaTable: Watched] = [:]

  init(_ names: LuaCodingOptions.Keys) {
    self.names = names
  }

  func add(_ table: LuaTable, keys type: any CodingKey.Type, at path: [any CodingKey]) {
    tables[table, default: Watched(path: path)].types.append(type)
  }

  func ask(_ table: LuaTable, for name: String) {
    tables[table]?.asked.insert(name)
  }

  /// - Throws: `DecodingError` if a table has a key that none of its types knows.
  func check() throws {
    for (table, watched) in tables {
      let unknown = table.keys.filter { key in
        !watched.types.contains { $0.knows(key, names) } && !watched.asked.contains(key.keyText)
      }
      guard let first = unknown.map(\.keyText).min() else { continue }
      let hint = nearest(to: first, in: watched.asked).map { "; did you mean '\($0)'?" } ?? ""
      throw DecodingError.dataCorrupted(
        .init(codingPath: watched.path, debugDescription: "there is no '\(first)'\(hint)"))
    }
  }
}

extension CodingKey {
  /// Whether a key of a table is one of this type.
  static func knows(_ key: LuaValue, _ names: LuaCodingOptions.Keys) -> Bool {
    switch key {
    case .string(let name):
      name.text.map { names.name(of: names.key(of: $0)) == $0 && Self(stringValue: names.key(of: $0)) != nil } ?? false
    case .integer(let number): Self(intValue: number) != nil || Self(stringValue: String(number)) != nil
    default: false
    }
  }
}

extension LuaTable {
  /// Words for a missing field: its name, and a key of the table that may be meant by it.
  func missing<Key: CodingKey>(_ key: Key, named name: String, _ names: LuaCodingOptions.Keys) -> String {
    let others = keys.prefix(1000).lazy.filter { !Key.knows($0, names) }.map(\.keyText)
    let hint = nearest(to: name, in: others).map { "; is it '\($0)' that is meant?" } ?? ""
    return "there is no field '\(name)'\(hint)"
  }
}

extension LuaValue {
  fileprivate var keyText: String {
    if case .string(let name) = self { name.description } else { "[\(description)]" }
  }
}
