internal import LobaCore

// What ended processes once, each in a process of its own.

private struct Boom: Error, Equatable {}

let attackChecks: [ConformanceCheck] = [
  ConformanceCheck("attacks", "variables of a function that a tail call has replaced") { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    let f: LuaFunction = try lua.execute(
      """
      local function g()
        for level = 1, 4 do
          for n = 1, 4 do
            local _, _, value = pcall(debug.getlocal, level, n)
            assert(type(value) ~= 'thread', 'a thread of Loba shows')
          end
        end
        for _, level in ipairs{3, 4, -1, -2, '-1', -2 ^ 32, 2 ^ 32 - 1, 0 / 0} do  -- 2 is this function
          for n = 1, 3 do
            local _, _, value = pcall(debug.getlocal, level, n)
            assert(type(value) ~= 'thread', 'a thread of Loba shows')
            pcall(debug.setlocal, level, n, nil)
          end
        end
        return 1
      end
      return function() return g() end
      """)
    for _ in 0..<10 {
      try expectEqual(f(), 1)
      try lua.collectGarbage()
    }
    let tables = try (0..<100).map { try lua.table($0) }
    for (i, table) in tables.enumerated() { try expectEqual(table[1], i) }
    let error = try expectLuaError(.runtime) { try lua.execute("error('plain', 0)") }
    try expectEqual(error.message, "plain")
  },
  ConformanceCheck("attacks", "what the libraries of Lua 5.1 crash on by themselves") { engine in
    for stackSize in [512 << 10, 8 << 20] {
      try onThread(stackSize: stackSize) {
        let lua = try LuaRuntime(engine: engine)
        defer { lua.close() }
        for script in [
          "unpack({}, 0, 2 ^ 31 - 1)", "unpack({}, -2 ^ 31, 2 ^ 31 - 1)",
          "string.find(('a'):rep(500000), ('a?'):rep(500000))",
          "string.match(('a'):rep(500000), ('a-'):rep(500000) .. 'b')",
          "string.gsub(('a'):rep(5000), ('a?'):rep(500000), '')",
          "string.gmatch(('a'):rep(500000), ('a?'):rep(500000))()",
          "debug.getinfo(1, '>S')", "debug.getinfo(coroutine.create(print), 1, '>S')",
        ] {
          try lua.execute("local unpack, f = unpack or table.unpack pcall(function() \(script) end)")
          try expectEqual(lua.eval("1 + 1"), 2)
        }
        try expectEqual(lua.eval("select('#', (unpack or table.unpack)({}, 1, 200))"), 200)
        try expectEqual(lua.eval("(string.gsub(('a'):rep(3000), ('a'):rep(3000), 'b'))"), "b")
      }
    }
  },
  ConformanceCheck("attacks", "coroutines resumed near the end of the stack") { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    try lua.execute(
      """
      local unpack = table.unpack or unpack
      local function deep(resume)
        local function r(n)
          local a, b, c = n, n, n
          if n == 0 then return resume() end
          local x = r(n - 1)
          return x
        end
        for d = 100, 23000, 173 do pcall(r, d) end
      end
      deep(function()
        return select('#', coroutine.resume(coroutine.create(function() return unpack({}, 1, 200) end)))
      end)
      deep(function() return select('#', coroutine.wrap(function() return unpack({}, 1, 200) end)()) end)
      deep(function() return coroutine.wrap(function() error({}) end)() end)
      """)
    try expectUsable(lua)
  },
  ConformanceCheck("attacks", "a coroutine that is nearly full is resumed with many values") { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    lua.memoryLimit = 50_000_000
    try lua.execute(
      """
      local unpack = table.unpack or unpack
      local t = {} for i = 1, 7000 do t[i] = i end
      for _, depth in ipairs{10, 1000, 16000} do
        local function f(n) if n == 0 then return (coroutine.yield()) end local x = f(n - 1) return x end
        local co = coroutine.create(f)
        if coroutine.resume(co, depth) then
          local _, ok, value = pcall(coroutine.resume, co, unpack(t))
          assert(ok ~= false or type(value) == 'string', tostring(value))
        end
      end
      """)
    try expectEqual(lua.memoryLimit, 50_000_000)
    try expectUsable(lua)
  },
  ConformanceCheck("attacks", "memory limits that finalizers set") { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    try lua.globals.set(
      "limit", to: lua.function { [unowned lua] (spare: Int?) in lua.memoryLimit = spare.map { lua.memoryUsed + $0 } })
    let finalizer =
      engine.capabilities.contains(.tableFinalizers)
      ? "setmetatable({}, {__gc = function() limit(spare) end})"
      : "getmetatable(newproxy(true)).__gc = function() limit(spare) end"
    for spare in [20_000, 100_000, 300_000] {
      do {
        try lua.execute(
          """
          spare = ...
          \(finalizer)
          collectgarbage() collectgarbage()
          local t = {}
          for i = 1, 20000 do t[i] = {i .. 'x'} end
          """, spare)
        throw ConformanceFailure(message: "the limit does not hold", file: #fileID, line: #line)
      } catch let error as LuaError { try expectContains(error.message, "not enough memory") }
      try expect(lua.memoryLimit != nil)
      lua.memoryLimit = nil
      try expectUsable(lua)
    }
  },
  ConformanceCheck("attacks", "errors of members are not those of host functions before") { engine in
    final class P {}
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    try lua.register(LuaClass<P>("P") { $0.initializer { P() } })
    for name in ["y", "z"] {
      let message = "n:1: P has no member '\(name)'"
      let lying = try lua.function { () throws -> Int in throw LuaError(message: message, underlying: Boom()) }
      try lua.globals.set("lying", to: lying)
      let error = try expectLuaError(.runtime) {
        try lua.execute("local p = P() pcall(lying) return p.\(name)", name: "=n")
      }
      try expectEqual(error.message, message)
      try expect(error.underlying == nil, "the error of another call has come back")
    }
  },
  ConformanceCheck("attacks", "a hook does not see the coroutines that are closed") { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    let co = try (lua.eval("function() coroutine.yield(1) coroutine.yield(2) end") as LuaFunction).coroutine()
    _ = try co.next() as Int?
    try lua.globals.set("close", to: lua.function { try co.close() })
    try lua.globals.set("co", to: co)
    try lua.execute(
      """
      debug.sethook(function()
        for level = 1, 8 do
          if not debug.getinfo(level, 'S') then break end
          for n = 1, 8 do
            local _, value = debug.getlocal(level, n)
            if type(value) == 'table' then pcall(rawset, value, co, nil) end
          end
        end
      end, 'r')
      close()
      debug.sethook()
      assert(not coroutine.resume(co))
      """)
  },
]
