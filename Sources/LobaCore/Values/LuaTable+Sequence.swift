extension LuaTable {
  /// The entries of a snapshot, one after the other.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let snapshot: Snapshot
    @usableFromInline var index = 0

    init(_ snapshot: Snapshot) {
      self.snapshot = snapshot
    }

    /// The next entry of the snapshot; nil at its end.
    @inlinable
    public mutating func next() -> (key: LuaValue, value: LuaValue)? {
      guard index < snapshot.count else { return nil }
      defer { index += 1 }
      return (snapshot.key(index), snapshot.value(index))
    }
  }

  /// All entries, raw, in Lua's order.
  public var entries: [(key: LuaValue, value: LuaValue)] {
    let snapshot = Snapshot(of: self)
    return (0..<snapshot.count).map { (snapshot.key($0), snapshot.value($0)) }
  }

  /// All keys, raw, in Lua's order.
  public var keys: [LuaValue] {
    let snapshot = Snapshot(of: self)
    return (0..<snapshot.count).map(snapshot.key)
  }

  /// All values, raw, in Lua's order.
  public var values: [LuaValue] {
    let snapshot = Snapshot(of: self)
    return (0..<snapshot.count).map(snapshot.value)
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
}

// What has a field's name, perhaps: see LuaEntries.
extension LuaEntries<LuaEntry> {
  /// Visits the entries as Lua's `pairs` does, honouring `__pairs` on every engine.
  ///
  /// - Throws: What the metamethod or its iterator raises, and what the body throws.
  public func forEachPair(_ body: (LuaValue, LuaValue) throws -> Void) throws {
    guard let metatable = try metatable, let pairs = try metatable.rawGet("__pairs", as: LuaValue?.self), !pairs.isNil
    else {
      for (key, value) in self { try body(key, value) }
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
