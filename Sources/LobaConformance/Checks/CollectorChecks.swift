internal import LobaCore

private let area = Area("garbage collector")

/// Makes garbage and keeps some, and looks whether what is kept is whole.
private let work = """
  local kept = {}
  for i = 1, 20000 do
    kept[i % 100] = {i, tostring(i), {i}}
    if i % 7 == 0 then kept[i % 100][3][1] = {i} end
  end
  for _, t in pairs(kept) do
    local inner = t[3][1]
    assert(t[2] == tostring(t[1]) and (inner == t[1] or inner[1] == t[1]))
  end
  """

/// How garbage is collected: modes and their parameters.
let collectorChecks: [ConformanceCheck] = [
  area("the collector can be told how to collect") { lua in
    for mode in [
      LuaCollectorMode.incremental(), .incremental(pause: 1), .incremental(stepMultiplier: 1000),
      .incremental(pause: 1000, stepMultiplier: 1), .incremental(pause: 100, stepMultiplier: 200),
    ] {
      try lua.setCollectorMode(mode)
      try lua.execute(work)
      try lua.collectGarbage()
    }
  },
  area("generations are collected where the engine has them", requires: .generationalCollector) { lua in
    let counter = LifetimeCounter()
    let make = try lua.function { (lua: LuaRuntime) in try lua.wrap(counter.makeTracker()) }
    for _ in 1...3 {
      try lua.setCollectorMode(.generational())
      try lua.execute(work)
      try lua.execute("local make = ... for i = 1, 1000 do make() end", make)
      try lua.collectGarbage()
      try lua.collectGarbage()
      try expectEqual(counter.alive, 0)
      try lua.setCollectorMode(.incremental())
      try lua.execute(work)
    }
  },
  area("steps of the collector come to the end of a cycle") { lua in
    try lua.setCollectorMode(.incremental())
    let counter = LifetimeCounter()
    for isStopped in [false, true] {
      let collect: () throws -> Void = {
        for kilobytes in [0, 1, 64] {
          for _ in 1...50 { _ = try lua.wrap(counter.makeTracker()) }
          try lua.execute("for i = 1, 2000 do local t = {{}} end")
          var steps = 0
          // The first may end a cycle that has gone past the garbage.
          for _ in 1...3 {
            repeat { steps += 1 } while try !lua.collectGarbageStep(kilobytes: kilobytes) && steps < 100_000
          }
          try expect(steps < 100_000, "\(kilobytes)")
          try expectEqual(counter.alive, 0)
        }
      }
      if isStopped { try lua.withoutGarbageCollection(collect) } else { try collect() }
    }
    try lua.collectGarbageStep(kilobytes: .max)
    try expectLuaError(.conversion) { try lua.collectGarbageStep(kilobytes: -1) }
    try expectUsable(lua)
    lua.close()
    try expectLuaError(.closed) { try lua.collectGarbageStep() }
  },
  area("steps of the collector come to an end of generations", requires: .generationalCollector) { lua in
    for scriptChooses in [false, true] {
      for kilobytes in [0, 1, 64] {
        if scriptChooses {
          try lua.execute("collectgarbage('generational')")
        } else {
          try lua.setCollectorMode(.generational())
        }
        for _ in 1...3 {
          var steps = 1
          while try !lua.collectGarbageStep(kilobytes: kilobytes) && steps < 100_000 { steps += 1 }
          try expect(steps < 100_000, "\(kilobytes)")
        }
        try lua.setCollectorMode(.incremental())
      }
    }
  },
  area("an end of a cycle that is told is one") { lua in
    try lua.setCollectorMode(.incremental())
    let counter = LifetimeCounter()
    try lua.execute("kept = {} for i = 1, 20000 do kept[i] = {} end")
    for before in ["", "collectgarbage()", "for i = 1, 200000 do local t = {} end"] {
      try lua.execute(before)
      // Begins a cycle, if it has to.
      repeat {} while try !lua.collectGarbageStep()
      for _ in 1...50 { _ = try lua.wrap(counter.makeTracker()) }
      var steps = 1
      while try !lua.collectGarbageStep() && steps < 1_000_000 { steps += 1 }
      try expectEqual(counter.alive, 0, "\(before), \(steps) steps")
    }
  },
  area("scripts ask for generations as well, and lose nothing by it") { lua in
    try lua.execute(
      """
      pcall(collectgarbage, 'generational')
      local kept = {}
      for i = 1, 20000 do
        kept[i % 500 + 1] = setmetatable({i, {tostring(i)}}, {__index = kept})
        if i % 1000 == 0 then collectgarbage('step') coroutine.wrap(function() kept.co = {i} end)() end
      end
      for i = 1, 500 do assert(kept[i][2][1] == tostring(kept[i][1])) end
      pcall(collectgarbage, 'incremental')
      collectgarbage()
      """)
  },
  area("a mode that the engine does not have is an error that says so", excludes: .generationalCollector) { lua in
    let error = try expectLuaError(.engine) { try lua.setCollectorMode(.generational()) }
    try expectEqual(error.message, "\(lua.engine.name) has no generational garbage collector")
    try lua.execute(work)
  },
  area("a parameter that the engine does not have is an error that says so") { lua in
    let version = lua.engine.version
    let hasAll = version.minor >= 4
    let size = LuaCollectorMode.incremental(pause: 150, stepSize: 10_000)
    let multipliers = LuaCollectorMode.generational(minorMultiplier: 30, majorMultiplier: 150)
    if hasAll {
      for size in [1, 2, 3, 1 << 13, 1 << 30] { try lua.setCollectorMode(.incremental(stepSize: size)) }
      try lua.setCollectorMode(size)
      try lua.execute(work)
      try lua.setCollectorMode(multipliers)
      try lua.execute(work)
    } else {
      try expectContains(
        try expectLuaError(.engine) { try lua.setCollectorMode(size) }.message, lua.engine.name, "no step size")
      try expectContains(
        try expectLuaError(.engine) { try lua.setCollectorMode(multipliers) }.message, lua.engine.name, "generational")
    }
  },
  area("a parameter out of range is an error that names it") { lua in
    for bad in [0, -1, 1001, .max, .min] {
      let error = try expectLuaError(.conversion) { try lua.setCollectorMode(.incremental(pause: bad)) }
      try expectContains(error.message, "pause", "\(bad)", "1000")
      try expectLuaError(.conversion) { try lua.setCollectorMode(.incremental(stepMultiplier: bad)) }
      try expectLuaError(.conversion) { try lua.setCollectorMode(.generational(minorMultiplier: bad)) }
      try expectLuaError(.conversion) { try lua.setCollectorMode(.generational(majorMultiplier: bad)) }
    }
    try expectLuaError(.conversion) { try lua.setCollectorMode(.incremental(stepSize: 1 << 31)) }
    try expectLuaError(.conversion) { try lua.setCollectorMode(.incremental(stepSize: 0)) }
  },
  area("the collector can be told in a host function, in a finalizer and in a coroutine") { lua in
    try lua.globals.set(
      "tell",
      to: lua.function { (lua: LuaRuntime, pause: Int) in
        try lua.setCollectorMode(.incremental(pause: pause))
      })
    try lua.execute(
      """
      coroutine.wrap(function() tell(120) end)()
      local function gc() tell(130) end
      for i = 1, 10 do
        if newproxy then getmetatable(newproxy(true)).__gc = gc else setmetatable({}, {__gc = gc}) end
      end
      for i = 1, 20000 do local t = {} end
      collectgarbage() collectgarbage()
      """)
  },
  area("a memory limit holds, however garbage is collected") { lua in
    lua.memoryLimit = lua.memoryUsed + 2 << 20
    let modes: [LuaCollectorMode] = [
      .incremental(pause: 1000, stepMultiplier: 1), .generational(), .incremental(pause: 200),
    ]
    for mode in modes {
      do { try lua.setCollectorMode(mode) } catch let error as LuaError where error.kind == .engine { continue }
      try lua.execute(work)
      try expectLuaError(.memory) { try lua.execute("local t = {} while true do t[#t + 1] = {} end") }
    }
    lua.memoryLimit = nil
  },
  area.engine("a closed runtime's collector cannot be told anything") { engine in
    let lua = try LuaRuntime.forCheck(engine)
    lua.close()
    try expectLuaError(.closed) { try lua.setCollectorMode(.incremental(pause: 100)) }
  },
]
