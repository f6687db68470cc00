import Foundation
import Loba
import Synchronization
import Testing

/// One runtime for many: `LuaActor` for tasks, `Mutex` for threads.
@Suite struct SharingTests {
  /// Gives 1 … 600, then nil.
  private static let iterator = """
    local co = coroutine.create(function() for i = 1, 600 do coroutine.yield(i) end end)
    function take()
      if coroutine.status(co) ~= 'dead' then return select(2, assert(coroutine.resume(co))) end
    end
    """

  @Test("parity 1.111: an actor lets tasks in one after the other", arguments: LuaEngines.available)
  func actor(_ engine: any LuaEngine) async throws {
    let actor = try LuaActor(engine: engine) { lua in try lua.execute("n = 0") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<50 { try await actor.run { lua in try lua.execute("local old = n n = old + 1") as Void } }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await actor.run { lua in try lua.eval("n") as Int } == 400)
    let error = await #expect(throws: LuaError.self) {
      try await actor.run { lua in try lua.execute("error({code = 7})") as Void }
    }
    #expect(error?.kind == .runtime)
    #expect(error?.value.handle == nil, "a table of the runtime has left it")
    await actor.close()
    let closed = await #expect(throws: LuaError.self) {
      try await actor.run { lua in try lua.execute("n = 1") as Void }
    }
    #expect(closed?.kind == .closed)
  }

  @Test("parity 1.111: six threads take from one iterator of a runtime behind a lock", arguments: LuaEngines.available)
  func threads(_ engine: any LuaEngine) throws {
    let shared = Mutex(try LuaRuntime(engine: engine))
    try shared.withLock { lua in try lua.execute(Self.iterator) as Void }
    let taken = Mutex<[Result<[Int], any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      let mine = Result {
        var mine: [Int] = []
        while let next = try shared.withLock({ lua in try lua.eval("take()") as Int? }) { mine.append(next) }
        return mine
      }
      taken.withLock { $0.append(mine) }
    }
    let all = try taken.withLock { $0 }.map { try $0.get() }
    #expect(all.flatMap(\.self).sorted() == Array(1...600), "each value goes to one thread")
    #expect(all.allSatisfy { $0 == $0.sorted() })
  }

  @Test("parity 1.111: six tasks take from one iterator of an actor", arguments: LuaEngines.available)
  func tasks(_ engine: any LuaEngine) async throws {
    let actor = try LuaActor(engine: engine) { lua in try lua.execute(Self.iterator) }
    let all = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<6 {
        group.addTask {
          var mine: [Int] = []
          while let next = try await actor.run({ lua in try lua.eval("take()") as Int? }) { mine.append(next) }
          return mine
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(all.sorted() == Array(1...600))
  }
}
