public import CLobaEngine

// Tables, strings, and what works on values of any type.

// MARK: - Entries of tables

extension LuaState {
  func newTable(array: Int = 0, hash: Int = 0) throws -> Reference {
    var table: Reference = 0
    try check(op.pointee.table_new(pointer, Int32(clamping: array), Int32(clamping: hash), &table))
    return table
  }

  /// A table with weak keys or weak values.
  func newWeakTable(hasWeakKeys: Bool) throws -> Reference {
    var table: Reference = 0
    try check(op.pointee.weak_table_new(pointer, hasWeakKeys, &table))
    return table
  }

  /// The table of global variables. Cannot fail: memory for the reference is granted.
  var globals: Reference {
    var table: Reference = 0
    _ = op.pointee.globals(pointer, &table)
    return table
  }

  func get(_ table: Location, _ key: UnsafePointer<Slot>, isRaw: Bool, into slot: inout Slot) -> Status {
    Status(op.pointee.get(pointer, table, key, &slot, isRaw))
  }

  func set(_ table: Location, _ key: UnsafePointer<Slot>, to value: UnsafePointer<Slot>, isRaw: Bool) throws {
    try check(op.pointee.set(pointer, table, key, value, isRaw))
  }

  /// The value of a name, honouring metamethods.
  @inlinable @inline(__always)
  func get(_ table: Reference, _ name: UnsafeBufferPointer<UInt8>, into slot: inout Slot) -> Status {
    Status(op.pointee.get_field(pointer, table, name.baseAddress!, name.count, &slot))
  }

  @inlinable @inline(__always)
  func set(_ table: Reference, _ name: UnsafeBufferPointer<UInt8>, to value: UnsafePointer<Slot>) -> Int32 {
    op.pointee.set_field(pointer, table, name.baseAddress!, name.count, value)
  }

  /// The length, raw: a border, which a script can place anywhere. Not to be trusted with memory or time. 0 if another
  /// thread uses the state, too.
  func rawLength(of table: Location) -> Int { (try? checkedLength(of: table)) ?? 0 }

  func checkedLength(of table: Location) throws -> Int {
    let length = op.pointee.raw_length(pointer, table)
    if length < 0 { throw LuaRuntime.wrongThreadError }  // SIZE_MAX, which is no length
    return length
  }

  /// The length as Lua's `#` gives it.
  func length(of table: Reference) -> (Status, Slot) {
    var slot = Slot.nil
    let status = op.pointee.length(pointer, table, &slot)
    return (Status(status), slot)
  }

  func clear(_ table: Reference) throws {
    try check(op.pointee.clear(pointer, table))
  }
}

// MARK: - Whole tables

extension LuaState {
  /// Throws if a limit is due: for what goes on in Swift for as long as a script likes.
  func passLimits() throws { try check(op.pointee.pass_limits(pointer)) }

  /// Is given keys and values in turns, and how many pairs there are, good until it returns; gives false to stop.
  @usableFromInline typealias Visit = (UnsafePointer<Slot>, Int) throws -> Bool

  /// Visits the entries, raw, several at once.
  @usableFromInline
  func walk(_ table: Location, _ body: Visit) throws {
    struct Walk {
      let body: Visit
      var error: (any Error)?
    }
    try withoutActuallyEscaping(body) { body in
      var walk = Walk(body: body)
      let status = withUnsafeMutablePointer(to: &walk) { walk in
        op.pointee.walk(
          pointer, table,
          { context, pairs, count in
            let walk = context.assumingMemoryBound(to: Walk.self)
            do {
              return try walk.pointee.body(pairs, Int(count))
            } catch {
              walk.pointee.error = error
              return false
            }
          }, walk)
      }
      try check(status)
      if let error = walk.error { throw error }
    }
  }

