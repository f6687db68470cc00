/// Iteration without a snapshot, raw and typed.
extension LuaTable {
  /// How a visit of entries goes on.
  public enum Visit {
    /// With the next entry.
    case next
    /// Not at all.
    case stop
  }

  /// Visits the entries, in Lua's order, as types. No metamethod is asked.
  ///
  /// ```swift
  /// try prices.forEachEntry { (name: String, price: Double) in sum += price }
  /// ```
  ///
  /// Nothing is kept of what has been visited, unlike in `for … in table`, which goes over a snapshot and reads every entry
  /// as ``LuaValue``. The body may use the runtime, and change the table as Lua allows it while a table is traversed: it may
  /// set fields that are there, also to nil. Entries are read up to 64 at a time, so a change may be seen or not.
  ///
  /// A body that adds entries makes it unspecified which are visited; if there are ever more, the visit ends with an error.
  ///
  /// - Throws: What the body throws, with which the visit ends; ``LuaError`` of kind `conversion` that names the first entry
  ///   that is not of the types, of kind `runtime` if the table has changed so that there is no going on.
  @inlinable
  public func forEachEntry<K, V>(_ body: (K, V) throws -> Void) throws {
    let state = state
    try state.walk(location) { pairs, count in
      for i in 0..<count {
        let (key, value): (K, V) = try Self.entry(pairs + 2 * i, state)
        try body(key, value)
      }
      return true
    }
  }

  /// Visits the entries as types, until the body says that it has seen enough.
  ///
  /// ```swift
  /// var first: String?
  /// try prices.forEachEntry { (name: String, price: Double) in
  ///   guard price > 100 else { return .next }
  ///   first = name
  ///   return .stop
  /// }
  /// ```
  ///
  /// - Throws: As the form without an end.
  @_disfavoredOverload @inlinable
  public func forEachEntry<K, V>(_ body: (K, V) throws -> Visit) throws {
    let state = state
    try state.walk(location) { pairs, count in
      for i in 0..<count {
        let (key, value): (K, V) = try Self.entry(pairs + 2 * i, state)
        if try body(key, value) == .stop { return false }
      }
      return true
    }
  }

  /// Reads an entry that is visited.
  @inlinable @inline(__always)
  static func entry<K, V>(_ pair: UnsafePointer<Slot>, _ state: LuaState) throws -> (K, V) {
    let reader = LuaReader(slot: pair, state: state)
    let key: K
    do { key = try reader.read() } catch { throw reader.annotated(error, "a key") }
    do {
      return (key, try LuaReader(slot: pair + 1, state: state).read())
    } catch {
      throw annotated(error, key)
    }
  }
}
