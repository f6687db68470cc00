// Making tables.

extension LuaRuntime {
  /// The table of global variables.
  ///
  /// Cannot fail: of a closed runtime, and where a script has put something else in its place, it is a table that refuses
  /// everything.
  public var globals: LuaTable { LuaTable(self, adopting: state.globals) }

  /// Makes a table of a list and of named fields.
  ///
  /// ```swift
  /// let t = try lua.table(1, 2, 3, fields: ["a": 1])
  /// ```
  public func table<each V>(_ values: repeat each V, fields: KeyValuePairs<String, Any> = [:]) throws -> LuaTable {
    let table = try newTable(hash: fields.count)
    try fill(table, after: 0, with: self.values(repeat each values))
    for (key, value) in fields { try table.rawSet(key, to: value) }
    return table
  }

  func newTable(array: Int = 0, hash: Int = 0) throws -> LuaTable {
    LuaTable(self, adopting: try state.newTable(array: array, hash: hash))
  }

  /// Writes values as the elements of a table that come after so many.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if there are not so many indices left.
  func fill(_ table: LuaTable, after count: Int, with values: LuaValues) throws {
    // Where a list ends is for scripts to say.
    guard !count.addingReportingOverflow(values.count).overflow else { throw LuaError(message: "table too large") }
    try fill(table.reference, after: count, with: values.values)
  }

  private static var batch: Int { 512 }

  @_specialize(where Element == Int)
  @_specialize(where Element == String)
  @_specialize(where Element == Bool)
  private func fill<Element>(_ table: Reference, after count: Int, with elements: [Element]) throws {
    var done = 0
    while done < elements.count {
      var writer = LuaWriter(state)
      defer { writer.finish() }
      let end = Swift.min(done + Self.batch, elements.count)
      for i in done..<end {
        do {
          try writer.writeOne(elements[i], as: "an element of a table")
        } catch {
          throw LuaTable.annotated(error, count + i + 1)
        }
      }
      try state.fill(table, from: count + done + 1, with: writer.slots, end - done)
      done = end
    }
  }

  func makeArray<Element>(_ elements: [Element]) throws -> Reference {
    if Element.self == Double.self { return try state.newTable(of: unsafeBitCast(elements, to: [Double].self)) }
    if Element.self == Int.self, areExact(unsafeBitCast(elements, to: [Int].self)) {
      return try state.newTable(of: unsafeBitCast(elements, to: [Int64].self))
    }
    return try makeTable(array: elements.count) { try fill($0, after: 0, with: elements) }
  }

  /// Whether the engine holds all of the integers exactly.
  private func areExact(_ integers: [Int]) -> Bool {
    let limit = state.integerLimit
    return limit == .max || integers.allSatisfy { $0.magnitude <= limit }
  }

  /// Makes a table and fills it; it is let go if that fails.
  private func makeTable(
    array: Int = 0, hash: Int = 0, _ fill: (Reference) throws -> Void
  ) throws -> Reference {
    let table = try state.newTable(array: array, hash: hash)
    do {
      try fill(table)
    } catch {
      state.release(table)
      throw error
    }
    return table
  }

  @_specialize(where Key == String, Value == Int)
  @_specialize(where Key == String, Value == Double)
  @_specialize(where Key == String, Value == String)
  @_specialize(where Key == String, Value == Bool)
  @_specialize(where Key == Int, Value == Int)
  @_specialize(where Key == Int, Value == Double)
  @_specialize(where Key == Int, Value == String)
  func makeDictionary<Key, Value>(_ entries: [Key: Value]) throws -> Reference {
    try makeTable(hash: entries.count) { table in
      var iterator = entries.makeIterator()
      var more = true
      var present = 0
      while more {
        var writer = LuaWriter(state)
        defer { writer.finish() }
        writer.reserve(2 * Self.batch)
        var count = 0
        while count < Self.batch {
          guard let (key, value) = iterator.next() else {
            more = false
            break
          }
          try writer.writeOne(key, as: "a key of a table")
          do {
            try writer.writeOne(value, as: "the value of a key")
          } catch {
            throw LuaTable.annotated(error, key)
          }
          count += 1
          if writer.slots[writer.count - 1].kind != .nil { present += 1 }
        }
        try state.fill(table, with: writer.slots, pairs: count)
      }
      if Key.self == String.self || Key.self == Int.self || Key.self == Double.self { return }
      try expect(present, in: table, of: [Key: Value].self)
    }
  }

  /// Makes sure that no two keys of a dictionary have become one in Lua: 1 and 1.0, or a text and the same as bytes.
  private func expect(_ count: Int, in table: Reference, of type: Any.Type) throws {
    var found = 0
    try state.walk(Location(table)) { _, count in
      found += count
      return true
    }
    guard found == count else {
      throw LuaError(
        kind: .conversion,
        "keys of the \(type) are one and the same in Lua: \(count) entries have become \(found)")
    }
  }
}
