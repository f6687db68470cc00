internal import LobaCore

/// Many tasks that do anything to some actors, a pool and values of theirs, at once: make them, close them, let go of them,
/// cancel what waits. What each gets must be right, or an error that says why there is nothing.
///
/// In no order that can be repeated: which task comes first is not for a seed to say.
final class RandomActors: Sendable {
  private struct State {
    var actors: [LuaActor] = []
    var functions: [LuaRemote<LuaFunction>] = []
    var tables: [LuaRemote<LuaTable>] = []
    var errors: [LuaError] = []
  }

  private let engine: any LuaEngine
  private let lifetimes: LifetimeCounter
  private let pool: LuaPool
  private let state = Locked(State())

  init(engine: any LuaEngine, lifetimes: LifetimeCounter) {
    self.engine = engine
    self.lifetimes = lifetimes
    pool = LuaPool(count: 2, engine: engine) { lua in try Self.prepare(lua, lifetimes) }
  }

  private static func prepare(_ lua: LuaRuntime, _ lifetimes: LifetimeCounter) throws {
    try lua.globals.set(
      "pause",
      to: lua.asyncFunction { (n: Int) in
        for _ in 0..<(n % 3) { await Task.yield() }
        return n
      })
    try lua.globals.set("fail") { (n: Int) in throw lifetimes.makeTracker(n) }
    try lua.globals.set("make") { (lua: LuaRuntime, n: Int) in try lua.wrap(lifetimes.makeTracker(n)) }
    try lua.execute(
      """
      function echo(n) kept = make(n) return n end
      function wait(n) return pause(n) end
      function forever() while true do pause(1) end end
      busy = false
      """)
  }

  /// Runs so many tasks with so many steps each.
  func run(tasks: Int, steps: Int) async throws {
    for _ in 0..<3 { try addActor() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<tasks {
        group.addTask { for _ in 0..<steps { try await self.step() } }
      }
      try await group.waitForAll()
    }
    await pool.close()
    state.withLock { $0 = State() }
  }

  // MARK: - What there is

  private func addActor() throws {
    let lifetimes = lifetimes
    let actor = try LuaActor(engine: engine) { lua in try Self.prepare(lua, lifetimes) }
    // The one that it replaces may be in use, and is released by whoever is the last.
    let old = state.withLock { state in
      state.actors.append(actor)
      return state.actors.count > 3 ? state.actors.remove(at: .random(in: 0..<3)) : nil
    }
    withExtendedLifetime(old) {}
  }

  private var actor: LuaActor { state.withLock { $0.actors.randomElement()! } }

  private func keep<V>(_ value: V, in list: any WritableKeyPath<State, [V]> & Sendable) {
    let old = state.withLock { state in
      state[keyPath: list].append(value)
      return state[keyPath: list].count > 10 ? state[keyPath: list].remove(at: .random(in: 0..<10)) : nil
    }
    withExtendedLifetime(old) {}
  }

  // MARK: - Steps

  private func step() async throws {
    let n = Int.random(in: 0..<1000)
    do {
      try await perform(n)
    } catch let error as LuaError where error.kind == .closed {
    }
  }

  private func perform(_ n: Int) async throws {
    let actor = actor
    switch Int.random(in: 0..<16) {
    case 0, 1: try expectEqual(await actor.run { try $0.eval("... + 1", n) as Int }, n + 1)
    case 2:
      let name = ["echo", "wait"].randomElement()!
      keep(try await actor.run { try LuaRemote($0.globals[name] as LuaFunction) }, in: \.functions)
    case 3: keep(try await actor.run { try LuaRemote($0.table(n)) }, in: \.tables)
    case 4, 5: try expectEqual(await callAny(n), n)
    case 6:
      guard let table = state.withLock({ $0.tables.randomElement() }) else { return }
      let read = try await table.run { table in
        try table.set("n", to: n)
        return try table["n"] as Int
      }
      try expectEqual(read, n)
    case 7: try await fail(n, actor)
    case 8: try await cancel(actor)
    case 9:
      let error = try await limited(actor)
      try expectEqual(error.limit, .instructions)
      keep(error, in: \.errors)
    case 10, 11: try await usePool(n)
    case 12:
      // From one actor into another, or the same. (A script that held the function itself would make a circle.)
      let read: Int = try await actor.run { lua in
        try await lua.asyncFunction { [weak self] (n: Int) in try await self?.callAny(n) ?? n }.callAsync(n)
      }
      try expectEqual(read, n)
    case 13: state.withLock { $0.errors.randomElement() }.map { _ = "\($0)" }
    case 14: if n % 4 == 0 { await actor.close() }
    default: try addActor()
    }
  }

  private func callAny(_ n: Int) async throws -> Int {
    guard let f = state.withLock({ $0.functions.randomElement() }) else { return n }
    return try await f(n)
  }

  /// Swift's error comes out as itself, and a script's as its text.
  private func fail(_ n: Int, _ actor: LuaActor) async throws {
    do {
      try await actor.run { try $0.execute("local n = ... fail(n)", n) }
      throw ConformanceFailure(message: "nothing was thrown", file: #fileID, line: #line)
    } catch let tracker as LifetimeTracker {
      try expectEqual(tracker.number, n)
    }
    do {
      try await actor.run { lua in
        try await (lua.eval("function(n) pause(n) error('E' .. n, 0) end") as LuaFunction).callAsync(n)
      }
      throw ConformanceFailure(message: "nothing was thrown", file: #fileID, line: #line)
    } catch let error as LuaError where error.kind == .runtime {
      try expectEqual(error.message, "E\(n)")
      keep(error, in: \.errors)
    }
  }

  private func cancel(_ actor: LuaActor) async throws {
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await actor.run { lua in try await (lua.globals["forever"] as LuaFunction).callAsync() as Void }
        }
        await Task.yield()
        group.cancelAll()
        try await group.waitForAll()
      }
      throw ConformanceFailure(message: "what never ends has ended", file: #fileID, line: #line)
    } catch is CancellationError {
    } catch let error as LuaError where error.limit == .cancellation {
    }
  }

  private func limited(_ actor: LuaActor) async throws -> LuaError {
    try await actor.run { lua in
      do {
        try lua.withLimits(LuaLimits(instructions: 10_000)) { try lua.execute("while true do end") }
      } catch let error as LuaError where error.kind != .closed {
        return error
      }
      throw ConformanceFailure(message: "what never ends has ended", file: #fileID, line: #line)
    }
  }

  /// Nobody else has the runtime meanwhile.
  private func usePool(_ n: Int) async throws {
    let read = try await pool.run { lua in
      let f: LuaFunction = try lua.eval(
        """
        function(n)
          assert(not busy, 'two have one runtime')
          busy = n
          pause(n)
          assert(busy == n, 'another has had the runtime')
          busy = false
          return n
        end
        """)
      return try await f.callAsync(n) as Int
    }
    try expectEqual(read, n)
  }
}
