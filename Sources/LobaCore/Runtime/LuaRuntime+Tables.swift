// Making tables.
internal import CLobaEngine

extension LuaRuntime {
  /// The table of global variables.
  ///
  /// Cannot fail: of a closed runtime, and where a script has put something else in its place, it is a table that refuses
  /// everything.
  public var globals: LuaTable {
    var table: loba_reference = 0
    _ = state.op.pointee.globals(state, &table)  // memory for it is granted
    return LuaTable(self, adopting: table)
  }

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
    var table: loba_reference = 0
    try check(
      state.op.pointee.table_new(state, Int32(clamping: array), Int32(clamping: hash), &table))
    return LuaTable(self, adopting: table)
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
  private func fill<Element>(_ table: loba_reference, after count: Int, with elements: [Element]) throws {
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
      try check(state.op.pointee.fill_array(state, table, count + done + 1, writer.slots, end - done))
      done = end
    }
  }

  func makeArray<Element>(_ elements: [Element]) throws -> loba_reference {
    var table: loba_reference = 0
    if Element.self == Double.self {
      try unsafeBitCast(elements, to: [Double].self).withUnsafeBufferPointer {
        var none = 0.0
        let base = $0.baseAddress ?? withUnsafePointer(to: &none) { $0 }
        try check(state.op.pointee.array_from_numbers(state, base, $0.count, &table))
      }
      return table
    }
    if Element.self == Int.self, areExact(unsafeBitCast(elements, to: [Int].self)) {
      try unsafeBitCast(elements, to: [Int64].self).withUnsafeBufferPointer {
        var none: Int64 = 0
        let base = $0.baseAddress ?? withUnsafePointer(to: &none) { $0 }
        try check(state.op.pointee.array_from_integers(state, base, $0.count, &table))
      }
      return table
    }
    return try makeTable(array: elements.count) { try fill($0, after: 0, with: elements) }
  }

  /// Whether the engine holds all of the integers exactly.
  private func areExact(_ integers: [Int]) -> Bool {
    let limit = state.pointee.integer_limit
    return limit == .max || integers.allSatisfy { $0.magnitude <= limit }
  }

  /// Makes a table and fills it; it is let go if that fails.
  private func makeTable(
    array: Int = 0, hash: Int = 0, _ fill: (loba_reference) throws -> Void
  ) throws -> loba_reference {
    var table: loba_reference = 0
    try check(state.op.pointee.table_new(state, Int32(clamping: array), Int32(clamping: hash), &table))
    do {
      try fill(table)
    } catch {
      loba_release(state, table)
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
  func makeDictionary<Key, Value>(_ entries: [Key: Value]) throws -> loba_reference {
    try makeTable(hash: entries.count) { table in
      var iterator = entries.makeIterator()
      var more = true
      var present = 0
      while more {
        var writer = LuaWriter(state)
        defer { writer.finish() }
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
          if writer.slots[writer.count - 1].tag != LOBA_NIL { present += 1 }
        }
        try check(state.op.pointee.fill_pairs(state, table, writer.slots, count))
      }
      if Key.self == String.self || Key.self == Int.self || Key.self == Double.self { return }
      try expect(present, in: table, of: [Key: Value].self)
    }
  }

  /// Makes sure that no two keys of a dictionary have become one in Lua: 1 and 1.0, or a text and the same as bytes.
  private func expect(_ count: Int, in table: loba_reference, of type: Any.Type) throws {
    var found = 0
    try walkBatches(loba_location(reference: table, index: 0)) { found += $1 }
    guard found == count else {
      throw LuaError(
        kind: .conversion,
        message: "keys of the \(type) are one and the same in Lua: \(count) entries have become \(found)")
    }
  }
}
