internal import LobaCore

// The debug library is a script too: what it reaches of Loba's must not take the process down.

private let area = Area("debug library")

private final class Account {
  var balance = 0
}

private func registerAccount(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Account>("Account") {
      $0.initializer { Account() }
      $0.property("balance", get: { $0.balance }, set: { $0.balance = $1 })
      $0.method("add") { (account, n: Int) in account.balance += n }
    })
}

let debugLibraryChecks: [ConformanceCheck] = [
  area("the upvalues of member lookup cannot be exchanged") { lua in
    try registerAccount(lua)
    try lua.execute(
      """
      local a, b = Account(), Account()
      local m = debug.getmetatable(a)
      for _, f in ipairs{m.__index, m.__newindex} do
        for n = 1, 8 do
          for _, v in ipairs{a, false, 1, 's', {}, print} do pcall(debug.setupvalue, f, n, v) end
          pcall(debug.setupvalue, f, n, nil)
          pcall(debug.setupvalue, f, n, select(2, pcall(a.add)))
          local _, v = debug.getupvalue(f, n)
          assert(v == nil, 'an upvalue of Loba shows')
        end
      end
      a.balance = 3; a:add(4)
      assert(a.balance == 7 and b.balance == 0)
      """)
  },
  area("the upvalues of host functions cannot be exchanged") { lua in
    let f = try lua.function { (n: Int) in n + 1 }
    try lua.execute(
      """
      local f, g = ...
      for n = 1, 3 do
        for _, v in ipairs{f, false, 1, 's', {}} do pcall(debug.setupvalue, f, n, v) end
        pcall(debug.setupvalue, f, n, nil)
        if debug.upvaluejoin then
          pcall(debug.upvaluejoin, f, n, g, 1)
          pcall(debug.upvaluejoin, function() return g end, 1, f, n)
        end
        if debug.upvalueid then pcall(debug.upvalueid, f, n) end
      end
      assert(f(1) == 2)
      """, f, lua.function { (_: Int) in 0 })
  },
  area("the upvalues and environments of the library's functions cannot be exchanged") { lua in
    try lua.execute(
      """
      local functions = {string.gmatch('a', 'a'), io.lines(), (loadstring or load)('return ...')}
      for _, library in pairs{_G, io, os, math, string, table, coroutine, package, package.searchers or package.loaders} do
        for _, f in pairs(library) do if type(f) == 'function' then functions[#functions + 1] = f end end
      end
      for _, f in ipairs(functions) do
        for n = 1, 3 do pcall(debug.setupvalue, f, n, 7) end
        if debug.setfenv then pcall(debug.setfenv, f, {}) end
      end
      if debug.setfenv then
        for _, f in ipairs{io.write, io.stdout} do
          assert(not pcall(debug.setfenv, f, {}))
          local environment = debug.getfenv(f)
          assert(environment == _G)
        end
        local f = function() return x end
        debug.setfenv(f, {x = 1})
        assert(f() == 1 and debug.getfenv(f).x == 1)
        pcall(io.close, io.open('/dev/null'))
      end
      for _, f in ipairs{math.random, io.write, io.output, require, string.gmatch('a', 'a')} do pcall(f, '') end
      pcall(io.lines, '/dev/null')
      pcall(io.popen, 'true')
      """)
  },
  area("the state behind functions of Loba's in the libraries does not show") { lua in
    try lua.execute(
      """
      local functions = {wrapped = coroutine.wrap(function() end)}
      for _, library in pairs{coroutine, os, debug, jit or {}, package.loaded._G} do
        for name, f in pairs(library) do
          if type(f) == 'function' then functions[name] = f end
        end
      end
      for name, f in pairs(functions) do
        for n = 1, 4 do
          local _, value = debug.getupvalue(f, n)
          assert(type(value) ~= 'userdata', name)
        end
      end
      """)
  },
  area("functions of Loba's that a hook finds on the stack can be called") { lua in
    try lua.globals.set("host", to: lua.function { (n: Int) throws -> Int in try lua.eval("... * 2", n) })
    let found: Int = try lua.execute(
      """
      local found = {}
      local function look()
        for level = 1, 12 do
          local info = debug.getinfo(level, 'f')
          if not info then break end
          found[info.func] = true
          for n = 1, 20 do
            local _, v = debug.getlocal(level, n)
            if type(v) == 'function' then found[v] = true end
          end
        end
      end
      debug.sethook(look, 'cr')
      for i = 1, 5 do host(i) end
      debug.sethook()
      local count = 0
      for f in pairs(found) do
        local info = debug.getinfo(f, 'S')
        if info.what == 'C' and f ~= look and f ~= debug.sethook then
          count = count + 1
          for n = 1, 3 do pcall(debug.setupvalue, f, n, nil); pcall(debug.setupvalue, f, n, {}) end
          pcall(f); pcall(f, 1); pcall(f, {}, 2, 3)
        end
      end
      assert(host(4) == 8)
      return count
      """)
    try expect(found > 0, "no function was found")
  },
  area("what a hook does to an operation under way fails at most that operation") { lua in
    // In the hook for the call of Loba's own function, whatever is found is called with whatever lies there.
    try lua.globals.set("host", to: lua.function { (n: Int) throws -> Int in try lua.eval("... * 2", n) })
    try lua.execute(
      """
      local busy = false
      local function meddle()
        if busy then return end
        busy = true
        local info = debug.getinfo(2, 'fS')
        if info and info.what == 'C' and info.func ~= host then
          local arguments = {}
          for n = 1, 5 do arguments[n] = select(2, debug.getlocal(2, n)) end
          pcall(info.func, (table.unpack or unpack)(arguments, 1, 5))
          pcall(info.func)
          pcall(coroutine.resume, coroutine.create(function() info.func() end))
        end
        busy = false
      end
      debug.sethook(meddle, 'c')
      for i = 1, 20 do pcall(host, i) end
      debug.sethook()
      assert(host(4) == 8)
      """)
    try lua.globals.set("t", to: lua.table(1, 2, fields: ["a": 1]))
    let read = try lua.function { (table: [String: Int]) in table.count }
    try lua.execute(
      """
      local read = ...
      local busy
      debug.sethook(function()
        if busy then return end
        busy = true
        local info = debug.getinfo(2, 'f')
        pcall(info.func, {}) pcall(info.func, 'x') pcall(info.func)
        busy = false
      end, 'c')
      for i = 1, 20 do pcall(read, {a = 1}) end
      debug.sethook()
      assert(read{a = 1} == 1)
      """, read)
  },
  area("variables of C functions cannot be set, those of Lua functions can") { lua in
    let swallow = try lua.function { (text: String, body: LuaFunction, again: String) throws -> String in
      try body() as Void
      return text + again
    }
    let text: String = try lua.execute(
      """
      local long = ('long '):rep(20)
      return (...)(long .. 1, function()
        for level = 1, 10 do
          local info = debug.getinfo(level, 'S')
          if info and info.what == 'C' then
            for n = 1, 10 do
              assert(debug.setlocal(level, n, nil) == nil)
              assert(debug.setlocal(tostring(level), n, {}) == nil)
              pcall(debug.setlocal, level + 2 ^ 32, n, {})
            end
          end
        end
        collectgarbage()
      end, long .. 2)
      """, swallow)
    let long = String(repeating: "long ", count: 20)
    try expectEqual(text, long + "1" + long + "2")
    let changed: Int = try lua.execute(
      "local x = 1; local function f() local name = debug.setlocal(2, 1, 5) return name end local name = f() assert(name == 'x') return x"
    )
    try expectEqual(changed, 5)
  },
  area("__gc by hand while a later argument is that object") { lua in
    try registerAccount(lua)
    struct Reader: LuaConstructible {
      static func construct(from reader: LuaReader) throws -> Reader {
        try reader.read(as: LuaFunction.self)() as Void
        return Reader()
      }
    }
    try lua.globals.set("f", to: lua.function { (_: Reader, account: Account?) in account?.balance ?? -1 })
    try lua.globals.set("any", to: lua.function { (_: Reader, value: Any) in String(describing: value).isEmpty })
    try lua.globals.set("rest", to: lua.function { (_: Reader, values: LuaValues) in values.count })
    try lua.execute(
      """
      for i = 1, 20 do
        local a = Account()
        local function kill() debug.getmetatable(a).__gc(a); collectgarbage() end
        pcall(f, kill, a)
        a = Account(); pcall(any, kill, a)
        a = Account(); pcall(rest, kill, a)
        a = Account(); pcall(a.add, a, setmetatable({}, {__index = kill}))
        a = Account(); kill(); pcall(f, kill, a); pcall(tostring, a); pcall(function() return a.balance end)
      end
      """)
    // Results of a call, of which the first one's conversion kills the second.
    let pair: LuaFunction = try lua.eval(
      "function() local a = Account() return function() debug.getmetatable(a).__gc(a); collectgarbage() end, a end")
    for _ in 0..<20 {
      do { _ = try pair() as (Reader, Account) } catch let error as LuaError {
        try expectEqual(error.kind, .conversion)
      }
    }
    // Entries of a table.
    let table: LuaFunction = try lua.eval(
      """
      function() local t = {} for i = 1, 10 do local a = Account()
        t[i * 2 - 1] = function() for j = 1, 10 do local b = t[j * 2] if b then debug.getmetatable(b).__gc(b) end end end
        t[i * 2] = a end return t end
      """)
    struct Either: LuaConstructible {
      static func construct(from reader: LuaReader) throws -> Either {
        if reader.type == .function {
          try reader.read(as: LuaFunction.self)() as Void
        } else {
          _ = try? reader.read(as: Account.self).balance
        }
        return Either()
      }
    }
    for _ in 0..<20 {
      _ = try table() as [Either]
      _ = try table() as [Int: Either]
    }
  },
  area("a script empties the registry") { lua in
    try registerAccount(lua)
    try lua.execute(
      """
      local r = debug.getregistry()
      for k in pairs(r) do
        if type(k) == 'userdata' or type(k) == 'number' and type(r[k]) ~= 'table' then r[k] = nil end
      end
      collectgarbage() collectgarbage()
      local a = Account() a:add(3) assert(a.balance == 3)
      """)
    try lua.collectGarbage()
    try expectUsable(lua)
    let tables = try (0..<200).map { try lua.table($0) }
    for (i, table) in tables.enumerated() { try expectEqual(table[1], i) }
  },
  area("something else in place of the table of globals", excludes: .functionEnvironments) { lua in
    let exchange: LuaFunction = try lua.eval("function(v) debug.getregistry()[2] = v end")
    let before = lua.globals
    for value: LuaValue in [nil, 1, "text", .function(exchange)] {
      try exchange(value) as Void
      let globals = lua.globals
      try expectEqual(globals.count, 0)
      try expectAnyLuaError { _ = try globals["x"] as LuaValue }
      try expectAnyLuaError { try globals.set("x", to: 1) }
      try expectAnyLuaError { try lua.execute("x = 1") }
    }
    try exchange(before) as Void
    try expectEqual(lua.globals, before)
  },
  area("an object of Loba's with the metatable of another library's") { lua in
    try registerAccount(lua)
    try lua.execute(
      """
      local a = Account()
      local own = debug.getmetatable(a)
      debug.setmetatable(a, debug.getmetatable(io.stdout))
      for _, name in ipairs{'read', 'write', 'close', 'lines', 'seek', 'flush', 'setvbuf'} do pcall(io.stdout[name], a, 1) end
      pcall(tostring, a); pcall(io.output, a); pcall(io.type, a)
      pcall(function() return debug.getmetatable(a).__gc(a) end)
      debug.setmetatable(a, own)
      a:add(1) assert(a.balance == 1)
      local file = io.tmpfile()
      if file then
        local files = debug.getmetatable(file)
        debug.setmetatable(file, own)
        pcall(function() return file.balance end) pcall(function() file.balance = 1 end)
        pcall(tostring, file) pcall(own.__gc, file)
        debug.setmetatable(file, files)
        file:close()
      end
      for _, v in ipairs{1, 'x', {}, print, coroutine.create(function() end)} do
        for _, name in ipairs{'__index', '__newindex', '__gc', '__tostring'} do pcall(own[name], v, 'balance', 1) end
      end
      """)
  },
  area("a hook that calls a host function leaves operations alone") { lua in
    var ticks = 0
    let tick = try lua.function { () throws -> Void in
      ticks += 1
      let two: Int = try lua.eval("1 + 1")
      try expectEqual(two, 2)
    }
    try lua.execute("local tick = ... debug.sethook(function() tick() end, 'c')", tick)
    let t = try lua.table(1, 2, 3, fields: ["name": "value"])
    for _ in 0..<50 {
      try expectEqual(t["name"] as String, "value")
      try expectEqual(t.entries.count, 4)
      try expectEqual(lua.eval("#(...)", t) as Int, 3)
      try t.set("other", to: ["a", "b"])
      try t.set("other", to: LuaValue.nil)
    }
    try lua.execute("debug.sethook()")
    try expect(ticks > 50, "the hook ran \(ticks) times")
  },
  area("the main thread can be neither resumed nor closed", excludes: .functionEnvironments) { lua in
    try lua.execute("main = coroutine.running()")
    let f: LuaFunction = try lua.eval(
      """
      function(text)
        local results = {coroutine.status(main), coroutine.resume(main)}
        local close = coroutine.close
        if close then results[#results + 1] = pcall(close, main) end
        coroutine.yield(text)
        assert(results[1] == 'normal' and results[2] == false and results[4] ~= true)
        coroutine.wrap(function() coroutine.resume(main) if close then pcall(close, main) end end)()
        return text
      end
      """)
    // Also while results are held.
    let text = String(repeating: "kept", count: 20)
    let (first, second): (LuaString, CoroutineProbe) = try lua.eval("...", text, f)
    try expectEqual(first.text, text)
    try expectEqual(second.values, ["x", "x"])
    for _ in 0..<3 {
      let error = try expectLuaError(.runtime) { try lua.execute("error('plain', 0)") }
      try expectEqual(error.message, "plain")
    }
  },
  area("functions without debug information can be looked at") { lua in
    try lua.execute(
      """
      for _, source in pairs {'return ...', 'local a, b = 1 return function(...) return a, b, ... end'} do
        local loader = loadstring or load
        local f = loader(string.dump(loader(source), true))
        for _, what in pairs {'L', 'SLn', 'nSlufL', 'LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLS'} do
          assert(type(debug.getinfo(f, what)) == 'table')
          local g = f()
          if g then assert(debug.getinfo(g, what)) end
        end
        assert(debug.getinfo(1, 'L').activelines and debug.getinfo('1', 'SL').activelines)
        assert(not pcall(debug.getinfo, f, 'X'))
      end
      local see = loadstring or load
      see = see(string.dump(see('local co = coroutine.wrap(...) return ' .. (_VERSION == 'Lua 5.1' and '1' or 'debug.getinfo(1, "L")')), true))
      assert(see(function() end))
      """)
  },
]

/// Runs the function that it is read from as a coroutine.
private struct CoroutineProbe: LuaConstructible {
  let values: [String]

  static func construct(from reader: LuaReader) throws -> CoroutineProbe {
    guard let function = try? reader.read(as: LuaFunction.self) else { return CoroutineProbe(values: []) }
    return CoroutineProbe(values: try function.coroutine("x").collect())
  }
}
