internal import LobaCore

/// One round: a fresh runtime, some steps, and what must hold after each and at the end.
struct RandomRound {
  let engine: any LuaEngine
  let seed: UInt64
  let features: RandomFeatures
  let steps: Int
  let journal: (String) -> Void

  /// What went wrong, if anything.
  func run() -> (failure: String?, counts: RandomCounts) {
    journal("\(engine.name), seed \(seed), \(features)")
    let world = RandomWorld(engine: engine, seed: seed, features: features, journal: journal)
    world.entered { run(world) }
    return (world.failure, world.counts)
  }

  private func run(_ world: RandomWorld) {
    do {
      try world.open(world.makeConfiguration())
      try world.prepareToWait()
      try world.registerClasses()
      try world.defineGlobals()
    } catch {
      return world.fail("the round cannot begin: \(error)")
    }
    for _ in 0..<steps {
      world.step(world.pick(from: RandomAction.all(for: world)))
      guard world.failure == nil else { break }
      world.checkIntact()
      if world.wasClosed || world.failure != nil { break }
    }
    // What a closed runtime says to everything.
    if world.wasClosed, world.failure == nil {
      for _ in 0..<10 { world.step(world.pick(from: RandomAction.all(for: world))) }
    }
    end(world)
  }

  private func end(_ world: RandomWorld) {
    // Of what waits some goes on in a closed runtime.
    if world.flip() { world.quietly { world.finish() } }
    // A finalizer for which there is no memory never runs, and what it would release stays until the end.
    if !world.wasClosed, !world.wasMemoryEverDenied, world.tasks.isIdle, world.failure == nil,
      world.has(.collectability)
    {
      world.checkCollected()
    }
    world.quietly { world.closeRuntime() }
    world.quietly { world.finish() }
    let isReleased = world.quietly { world.release() }
    guard world.failure == nil else { return }
    if !isReleased { world.fail("something keeps the runtime alive after it has been closed") }
    let alive = world.lives.numbersAlive
    if !alive.isEmpty { world.fail("host objects are alive after the runtime: \(alive)") }
  }
}

extension RandomWorld {
  /// What holds after every step.
  func checkIntact() {
    quietly {
      if lua.isClosed != wasClosed { return fail(wasClosed ? "the runtime is not closed" : "the runtime is closed") }
      if !lua.isIdle { return fail("an operation did not end") }
      guard !wasClosed else { return }
      if lua.stackTop != 0 { return fail("\(lua.stackTop) values lie on Lua's stack") }
      do {
        let two: Int = try lua.eval("1 + 1")
        if two != 2 { fail("1 + 1 is \(two)") }
        for (table, token) in pools.tables { expect([try RandomToken(.table(table))], [token]) }
        for (userdata, object) in pools.userdata {
          if try LuaValue.userdata(userdata).as(RandomObject.self) !== object {
            fail("a userdata holds another object")
          }
        }
      } catch {
        fail("after a step that has ended: \(error)")
      }
    }
  }

  /// When nobody holds anything, everything can be collected.
  func checkCollected() {
    quietly {
      pools = RandomPools()
      do {
        lua.removeHook()
        try lua.execute("collectgarbage('restart')")
        try lua.setOverflowHandler(nil)
        // The last error may be kept until there is another.
        do { try lua.execute("error('the last', 0)") } catch let error as LuaError where error.message == "the last" {}
        // Finalizers make and keep values themselves, and have finalizers made: one within another at most, and each takes
        // a cycle to be found and one to be run.
        for cycle in 0..<16 where cycle < 4 || lives.alive != 0 {
          try lua.execute("pcall(debug.sethook) keep, main, g0, g1, g2, g3 = {}, nil, nil, nil, nil, nil")
          try lua.collectGarbage()
        }
      } catch {
        return fail("before the end: \(error)")
      }
      if lives.alive != 0 { fail("host objects cannot be collected: \(lives.numbersAlive)") }
    }
  }
}
