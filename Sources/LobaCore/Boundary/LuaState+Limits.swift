internal import CLobaEngine

// Limits on what runs.

extension LuaState {
  /// Whether what scripts get from the libraries is to be prepared for limits; to be said before the state is opened.
  var announcesLimits: Bool {
    get { pointer.pointee.announces_limits }
    nonmutating set { pointer.pointee.announces_limits = newValue }
  }

  /// Runs a body, and stops what it runs in Lua as the limits say.
  func withLimits<R>(_ limits: LuaLimits, _ body: () throws -> R) throws -> R {
    var limits = loba_limits(limits)
    var before = loba_limit_block()
    try check(op.pointee.limit_begin(pointer, &limits, &before))
    defer { op.pointee.limit_end(pointer, &before) }
    return try body()
  }

  /// Limits every outermost operation from now on.
  func limitCalls(_ limits: LuaLimits) throws {
    var limits = loba_limits(limits)
    try check(op.pointee.limit_calls(pointer, &limits))
  }

  func makeInterruption() throws -> LuaInterruption {
    var interruption: UnsafeMutablePointer<loba_interruption>?
    try check(op.pointee.interruption(pointer, &interruption))
    return LuaInterruption(adopting: interruption!)
  }

  /// What has stopped the operation that has failed, and where.
  var stop: (limit: LuaLimit, place: LuaTraceback) {
    let limit: LuaLimit =
      switch loba_stop_reason(pointer) {
      case LOBA_STOP_DEADLINE: .deadline
      case LOBA_STOP_INTERRUPTED: .interruption
      case LOBA_STOP_CANCELLED: .cancellation
      default: .instructions
      }
    return (limit, LuaTraceback(loba_stop_place(pointer)))
  }
}

extension loba_limits {
  fileprivate init(_ limits: LuaLimits) {
    func count(_ limit: Int?) -> Int32 { limit.map { Int32(clamping: max(0, $0)) } ?? Int32(LOBA_NO_LIMIT) }
    self.init(
      instructions: limits.instructions.map { Int64(max(0, $0)) } ?? Int64(LOBA_NO_LIMIT),
      nanoseconds: limits.deadline.map { max(0, $0.nanoseconds) } ?? Int64(LOBA_NO_LIMIT),
      depth: count(limits.depth), coroutines: count(limits.coroutines))
  }
}

extension Duration {
  /// As many as can be said.
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflows { return seconds < 0 ? .min : .max }
    return whole.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
  }
}