  /// The same for a body that runs no Lua code, though it may make references. Cannot fail: of a closed state it finds
  /// nothing.
  func scan(_ table: Location, _ body: (UnsafePointer<Slot>, Int) -> Bool) {
    typealias Body = (UnsafePointer<Slot>, Int) -> Bool
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body as Body) { body in
        _ = op.pointee.scan(
          pointer, table,
          { context, pairs, count in context.assumingMemoryBound(to: Body.self).pointee(pairs, Int(count)) },
          UnsafeMutableRawPointer(mutating: body))
      }
    }
  }

  /// Writes elements from an index on.
  func fill(_ table: Reference, from start: Int, with values: UnsafePointer<Slot>, _ count: Int) throws {
    try check(op.pointee.fill_array(pointer, table, start, values, count))
  }

  /// Inserts an element into a list of so many; those from the index on move up.
  func insert(_ value: Slot, into table: Reference, at index: Int, of count: Int) throws {
    try withUnsafePointer(to: value) { try check(op.pointee.insert_element(pointer, table, index, count, $0)) }
  }

  /// Removes an element of a list of so many; those after it move down.
  func removeElement(of table: Reference, at index: Int, of count: Int) throws {
    try check(op.pointee.remove_element(pointer, table, index, count))
  }

  /// Puts the elements of a list into another order: where each has been so far, counted from 0, which is forgotten.
  func rearrange(_ table: Reference, by order: inout [Int]) throws {
    try order.withUnsafeMutableBufferPointer { order in
      guard let base = order.baseAddress, order.count > 1 else { return }
      try base.withMemoryRebound(to: UInt.self, capacity: order.count) {
        try check(op.pointee.rearrange(pointer, table, $0, order.count))
      }
    }
  }

  /// Writes entries: keys and values in turns.
  func fill(_ table: Reference, with pairs: UnsafePointer<Slot>, pairs count: Int) throws {
    try check(op.pointee.fill_pairs(pointer, table, pairs, count))
  }

  func newTable(of numbers: [Double]) throws -> Reference {
    var table: Reference = 0
    try withBase(of: numbers) { try check(op.pointee.array_from_numbers(pointer, $0, numbers.count, &table)) }
    return table
  }

  func newTable(of integers: [Int64]) throws -> Reference {
    var table: Reference = 0
    try withBase(of: integers) { try check(op.pointee.array_from_integers(pointer, $0, integers.count, &table)) }
    return table
  }

  /// An address also of an array that is empty.
  private func withBase<N: Numeric>(of numbers: [N], _ body: (UnsafePointer<N>) throws -> Void) rethrows {
    try numbers.withUnsafeBufferPointer { numbers in
      if let base = numbers.baseAddress { return try body(base) }
      try withUnsafePointer(to: N.zero, body)
    }
  }

  /// Reads up to so many numbers from an index on: how many there were before the first element that is none.
  func read(_ table: Location, from start: Int, into numbers: UnsafeMutablePointer<Double>, _ capacity: Int) -> Int {
    op.pointee.read_numbers(pointer, table, start, numbers, capacity)
  }

  func read(_ table: Location, from start: Int, into integers: UnsafeMutablePointer<Int64>, _ capacity: Int) -> Int {
    op.pointee.read_integers(pointer, table, start, integers, capacity)
  }

  /// Reads an element, raw.
  func readElement(of table: Location, _ index: Int, into slot: inout Slot) -> Status {
    Status(op.pointee.read_element(pointer, table, index, &slot))
  }
}

// MARK: - Values of any type

extension LuaState {
  @usableFromInline
  func newString(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Reference {
    var string: Reference = 0
    // Also an empty string has an address.
    try withUnsafePointer(to: 0 as UInt8) { empty in
      try check(op.pointee.string_new(pointer, bytes.baseAddress ?? empty, bytes.count, &string))
    }
    return string
  }

  /// Whether values are equal as Lua's `==` sees it.
  func isEqual(_ a: UnsafePointer<Slot>, _ b: UnsafePointer<Slot>) throws -> Bool {
    var result = false
    try check(op.pointee.compare(pointer, a, b, 0, &result))
    return result
  }

  /// Whether a value is less than another as Lua's `<` sees it.
  func isLess(_ a: UnsafePointer<Slot>, _ b: UnsafePointer<Slot>) throws -> Bool {
    var result = false
    try check(op.pointee.compare(pointer, a, b, 1, &result))
    return result
  }

  /// The text of a value as Lua's `tostring` gives it.
  func text(of value: Slot) -> (Status, Slot) {
    var result = Slot.nil
    let status = withUnsafePointer(to: value) { op.pointee.to_text(pointer, $0, &result) }
    return (Status(status), result)
  }

  /// 0 if there is none.
  func metatable(of value: Reference) throws -> Reference {
    var metatable: Reference = 0
    try check(op.pointee.get_metatable(pointer, value, &metatable))
    return metatable
  }

  /// - Parameter metatable: 0 removes it.
  func setMetatable(of value: Reference, to metatable: Reference) throws {
    try check(op.pointee.set_metatable(pointer, value, metatable))
  }
}
