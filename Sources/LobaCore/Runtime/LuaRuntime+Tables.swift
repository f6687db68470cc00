internal import CLobaEngine

// MARK: - Making tables

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
    try fill(table, from: 1, with: self.values(repeat each values))
    for (key, value) in fields { try table.rawSet(key, to: value) }
    return table
  }

  func newTable(array: Int = 0, hash: Int = 0) throws -> LuaTable {
    var table: loba_reference = 0
    try check(
      state.op.pointee.table_new(state, Int32(clamping: array), Int32(clamping: hash), &table))
    return LuaTable(self, adopting: table)
  }

  /// Writes values as the elements of a table from an index on.
  func fill(_ table: LuaTable, from start: Int, with values: LuaValues) throws {
    try fill(table.reference, from: start, with: values.values)
  }

  private static var batch: Int { 512 }

  @_specialize(where Element == Int)
  @_specialize(where Element == String)
  @_specialize(where Element == Bool)
  private func fill<Element>(_ table: loba_reference, from start: Int, with elements: [Element]) throws {
    var done = 0
    while done < elements.count {
      var writer = LuaWriter(state)
      defer { writer.finish() }
      let end = Swift.min(done + Self.batch, elements.count)
      for i in done..<end {
        do {
          try writer.write(elements[i])
        } catch {
          throw LuaTable.annotated(error, start + i)
        }
      }
      try expect(end - done, from: writer)
      try check(state.op.pointee.fill_array(state, table, start + done, writer.slots, end - done))
      done = end
    }
  }

  /// Elements of a table are single values, which ``LuaValues`` may not be.
  private func expect(_ count: Int, from writer: LuaWriter) throws {
    guard writer.count == count else {
      throw LuaError(kind: .conversion, message: "several values, or none, cannot be an element of a table")
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
    return try makeTable(array: elements.count) { try fill($0, from: 1, with: elements) }
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
      while more {
        var writer = LuaWriter(state)
        defer { writer.finish() }
        var count = 0
        while count < Self.batch {
          guard let (key, value) = iterator.next() else {
            more = false
            break
          }
          try writer.write(key)
          do {
            try writer.write(value)
          } catch {
            throw LuaTable.annotated(error, key)
          }
          count += 1
        }
        try expect(count * 2, from: writer)
        try check(state.op.pointee.fill_pairs(state, table, writer.slots, count))
      }
    }
  }
}

// MARK: - Reading tables

extension LuaRuntime {
  func readArray<Element>(_ reader: LuaReader) throws -> [Element] {
    let location = reader.location
    let count = Int(state.op.pointee.raw_length(state, location))
    var read = 0
    if Element.self == Double.self {
      let numbers = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let base = buffer.baseAddress { read = state.op.pointee.read_numbers(state, location, base, count) }
        initialized = read
      }
      if read == count { return unsafeBitCast(numbers, to: [Element].self) }
    } else if Element.self == Int.self {
      let integers = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let base = buffer.baseAddress { read = state.op.pointee.read_integers(state, location, base, count) }
        initialized = read
      }
      if read == count { return unsafeBitCast(integers, to: [Element].self) }
    }
    var result: [Element] = []
    result.reserveCapacity(count)
    var slot = loba_slot()
    for index in stride(from: 1, through: count, by: 1) {
      let status = state.op.pointee.read_element(state, location, index, &slot)
      try check(status)
      let mark = state.pointee.held_mark
      defer { if status == LOBA_HELD { state.op.pointee.release_held(state, mark) } }
      result.append(
        try reader.annotate("element \(index)") {
          try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).read() }
        })
    }
    return result
  }

  /// Reads a table as a dictionary.
  @_specialize(where Key == String, Value == Int)
  @_specialize(where Key == String, Value == Double)
  @_specialize(where Key == String, Value == String)
  @_specialize(where Key == String, Value == Bool)
  @_specialize(where Key == Int, Value == Int)
  @_specialize(where Key == Int, Value == Double)
  @_specialize(where Key == Int, Value == String)
  func readDictionary<Key: Hashable, Value>(_ reader: LuaReader) throws -> [Key: Value] {
    // Collected first, since nobody knows how many there are, and a dictionary that grows hashes its keys again.
    var entries: [(key: Key, value: Value)] = []
    try walkBatches(reader.location) { pairs, count in
      for i in 0..<count {
        let key = try entryPart("a key", reader) { try LuaReader(slot: pairs + 2 * i, state: state).read(as: Key.self) }
        let value = try entryPart("the value of key \(key)", reader) {
          try LuaReader(slot: pairs + 2 * i + 1, state: state).read(as: Value.self)
        }
        entries.append((key, value))
      }
    }
    var result = [Key: Value](minimumCapacity: entries.count)
    for (key, value) in entries { result[key] = value }
    return result
  }

  /// Runs a conversion of a part of what a reader reads, saying in errors what it was.
  @inline(__always)
  private func entryPart<T>(
    _ what: @autoclosure () -> String, _ reader: LuaReader, _ body: () throws -> T
  ) throws -> T {
    do {
      return try body()
    } catch {
      throw reader.annotated(error, what())
    }
  }

  /// Visits the entries of a table, raw. The readers are good only during the visit.
  func walk(_ location: loba_location, _ body: (LuaReader, LuaReader) throws -> Void) throws {
    try walkBatches(location) { pairs, count in
      for i in 0..<count {
        try body(LuaReader(slot: pairs + 2 * i, state: state), LuaReader(slot: pairs + 2 * i + 1, state: state))
      }
    }
  }

  /// Visits the entries of a table, raw, several at once: keys and values in turns, and how many pairs there are.
  func walkBatches(_ location: loba_location, _ body: (UnsafePointer<loba_slot>, Int) throws -> Void) throws {
    try withoutActuallyEscaping(body) { body in
      let walk = UnsafeMutablePointer<Walk>.allocate(capacity: 1)
      walk.initialize(to: Walk(body: body))
      defer {
        walk.deinitialize(count: 1)
        walk.deallocate()
      }
      let status = state.op.pointee.walk(
        state, location,
        { context, pairs, count in
          let walk = context.assumingMemoryBound(to: Walk.self)
          do {
            try walk.pointee.body(pairs, Int(count))
            return true
          } catch {
            walk.pointee.error = error
            return false
          }
        }, walk)
      try check(status)
      if let error = walk.pointee.error { throw error }
    }
  }

  private struct Walk {
    let body: (UnsafePointer<loba_slot>, Int) throws -> Void
    var error: (any Error)?
  }
}

