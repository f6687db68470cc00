/// Iteration over a snapshot of the entries, raw: the table may be changed meanwhile.
extension LuaTable: Sequence {
  /// An entry: a key, and its value.
  public typealias Element = (key: LuaValue, value: LuaValue)

  /// The entries of a snapshot, one after the other.
  public struct Iterator: IteratorProtocol {
    /// Keys and values in turns. (An array of pairs takes half as much time again to fill and to destroy.)
    @usableFromInline let parts: [LuaValue]
    @usableFromInline var index = 0

    init(_ parts: [LuaValue]) {
      self.parts = parts
    }

    /// The next entry of the snapshot; nil at its end.
    @inlinable
    public mutating func next() -> (key: LuaValue, value: LuaValue)? {
      guard index < parts.count else { return nil }
      defer { index += 2 }
      return (parts[index], parts[index + 1])
    }
  }

  /// Takes a snapshot of the entries, in Lua's order.
  public func makeIterator() -> Iterator { Iterator(snapshot()) }

  /// All entries, raw, in Lua's order.
  public var entries: [(key: LuaValue, value: LuaValue)] {
    let parts = snapshot()
    return stride(from: 0, to: parts.count, by: 2).map { (parts[$0], parts[$0 + 1]) }
  }

  /// All keys, raw, in Lua's order.
  public var keys: [LuaValue] {
    let parts = snapshot()
    return stride(from: 0, to: parts.count, by: 2).map { parts[$0] }
  }

  /// All values, raw, in Lua's order.
  public var values: [LuaValue] {
    let parts = snapshot()
    return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
  }

  /// All entries with `swift.none` as itself, which is nil where values are read.
  func exactEntries() throws -> [(key: any LuaRepresentable, value: any LuaRepresentable)] {
    func exact(_ reader: LuaReader) throws -> any LuaRepresentable {
      reader.type != .nil && reader.isNil ? LuaNone() : try reader.value()
    }
    var entries: [(key: any LuaRepresentable, value: any LuaRepresentable)] = []
    try runtime.walk(location) { key, value in entries.append((try exact(key), try exact(value))) }
    return entries
  }

  /// Keys and values in turns.
  private func snapshot() -> [LuaValue] {
    var parts: [LuaValue] = []
    state.scan(location) { pairs, count in
      if parts.isEmpty { parts.reserveCapacity(2 * Swift.min(self.count, LuaRuntime.trustedCount)) }
      for i in 0..<2 * count {
        // Cannot fail: the memory for handles is granted.
        if let part = try? LuaReader(slot: pairs + i, state: state).value() { parts.append(part) }
      }
      return true
    }
    return parts
  }

  /// Lua's raw length: the number of elements of a list without holes, 0 for a table without a list part.
  public var count: Int { state.rawLength(of: location) }

  /// Whether there is no entry at all, list or not.
  public var isEmpty: Bool {
    var isEmpty = true
    state.scan(location) { _, _ in
      isEmpty = false
      return false
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
