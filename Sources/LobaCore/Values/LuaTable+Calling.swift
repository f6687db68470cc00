// Tables that are called, by `__call`, and their methods.

extension LuaTable {
  /// Calls the table, by its `__call`.
  ///
  /// ```swift
  /// let vector: LuaTable = try lua.globals.Vector(3, 4)
  /// ```
  ///
  /// - Throws: What the function raises; ``LuaError`` of kind `runtime` if there is no `__call`, of kind `conversion` if an
  ///   argument cannot be given to Lua or the result is not of the type.
  public func callAsFunction<each A, R: LuaConstructible>(_ arguments: repeat each A) throws -> R {
    try runtime.call(reference: reference, repeat each arguments)
  }

  /// Calls the table for the first result.
  @_disfavoredOverload @discardableResult
  public func callAsFunction<each A>(_ arguments: repeat each A) throws -> LuaValue {
    try runtime.call(reference: reference, repeat each arguments)
  }

  /// Calls the table for the first result, a host object.
  @_disfavoredOverload
  public func callAsFunction<each A, R: AnyObject>(_ arguments: repeat each A) throws -> R {
    try runtime.call(reference: reference, repeat each arguments)
  }

  /// Calls the table for several results, as a tuple; for none, as `Void`; or for a host value that is no object.
  @_disfavoredOverload
  public func callAsFunction<each A, each R>(_ arguments: repeat each A) throws -> (repeat each R) {
    try runtime.callEach(.table(self), repeat each arguments)
  }
}

extension LuaEntries<LuaEntry> {
  /// Calls a method, with the table as its `self`: `try player.call(method: "move", 3, 4)` is Lua's `player:move(3, 4)`.
  ///
  /// - Throws: What the method, or `__index` on the way to it, raises; ``LuaError`` of kind `runtime` that names the method
  ///   if it cannot be called, of kind `conversion` if an argument cannot be given to Lua or the result is not of the type.
  public func call<each A, R: LuaConstructible>(method name: String, _ arguments: repeat each A) throws -> R {
    try withMethod(name) { try runtime.call(reference: $0, table, repeat each arguments) }
  }

  /// Calls a method for its first result.
  @_disfavoredOverload @discardableResult
  public func call<each A>(method name: String, _ arguments: repeat each A) throws -> LuaValue {
    try withMethod(name) { try runtime.call(reference: $0, table, repeat each arguments) }
  }

  /// Calls a method for its first result, a host object.
  @_disfavoredOverload
  public func call<each A, R: AnyObject>(method name: String, _ arguments: repeat each A) throws -> R {
    try withMethod(name) { try runtime.call(reference: $0, table, repeat each arguments) }
  }

  /// Calls a method for several results, as a tuple; for none, as `Void`; or for a host value that is no object.
  @_disfavoredOverload
  public func call<each A, each R>(method name: String, _ arguments: repeat each A) throws -> (repeat each R) {
    try withMethod(name) { method in
      var writer = LuaWriter(state)
      defer { writer.finish() }
      try writer.write(table)
      repeat try writer.write(each arguments)
      return try writer.readResults(
        of: state.call(method, writer.slots, writer.count, results: LuaState.allResults))
    }
  }

  /// Runs a body with a reference to a method, which nothing else may hold.
  private func withMethod<R>(_ name: String, _ body: (Reference) throws -> R) throws -> R {
    let value: LuaValue = try table[name]
    guard let method = value.handle else {
      throw LuaError(message: "attempt to call a \(value.type) value (method '\(name)')")
    }
    return try withExtendedLifetime(method) { try body(method.reference) }
  }
}