// MARK: - Values of any type

extension LuaRuntime {
  /// Reads the result of an operation that gives one slot.
  func read<T>(_ slot: loba_slot, _ status: Int32) throws -> T {
    try check(status)
    let mark = state.pointee.held_mark
    defer { if status == LOBA_HELD { state.op.pointee.release_held(state, mark) } }
    return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).read() }
  }

  /// Swift values as Lua values.
  func values<each V>(_ values: repeat each V) throws -> LuaValues {
    var result = LuaValues()
    for value in repeat each values {
      if let value = value as? LuaValue {
        result.append(value)
      } else if let values = value as? LuaValues {
        result.append(contentsOf: values)
      } else {
        result.append(try self.value(value))
      }
    }
    return result
  }

  /// A Swift value as a Lua value: what a script would be given.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it cannot be represented in Lua.
  public func value<T>(_ value: T) throws -> LuaValue {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(value)
    guard writer.count == 1 else { return .nil }
    if writer.slots.pointee.tag == LOBA_REFERENCE {
      return try withSlot(of: writer.slots.pointee.index) { try LuaReader(slot: $0, state: state).value() }
    }
    return try LuaReader(slot: writer.slots, state: state).value()
  }

  func withSlot<R>(of value: LuaValue, _ body: (UnsafePointer<loba_slot>) throws -> R) throws -> R {
    try withSlot(of: value.handle!.reference, body)
  }

  /// Runs a body with a slot for the value of a reference.
  func withSlot<R>(of reference: loba_reference, _ body: (UnsafePointer<loba_slot>) throws -> R) throws -> R {
    guard !isClosed else { throw Self.closedError }
    var slot = loba_slot()
    try check(state.op.pointee.describe(state, reference, &slot))
    return try withUnsafePointer(to: slot, body)
  }

  func text(of slot: loba_slot) throws -> String {
    var result = loba_slot()
    let status = withUnsafePointer(to: slot) { state.op.pointee.to_text(state, $0, &result) }
    let text: LuaString = try read(result, status)
    return text.description
  }

  func index<K, T>(_ handle: LuaHandle, _ key: K) throws -> T {
    var slot = loba_slot()
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(key)
    let location = loba_location(reference: handle.reference, index: 0)
    let status = state.op.pointee.get(state, location, writer.slots, &slot, false)
    return try read(slot, status)
  }

  func callEach<each A, each R>(_ callee: LuaValue, _ arguments: repeat each A) throws -> (repeat each R) {
    guard let handle = callee.handle else { throw LuaError(message: "attempt to call a \(callee.type) value") }
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    var given: Int32 = 0
    let status = state.op.pointee.call(
      state, handle.reference, writer.slots, Int32(writer.count), LOBA_MULTIPLE_RESULTS, &given)
    return try writer.takeEach(status, given)
  }
}
