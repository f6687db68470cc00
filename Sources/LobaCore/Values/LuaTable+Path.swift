// Fields of fields.
extension LuaTable {
  /// The field at the end of a path of names, as a type; nil of an `Optional` if it, or a table on the way, is not there.
  ///
  /// ```swift
  /// let width: Int? = try config[path: "window", "width"]
  /// ```
  ///
  /// - Throws: What `__index` raises; ``LuaError`` of kind `conversion` if the field is not of the type, of kind `runtime` if
  ///   something on the way cannot be indexed.
  public subscript<T>(path names: String...) -> T {
    get throws {
      var value = LuaValue.table(self)
      for name in names where !value.isNil { value = try value[name] }
      do { return try value.as() } catch { throw Self.annotated(error, names.joined(separator: ".")) }
    }
  }

  /// Sets the field at the end of a path of names; nil removes it. Tables that are missing on the way are made.
  ///
  /// ```swift
  /// try config.set(path: "window", "width", to: 640)
  /// ```
  ///
  /// - Throws: What `__index` and `__newindex` raise; ``LuaError`` of kind `runtime` if there is something else than a table
  ///   on the way, or no name, of kind `conversion` if the value cannot be given to Lua. Nothing has been changed then.
  public func set<V>(path names: String..., to value: V) throws {
    try set(names[...], to: value)
  }

  private func set<V>(_ path: ArraySlice<String>, to value: V) throws {
    guard let name = path.first else { throw LuaError(message: "a path has one name at least") }
    guard path.count > 1 else { return try set(name, to: value) }
    switch try self[name] as LuaValue {
    case .table(let next): try next.set(path.dropFirst(), to: value)
    case .nil:
      let next = try runtime.table()
      try next.set(path.dropFirst(), to: value)
      try set(name, to: next)  // last, so that a failure leaves nothing behind
    case let other:
      throw LuaError(
        message: "attempt to set '\(path[path.startIndex + 1])' of a \(other.type) value (field '\(name)')")
    }
  }
}
