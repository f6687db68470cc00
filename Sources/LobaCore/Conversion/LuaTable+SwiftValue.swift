extension LuaTable {
  /// The contents as Swift values, all the way down: a list as `[Any]`, another table as `[String: Any]` if all its keys
  /// are strings, else as `[AnyHashable: Any]`.
  ///
  /// An empty table is an empty list. Numbers, strings and booleans are Swift's, host objects themselves; functions,
  /// coroutines and userdata stay handles. A table that is found in several places is converted once, and its value is in
  /// each. No metamethod is asked.
  ///
  /// - Throws: ``LuaError`` of kind `conversion`, with the path to the place, if a table contains itself or tables are
  ///   nested deeper than 200 levels, or if two keys of a table are one and the same in Swift; of kind `stackOverflow` if
  ///   too little is left of the thread's stack; of kind `memory` or `closed`.
  public func swiftValue() throws -> Any {
    var conversion = SwiftValueConversion()
    return try conversion.value(of: self)
  }
}

extension LuaValue {
  /// The value as a Swift value, all the way down: see ``LuaTable/swiftValue()``. Nil is `Optional<Any>.none`.
  ///
  /// - Throws: As ``LuaTable/swiftValue()``.
  public func swiftValue() throws -> Any {
    var conversion = SwiftValueConversion()
    return try conversion.value(of: self)
  }
}

private struct SwiftValueConversion {
  private var path = TablePath()
  /// What tables have become, and how many levels of tables that has.
  private var converted: [LuaTable: (value: Any, height: Int)] = [:]

  mutating func value(of value: LuaValue) throws -> Any {
    switch value {
    case .nil: return Any?.none as Any
    case .boolean(let value): return value
    case .integer(let value): return value
    case .number(let value): return value
    case .string(let string): return string.text ?? string
    case .table(let table): return try self.value(of: table)
    case .pointer: return value
    default: return try value.as(Any.self)
    }
  }

  mutating func value(of table: LuaTable) throws -> Any {
    guard !table.runtime.isClosed else { throw LuaRuntime.closedError }
    guard hasStack() else { throw table.runtime.makeError(.stackOverflow) }
    if let known = converted[table] {
      try path.pass(height: known.height)
      return known.value
    }
    try path.enter(table)
    let value = try contents(of: table)
    converted[table] = (value, path.leave())
    return value
  }

  private typealias Entry = (key: LuaValue, value: LuaValue)

  private mutating func contents(of table: LuaTable) throws -> Any {
    var entries: [Entry] = []
    try table.runtime.walk(table.location) { entries.append((try $0.value(), try $1.value())) }
    let indices = 1...max(1, entries.count)
    if entries.allSatisfy({ if case .integer(let index) = $0.key { indices.contains(index) } else { false } }) {
      return try list(entries)
    }
    let names = entries.compactMap { if case .string(let name) = $0.key { name.text } else { nil } }
    if names.count == entries.count { return try dictionary(entries, names) }
    return try dictionary(entries, entries.map { $0.key.isNil ? $0.key : try $0.key.as(AnyHashable.self) })
  }

  private mutating func list(_ entries: [Entry]) throws -> [Any] {
    var list = [Any](repeating: (), count: entries.count)
    for entry in entries {
      if case .integer(let index) = entry.key { list[index - 1] = try convert(entry) }
    }
    return list
  }

  private mutating func dictionary<Key: Hashable>(_ entries: [Entry], _ keys: [Key]) throws -> [Key: Any] {
    var result: [Key: Any] = [:]
    for (key, entry) in zip(keys, entries) {
      guard result.updateValue(try convert(entry), forKey: key) == nil else {
        throw LuaError(
          kind: .conversion, "two keys of a table are one and the same in Swift: '\(key)' of \(path.text)")
      }
    }
    return result
  }

  private mutating func convert(_ entry: Entry) throws -> Any {
    path.keys.append(entry.key)
    defer { path.keys.removeLast() }
    return try value(of: entry.value)
  }
}

/// Where in nested tables a conversion is.
private struct TablePath {
  var keys: [LuaValue] = []
  /// The tables from the outermost on, and how many levels are known to be below each.
  private var tables: [(table: LuaTable, height: Int)] = []
  private var places: [LuaTable: Int] = [:]

  /// The keys so far, as Lua code writes them after the table.
  var text: String { text(keys.count) }

  private static let limit = 200

  mutating func enter(_ table: LuaTable) throws {
    if let depth = places[table] {
      throw LuaError(
        kind: .conversion,
        "a table that contains itself has no Swift value: \(text(keys.count)) is \(text(depth)) again")
    }
    try pass(height: 0)
    places[table] = tables.count
    tables.append((table, 0))
  }

  /// Takes note of a table with so many levels below it, in the innermost one.
  mutating func pass(height: Int) throws {
    guard tables.count + height < Self.limit else {
      throw LuaError(kind: .conversion, "tables are nested deeper than \(Self.limit) levels: \(text(5))…")
    }
    raise(to: height + 1)
  }

  /// Leaves the innermost table, and tells how many levels are below it.
  mutating func leave() -> Int {
    let (table, height) = tables.removeLast()
    places[table] = nil
    raise(to: height + 1)
    return height
  }

  /// Takes note of how many levels are below the innermost table.
  private mutating func raise(to height: Int) {
    guard let last = tables.indices.last else { return }
    tables[last].height = max(tables[last].height, height)
  }

  /// The first keys as Lua code writes them after the table: `.a.b[2]`.
  private func text(_ count: Int) -> String {
    if count == 0 { return "the table itself" }
    return keys.prefix(count).map { key in
      if case .string(let name) = key, name.looksLikeName { return ".\(name)" }
      if case .string(let name) = key { return "[\"\(name)\"]" }
      return "[\(key)]"
    }.joined()
  }
}
