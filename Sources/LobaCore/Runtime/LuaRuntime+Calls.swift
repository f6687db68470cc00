/// How many results a Swift type takes: none, one, or all.
@inlinable @inline(__always)
func resultCount<R>(of type: R.Type) -> Int32 {
  R.self == Void.self ? 0 : R.self == LuaValues.self ? LuaState.allResults : 1
}

extension LuaWriter {
  /// Calls a function with what has been written, for one result.
  @inlinable @inline(__always)
  func call<R>(_ function: Reference) throws -> R {
    try readResult(of: state.call(function, slots, count, results: resultCount(of: R.self)))
  }

  /// Reads what an operation has given in place of what has been written: its first result, or all of them as ``LuaValues``.
  @inlinable @inline(__always)
  func readResult<R>(of outcome: Outcome) throws -> R {
    try state.withResults(outcome, in: slots) { results in
      if R.self == LuaValues.self { return try results.all() as! R }
      return try results.first.read()
    }
  }

  /// Several results, each as a type of its own; missing ones are nil.
  @inlinable
  func readResults<each R>(of outcome: Outcome) throws -> (repeat each R) {
    try state.withResults(outcome, in: slots) { try $0.each() }
  }
}

extension LuaRuntime {
  /// Calls any value that is held by a reference.
  func call<each A, R>(reference: Reference, _ arguments: repeat each A) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.call(reference)
  }

  /// Calls any value, for several results.
  func callEach<each A, each R>(_ callee: LuaValue, _ arguments: repeat each A) throws -> (repeat each R) {
    guard let handle = callee.handle else { throw callee.uncallable }
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.readResults(
      of: state.call(handle.reference, writer.slots, writer.count, results: LuaState.allResults))
  }
}
