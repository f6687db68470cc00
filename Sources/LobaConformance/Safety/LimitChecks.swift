internal import LobaCore

// Hot loops that run out of memory, at many places. Each in a process of its own: an engine that fails takes it along.

private let hotLoops = [
  "local s = '' for i = 1, 500 do s = s .. i end",
  "local t = {} for i = 1, 2000 do t[i] = {} end",
  "for i = 1, 500 do pcall(error, {i}) end",
  "local function f(...) return select('#', ...), ... end for i = 1, 500 do f(i, i, i, {}, 'x' .. i) end",
  "local t = {} for i = 1, 500 do t[i] = function() return i end end",
  "local t = {} for i = 1, 500 do t[i] = ('%d %s'):format(i, i) end",
  "local t = {} for i = 1, 300 do table.insert(t, 1, tostring(i)) end",
  "local t = {} for i = 1, 99 do t[i] = coroutine.create(function() coroutine.yield(i) end) coroutine.resume(t[i]) end",
  "local t = {} for i = 1, 300 do t[i] = coroutine.wrap(function(...) return ... end)(1, 2, 3, {}, 'x' .. i) end",
  "local t = {} for i = 1, 200 do t[i] = ('x'):rep(i) end table.concat(t)",
  "local t = {} for i = 1, 200 do t[i] = (('abc'):gsub('.', function(c) return c .. i end)) end",
  "local t = {} for i = 1, 300 do t[i] = 'k' .. (300 - i) end table.sort(t, function(a, b) return a < b end)",
  "local t = {} for i = 1, 300 do t[i] = setmetatable({}, {__index = function() return {} end}) local _ = t[i].x end",
  "local u = table.unpack or unpack local t = {} for i = 1, 100 do t[i] = i; local a = {u(t)} end",
  "local t = {} for i = 1, 300 do t[i] = ('abcdef'):sub(1, 3) .. i t[i] = t[i]:upper():reverse():lower() end",
  "local t = {} for i = 1, 300 do t[i] = string.char(65 + i % 26, 66, 67) .. i end",
  "local s = 'x' for i = 1, 15 do s = s .. s end",
  "local t = {} for i = 1, 300 do pcall(function() t[i] = tostring({}) end) end",
  "local f = loadstring or load local t = {} for i = 1, 60 do t[i] = f('return {' .. i .. '}') end",
]

let limitChecks: [ConformanceCheck] = [
  ConformanceCheck("limits", "hot loops under memory limits of many sizes end with an error of memory, or end") {
    engine in
    var all = 0
    // `tostring` that is refused memory crashes LuaJIT itself.
    for source in hotLoops where !(engine.capabilities.contains(.jit) && source.contains("tostring")) {
      let lua = try LuaRuntime(engine: engine)
      defer { lua.close() }
      let script: LuaFunction = try lua.compile(source)
      try script() as Void  // so that it is compiled where the engine compiles
      var failures = 0
      for spare in stride(from: 200, to: 60_000, by: isFullSweep ? 400 : 2400) {
        try lua.collectGarbage()
        lua.memoryLimit = lua.memoryUsed + spare
        do { try script() as Void } catch let error as LuaError {
          failures += 1
          // What unpack says where the stack cannot grow.
          if !error.message.contains("too many results") { try expectContains(error.message, "not enough memory") }
        }
        lua.memoryLimit = nil
        try expectUsable(lua)
      }
      all += failures
    }
    try expect(all > 100, "only \(all) runs failed")
  },
  // What a table frees that has grown is not what a collection frees.
  ConformanceCheck("limits", "large tables that are garbage do not make memory short") { engine in
    let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: 64 << 20))
    defer { lua.close() }
    try lua.execute(
      """
      local function fill() local t = {} for i = 1, 60000 do t['https://example.com/products/' .. i .. '/details'] = i end end
      fill()
      for r = 1, 40 do
        local t = {}
        for i = 1, 100000 do t[i * 1024 + r * 0.5] = true end
      end
      """)
  },
  ConformanceCheck("limits", "garbage does not make memory short, however near the limit is") { engine in
    let garbage = [
      "for i = 1, 200000 do local t = {i} end", "for i = 1, 100000 do local s = 'x' .. i end",
      "for i = 1, 20000 do local t = {} for j = 1, 20 do t[j] = j end end",
      "for i = 1, 50000 do local f = function() return i end end",
      "for i = 1, 5000 do coroutine.wrap(function() coroutine.yield(1) end)() end",
    ]
    for ratio in [1.1, 1.2, 1.5, 1.9] {
      let lua = try LuaRuntime(engine: engine)
      defer { lua.close() }
      try lua.execute("kept = {} for i = 1, 20000 do kept[i] = {i} end")
      try lua.collectGarbage()
      lua.memoryLimit = Int(Double(lua.memoryUsed) * ratio)
      for source in garbage { try lua.execute(source) }
      // What is kept grows meanwhile.
      lua.memoryLimit = nil
      try lua.execute("kept = nil")
      try lua.collectGarbage()
      lua.memoryLimit = Int(Double(lua.memoryUsed) + 1_500_000 * ratio)
      try lua.execute("kept = {} for i = 1, 10000 do kept[i] = {i} for j = 1, 10 do local t = {} end end")
      try expectLuaError(.memory) { try lua.execute("local t = {} while true do t = {t} end") }
      try expectUsable(lua)
    }
  },
  ConformanceCheck("limits", "the compiler is off while there is a limit, and then as before", requires: .jit) {
    engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    try expect(lua.eval("(jit.status())"))
    lua.memoryLimit = 10_000_000
    try expect(!lua.eval("(jit.status())"))
    try lua.execute("jit.on() jit.on(nil)")
    try expect(!lua.eval("(jit.status())"), "a script has turned the compiler on")
    try lua.execute("jit.on(function() end)")
    lua.memoryLimit = 20_000_000
    lua.memoryLimit = nil
    try expect(lua.eval("(jit.status())"))
    try lua.execute("jit.off()")
    lua.memoryLimit = 10_000_000
    lua.memoryLimit = nil
    try expect(!lua.eval("(jit.status())"), "lifting a limit has turned on what was off")
    let limited = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: 10_000_000))
    defer { limited.close() }
    try expect(!limited.eval("(jit.status())"))
  },
]
