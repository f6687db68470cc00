extension LuaRuntime {
  /// Where the last error was raised that has come out of a call into Lua, whatever error it was: the levels of the stack,
  /// innermost first.
  ///
  /// It is for Swift errors that host functions throw: a ``LuaError`` has its own ``LuaError/traceback``.
  ///
  /// ```swift
  /// do { try lua.execute(script) } catch let error as Refused { print(error, lua.lastTraceback) }
  /// ```
  ///
  /// It belongs to the runtime and not to the error since a Swift error comes out as itself: an error that is a structure
  /// has no identity by which more could be known of it, and one that was wrapped would not be caught by its type. So ask
  /// where the error is caught. It stays until the next error comes out, of a call within a host function too. It is
  /// empty if no Lua code has raised the error, and while another thread uses the runtime.
  public var lastTraceback: LuaTraceback { (try? exclusively { state.keptTraceback }) ?? LuaTraceback() }
}
