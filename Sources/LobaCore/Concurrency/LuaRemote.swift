/// A value of an actor's runtime, for everybody: it can be kept and passed anywhere, and used in the actor.
///
/// ```swift
/// let handler = try await actor.run { lua in try LuaRemote(lua.globals["onMessage"] as LuaFunction) }
/// let answer: String = try await handler("hello")
/// ```
///
/// It keeps the actor, and with it the runtime. What Lua itself has should not keep one of its own actor: that is a circle
/// which only ``LuaActor/close()`` breaks.
public struct LuaRemote<Value: LuaHandle>: Sendable {
  /// The actor that the value belongs to.
  public let actor: LuaActor
  /// Sendable in effect: it is used in the actor alone, and may be released anywhere.
  nonisolated(unsafe) private let handle: Value

  /// Names a value of an actor's runtime, in a body that the actor runs.
  ///
  /// - Throws: ``LuaError`` of kind `engine` if no actor owns the runtime.
  public init(_ value: Value) throws {
    guard let actor = value.runtime.actor else {
      throw LuaError(kind: .engine, message: "a LuaRemote is for the values of a LuaActor's runtime")
    }
    self.actor = actor
    handle = value
  }

  /// Runs a body with the value, in the actor.
  ///
  /// - Throws: What the body throws, as ``LuaActor/run(_:)`` does.
  public func run<R: Sendable>(_ body: @Sendable (Value) throws -> R) async throws -> R {
    try await actor.run { _ in try body(handle) }
  }

  /// Runs a body with the value that waits, in the actor.
  public func run<R: Sendable>(
    _ body: nonisolated(nonsending) @Sendable (Value) async throws -> R
  ) async throws -> R {
    try await actor.run { _ in try await body(handle) }
  }
}

extension LuaRemote<LuaFunction> {
  /// Calls the function in the actor, and waits for it as ``LuaFunction/callAsync(_:)`` does.
  ///
  /// - Throws: What the function raises, as ``LuaActor/run(_:)`` does.
  public func callAsFunction<each A: Sendable, R: LuaConstructible & Sendable>(
    _ arguments: repeat each A
  ) async throws -> R {
    try await run { function in try await function.callAsync(repeat each arguments) }
  }

  /// Calls the function in the actor, for nothing.
  public func callAsFunction<each A: Sendable>(_ arguments: repeat each A) async throws {
    try await run { function in
      let _: LuaValue = try await function.callAsync(repeat each arguments)
      return ()
    }
  }
}
