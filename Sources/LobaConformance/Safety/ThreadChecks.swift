internal import Foundation
internal import LobaCore
internal import Synchronization

// What other threads may do, for ThreadSanitizer to watch: release handles at any time, and use runtimes of their own.

/// Carries values that are only released on the other side.
private struct Cargo: @unchecked Sendable {
  var handles: [LuaHandle]
}

/// Does something while it is written.
private struct Deed: LuaRepresentable {
  let body: () throws -> Void

  func write(to writer: inout LuaWriter) throws {
    try body()
    writer.writeNil()
  }
}

let threadChecks: [ConformanceCheck] = [
  ConformanceCheck("threads", "weak handles are let go of while their runtime ends") { engine in
    struct Weak: @unchecked Sendable { let tables: [LuaWeak<LuaTable>] }
    for _ in 0..<rounds(200) {
      var lua: LuaRuntime? = try LuaRuntime(engine: engine)
      let weak = Mutex<Weak?>(Weak(tables: try (0..<50).map { _ in try LuaWeak(lua!.table()) }))
      let group = DispatchGroup()
      DispatchQueue.global().async(group: group) { weak.withLock { $0 = nil } }
      lua = nil
      group.wait()
    }
  },
  ConformanceCheck("threads", "several threads load one script at once") { engine in
    let failures = Mutex<[String]>([])
    for _ in 0..<rounds(50) {
      let script = LuaScript("local n = 0 for i = 1, ... do n = n + i end return n")
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        do {
          let lua = try LuaRuntime(engine: engine)
          defer { lua.close() }
          for _ in 0..<3 { try expectEqual(try lua.execute(script, 100), 5050) }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    try expectEqual(failures.withLock { $0 }, [])
  },
  ConformanceCheck("threads", "several threads interrupt a runtime at any time") { engine in
    try withRuntime(engine) { lua, _ in
      let interruption = try lua.interruption
      let loop: LuaFunction = try lua.eval("function() while true do pcall(error) end end")
      let queue = DispatchQueue(label: "interrupt", attributes: .concurrent)
      let isOver = Mutex(false)
      let group = DispatchGroup()
      for _ in 0..<2 {
        queue.async(group: group) {
          while !isOver.withLock({ $0 }) {
            interruption.interrupt()
            usleep(200)
          }
        }
      }
      for _ in 0..<rounds(300) {
        let error = try expectLuaError(.limit) { try loop() as Void }
        try expect(error.limit == .interruption)
      }
      isOver.withLock { $0 = true }
      group.wait()
      interruption.withdraw()
    }
  },
  ConformanceCheck("threads", "handles are released by several threads while the runtime makes more") { engine in
    try withRuntime(engine) { lua, _ in
      let queue = DispatchQueue(label: "release", attributes: .concurrent)
      let group = DispatchGroup()
      let f: LuaFunction = try lua.eval("function(i) return {i} end")
      for round in 0..<rounds(2000) {
        var kept: LuaTable?
        var handles: [LuaHandle] = []
        for i in 0..<20 {
          let table: LuaTable = try f(i)
          handles.append(table)
          if i == 10 { kept = table }
        }
        handles.append(try lua.function { round })
        let cargo = Cargo(handles: handles)
        handles = []
        queue.async(group: group) { withExtendedLifetime(cargo) {} }
        try expectEqual(kept![1], 10)
        if round % 100 == 0 { try lua.collectGarbage() }
      }
      group.wait()
      try expectEqual(f(1) as [Int], [1])
    }
  },
  ConformanceCheck("threads", "the last handle of a runtime is released by another thread") { engine in
    let queue = DispatchQueue(label: "release", attributes: .concurrent)
    let group = DispatchGroup()
    let counter = LifetimeCounter()
    for _ in 0..<rounds(500) {
      let lua = try LuaRuntime(engine: engine)
      try lua.globals.set("object", to: lua.wrap(counter.makeTracker()))
      let cargo = Cargo(handles: [try lua.table(1), try lua.table(2)])
      queue.async(group: group) { withExtendedLifetime(cargo) {} }
    }
    group.wait()
    try expectEqual(counter.alive, 0)
  },
  ConformanceCheck("threads", "runtimes of their own on several threads") { engine in
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for _ in 0..<rounds(100) {
          try withRuntime(engine) { lua, counter in
            try expect(!lua.release.isEmpty)
            let f = try lua.function { (n: Int) -> Int in
              if n == 0 { throw counter.makeTracker(thread) }
              return n
            }
            let text: String = try lua.eval("('x'):rep((...)(3))", f)
            try expectEqual(text, "xxx")
            try expectTracker(thread) { _ = try f(0) as Int }
            _ = try lua.compile("coroutine.yield(1)").coroutine().next() as Int?
          }
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  },
  ConformanceCheck("threads", "an error's table is used outside of the lock that guards its runtime") { engine in
    let shared = Mutex(try LuaRuntime(engine: engine))
    let failure = Mutex<(any Error)?>(nil)
    @Sendable func failing() -> LuaError? {
      shared.withLock { lua in
        do {
          try lua.execute(
            """
            local dead = coroutine.create(function() end)
            coroutine.resume(dead)
            error({code = 7, dead = dead, list = {1, 2, 3}, f = function(n) return n + 1 end})
            """)
        } catch let error as LuaError { return error } catch {}
        return nil
      }
    }
    let first = failing()
    DispatchQueue.concurrentPerform(iterations: 3) { thread in
      do {
        if thread == 0 {
          // The owner: it must not notice.
          for round in 0..<rounds(300) {
            try shared.withLock { lua in
              let f: LuaFunction = try lua.eval("function(i) return {i, 'text ' .. i} end")
              let tables = try (0..<200).map { try f($0) as LuaTable }
              for (i, table) in tables.enumerated() { try expectEqual(table[1], i) }
              try lua.globals.set("kept", to: tables[round % 200])
              try expectEqual(lua.eval("kept[2]"), "text \(round % 200)")
            }
          }
        } else {
          for round in 0..<rounds(300) {
            guard let error = round % 3 == 0 ? failing() : first, case .table(let table) = error.value else {
              throw ConformanceFailure(message: "no error with a table", file: #fileID, line: #line)
            }
            do {
              try expectEqual(table["code"] as Int, 7)
              try expectEqual(table.entries.count, 4)
              try expectEqual((table["f"] as LuaFunction)(round), round + 1)
              try expectEqual(table.as([String: LuaValue].self).count, 4)
              try expectEqual((table["list"] as [Int]), [1, 2, 3])
              let list: LuaTable = try table["list"]
              try expectEqual(list.as([Int].self), [1, 2, 3])
              try expectEqual(list.as([Double].self), [1, 2, 3])
              try expectEqual((table["dead"] as LuaCoroutine).next() as Int?, nil)
              try table.set("list", to: [1, 2, 3])
              try expect(table == table && Set([table]).contains(table) && !"\(table)".isEmpty)
              try expectEqual(table.runtime.eval("#...", "text") as Int, 4)
            } catch let error as LuaError where error.kind == .wrongThread {}
          }
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    shared.withLock { $0.close() }
  },
  ConformanceCheck("threads", "an error that another thread uses while its runtime is busy for long") { engine in
    // Also if it is the first that others may reach it by, and is made when the runtime is busy already.
    for isMadeBefore in [true, false] {
      let lua = try LuaRuntime(engine: engine)
      defer { lua.close() }
      func fail() throws -> LuaError {
        let error = try expectLuaError(.runtime) { try lua.execute("error({code = 7})") }
        guard case .table = error.value else {
          throw ConformanceFailure(message: "no table", file: #fileID, line: #line)
        }
        return error
      }
      var error = isMadeBefore ? try fail() : nil
      let wait = try lua.function { () throws -> (String, Bool) in
        let made = try error ?? fail()
        error = made
        var outcome = "nothing"
        var isFound = false
        onAnotherThread {
          let handle = made.value.handle!
          do { _ = try handle.runtime.eval("1") as Int } catch let error as LuaError {
            outcome = "\(error.kind)"
          } catch {}
          isFound = handle.identity != nil
        }
        return (outcome, isFound)
      }
      let (outcome, isFound): (String, Bool) = try wait()
      try expectEqual(outcome, "wrongThread")
      try expect(!isFound, "what cannot throw has found something")
      try expectUsable(lua)
      try expectEqual(error?.value.code, 7)
    }
  },
  ConformanceCheck("threads", "what one thread writes while another does is what arrives") { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    let error = try expectLuaError(.runtime) { try lua.execute("error({echo = function(...) return ... end})") }
    @Sendable func echo() throws -> LuaFunction {
      guard case .table(let table) = error.value else {
        throw ConformanceFailure(message: "no table", file: #fileID, line: #line)
      }
      return try table["echo"]
    }
    @Sendable func text(_ name: String) -> String { String(repeating: name, count: 200) }
    let outcome = Mutex("nothing")
    let isWriting = DispatchSemaphore(value: 0)
    let mayGoOn = DispatchSemaphore(value: 0)
    let isDone = DispatchSemaphore(value: 0)
    let start = Deed {
      DispatchQueue.global().async {
        do {
          let wait = Deed {
            isWriting.signal()
            mayGoOn.wait()
          }
          let (other, _, number): (String, LuaValue, Int) = try echo()(text("b"), wait, 7)
          outcome.withLock { $0 = "\(other) \(number)" }
        } catch {
          outcome.withLock { $0 = "\(error)" }
          isWriting.signal()
        }
        isDone.signal()
      }
      isWriting.wait()
    }
    // The other thread begins to write after this one, which ends, and writes again, before it.
    let (own, _, number): (String, LuaValue, Int) = try echo()(text("a"), start, 1)
    try expectEqual(own, text("a"))
    try expectEqual(number, 1)
    var inner = ""
    let call = Deed { inner = try echo()(text("d"), 2) }
    let (outer, _): (String, LuaValue) = try echo()(text("c"), call)
    try expectEqual([outer, inner], [text("c"), text("d")])
    mayGoOn.signal()
    isDone.wait()
    try expectEqual(outcome.withLock { $0 }, text("b") + " 7")
  },
  ConformanceCheck("threads", "an error that leaves an actor leaves its tables there") { engine in
    let actor = try LuaActor(engine: engine)
    let outcome = Mutex<(any Error)?>(nil)
    let done = DispatchSemaphore(value: 0)
    Task {
      defer { done.signal() }
      do {
        do {
          try await actor.run { lua in
            do { try lua.execute("error({code = 7})") } catch {
              throw LuaError(message: "outer", underlying: error)
            }
          }
        } catch let error as LuaError {
          try expect(error.value.handle == nil)
          let inner = error.underlying as? LuaError
          try expect(inner != nil && inner?.value.handle == nil, "the error behind has kept its table")
        }
        // One that is returned keeps it, and whoever uses it is let in when the actor is idle.
        let returned: LuaError? = try await actor.run { lua in
          do { try lua.execute("error({code = 7})") } catch let error as LuaError { return error } catch {}
          return nil
        }
        guard case .table(let table)? = returned?.value else {
          throw ConformanceFailure(message: "no table", file: #fileID, line: #line)
        }
        async let busy: Int = actor.run { lua in
          var sum = 0
          for i in 0..<rounds(20_000) { sum += try lua.eval("... + 1", i) as Int - i }
          return sum
        }
        for _ in 0..<rounds(2000) {
          do { try expectEqual(table["code"] as Int, 7) } catch let error as LuaError where error.kind == .wrongThread {
          }
        }
        try await expectEqual(busy, rounds(20_000))
      } catch {
        outcome.withLock { $0 = error }
      }
    }
    done.wait()
    if let error = outcome.withLock({ $0 }) { throw error }
  },
  ConformanceCheck("threads", "tasks do anything to actors, pools and values of theirs") { engine in
    try expectReleased { lifetimes in
      try waiting(onSeveralThreads: true) {
        try await RandomActors(engine: engine, lifetimes: lifetimes).run(tasks: 8, steps: rounds(2000))
      }
    }
  },
]
