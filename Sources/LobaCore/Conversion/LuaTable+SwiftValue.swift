extension LuaTable {
  /// The contents as Swift values, all the way down: a list as `[Any]`, another table as `[String: Any]` if all its keys
  /// are strings, else as `[AnyHashable: Any]`.
  ///
  /// An empty table is an empty list. Numbers, strings and booleans are Swift's, host objects themselves; functions,
  /// coroutines and userdata stay handles. A table that is found in several places is converted in each. No metamethod is
  /// asked.
  ///
  /// - Throws: ``LuaError`` of kind `conversion`, with the path to the place, if a table contains itself or tables are
  ///   nested deeper than 200 levels.
  public func swiftValue() throws -> Any {
    var path = TablePath()
    return try swiftValue(&path)
  }

  fileprivate func swiftValue(_ path: inout TablePath) throws -> Any {
    guard !runtime.isClosed else { throw LuaRuntime.closedError }
    try path.enter(self)
    defer { path.leave() }
    let entries = entries
    func convert(_ entry: (key: LuaValue, value: LuaValue)) throws -> Any {
      path.keys.append(entry.key)
      defer { path.keys.removeLast() }
      return try entry.value.swiftValue(&path)
    }
    let count = count
    if entries.count == count, entries.allSatisfy({ if case .integer = $0.key { true } else { false } }) {
      var list = [Any?](repeating: nil, count: count)
      for entry in entries {
        if case .integer(let index) = entry.key, index >= 1, index <= count { list[index - 1] = try convert(entry) }
      }
      return list.compactMap(\.self)
    }
    let names = entries.compactMap { if case .string(let name) = $0.key { name.text } else { nil } }
    if names.count == entries.count {
      var result: [String: Any] = [:]
      for (name, entry) in zip(names, entries) { result[name] = try convert(entry) }
      return result
    }
    var result: [AnyHashable: Any] = [:]
    for entry in entries { result[entry.key.plainKey] = try convert(entry) }
    return result
  }
}

extension LuaValue {
  /// The value as a Swift value, all the way down: see ``LuaTable/swiftValue()``. Nil is `Optional<Any>.none`.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if a table contains itself or tables are nested too deeply.
  public func swiftValue() throws -> Any {
    var path = TablePath()
    return try swiftValue(&path)
  }

  fileprivate func swiftValue(_ path: inout TablePath) throws -> Any {
    switch self {
    case .nil: return Any?.none as Any
    case .boolean(let value): return value
    case .integer(let value): return value
    case .number(let value): return value
    case .string(let string): return string.text ?? string
    case .table(let table): return try table.swiftValue(&path)
    case .pointer: return self
    default: return try self.as(Any.self)
    }
  }

  fileprivate var plainKey: AnyHashable {
    switch self {
    case .boolean(let value): value
    case .integer(let value): value
    case .number(let value): value
    case .string(let string): string.text.map { AnyHashable($0) } ?? AnyHashable(string)
    default: handle.map { AnyHashable($0) } ?? AnyHashable(self)
    }
  }
}

/// Where in nested tables a conversion is.
private struct TablePath {
  var keys: [LuaValue] = []
  private var tables: [LuaTable] = []
  private var places: [LuaTable: Int] = [:]

  private static let limit = 200

  mutating func enter(_ table: LuaTable) throws {
    if let depth = places[table] {
      throw LuaError(
        kind: .conversion,
        message: "a table that contains itself has no Swift value: \(text(keys.count)) is \(text(depth)) again")
    }
    guard tables.count < Self.limit else {
      throw LuaError(kind: .conversion, message: "tables are nested deeper than \(Self.limit) levels: \(text(5))…")
    }
    places[table] = tables.count
    tables.append(table)
  }

  mutating func leave() {
    places[tables.removeLast()] = nil
  }

  /// The first keys as Lua code writes them after the table: `.a.b[2]`.
  private func text(_ count: Int) -> String {
    if count == 0 { return "the table itself" }
    return keys.prefix(count).map { key in
      if case .string(let name) = key, let text = name.text, Self.isName(text) { return ".\(text)" }
      if case .string(let name) = key { return "[\"\(name)\"]" }
      return "[\(key)]"
    }.joined()
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
    return text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0))
    }
  }
}
