extension LuaRuntime {
  /// The function that is called with an integer that the engine cannot hold (as text, so that nothing is lost) and gives
  /// the value to use instead; nil for the configuration's policy. Scripts set it with `swift.set_overflow_handler(f)`
  /// and read it with `swift.get_overflow_handler()`.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var overflowHandler: LuaFunction? {
    get throws {
      guard !isClosed else { throw Self.closedError }
      return try exclusively { overflowReference == 0 ? nil : try function(of: overflowReference) }
    }
  }

  /// Sets the ``overflowHandler``; nil for the configuration's policy.
  ///
  /// - Throws: ``LuaError`` of kind `foreignValue` for a function of another runtime; of kind `memory` or `closed`.
  public func setOverflowHandler(_ function: LuaFunction?) throws {
    guard !isClosed else { throw Self.closedError }
    if let function, function.state != state { throw LuaWriter.foreignHandle(function) }
    // By reference: a handle kept by the runtime would keep the runtime alive.
    try exclusively {
      let reference = try function.map { try keep($0) } ?? 0
      state.release(overflowReference)
      overflowReference = reference
    }
  }

  private func function(of reference: Reference) throws -> LuaFunction {
    LuaFunction(self, adopting: try state.copy(of: reference))
  }

  /// `swift.set_overflow_handler(f)`
  static func setOverflowHandler(_ call: HostCall) throws {
    let runtime = call.runtime
    guard call.count > 0 else { return try runtime.setOverflowHandler(nil) }
    let reader = call.argument(0)
    if reader.isNil { return try runtime.setOverflowHandler(nil) }
    guard reader.type == .function else {
      guard let box = try reader.hostBox else {
        throw LuaError(
          kind: .conversion, "swift.set_overflow_handler needs a function or nil, got \(reader.summary)")
      }
      return try runtime.setOverflowHandler(runtime.function(calling: box, for: "set_overflow_handler"))
    }
    try runtime.setOverflowHandler(reader.read(as: LuaFunction.self))
  }
}
