internal import LobaCore
internal import Synchronization

private let area = Area("actors")

private struct Odd: Error, Equatable {}

/// Values that leave an actor by name, and pools of runtimes.
let poolChecks: [ConformanceCheck] = [
  area.engine("a value of an actor's runtime is used from anywhere") { engine in
    try waiting {
      let actor = try LuaActor(engine: engine) { lua in
        try lua.globals.set(
          "pause",
          to: lua.asyncFunction { (n: Int) in
            await Task.yield()
            return n
          })
        try lua.execute("count = 0 function add(n) local more = pause(n) count = count + more return count end")
      }
      let add = try await actor.run { lua in try LuaRemote(lua.globals["add"] as LuaFunction) }
      try expectEqual(try await add(5) as Int, 5)
      try await add(1)
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try? await add(1) as Void } }
      }
      let globals = try await actor.run { lua in try LuaRemote(lua.globals) }
      try expectEqual(try await globals.run { try $0["count"] as Int }, 10)
      do {
        let _: Int = try await add("x")
        try expect(false, "nothing was thrown")
      } catch let error as LuaError {
        try expectContains(error.message, "bad argument")
      }
      await actor.close()
      do {
        try await add(1)
        try expect(false, "nothing was thrown")
      } catch let error as LuaError {
        try expectEqual(error.kind, .closed)
      }
    }
  },
  area.engine("which limit it was that has ended a call is known outside of the actor, too") { engine in
    try waiting {
      let actor = try LuaActor(engine: engine) { _ in }
      do {
        try await actor.run { lua in
          try lua.withLimits(LuaLimits(instructions: 10_000)) { try lua.execute("while true do end") }
        }
        try expect(false, "it has not been ended")
      } catch let error as LuaError {
        try expectEqual(error.kind, .limit)
        try expectEqual(error.limit, .instructions)
      }
    }
  },
  area("a value of a runtime that no actor owns has no name for others") { lua in
    let error = try expectLuaError(.engine) { _ = try LuaRemote(lua.globals) }
    try expectContains(error.message, "LuaActor")
  },
  area.engine("a pool has so many runtimes and no more, each for one at a time") { engine in
    try waiting {
      let made = Mutex(0)
      let pool = LuaPool(count: 3, engine: engine) { lua in
        made.withLock { $0 += 1 }
        try lua.globals.set("pause", to: lua.asyncFunction { () -> Void in for _ in 0..<5 { await Task.yield() } })
        try lua.execute("busy = false")
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for i in 0..<20 {
          group.addTask {
            let twice: Int = try await pool.run { lua in
              let f: LuaFunction = try lua.eval(
                "function(i) assert(not busy) busy = true pause() busy = false return i * 2 end")
              return try await f.callAsync(i)
            }
            try expectEqual(twice, i * 2)
          }
        }
        try await group.waitForAll()
      }
      try expectEqual(made.withLock { $0 }, 3)
      try await pool.run { lua in try lua.execute("x = 1") }
      await pool.close()
      do {
        try await pool.run { lua in try lua.execute("x = 1") }
        try expect(false, "nothing was thrown")
      } catch let error as LuaError {
        try expectEqual(error.kind, .closed)
      }
    }
  },
  area.engine("a pool gives back what fails, and makes anew what is closed") { engine in
    try waiting {
      let made = Mutex(0)
      let pool = LuaPool(count: 1, engine: engine) { lua in
        let number = made.withLock {
          $0 += 1
          return $0
        }
        if number == 2 { throw Odd() }
        try lua.globals.set("number", to: number)
      }
      for _ in 0..<3 {
        do {
          try await pool.run { _ in throw Odd() }
          try expect(false, "nothing was thrown")
        } catch is Odd {}
      }
      try expectEqual(try await pool.run { lua in try lua.globals["number"] as Int }, 1)
      try await pool.run { lua in lua.close() }
      do {
        _ = try await pool.run { lua in try lua.globals["number"] as Int }
        try expect(false, "what setting it up throws was lost")
      } catch is Odd {}
      try expectEqual(try await pool.run { lua in try lua.globals["number"] as Int }, 3)
    }
  },
  area.engine("who waits for a runtime of a pool can be cancelled") { engine in
    try waiting {
      let pool = LuaPool(count: 1, engine: engine)
      let began = Mutex(false)
      let end = Mutex(false)
      let holder = Task {
        defer { began.withLock { $0 = true } }  // also if there can be no runtime
        try await pool.run { _ in
          began.withLock { $0 = true }
          while !end.withLock({ $0 }) { await Task.yield() }
        }
      }
      while !began.withLock({ $0 }) { await Task.yield() }
      let waiter = Task { try await pool.run { _ in } }
      for _ in 0..<10 { await Task.yield() }
      waiter.cancel()
      do {
        try await waiter.value
        try expect(false, "nothing was thrown")
      } catch is CancellationError {}
      end.withLock { $0 = true }
      try await holder.value
      try await pool.run { lua in try lua.execute("x = 1") }
      await pool.close()
    }
  },
]
