// What a table has as a mapping, beside its subscripts.
extension LuaEntries<LuaEntry> {
  /// The length as Lua's `#` gives it, honouring `__len` (for tables on every engine).
  ///
  /// - Throws: What the metamethod raises; ``LuaError`` of kind `conversion` if it gives no integer.
  public func length() throws -> Int {
    try runtime.read(state.length(of: reference))
  }

  /// Whether there is a value for a key, also an inherited one: whether `table[key] ~= nil`.
  ///
  /// - Throws: What `__index` raises; ``LuaError`` of kind `conversion` if the key cannot be given to Lua.
  public func containsKey<K>(_ key: K) throws -> Bool {
    var slot = Slot.nil
    let status = try table.get(key, &slot, raw: false)
    return try state.withResult(status, slot) { $0.pointee.kind != .nil }
  }

  /// Removes the entry of a key: as Lua does it, by setting it to nil.
  ///
  /// - Throws: As ``LuaTable/set(_:to:)``.
  public func removeValue<K>(forKey key: K) throws {
    try table.set(key, to: LuaValue.nil)
  }

  /// Removes every entry, without metamethods.
  public func removeAll() throws {
    try state.clear(reference)
  }
}
