extension LuaRuntime {
  static var closedError: LuaError { LuaError(kind: .closed, message: "the runtime is closed") }

  /// Why the runtime cannot be used: it is closed, or a leaf is running, or what takes warnings.
  var unusableError: LuaError {
    if isClosed { return Self.closedError }
    if isWarning { return LuaError(kind: .runtime, message: "what takes a warning cannot use the runtime that warns") }
    return LuaError(kind: .runtime, message: "a leaf function cannot use its runtime")
  }

  static var wrongThreadError: LuaError {
    LuaError(kind: .wrongThread, message: "the runtime is in use by another thread; share it with LuaActor or Mutex")
  }

  /// Why there is no reference for a value.
  func memoryError() -> LuaError {
    if isClosed || state.isInLeaf { return unusableError }
    if state.isExposed {
      guard state.claim() else { return Self.wrongThreadError }
      state.unclaim()
    }
    return LuaError(kind: .memory, message: "not enough memory\(memoryReason)")
  }

  /// Why memory is short, if it is not that there is too little.
  private var memoryReason: String {
    state.keysCollide ? " (keys collide: too many of them fall into the same place of a table)" : ""
  }

  /// Runs a body that uses what the runtime keeps in Swift: of an exposed runtime, as one operation.
  func exclusively<R>(_ body: () throws -> R) throws -> R {
    guard state.isExposed else { return try body() }
    guard state.claim() else { throw Self.wrongThreadError }
    defer { state.unclaim() }
    return try body()
  }

  /// The error of an operation that has failed; releases what the operation holds.
  ///
  /// A Swift error that has come through Lua is that error. A Lua error that a host function passed on is the same
  /// ``LuaError``, with the traceback of where it was raised first.
  @usableFromInline
  func makeError(_ status: Status) -> any Error {
    switch status {
    case .closed: return unusableError
    case .wrongThread: return Self.wrongThreadError
    case .stackOverflow:
      return LuaError(kind: .stackOverflow, message: "stack overflow (calls are nested too deeply for this thread)")
    case .dead: return LuaError(kind: .coroutine, message: "cannot resume dead coroutine")
    case .running:
      return LuaError(kind: .coroutine, message: "the coroutine is running: it cannot be resumed or closed")
    case .normal:
      return LuaError(kind: .coroutine, message: "the coroutine has resumed another: it cannot be resumed or closed")
    case .returned:
      return LuaError(kind: .runtime, message: "the call that the frame belongs to has returned")
    default: break
    }
    let mark = state.heldMark
    defer {
      state.releaseHeld(mark)
      if status == .memoryError { relieveMemory() }
    }
    let failure = state.failure
    // Taken before anything else can run: what follows may call Lua, and so bring other failures.
    let passing = state.takePassingError()
    // A chunk that does not compile has not run: there is nothing to trace.
    if status == .syntaxError { state.forgetTraceback() }
    let trace = state.keepTraceback()
    if status == .limit {
      let (limit, place) = state.stop
      return withExtendedLifetime(passing) { LuaError(limit: limit, place: place) }
    }
    if failure.kind == .error, let box = failure.asPointer {
      let error = HostError.error(in: box)
      guard type(of: error) == LuaError.self, let error = error as? LuaError else { return error }
      return error.traced(by: LuaTraceback(trace))
    }
    let traceback = LuaTraceback(trace)
    let kind: LuaError.Kind =
      switch status {
      case .syntaxError: .syntax
      case .memoryError: .memory
      case .handlerError: .handler
      default: .runtime
      }
    // Where memory was denied, and why, Lua does not say.
    let (place, reason) = kind == .memory ? (traceback.place, memoryReason) : ("", "")
    // Most are a text and nothing else.
    if passing == nil, failure.kind == .string, !state.hasForeignText, let text = String(checked: failure.asBytes) {
      return LuaError(kind: kind, message: place + text + reason, traceback: traceback)
    }
    let value: LuaValue
    do {
      value = try withUnsafePointer(to: failure) { try LuaReader(slot: $0, state: state).value() }
    } catch {
      return error  // no memory for a handle to the value
    }
    if status == .memoryError, value.isNil { return memoryError() }
    if let passing { return passing.error(arrivingAs: value).traced(by: traceback) }
    return LuaError(kind: kind, message: place + message(of: value) + reason, value: value, traceback: traceback)
  }

  /// Collects what the failed operation has left. Lua 5.1 and LuaJIT do not do that themselves when an allocation is
  /// refused, and so would refuse every one until a step of the collector happens to be due.
  private func relieveMemory() {
    guard collectorStops == 0 else { return }
    state.relieve()
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

/// A Lua error on its way out through Lua again, as its value. It holds no handle, which would keep the runtime alive if
/// a script catches the error.
final class PassingError {
  private let kind: LuaError.Kind
  private let message: String
  private let traceback: LuaTraceback
  private let underlying: (any Error)?

  init(_ error: LuaError) {
    kind = error.kind
    message = error.message
    traceback = error.traceback
    underlying = error.underlying
  }

  func error(arrivingAs value: LuaValue) -> LuaError {
    LuaError(kind: kind, message: message, value: value, traceback: traceback, underlying: underlying)
  }
}
