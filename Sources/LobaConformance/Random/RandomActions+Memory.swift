internal import LobaCore

let randomMemoryActions: [RandomAction] = [
  RandomAction("collect garbage", weight: 3, needs: .collector) { world in try world.lua.collectGarbage() },
  RandomAction("a setting of the collector", needs: .collector) { world in
    let source = world.pick(
      from: world.engine.version.minor >= 4
        ? [
          "collectgarbage('generational')", "collectgarbage('incremental', 1, 1000, 5)",
          "collectgarbage('incremental', 200, 100, 13)", "collectgarbage('step', 10)", "collectgarbage('stop')",
          "collectgarbage('restart')",
        ]
        : [
          "collectgarbage('setpause', 1) collectgarbage('setstepmul', 10000)", "collectgarbage('step', 10)",
          "collectgarbage('setpause', 200) collectgarbage('setstepmul', 200)", "collectgarbage('stop')",
          "collectgarbage('restart')",
        ])
    try world.lua.execute(source)
  },
  RandomAction("how garbage is collected", needs: .collector) { world in
    let lua = world.lua
    let modes: [LuaCollectorMode] = [
      .incremental(pause: world.pick(1000) + 1, stepMultiplier: world.pick(1000) + 1), .incremental(), .generational(),
    ]
    do { try lua.setCollectorMode(world.pick(from: modes)) } catch let error as LuaError where error.kind == .engine {}
  },
  RandomAction("a step of the collector", needs: .collector) { world in
    try world.lua.collectGarbageStep(kilobytes: world.pick(3) * world.pick(100))
  },
  RandomAction("without the collector", weight: 1, needs: .collector) { world in
    try world.lua.withoutGarbageCollection {
      try RandomWorld.current?.disturb("without the collector", [])
    }
  },
  RandomAction("a memory limit", needs: .memoryLimits) { world in
    world.setMemoryLimit(world.lua.memoryUsed + world.pick(4) * world.pick(10_000))
  },
  RandomAction("no memory limit", weight: 2, needs: .memoryLimits) { world in world.setMemoryLimit(nil) },
  RandomAction("allocations fail", needs: .allocationFaults) { world in
    world.failAllocations(after: world.pick(40))
  },
  RandomAction("allocations succeed", weight: 4, needs: .allocationFaults) { world in
    world.failAllocations(after: -1)
  },
  RandomAction("an error that is no lack of memory", weight: 1, needs: .imposters) { world in
    do {
      try world.lua.execute("error('not enough memory', 0)")
    } catch let error as LuaError where error.kind == .memory && !world.wasMemoryDenied {
      world.fail("a script's own error is of kind memory")
    }
  },
  RandomAction("close", weight: 1, needs: .closing) { world in
    // Seldom: nothing much can be done afterwards.
    if world.chance(1, in: 6) { world.closeRuntime() }
  },
]
