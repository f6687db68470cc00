internal import CLobaEngine

/// Iteration over a snapshot of the entries, raw: the table may be changed meanwhile.
extension LuaTable: Sequence {
  public typealias Element = (key: LuaValue, value: LuaValue)

  public func makeIterator() -> IndexingIterator<[(key: LuaValue, value: LuaValue)]> {
    entries.makeIterator()
  }

  /// What cannot throw may not fail for want of memory either.
  private func walk(_ body: (LuaReader, LuaReader) throws -> Void) throws {
    try runtime.withMemoryGranted { try runtime.walk(location, body) }
  }

  /// All entries, raw, in Lua's order.
  public var entries: [(key: LuaValue, value: LuaValue)] {
    collect { key, value in (try key.value(), try value.value()) }
  }

  /// All keys, raw, in Lua's order.
  public var keys: [LuaValue] {
    collect { key, _ in try key.value() }
  }

  /// All values, raw, in Lua's order.
  public var values: [LuaValue] {
    collect { _, value in try value.value() }
  }

  /// All entries with `swift.none` as itself, which is nil where values are read.
  var exactEntries: [(key: any LuaRepresentable, value: any LuaRepresentable)] {
    func exact(_ reader: LuaReader) throws -> any LuaRepresentable {
      reader.type != .nil && reader.isNil ? LuaNone() : try reader.value()
    }
    return collect { key, value in (try exact(key), try exact(value)) }
  }

  @inline(__always)
  private func collect<T>(_ part: (LuaReader, LuaReader) throws -> T) -> [T] {
    var result: [T] = []
    result.reserveCapacity(count)
    // What cannot throw may not fail for want of memory either.
    try? runtime.withMemoryGranted {
      try runtime.walkBatches(location) { pairs, count in
        for i in 0..<count {
          result.append(
            try part(LuaReader(slot: pairs + 2 * i, state: state), LuaReader(slot: pairs + 2 * i + 1, state: state)))
        }
      }
    }
    return result
  }

  /// Lua's raw length: the number of elements of a list without holes, 0 for a table without a list part.
  public var count: Int { Int(state.op.pointee.raw_length(state, location)) }

  public var underestimatedCount: Int { count }

  /// Whether there is no entry at all, list or not.
  public var isEmpty: Bool {
    struct Found: Error {}
    var isEmpty = true
    try? walk { _, _ in
      isEmpty = false
      throw Found()
    }
    return isEmpty
  }

  /// Visits the entries as Lua's `pairs` does, honouring `__pairs` on every engine.
  ///
  /// - Throws: What the metamethod or its iterator raises, and what the body throws.
  public func forEachPair(_ body: (LuaValue, LuaValue) throws -> Void) throws {
    guard let metatable = try metatable, let pairs = try metatable.rawGet("__pairs", as: LuaValue?.self), !pairs.isNil
    else {
      for (key, value) in entries { try body(key, value) }
      return
    }
    let (next, state, first): (LuaValue, LuaValue, LuaValue) = try runtime.callEach(pairs, self)
    var control = first
    while true {
      let (key, value): (LuaValue, LuaValue) = try runtime.callEach(next, state, control)
      if key.isNil { return }
      try body(key, value)
      control = key
    }
  }

  /// The entries as Lua's `pairs` gives them, honouring `__pairs` on every engine.
  ///
  /// - Throws: What the metamethod or its iterator raises.
  public func pairs() throws -> [(key: LuaValue, value: LuaValue)] {
    var result: [(key: LuaValue, value: LuaValue)] = []
    try forEachPair { result.append(($0, $1)) }
    return result
  }
}
