extension LuaRuntime {
  /// Runs a body, and stops what it runs in Lua as the limits say.
  ///
  /// Blocks can be nested: what is nearest holds. The instructions that a block allows are for all calls in it together.
  /// Besides, a call that is made in a cancelled task ends, as if interrupted.
  ///
  /// A runtime whose configuration has ``LuaConfiguration/limits``, if only ``LuaLimits/none``, is prepared for what a
  /// hostile script may try. In any other the functions of the library are made to know of limits when the first is set: a
  /// script that has kept `xpcall` from before can hold a call up by it, and one that has finalizers by those.
  ///
  /// On LuaJIT the compiler is off in the block.
  ///
  /// - Throws: ``LuaError`` of kind `limit` where a limit ends a call; what the body throws; of kind `memory` or `closed` if
  ///   the limits cannot be set.
  @discardableResult
  public func withLimits<R>(_ limits: LuaLimits, _ body: () throws -> R) throws -> R {
    try exclusively { try state.withLimits(limits, body) }
  }

  /// What stops the runtime's scripts from any thread.
  ///
  /// From the first time that it is asked for, the runtime looks whether it is interrupted, which costs something (and on
  /// LuaJIT keeps the compiler off), and whether the task is cancelled that a call is made in. What ``withLimits(_:_:)``
  /// says of scripts' ways around holds here too.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var interruption: LuaInterruption {
    get throws { try exclusively { try state.makeInterruption() } }
  }
}
