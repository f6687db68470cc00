internal import CLobaEngine

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
    var given: Int32 = 0
    let status = state.op.pointee.thread_throw(
      state, reference, thrown.slots, writer.slots, resultCount(of: R.self), &given)
    // Refused, it may not have started.
    if status != LOBA_ERROR_THREAD, status != LOBA_ERROR_STACK { firstArguments = nil }
    if status == LOBA_ERROR_ITSELF { throw error }
    guard let result: R = try finishResume(&writer, status, given, false) else {
      return try withUnsafePointer(to: loba_slot()) { try LuaReader(slot: $0, state: state, position: -1).read() }
    }
    return result
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
    var reference: loba_reference = 0
    guard let error = error as? LuaError, error.kind == .runtime else {
      try check(state.op.pointee.error_new(state, Unmanaged.passRetained(HostError(error)).toOpaque(), &reference))
      return try writer.write(owned: reference)
    }
    guard case .string(let string) = error.value else { return try error.value.write(to: &writer) }
    try (string.bytes + [0]).withUnsafeBufferPointer {  // also an empty string has an address then
      try check(state.op.pointee.string_new(state, $0.baseAddress!, $0.count - 1, &reference))
    }
    try writer.write(owned: reference)
  }
}
