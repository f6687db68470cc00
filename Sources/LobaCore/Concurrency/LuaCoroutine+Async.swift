/// What a coroutine has come to.
private enum Step<Result> {
  /// It waits for a call.
  case waiting(PendingCall)
  /// It has given something: in a yield, or at its end.
  case given(Result, isAtEnd: Bool)
}

extension LuaCoroutine {
  /// Resumes the coroutine until it yields or ends, waiting for the asynchronous functions that it calls.
  ///
  /// Cancelling the task is an error of what the coroutine waits for. A script that catches it may clean up; the next time it
  /// waits, it is over.
  ///
  /// - Returns: What the body reads of what it has given, and whether it has ended.
  /// - Throws: What it raises; `CancellationError`.
  nonisolated(nonsending) func advance<R>(
    reading read: (Results) throws -> R
  ) async throws -> (result: R, isAtEnd: Bool) {
    try Task.checkCancellation()
    var isCancelled = false
    while true {
      switch try step(read) {
      case .given(let result, let isAtEnd):
        return (result, isAtEnd)
      case .waiting(let call):
        if !Task.isCancelled {
          await call.run()
        } else if !isCancelled {
          isCancelled = true
          call.fail(CancellationError())
        } else {
          call.fail(CancellationError())  // which holds its arguments otherwise
          throw CancellationError()
        }
      }
    }
  }

  /// Resumes the coroutine once.
  private func step<R>(_ read: (Results) throws -> R) throws -> Step<R> {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writeFirstArguments(&writer)
    let outcome = runtime.letWait {
      state.resume(reference, writer.slots, writer.count, results: LuaState.allResults)
    }
    // For want of memory it may not have started.
    if outcome.count >= 0 || !outcome.status.isError { firstArguments = nil }
    return try state.withResults(outcome, in: writer.slots) { results in
      let isAtEnd = status == .dead
      if !isAtEnd, let call = results.pendingCall { return .waiting(call) }
      return .given(try read(results), isAtEnd: isAtEnd)
    }
  }
}

extension LuaRuntime {
  /// Runs what resumes a coroutine for somebody who can wait.
  fileprivate func letWait<R>(_ resume: () -> R) -> R {
    let outer = asyncRegistry.depth
    asyncRegistry.depth = state.depth
    defer { asyncRegistry.depth = outer }
    return resume()
  }
}

extension Results {
  /// The call that a coroutine waits for, if that is what it has yielded.
  fileprivate var pendingCall: PendingCall? {
    guard count == 2, slots[0].kind == .table, slots[1].kind == .host else { return nil }
    return LuaReader(slot: slots + 1, state: state).hostValue(as: PendingCall.self)
  }
}
