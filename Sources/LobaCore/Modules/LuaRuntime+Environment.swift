// Environments: tables that stand for the globals of a chunk. The same on every engine: from Lua 5.2 on it is the chunk's
// `_ENV`, before that what `setfenv` sets.

extension LuaRuntime {
  /// Makes an environment: what a chunk that is compiled or run with it has in place of the globals.
  ///
  /// ```swift
  /// let plugin = try lua.environment(inheriting: lua.globals)
  /// try lua.execute("count = 1; print(count)", environment: plugin)
  /// let count: Int = try plugin.count         // 1
  /// let none: Int? = try lua.globals.count    // nil
  /// ```
  ///
  /// What a script sets stays in the environment, and `_G` in it is the environment itself. What it inherits it shares: a
  /// script can change `string.format` for everybody, and with `getmetatable` it gets at what it inherits from. An
  /// environment keeps scripts from treading on each other by mistake; those that nobody trusts need runtimes of their own
  /// (``LuaSandbox``).
  ///
  /// - Parameter parent: Where names are looked for that the environment does not have. Default: nil, nowhere: a chunk finds
  ///   what the host puts in.
  /// - Throws: ``LuaError`` of kind `foreignValue` for a table of another runtime, `memory` or `closed`.
  public func environment(inheriting parent: LuaTable? = nil) throws -> LuaTable {
    let environment = try table()
    try environment.rawSet("_G", to: environment)
    if let parent {
      let metatable = try table()
      try metatable.rawSet("__index", to: parent)
      try environment.setMetatable(metatable)
    }
    return environment
  }

  /// Refuses an environment of another runtime.
  func check(environment: LuaTable?) throws {
    if let environment, environment.state != state { throw LuaWriter.foreignHandle(environment) }
  }
}
