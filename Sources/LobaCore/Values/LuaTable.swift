public import CLobaEngine

/// A table of Lua's, as a mapping.
///
/// Subscripts, ``set(_:to:)`` and ``length()`` work as Lua code does: they honour metamethods, can run any code, and throw.
/// ``count``, ``keys``, ``values``, iteration, `==` and hashing are raw: they run nothing and cannot fail (of a closed
/// runtime's table they find nothing).
///
/// Indices are Lua's: a list begins at 1.
@dynamicMemberLookup
public final class LuaTable: LuaHandle {
  /// The value of a key, as a type; nil in Lua is nil of an `Optional`.
  ///
  /// ```swift
  /// let answer: Int = try globals["answer"]
  /// let missing: Int? = try globals["nothing"]
  /// ```
  ///
  /// - Throws: What `__index` raises; ``LuaError`` of kind `conversion` if the value is not of the type.
  @inlinable
  public subscript<K, T>(_ key: K) -> T {
    get throws {
      var slot = loba_slot()
      let status = try get(key, &slot, raw: false)
      if status == LOBA_OK, let value = LuaReader.plain(slot, as: T.self) { return value }
      return try readHeld(slot, status, key)
    }
  }

  /// The value of a key, whatever it is.
  @_disfavoredOverload
  public subscript<K>(_ key: K) -> LuaValue {
    get throws { try self[key] as LuaValue }
  }

  /// The value of a key that is a name: `try globals.answer`.
  @inlinable
  public subscript<T>(dynamicMember name: String) -> T {
    get throws { try self[name] }
  }

  /// The value of a key that is a name, to go on from: `try globals.string.upper("abc")`.
  @_disfavoredOverload
  public subscript(dynamicMember name: String) -> LuaValue {
    get throws { try self[name] as LuaValue }
  }

  /// Sets the value of a key; nil removes it.
  ///
  /// - Throws: What `__newindex` raises; ``LuaError`` of kind `runtime` for a key that is nil or NaN, of kind `conversion`
  ///   if a value cannot be given to Lua.
  @inlinable
  public func set<K, V>(_ key: K, to value: V) throws {
    guard K.self == String.self, !state.pointee.has_foreign_text else { return try setAny(key, to: value, raw: false) }
    let name = unsafeBitCast(key, to: String.self)
    var status: Int32
    if let slot = LuaWriter.plain(value, state) {
      status = withUnsafePointer(to: slot) { setField(name, to: $0) }
    } else {
      var writer = LuaWriter(state)
      defer { writer.finish() }
      try writer.writeOne(value, as: "the value of a key")
      status = setField(name, to: writer.slots)
    }
    if status != LOBA_OK { try runtime.check(status) }
  }

  /// The value of a key, without metamethods.
  public func rawGet<K, T>(_ key: K, as type: T.Type = T.self) throws -> T {
    var slot = loba_slot()
    let status = try get(key, &slot, raw: true)
    return try readHeld(slot, status, key)
  }

  /// Sets the value of a key, without metamethods.
  public func rawSet<K, V>(_ key: K, to value: V) throws {
    try setAny(key, to: value, raw: true)
  }

  /// The length as Lua's `#` gives it, honouring `__len` (for tables on every engine).
  ///
  /// - Throws: What the metamethod raises; ``LuaError`` of kind `conversion` if it gives no integer.
  public func length() throws -> Int {
    var slot = loba_slot()
    let status = state.op.pointee.length(state, reference, &slot)
    return try runtime.read(slot, status)
  }

  /// Replaces the metatable, or removes it.
  public func setMetatable(_ metatable: LuaTable?) throws {
    if let metatable, metatable.state != state { throw LuaWriter.foreignHandle(metatable) }
    try runtime.check(state.op.pointee.set_metatable(state, reference, metatable?.reference ?? 0))
  }

  /// Removes the entry of a key: as Lua does it, by setting it to nil.
  ///
  /// - Throws: As ``set(_:to:)``.
  public func removeValue<K>(forKey key: K) throws {
    try set(key, to: LuaValue.nil)
  }

  /// Removes every entry, without metamethods.
  public func removeAll() throws {
    try runtime.check(state.op.pointee.clear(state, reference))
  }

  /// Appends values to the list part, without metamethods, as the elements after ``count``.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if a value cannot be given to Lua; of kind `runtime` if the list ends at
  ///   the last index that there is.
  public func append<each V>(_ values: repeat each V) throws {
    try runtime.fill(self, after: count, with: runtime.values(repeat each values))
  }

  /// The contents as a Swift type, such as `[String: Int]` or `[Double]`.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` that names the first entry that is not of the type.
  public func `as`<T>(_ type: T.Type = T.self) throws -> T {
    try runtime.withSlot(of: .table(self)) { try LuaReader(slot: $0, state: state).read(as: type) }
  }
}

extension LuaTable {
  @inlinable @inline(__always)
  func get<K>(_ key: K, _ slot: inout loba_slot, raw: Bool) throws -> Int32 {
    if K.self == String.self, !raw, !state.pointee.has_foreign_text {
      return unsafeBitCast(key, to: String.self).withBytes {
        state.op.pointee.get_field(state, reference, $0.baseAddress!, $0.count, &slot)
      }
    }
    return try getAny(key, &slot, raw: raw)
  }

  @usableFromInline
  func getAny<K>(_ key: K, _ slot: inout loba_slot, raw: Bool) throws -> Int32 {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(key, as: "a key")
    return state.op.pointee.get(state, loba_location(reference: reference, index: 0), writer.slots, &slot, raw)
  }

  @inlinable @inline(__always)
  func setField(_ name: String, to value: UnsafePointer<loba_slot>) -> Int32 {
    name.withBytes { state.op.pointee.set_field(state, reference, $0.baseAddress!, $0.count, value) }
  }

  @usableFromInline
  func setAny<K, V>(_ key: K, to value: V, raw: Bool) throws {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(key, as: "a key")
    try writer.writeOne(value, as: "the value of a key")
    try runtime.check(
      state.op.pointee.set(
        state, loba_location(reference: reference, index: 0), writer.slots, writer.slots + 1, raw))
  }

  /// Reads an entry that may be held.
  @inlinable
  func readHeld<K, T>(_ slot: loba_slot, _ status: Int32, _ key: K) throws -> T {
    if status >= LOBA_ERROR_RUNTIME { throw runtime.makeError(status) }
    let mark = state.pointee.held_mark
    defer { if status == LOBA_HELD { state.op.pointee.release_held(state, mark) } }
    do {
      return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).read() }
    } catch {
      throw Self.annotated(error, key)
    }
  }

  @usableFromInline
  static func annotated<K>(_ error: any Error, _ key: K) -> any Error {
    guard let error = error as? LuaError, error.kind == .conversion else { return error }
    return LuaError(kind: .conversion, message: "the value of key \(key): \(error.message)")
  }

  var location: loba_location { loba_location(reference: reference, index: 0) }
}
