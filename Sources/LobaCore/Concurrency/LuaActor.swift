/// A runtime that many tasks may use: an actor that owns it and lets one in at a time.
///
/// ```swift
/// let actor = try LuaActor(engine: .lua54)
/// let sum: Int = try await actor.run { lua in try lua.eval("1 + 2") }
/// ```
///
/// Values of the runtime cannot leave it, but as a ``LuaRemote``: what a body returns is Sendable, and a Lua error that leaves it keeps its
/// message and traceback, and its value unless that is a table or another object of the runtime. (An error that a body
/// *returns*, or that lies in another type's error, keeps its value: see ``LuaError/value``.)
public actor LuaActor {
  private let runtime: LuaRuntime

  /// Makes a runtime on an engine.
  ///
  /// - Parameter setUp: Prepares the runtime: registers classes, loads scripts.
  /// - Throws: As ``LuaRuntime/init(engine:configuration:)``, and what `setUp` throws.
  public init(
    engine: some LuaEngine, configuration: LuaConfiguration = .standard,
    setUp: @Sendable (LuaRuntime) throws -> Void = { _ in }
  ) throws {
    runtime = try LuaRuntime(engine: engine, configuration: configuration)
    try setUp(runtime)
  }

  /// The runtime, which knows whose it is: an initializer may not say so.
  private var owned: LuaRuntime {
    if runtime.actor == nil { runtime.actor = self }
    return runtime
  }

  /// Runs a body with the runtime, alone.
  ///
  /// The body runs Lua code to its end without suspending; other tasks wait meanwhile.
  ///
  /// - Throws: What the body throws.
  public func run<R: Sendable>(_ body: @Sendable (LuaRuntime) throws -> R) throws -> R {
    do {
      return try body(owned)
    } catch let error as LuaError {
      throw error.leavingRuntime
    }
  }

  /// The same for a body without a result.
  public func run(_ body: @Sendable (LuaRuntime) throws -> Void) throws {
    let _: Bool = try run { lua in
      try body(lua)
      return true
    }
  }

  /// Runs a body with the runtime that waits, for ``LuaFunction/callAsync(_:)``.
  ///
  /// While the body waits, other tasks may use the runtime: what it has read before may have changed.
  ///
  /// - Throws: What the body throws.
  public func run<R: Sendable>(
    _ body: nonisolated(nonsending) @Sendable (LuaRuntime) async throws -> R
  ) async throws -> R {
    do {
      return try await body(owned)
    } catch let error as LuaError {
      throw error.leavingRuntime
    }
  }

  /// The same for a body without a result.
  public func run(_ body: nonisolated(nonsending) @Sendable (LuaRuntime) async throws -> Void) async throws {
    let _: Bool = try await run { lua in
      try await body(lua)
      return true
    }
  }

  /// Whether the runtime has been closed.
  public var isClosed: Bool { runtime.isClosed }

  /// Closes the runtime; everything after it throws.
  public func close() {
    runtime.close()
  }
}

extension LuaError {
  /// The error without the runtime's objects, which must not be used outside of it; nor do the errors behind it have any.
  var leavingRuntime: LuaError {
    let behind = (underlying as? LuaError)?.leavingRuntime ?? underlying
    let sent = value.handle == nil ? value : .string(LuaString(message))
    return with(.text(message), value: sent, underlying: behind)
  }
}
