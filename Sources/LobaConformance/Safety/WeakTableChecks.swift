internal import LobaCore

// Tables with weak keys, whose chains hold the collector up, and Loba's own in a sandbox, which has none.

private func chain(_ length: Int, _ link: String) -> String {
  """
  local state = 1
  local function draw(n) state = (state * 16807) % 2147483647 return state % n + 1 end
  while true do
    local order, keys = {}, {}
    for i = 1, \(length) do order[i], keys[i] = i, {} end
    for i = \(length), 2, -1 do local j = draw(i) order[i], order[j] = order[j], order[i] end
    \(link)
    order = nil
    first, keys = keys[1], nil
    for i = 1, 100000 do local garbage = {} end
  end
  """
}

private func chains(_ length: Int) -> [String] {
  [
    // In one table, from any entry to any other.
    chain(
      length,
      """
      local t = setmetatable({}, {__mode = 'k'})
      kept = t
      for i = 1, \(length - 1) do t[keys[order[i]]] = keys[order[i + 1]] end
      """),
    // In one each, some of whose metatables say so only afterwards.
    chain(
      length,
      """
      local mode, meta = '__mo', {}
      kept = {}
      for i = 1, \(length - 1) do kept[i] = setmetatable({}, meta) end
      rawset(meta, mode .. 'de', 'k')
      for i = 1, \(length - 1) do kept[i][keys[order[i]]] = keys[order[i + 1]] end
      """),
  ]
}

/// Whether the engine's collector knows that the value of a weak key is only reached by way of the key.
private func hasEphemerons(_ lua: LuaRuntime) -> Bool {
  lua.engine.version >= (5, 2)
}

private func sandbox(
  _ name: String, requires: LuaCapabilities = [], hasWeakTables: Bool = false,
  _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("sandbox", name, requires: requires) { engine in
    var configuration = LuaConfiguration.sandbox
    configuration.sandbox?.hasWeakTables = hasWeakTables
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try body(lua)
    try expectIntact(lua)
  }
}

/// In how many tables, of each mode and of each way to say it, an entry is still there after a collection.
private func countKept(_ lua: LuaRuntime) throws -> [String: Int] {
  try lua.execute(
    """
    tables = {}
    for _, mode in next, {'k', 'v', 'kv'} do
      local before, after, raw = {__mode = mode}, {}, {}
      tables[mode] = {setmetatable({}, before), setmetatable({}, after), setmetatable({}, raw)}
      after.__mode = mode
      rawset(raw, ('_'):rep(2) .. 'mode', mode)
      for _, t in next, tables[mode] do t[{}] = {} end
    end
    """)
  try lua.collectGarbage()
  return try lua.execute(
    """
    local counts = {}
    for mode, list in next, tables do
      counts[mode] = 0
      for _, t in next, list do if next(t) then counts[mode] = counts[mode] + 1 end end
    end
    return counts
    """)
}

let weakTableChecks: [ConformanceCheck] =
  chains(60_000).enumerated().map { index, script in
    ConformanceCheck("limits", "chains of weak keys end in time (\(index))") { engine in
      var configuration = LuaConfiguration.sandbox
      configuration.limits = LuaLimits.none
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try expectEndedInTime(lua, script, deadline: .milliseconds(300), seconds: 0.8, sanitized: 3)
      try lua.execute("kept, first = nil")
      try expectUsable(lua)
    }
  } + [
    sandbox("tables are not weak where that can hold up the collector") { lua in
      let kept = hasEphemerons(lua) ? 3 : 0
      try expectEqual(countKept(lua), ["k": kept, "v": kept, "kv": kept])
      // What a script reads and writes is what it has written.
      try lua.execute(
        """
        local meta = {__mode = 'k', x = 1}
        local t = setmetatable({}, meta)
        assert(getmetatable(t) == meta and meta.__mode == 'k' and rawget(meta, '__mo' .. 'de') == 'k')
        local names = {}
        for name in next, meta do names[#names + 1] = name end
        table.sort(names)
        assert(#names == 2 and names[1] == '__mode' and names[2] == 'x')
        """)
    },
    sandbox("tables are weak where the host lets them be", hasWeakTables: true) { lua in
      try expectEqual(countKept(lua), ["k": 0, "v": 0, "kv": 0])
    },
    ConformanceCheck("sandbox", "another runtime's tables are weak beside it") { engine in
      let bounded = try LuaRuntime(engine: engine, configuration: .sandbox)
      defer { bounded.close() }
      let lua = try LuaRuntime(engine: engine)
      defer { lua.close() }
      try expectEqual(countKept(lua), ["k": 0, "v": 0, "kv": 0])
    },
    sandbox("objects and their methods are let go of where no table of a script's is weak") { lua in
      let lifetimes = LifetimeCounter()
      try lua.register(LuaClass<LifetimeTracker>("Tracker") { $0.method("touch") { $0.number } })
      try lua.globals.set("make") { lifetimes.makeTracker() }
      for _ in 0..<3 {
        try lua.execute(
          """
          for i = 1, 100 do
            local o = make()
            local touch = o.touch
            assert(touch == o.touch)
          end
          """)
      }
      try lua.collectGarbage()
      try lua.collectGarbage()
      try expectEqual(lifetimes.alive, 0)
    },
    sandbox("coroutines are counted while they live where no table of a script's is weak") { lua in
      try lua.execute("for i = 1, 5000 do coroutine.create(function() end) coroutine.wrap(function() end)() end")
      let keep = "kept = kept or {} for i = 1, 600 do kept[#kept + 1] = coroutine.create(function() end) end"
      try lua.execute(keep)
      try expectLuaError(.runtime) { try lua.execute(keep) }
    },
    sandbox("steps of the collector end where no table of a script's is weak") { lua in
      var steps = 0
      while try !lua.collectGarbageStep() {
        steps += 1
        try expect(steps < 10_000, "no cycle has ended")
      }
    },
  ]
