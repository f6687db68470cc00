extension LuaFunction {
  /// What there is to know of the function: where it comes from, how many parameters it has.
  ///
  /// - Throws: ``LuaError`` of kind `closed`.
  public var info: LuaFunctionInfo {
    get throws { try state.info(ofFunction: reference) }
  }

  /// The lines of the source that have code of this function, in order: those where a breakpoint can be. Empty for a
  /// function that is not written in Lua, or has no debug information.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var activeLines: [Int] {
    get throws {
      let lines: [Int: LuaValue]? = try runtime.read(state.activeLines(ofFunction: reference))
      return lines?.keys.sorted() ?? []
    }
  }

  /// The variables of surrounding functions that the function uses, globals (`_ENV`, from Lua 5.2 on) among them. Of a
  /// function of C they have no names; of Loba's own functions they are not shown.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var upvalues: [LuaVariable] {
    get throws { try variables.all() }
  }

  /// The value of an upvalue.
  ///
  /// ```swift
  /// let count: Int = try counter.upvalue("count")
  /// ```
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if there is none of that name; of kind `conversion` if the value is not of the
  ///   type.
  public func upvalue<T>(_ name: String, as type: T.Type = T.self) throws -> T { try variables.get(name) }

  /// The value of an upvalue by its number, from 1.
  ///
  /// - Throws: As the same by name.
  public func upvalue<T>(_ index: Int, as type: T.Type = T.self) throws -> T { try variables.get(index) }

  /// Sets an upvalue, for all functions that share it.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if there is none of that name, or the function is not written in Lua: what
  ///   functions of C keep for themselves they trust.
  public func setUpvalue<T>(_ name: String, to value: T) throws { try variables.set(name, to: value) }

  /// Sets an upvalue by its number, from 1.
  ///
  /// - Throws: As the same by name.
  public func setUpvalue<T>(_ index: Int, to value: T) throws { try variables.set(index, to: value) }

  private var variables: LuaVariables { LuaVariables(runtime: runtime, owner: .function(reference)) }
}
