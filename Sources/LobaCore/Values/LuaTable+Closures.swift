// Closures as values of fields: the ways of `LuaRuntime.function`, without naming it.

extension LuaTable {
  /// Sets a field to a Lua function of a Swift closure.
  ///
  /// ```swift
  /// try lua.globals.set("add") { (a: Int, b: Int) in a + b }
  /// ```
  ///
  /// What closures can take and give is said of ``LuaRuntime/function(_:)``.
  ///
  /// - Throws: What a metamethod raises; ``LuaError`` of kind `memory` or `closed`.
  @inlinable
  public func set<each A, R>(_ name: String, _ body: @escaping (repeat each A) throws -> R) throws {
    try set(name, to: runtime.function(body))
  }

  /// Sets a field to a Lua function of a closure without parameters.
  @inlinable
  public func set<R>(_ name: String, _ body: @escaping () throws -> R) throws {
    try set(name, to: runtime.function(body))
  }

  /// Sets a field to a Lua function of a closure with one parameter.
  @inlinable
  public func set<A, R>(_ name: String, _ body: @escaping (A) throws -> R) throws {
    try set(name, to: runtime.function(body))
  }

  /// Sets a field to a Lua function of a closure with two parameters.
  @inlinable
  public func set<A, B, R>(_ name: String, _ body: @escaping (A, B) throws -> R) throws {
    try set(name, to: runtime.function(body))
  }

  /// Sets a field to a Lua function of a closure with three parameters.
  @inlinable
  public func set<A, B, C, R>(_ name: String, _ body: @escaping (A, B, C) throws -> R) throws {
    try set(name, to: runtime.function(body))
  }
}
