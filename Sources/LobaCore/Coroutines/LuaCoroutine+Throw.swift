extension LuaCoroutine {
  /// Resumes the coroutine with an error, raised at the yield that it waits in.
  ///
  /// Lua code around the yield can catch it with `pcall`, where the engine can yield there (see
  /// ``LuaCapabilities/yieldAcrossPcall``; on LuaJIT a yield that `pcall` calls directly, without a function around it,
  /// is left first). A ``LuaError`` of kind `runtime` arrives as its value, any other error as an object that `tostring`
  /// describes. A coroutine that has not been started ends with the error.
  ///
  /// - Returns: What the coroutine yields next, or returns.
  /// - Throws: The error itself if nothing catches it, or what the coroutine raises instead; ``LuaError`` of kind
  ///   `coroutine` if it is dead or running.
  @discardableResult
  public func `throw`<R>(_ error: any Error) throws -> R {
    var thrown = LuaWriter(state)
    defer { thrown.finish() }
    try runtime.write(thrown: error, to: &thrown)
    var writer = LuaWriter(state)
    defer { writer.finish() }
    let outcome = state.raise(thrown.slots, inThread: reference, writer.slots, results: resultCount(of: R.self))
    // Refused, it may not have started.
    if outcome.status != .wrongThread, outcome.status != .stackOverflow { firstArguments = nil }
    if outcome.status == .uncaught { throw error }
    return try finishResume(&writer, outcome, endsQuietly: false) ?? LuaReader.readNil(state, position: -1)
  }

  /// Resumes the coroutine with an error, for whatever it yields or returns next.
  @_disfavoredOverload @discardableResult
  public func `throw`(_ error: any Error) throws -> LuaValue {
    try self.throw(error) as LuaValue
  }
}

extension LuaRuntime {
  /// Writes what an error is in Lua, as a value that needs no memory to be pushed.
  fileprivate func write(thrown error: any Error, to writer: inout LuaWriter) throws {
    guard let error = error as? LuaError, error.kind == .runtime else {
      return try writer.write(owned: state.newError(error))
    }
    guard case .string(let string) = error.value else { return try error.value.write(to: &writer) }
    try writer.write(owned: string.bytes.withUnsafeBufferPointer { try state.newString($0) })
  }
}
