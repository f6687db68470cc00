/// The values of a coroutine, for `for try await`.
///
/// ```swift
/// for try await i in try f.coroutine(4).elements(as: Int.self) { print(i) }
/// ```
///
/// Neither this nor the coroutine is Sendable: the loop has to run where the runtime is used, and the body may await
/// anything between two values.
public struct LuaCoroutineElements<Element>: AsyncSequence, AsyncIteratorProtocol {
  let coroutine: LuaCoroutine

  /// The sequence is its own iterator: what one loop has taken, the next does not see.
  public func makeAsyncIterator() -> LuaCoroutineElements { self }

  /// Resumes the coroutine for its next value, and waits for the asynchronous functions that it calls on its way there; nil
  /// at its end.
  ///
  /// - Throws: As ``LuaCoroutine/next(as:)``; `CancellationError` if the task has been cancelled.
  public nonisolated(nonsending) mutating func next() async throws -> Element? {
    // In a closed runtime nothing is left of it, but that is not its end.
    guard coroutine.status != .dead || coroutine.runtime.isClosed else { return nil }
    let (element, _) = try await coroutine.advance { results in
      results.count == 0 && coroutine.status == .dead ? nil : try results.oneOrAll() as Element
    }
    return element
  }

  /// The same, in the isolation of the caller.
  public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Element? {
    try await next()
  }
}

@available(*, unavailable)
extension LuaCoroutineElements: Sendable {}

extension LuaCoroutine {
  /// The values that the coroutine yields, and returns, as an asynchronous sequence.
  public func elements<Element>(as type: Element.Type = Element.self) -> LuaCoroutineElements<Element> {
    LuaCoroutineElements(coroutine: self)
  }
}

extension LuaCoroutine: AsyncSequence {
  /// What the coroutine yields or returns, whatever it is.
  public typealias Element = LuaValue

  /// All values, whatever they are.
  public func makeAsyncIterator() -> LuaCoroutineElements<LuaValue> { elements(as: LuaValue.self) }
}
