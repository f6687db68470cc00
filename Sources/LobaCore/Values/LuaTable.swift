/// A table of Lua's, as a mapping.
///
/// Subscripts, ``set(_:to:)`` and ``length()`` work as Lua code does: they honour metamethods, can run any code, and throw.
/// ``count``, ``keys``, ``values``, iteration, `==` and hashing are raw: they run nothing and cannot fail (of a closed
/// runtime's table they find nothing).
///
/// Indices are Lua's: a list begins at 1.
@dynamicMemberLookup
public final class LuaTable: LuaEntries<LuaEntry> {
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
      var slot = Slot.nil
      let status = try get(key, &slot, raw: false)
      if status == .ok, let value = LuaReader.immediate(slot, as: T.self) { return value }
      return try read(status, slot, of: key)
    }
  }

  /// The value of a key, whatever it is.
  @_disfavoredOverload
  public subscript<K>(_ key: K) -> LuaValue {
    get throws { try self[key] as LuaValue }
  }

  /// The value of a key, or a default if that is nil: `let width = try config["width", default: 640]`.
  ///
  /// - Throws: What `__index` raises; ``LuaError`` of kind `conversion` if there is a value and it is not of the type; what
  ///   the default throws.
  public subscript<K, T>(_ key: K, default value: @autoclosure () throws -> T) -> T {
    get throws { try self[key] as T? ?? value() }
  }

  /// The value of a key that is a name: `try globals.answer`.
  @inlinable
  public subscript<T>(dynamicMember name: String) -> T {
    get throws { try self[name] }
  }

  /// The value of a key that is a name, to go on from: `try globals.string.upper("abc")`.
  @_disfavoredOverload
  public subscript(dynamicMember name: String) -> LuaValue {
    get throws { try LuaValue.noting(name, self[name] as LuaValue) }
  }

  // An assignment cannot throw, and so there is none. These are the candidates for one, to say what there is instead.

  /// Not there: what sets an entry can fail.
  @available(*, unavailable, message: "what sets an entry throws: 'try table.set(key, to: value)'")
  @_disfavoredOverload
  public subscript<K: Hashable, T>(_ key: K) -> T {
    get { fatalError() }
    set { fatalError() }
  }

  /// Not there: what sets a field can fail.
  @available(*, unavailable, message: "what sets a field throws: 'try table.set(\"name\", to: value)'")
  @_disfavoredOverload
  public subscript<T>(dynamicMember name: StaticString) -> T {
    get { fatalError() }
    set { fatalError() }
  }

  /// Sets the value of a key; nil removes it.
  ///
  /// - Throws: What `__newindex` raises; ``LuaError`` of kind `runtime` for a key that is nil or NaN, of kind `conversion`
  ///   if a value cannot be given to Lua.
  @inlinable
  public func set<K, V>(_ key: K, to value: V) throws {
    guard K.self == String.self else { return try setAny(key, to: value, raw: false) }
    try set(unsafeBitCast(key, to: String.self), to: value)
  }

  /// Sets the value of a name; nil removes it.
  ///
  /// - Throws: As for any key.
  @inlinable
  public func set<V>(_ name: String, to value: V) throws {
    if state.hasForeignText { return try setAny(name, to: value, raw: false) }
    let status: Int32
    if let slot = LuaWriter.immediateSlot(value, state) {
      status = withUnsafePointer(to: slot) { setField(name, to: $0) }
    } else {
      var writer = LuaWriter(state)
      defer { writer.finish() }
      try writer.writeOne(value, as: "the value of a key")
      status = setField(name, to: writer.slots)
    }
    try state.check(status)
  }

  /// The value of a key, without metamethods.
  public func rawGet<K, T>(_ key: K, as type: T.Type = T.self) throws -> T {
    var slot = Slot.nil
    let status = try get(key, &slot, raw: true)
    return try read(status, slot, of: key)
  }

  /// Sets the value of a key, without metamethods.
  public func rawSet<K, V>(_ key: K, to value: V) throws {
    try setAny(key, to: value, raw: true)
  }

  /// Replaces the metatable, or removes it.
  public func setMetatable(_ metatable: LuaTable?) throws {
    if let metatable, metatable.state != state { throw LuaWriter.foreignHandle(metatable) }
    try state.setMetatable(of: reference, to: metatable?.reference ?? 0)
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
  func get<K>(_ key: K, _ slot: inout Slot, raw: Bool) throws -> Status {
    if K.self == String.self, !raw, !state.hasForeignText {
      return unsafeBitCast(key, to: String.self).withBytes { state.get(reference, $0, into: &slot) }
    }
    return try getAny(key, &slot, raw: raw)
  }

  @usableFromInline
  func getAny<K>(_ key: K, _ slot: inout Slot, raw: Bool) throws -> Status {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(key, as: "a key")
    return state.get(location, writer.slots, isRaw: raw, into: &slot)
  }

  @inlinable @inline(__always)
  func setField(_ name: String, to value: UnsafePointer<Slot>) -> Int32 {
    name.withBytes { state.set(reference, $0, to: value) }
  }

  @usableFromInline
  func setAny<K, V>(_ key: K, to value: V, raw: Bool) throws {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(key, as: "a key")
    try writer.writeOne(value, as: "the value of a key")
    try state.set(location, writer.slots, to: writer.slots + 1, isRaw: raw)
  }

  /// Reads an entry, saying in errors which.
  @inlinable
  func read<K, T>(_ status: Status, _ slot: Slot, of key: K) throws -> T {
    try state.withResult(status, slot) {
      do { return try LuaReader(slot: $0, state: state).read() } catch { throw Self.annotated(error, key) }
    }
  }

  @usableFromInline
  static func annotated<K>(_ error: any Error, _ key: K) -> any Error {
    guard let error = error as? LuaError, error.kind == .conversion else { return error }
    return LuaError(kind: .conversion, "the value of key \(key): \(error.message)", underlying: error.underlying)
  }
}
