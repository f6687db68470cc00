internal import LobaCore

/// Limits that strike in the middle of anything.
let randomLimitActions: [RandomAction] = [
  RandomAction("anything within a limit", weight: 4, needs: .limits, allows: [.limit]) { world in
    world.isLimited = true
    try world.lua.withLimits(LuaLimits(instructions: world.pick(4) * world.pick(1000))) {
      try RandomWorld.current?.disturb("a block with a limit", .limits)
      if RandomWorld.current?.flip() == true { try RandomWorld.current?.lua.execute("for i = 1, 200 do act() end") }
    }
  },
  RandomAction("a script within a limit", weight: 4, needs: [.limits, .scripts], allows: [.limit, .runtime]) { world in
    world.isLimited = true
    let script = RandomScript.make(in: world)
    world.note(script)
    try world.lua.withLimits(LuaLimits(instructions: world.pick(500))) { try world.lua.execute(script) }
  },
  RandomAction("a script that only a limit ends", weight: 1, needs: .limits) { world in
    world.isLimited = true
    do {
      try world.lua.withLimits(LuaLimits(instructions: 3000)) {
        try world.lua.execute("while true do pcall(act) local t = {} end")
      }
      world.fail("an endless script has ended")
    } catch let error as LuaError where error.kind == .limit {}
  },
  RandomAction("interrupt", weight: 1, needs: .limits, allows: [.limit]) { world in try world.interrupt() },
]
