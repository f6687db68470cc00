/// Some runtimes that are prepared alike, for a server: each request has one for itself, and as many run at a time.
///
/// ```swift
/// let pool = LuaPool(count: 4, engine: .lua54) { lua in try lua.execute(script) }
/// let page: String = try await pool.run { lua in
///   let render: LuaFunction = try lua.globals["render"]
///   return try await render.callAsync(path)
/// }
/// ```
///
/// A runtime is made when it is first needed. What a request leaves in the globals, the next one that gets the runtime
/// finds: an ``LuaRuntime/environment(inheriting:)`` for each keeps them apart.
public actor LuaPool {
  private let count: Int
  private let make: @Sendable () throws -> LuaActor
  private var idle: [LuaActor] = []
  /// Those that are idle, in use or being made.
  private var made = 0
  private var waiting: [(number: Int, continuation: CheckedContinuation<LuaActor?, any Error>)] = []
  private var waits = 0
  private var isClosed = false

  /// Prepares a pool.
  ///
  /// - Parameters:
  ///   - count: The most runtimes at a time; at least one. Default: one for each processor that is there.
  ///   - setUp: Prepares a runtime: registers classes, loads scripts.
  public init(
    count: Int? = nil, engine: some LuaEngine, configuration: LuaConfiguration = .standard,
    setUp: @escaping @Sendable (LuaRuntime) throws -> Void = { _ in }
  ) {
    self.count = max(1, count ?? processorCount)
    make = { try LuaActor(engine: engine, configuration: configuration, setUp: setUp) }
  }

  /// Runs a body with a runtime that nobody else uses meanwhile; waits for one, in turn, if all are in use.
  ///
  /// - Throws: What the body throws; what making a runtime throws; ``LuaError`` of kind `closed`; `CancellationError` if the
  ///   task is cancelled while it waits for a runtime.
  public nonisolated func run<R: Sendable>(_ body: @Sendable (LuaRuntime) throws -> R) async throws -> R {
    try await withRuntime { try await $0.run(body) }
  }

  /// The same for a body without a result.
  public nonisolated func run(_ body: @Sendable (LuaRuntime) throws -> Void) async throws {
    try await withRuntime { try await $0.run(body) }
  }

  /// The same with a body that waits. The runtime is its own meanwhile.
  public nonisolated func run<R: Sendable>(
    _ body: nonisolated(nonsending) @Sendable (LuaRuntime) async throws -> R
  ) async throws -> R {
    try await withRuntime { try await $0.run(body) }
  }

  /// The same for a body that waits without a result.
  public nonisolated func run(
    _ body: nonisolated(nonsending) @Sendable (LuaRuntime) async throws -> Void
  ) async throws {
    try await withRuntime { try await $0.run(body) }
  }

  /// Closes all runtimes, those in use when they are given back; everything after it throws.
  public func close() async {
    isClosed = true
    let (actors, tasks) = (idle, waiting)
    (idle, waiting) = ([], [])
    for (_, continuation) in tasks { continuation.resume(throwing: LuaRuntime.closedError) }
    for actor in actors { await actor.close() }
  }
}

extension LuaPool {
  private nonisolated func withRuntime<R: Sendable>(_ body: (LuaActor) async throws -> R) async throws -> R {
    let actor: LuaActor
    if let free = try await take() {
      actor = free
    } else {
      // Not in the pool, which others want something of meanwhile.
      do { actor = try make() } catch {
        await lose()
        throw error
      }
    }
    do {
      let result = try await body(actor)
      await give(actor)
      return result
    } catch {
      await give(actor)
      throw error
    }
  }

  /// A runtime, or nil if the caller is to make one.
  private func take() async throws -> LuaActor? {
    try Task.checkCancellation()
    guard !isClosed else { throw LuaRuntime.closedError }
    if let actor = idle.popLast() { return actor }
    if made < count {
      made += 1
      return nil
    }
    waits += 1
    let number = waits
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
        } else {
          waiting.append((number, continuation))
        }
      }
    } onCancel: {
      Task { await stopWaiting(number) }
    }
  }

  private func stopWaiting(_ number: Int) {
    guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: index).continuation.resume(throwing: CancellationError())
  }

  private func give(_ actor: LuaActor) async {
    let isUsable = await !actor.isClosed
    if isClosed { return await actor.close() }
    guard isUsable else { return lose() }
    if waiting.isEmpty { return idle.append(actor) }
    waiting.removeFirst().continuation.resume(returning: actor)
  }

  /// There is one less: whoever is next may make another.
  private func lose() {
    if waiting.isEmpty {
      made -= 1
    } else {
      waiting.removeFirst().continuation.resume(returning: nil)
    }
  }
}
