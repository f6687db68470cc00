internal import CLobaEngine

extension LuaRuntime {
  static var closedError: LuaError { LuaError(kind: .closed, message: "the runtime is closed") }

  func memoryError() -> LuaError {
    isClosed ? Self.closedError : LuaError(kind: .memory, message: "not enough memory")
  }

  /// Throws what an operation has failed with.
  @usableFromInline
  func check(_ status: Int32) throws {
    if status >= LOBA_ERROR_RUNTIME { throw makeError(status) }
  }

  /// The error of an operation that has failed; releases what the operation holds.
  ///
  /// A Swift error that has come through Lua is that error. A Lua error that a host function passed on is the same
  /// ``LuaError``, with the traceback of where it was raised first.
  @usableFromInline
  func makeError(_ status: Int32) -> any Error {
    switch status {
    case LOBA_ERROR_CLOSED: return Self.closedError
    case LOBA_ERROR_THREAD:
      return LuaError(
        kind: .wrongThread, message: "the runtime is in use by another thread; share it with LuaActor or Mutex")
    case LOBA_ERROR_STACK:
      return LuaError(kind: .stackOverflow, message: "stack overflow (calls are nested too deeply for this thread)")
    case LOBA_ERROR_DEAD:
      let message =
        switch Int32(state.pointee.failure.integer) {
        case LOBA_THREAD_RUNNING: "the coroutine is running: it cannot be resumed or closed"
        case LOBA_THREAD_NORMAL: "the coroutine has resumed another: it cannot be resumed or closed"
        default: "cannot resume dead coroutine"
        }
      return LuaError(kind: .coroutine, message: message)
    default: break
    }
    let mark = state.pointee.held_mark
    defer { state.op.pointee.release_held(state, mark) }
    let failure = state.pointee.failure
    let traceback = LuaTraceback(state.pointee.traceback)
    state.pointee.traceback?.pointee.count = 0
    if failure.tag == LOBA_ERROR, let box = failure.pointer {
      return HostError.from(box).error
    }
    let value = (try? withUnsafePointer(to: failure) { try LuaReader(slot: $0, state: state).value() }) ?? .nil
    if let passing = passingError {
      passingError = nil
      if passing.value == value { return passing }
    }
    let kind: LuaError.Kind =
      switch status {
      case LOBA_ERROR_SYNTAX: .syntax
      case LOBA_ERROR_MEMORY: .memory
      case LOBA_ERROR_HANDLER: .handler
      default: .runtime
      }
    return LuaError(kind: kind, message: message(of: value), value: value, traceback: traceback)
  }

  /// What to tell people of an error value.
  private func message(of value: LuaValue) -> String {
    switch value {
    case .string(let string): return string.description
    case .integer, .number, .boolean: return value.description
    case .nil: return "nil"
    default:
      guard let handle = value.handle, let text = try? handle.tostring() else {
        return "(error object is a \(value.type) value)"
      }
      if case .table = value, text.hasPrefix("table: ") { return "(error object is a table value)" }
      return text
    }
  }
}
