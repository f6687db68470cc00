// Reading tables.

extension LuaRuntime {
  /// Reads the list part of a table.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for an element that is not of the type, or a table that is hardly a list.
  func readArray<Element>(_ reader: LuaReader) throws -> [Element] {
    try state.passLimits()
    let location = reader.location
    let count = try state.checkedLength(of: location)
    var result: [Element] = []
    if Element.self == Double.self {
      let numbers: [Double] = readPrefix(count) { state.read(location, from: $0, into: $1, $2) }
      result = unsafeBitCast(numbers, to: [Element].self)
    } else if Element.self == Int.self {
      let integers: [Int64] = readPrefix(count) { state.read(location, from: $0, into: $1, $2) }
      result = unsafeBitCast(integers, to: [Element].self)
    } else {
      result.reserveCapacity(Swift.min(count, Self.trustedCount))
    }
    if result.count < count { try readElements(of: reader, upTo: count, into: &result) }
    return result
  }

  /// Reads the first elements of a list, as long as they are of one type: in steps that grow with what is really there.
  private func readPrefix<Number>(
    _ count: Int, _ read: (_ start: Int, UnsafeMutablePointer<Number>, _ capacity: Int) -> Int
  ) -> [Number] {
    var numbers: [Number] = []
    var isWhole = true
    while isWhole, numbers.count < count {
      let done = numbers.count
      let capacity = Swift.min(count, Swift.max(1 << 20, done * 8))
      numbers = [Number](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        _ = buffer.initialize(from: numbers)
        initialized = done + read(done + 1, buffer.baseAddress! + done, capacity - done)
      }
      isWhole = numbers.count == capacity
    }
    return numbers
  }

  /// Reads the elements that are still missing, one by one.
  private func readElements<Element>(of reader: LuaReader, upTo count: Int, into result: inout [Element]) throws {
    let location = reader.location
    var slot = Slot.nil
    var isDense = false
    for index in result.count + 1...count {
      if index % 64 == 0 { try state.passLimits() }
      let status = state.readElement(of: location, index, into: &slot)
      try state.withResult(status, slot) { slot in
        if slot.pointee.kind == .nil, !isDense {
          try checkDensity(of: location, upTo: count, in: reader)
          isDense = true
        }
        result.append(try reader.annotate("element \(index)") { try LuaReader(slot: slot, state: state).read() })
      }
    }
  }

  /// How much room is made for elements before it is known that they are there.
  static var trustedCount: Int { 1 << 16 }

  /// Refuses to take a table for a list that is one by its length only: with more than a thousand holes, and more than
  /// there are elements.
  func checkDensity(of location: Location, upTo count: Int, in reader: LuaReader? = nil) throws {
    var present = 0
    try state.walk(location) { pairs, pairCount in
      for i in 0..<pairCount where pairs[2 * i].kind == .integer && (1...count).contains(Int(pairs[2 * i].asInteger)) {
        present += 1
      }
      return true
    }
    guard count - present > Swift.max(1024, present) else { return }
    let text =
      "the table is sparse: of the \(count) elements that its length tells, \(present) are there; read it as a "
      + "dictionary"
    throw reader?.conversionError(text) ?? LuaError(kind: .conversion, text)
  }

  /// Reads a table as a dictionary.
  @_specialize(where Key == String, Value == Int)
  @_specialize(where Key == String, Value == Double)
  @_specialize(where Key == String, Value == String)
  @_specialize(where Key == String, Value == Bool)
  @_specialize(where Key == Int, Value == Int)
  @_specialize(where Key == Int, Value == Double)
  @_specialize(where Key == Int, Value == String)
  @_specialize(where Key == LuaValue, Value == Int)
  @_specialize(where Key == LuaValue, Value == LuaValue)
  @_specialize(where Key == String, Value == LuaValue)
  func readDictionary<Key: Hashable, Value>(_ reader: LuaReader) throws -> [Key: Value] {
    try reader.expectKeys(of: Key.self)
    var entries = CollectedEntries<Key, Value>()
    try state.walk(reader.location) { pairs, count in
      for i in 0..<count {
        let key = try entryPart("a key", reader) { try LuaReader(slot: pairs + 2 * i, state: state).read(as: Key.self) }
        let value = try entryPart("the value of key \(key)", reader) {
          try LuaReader(slot: pairs + 2 * i + 1, state: state).read(as: Value.self)
        }
        entries.append(key, value)
      }
      return true
    }
    let count = entries.count
    let result = entries.takeAll()
    if result.count < count { throw try ambiguity(of: Key.self, in: reader) }
    return result
  }

  /// The error of keys that are one and the same as a Swift type.
  func ambiguity<Key: Hashable>(of type: Key.Type, in reader: LuaReader) throws -> LuaError {
    var names: [Key: String] = [:]
    var pair = ("", "")
    try reader.walk { key, _ in
      let name = key.summary
      if let other = names.updateValue(name, forKey: try key.read()) { pair = (other, name) }
    }
    return reader.conversionError("the keys \(pair.0) and \(pair.1) are one and the same as \(type)")
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
  func walk(_ location: Location, _ body: (LuaReader, LuaReader) throws -> Void) throws {
    try state.walk(location) { pairs, count in
      for i in 0..<count {
        try body(LuaReader(slot: pairs + 2 * i, state: state), LuaReader(slot: pairs + 2 * i + 1, state: state))
      }
      return true
    }
  }
}

/// Entries on their way into a dictionary: collected first, since nobody knows how many there will be, and a dictionary that
/// grows hashes its keys again. In an array each would be counted and destroyed once more.
private struct CollectedEntries<Key: Hashable, Value>: ~Copyable {
  private(set) var count = 0
  private var capacity = 64
  private var base: UnsafeMutablePointer<(Key, Value)>

  init() {
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  @inline(__always)
  mutating func append(_ key: Key, _ value: Value) {
    if count == capacity { grow() }
    (base + count).initialize(to: (key, value))
    count += 1
  }

  private mutating func grow() {
    let grown = UnsafeMutablePointer<(Key, Value)>.allocate(capacity: 2 * capacity)
    grown.moveInitialize(from: base, count: count)
    base.deallocate()
    base = grown
    capacity *= 2
  }

  /// All entries as a dictionary, which has fewer if keys are equal.
  @inline(__always)
  mutating func takeAll() -> [Key: Value] {
    var result = [Key: Value](minimumCapacity: count)
    for i in 0..<count {
      let (key, value) = (base + i).move()
      result.updateValue(value, forKey: key)
    }
    count = 0
    return result
  }
}
