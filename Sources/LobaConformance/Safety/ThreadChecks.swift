internal import Foundation
internal import LobaCore
internal import Synchronization

// What other threads may do, for ThreadSanitizer to watch: release handles at any time, and use runtimes of their own.

/// Carries values that are only released on the other side.
private struct Cargo: @unchecked Sendable {
  var handles: [LuaHandle]
}

let threadChecks: [ConformanceCheck] = [
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
]
