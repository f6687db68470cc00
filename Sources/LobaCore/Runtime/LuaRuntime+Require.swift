extension LuaRuntime {
  /// Loads a module, as `require` in a script does.
  ///
  /// ```swift
  /// let module: LuaTable = try lua.require("json")
  /// ```
  ///
  /// - Throws: What the module raises, or ``LuaError`` of kind `runtime` that says where it was looked for; of kind
  ///   `engine` if the runtime has no package library.
  public func require<R: LuaConstructible>(_ name: String) throws -> R {
    if hasOwnRequire { return try loadModule(named: name).as() }
    guard let require: LuaFunction = try globals.rawGet("require", as: LuaFunction?.self) else {
      throw LuaError(
        kind: .engine, message: "module '\(name)' cannot be loaded: this runtime has no package library")
    }
    return try require(name)
  }

  /// Loads a module, whatever it is.
  @_disfavoredOverload @discardableResult
  public func require(_ name: String) throws -> LuaValue {
    try require(name) as LuaValue
  }
}
