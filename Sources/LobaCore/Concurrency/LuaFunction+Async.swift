extension LuaFunction {
  /// Calls the function in a coroutine, and waits for the asynchronous functions that it calls: see
  /// `LuaRuntime.asyncFunction(_:)`.
  ///
  /// ```swift
  /// let page: String = try await f.callAsync("https://example.org")
  /// ```
  ///
  /// Meanwhile the runtime may be used for other things, also by other calls like this one.
  ///
  /// - Parameter arguments: As those of a call that does not wait.
  /// - Returns: What the function returns; the result type says how much of it is taken.
  /// - Throws: What the function raises; ``LuaError`` of kind `coroutine` if it yields, which nobody here takes; of kind
  ///   `conversion` as a call does; `CancellationError` if the task is cancelled while it waits.
  public nonisolated(nonsending) func callAsync<each A, R: LuaConstructible>(
    _ arguments: repeat each A
  ) async throws -> R {
    try await coroutine(repeat each arguments).run { try $0.oneOrAll() }
  }

  /// Calls the function in a coroutine for its first result, whatever it is.
  @_disfavoredOverload @discardableResult
  public nonisolated(nonsending) func callAsync<each A>(_ arguments: repeat each A) async throws -> LuaValue {
    try await coroutine(repeat each arguments).run { try $0.oneOrAll() }
  }

  /// Calls the function in a coroutine for several results, as a tuple; for none, as `Void`; or for a host value.
  @_disfavoredOverload
  public nonisolated(nonsending) func callAsync<each A, each R>(
    _ arguments: repeat each A
  ) async throws -> (repeat each R) {
    try await coroutine(repeat each arguments).run { try $0.each() }
  }
}

extension LuaCoroutine {
  /// Runs the coroutine to its end.
  fileprivate nonisolated(nonsending) func run<R>(reading read: (Results) throws -> R) async throws -> R {
    defer { if status != .dead { try? close() } }
    let (result, isAtEnd) = try await advance { results in
      guard status == .dead else { return nil as R? }
      return try read(results)
    }
    guard let result, isAtEnd else {
      throw LuaError(
        kind: .coroutine,
        message: "the function yields to nobody: callAsync runs it to its end; for what it yields, use coroutine(…)")
    }
    return result
  }
}
