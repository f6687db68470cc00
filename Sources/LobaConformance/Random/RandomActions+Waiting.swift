internal import LobaCore

/// Asynchronous functions, in tasks that may outlive the step that has begun them.
let randomWaitingActions: [RandomAction] = [
  RandomAction("a call that waits", weight: 5, needs: .waiting) { world in
    let (a, b) = (world.makeToken(), world.makeToken())
    let f: LuaFunction = try world.lua.eval(
      """
      function(a)
        act()
        local b = later(token(\(b.number)))
        act()
        check(\(b.number), b)
        return later(a), b
      end
      """)
    world.begin("a call that waits") { world in
      let (x, y): (RandomRead, RandomRead) = try await f.callAsync(RandomWritten(token: a))
      world.expect([x.token, y.token], [a, b])
    }
  },
  RandomAction("a script that waits", weight: 6, needs: [.waiting, .scripts]) { world in
    // Others may then resume the coroutine while it waits, close it and throw into it.
    let isExposed = world.has(.coroutines) && world.flip()
    let script = (isExposed ? "expose(coroutine.running()) " : "") + RandomScript.make(in: world)
    world.note(script)
    let f = try world.lua.compile(script)
    world.begin("a script that waits", allows: [.runtime, .coroutine]) { world in
      let results: LuaValues = try await f.callAsync()
      for value in results { world.remember(value) }
    }
  },
  RandomAction("a function that is at hand, in a task", weight: 2, needs: .waiting) { world in
    guard !world.pools.functions.isEmpty else { return }
    let f = world.pick(from: world.pools.functions)
    let token = world.makeToken()
    world.begin("a function that is at hand", allows: [.conversion, .runtime, .coroutine]) { world in
      let value: LuaValue = try await f.callAsync(RandomWritten(token: token), 2)
      world.remember(value)
    }
  },
  RandomAction("what a coroutine yields between waits", weight: 4, needs: [.waiting, .coroutines]) { world in
    let token = world.makeToken()
    let count = world.pick(4)
    let body: LuaFunction = try world.lua.eval(
      """
      function(n)
        for i = 1, n do
          act()
          local a = later(token(\(token.number)))
          coroutine.yield(a)
        end
      end
      """)
    let coroutine = try body.coroutine(count)
    world.begin("what a coroutine yields between waits") { world in
      var found: [RandomToken?] = []
      for try await value in coroutine.elements(as: RandomRead.self) {
        found.append(value.token)
        if world.chance(1, in: 4) { return }
        if world.flip() { await world.wait() }
      }
      world.expect(found, Array(repeating: token, count: count))
    }
  },
  RandomAction("a coroutine at hand, in a task", weight: 2, needs: [.waiting, .coroutines]) { world in
    guard !world.pools.coroutines.isEmpty else { return }
    let coroutine = world.pick(from: world.pools.coroutines)
    world.begin("a coroutine at hand", allows: [.coroutine, .conversion]) { world in
      for try await value in coroutine { world.remember(value) }
    }
  },
  RandomAction("a method that waits", weight: 3, needs: [.waiting, .members]) { world in
    let object = world.makeObject()
    let token = world.makeToken()
    let f: LuaFunction = try world.lua.eval("function(o) return o:later(token(\(token.number))), o.number end")
    world.begin("a method that waits") { world in
      let (value, number): (RandomRead, Int) = try await f.callAsync(object)
      world.expect([value.token], [token])
      if number != object.token.number { world.fail("a method has waited for an object, and its number is \(number)") }
    }
  },
  RandomAction("a call that waits within another", weight: 3, needs: .waiting) { world in
    let token = world.makeToken()
    let f: LuaFunction = try world.lua.eval(
      """
      function()
        return within(function()
          nap()
          return within(function() return later(token(\(token.number))) end)
        end)
      end
      """)
    world.begin("a call that waits within another") { world in
      let value: RandomRead = try await f.callAsync()
      world.expect([value.token], [token])
    }
  },
  RandomAction("go on with tasks", weight: 6, needs: .waiting) { world in world.goOn() },
  RandomAction("cancel a task", weight: 2, needs: .waiting) { world in world.cancelTask() },
]

extension RandomWorld {
  /// Before anything that waits is made: a `pcall` that takes the place of the engine's is to know of limits, since where no
  /// hook is called, that is what ends a script.
  func prepareToWait() throws {
    if has([.waiting, .limits]), !engine.capabilities.contains(.yieldAcrossPcall) { try lua.withLimits(.none) {} }
  }

  /// Makes the functions that scripts wait for.
  func defineWaitingGlobals() throws {
    try lua.globals.set("nap", to: lua.asyncFunction { () -> Void in try await RandomWorld.current?.nap("nap") })
    try lua.globals.set(
      "later",
      to: lua.asyncFunction { (value: RandomRead) in
        try await RandomWorld.current?.nap("later")
        return value
      })
    try lua.globals.set(
      "within",
      to: lua.asyncFunction { (f: LuaFunction) -> LuaValue in
        try await RandomWorld.current?.nap("within")
        return try await f.callAsync()
      })
  }

  /// What every asynchronous function does.
  nonisolated(nonsending) func nap(_ name: String) async throws {
    if Task.isCancelled { fail("\(name) was called for a task that had been cancelled") }
    try disturb(name, .waiting)
    for _ in 0..<pick(3) {
      await wait()
      if flip() { try Task.checkCancellation() }
    }
    try disturb("\(name), after a wait", .waiting)
  }
}
