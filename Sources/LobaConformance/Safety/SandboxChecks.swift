internal import LobaCore
internal import LobaSoak
internal import Synchronization

// What a script in a sandbox does not get at, and what it has: hole by hole.

private func sandbox(
  _ name: String, requires: LuaCapabilities = [],
  _ configure: @escaping @Sendable (inout LuaConfiguration) -> Void = { _ in },
  _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("sandbox", name, requires: requires) { engine in
    var configuration = LuaConfiguration.sandbox
    configure(&configuration)
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try body(lua)
    try expectIntact(lua)
  }
}

/// Fails unless the script ends without an error, and in a while.
private func hold(_ lua: LuaRuntime, _ script: String, file: StaticString = #fileID, line: UInt = #line) throws {
  do {
    try lua.execute(script)
  } catch {
    throw ConformanceFailure(message: "\(error)", file: file, line: line)
  }
}

/// Names that lead out of a runtime or into its insides, of any engine.
private let missing = [
  "dofile", "loadfile", "newproxy", "getfenv", "setfenv", "module", "warn", "gcinfo", "require", "package", "io",
  "debug", "ffi",
  "jit", "arg", "string.dump", "os.execute", "os.exit", "os.remove", "os.rename", "os.tmpname", "os.getenv",
  "os.setlocale",
  "coroutine.cocreate", "table.new", "table.clear", "string.buffer",
]

let sandboxChecks: [ConformanceCheck] = [
  sandbox("what reaches outside is not there") { lua in
    for name in missing { try expectEqual(lua.eval("type(\(name))"), "nil", name) }
    try hold(
      lua,
      """
      for _, name in next, {'debug', 'io', 'package', 'ffi', 'jit'} do assert(_G[name] == nil and rawget(_G, name) == nil) end
      assert(not pcall(function() return require('io') end))
      assert(("").dump == nil and ("x").dump == nil)
      assert(not pcall(function() return getfenv(0) end) and not pcall(pcall, getfenv, 0) == false)
      """)
  },
  sandbox("there is nothing that is on no list") { lua in
    // A list of its own: what a library of some release has beside these, somebody is to look at first.
    let known: Set<String> = [
      "_G", "_VERSION", "assert", "bit", "bit32", "collectgarbage", "coroutine", "error", "getmetatable", "ipairs",
      "load",
      "loadstring", "math", "next", "os", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "select",
      "setmetatable", "string", "swift", "table", "tonumber", "tostring", "type", "unpack", "utf8", "xpcall",
    ]
    let names: [String] = try lua.eval(
      "(function() local t = {} for n in next, _G do t[#t + 1] = n end return t end)()")
    try expectEqual(Set(names).subtracting(known), [])
    try expectEqual(lua.eval("(function() local n = 0 for _ in next, os do n = n + 1 end return n end)()"), 4)
  },
  sandbox("binary chunks are refused by every path") { lua in
    // A trusted runtime of the same engine makes one.
    let trusted = try LuaRuntime(engine: lua.engine)
    defer { trusted.close() }
    let dumped: LuaString = try trusted.execute("return string.dump(function() return 1 end)")
    try lua.globals.set("binary", to: dumped)
    try hold(
      lua,
      """
      local function refused(...)
        local ok, f, problem = pcall(...)
        assert(not ok or f == nil or f() ~= 1, 'a binary chunk has been loaded')  -- an empty piece ends one
      end
      for _, load in next, {load, loadstring} do
        refused(load, binary)
        refused(load, binary, 'name')
        refused(load, binary, 'name', 'b')
        refused(load, binary, 'name', 'bt')
        local i = 0
        refused(load, function() i = i + 1 if i <= #binary then return binary:sub(i, i) end end, 'name', 'b')
        local i = -1
        refused(load, function() i = i + 1 if i == 0 then return '' end if i <= #binary then return binary:sub(i, i) end end)
        local pieces = {'', '', binary}
        refused(load, function() return table.remove(pieces, 1) end, 'name', 'bt')
        refused(load, '#' .. binary) refused(load, '# line\\n' .. binary)
      end
      assert((loadstring or load)('return 5')() == 5)
      """)
    try expectLuaError(.syntax) { try lua.execute(bytes: Array(dumped.bytes), mode: .text) }
  },
  sandbox("chunks that a script loads are in the sandbox too") { lua in
    try hold(
      lua,
      """
      local load = loadstring or load
      assert(load('return _G')() == _G)
      assert(load('return (loadstring or load)("return _G")()')() == _G)
      assert(load('return os.execute')() == nil and load('return io')() == nil)
      """)
  },
  sandbox("the methods of strings are nobody's to change") { lua in
    try hold(
      lua,
      """
      assert(getmetatable('') == false)
      assert(not pcall(setmetatable, '', {}))
      string.upper = function() return 'evil' end
      rawset(string, 'format', nil)
      for name in next, string do string[name] = function() return 'evil' end end
      assert(('x'):upper() == 'X' and ('%d'):format(5) == '5')
      """)
    try expectEqual(lua.eval("('x'):upper()"), "X")
    let other = try LuaRuntime(engine: lua.engine, configuration: .sandbox)
    defer { other.close() }
    try expectEqual(other.eval("string.upper('x')"), "X")
  },
  sandbox("the metatables of other values stay as they are") { lua in
    try hold(
      lua,
      """
      for _, value in next, {1, true, print, coroutine.create(function() end)} do
        assert(getmetatable(value) == nil and not pcall(setmetatable, value, {}))
        assert(not pcall(function() return value.x.y end))
      end
      assert(not pcall(function() return (nil).x end))
      """)
    let object = try lua.wrap(LifetimeCounter())
    try lua.globals.set("object", to: object)
    try hold(
      lua,
      """
      assert(getmetatable(object) == false and not pcall(setmetatable, object, {}) and not pcall(rawset, object, 1, 1))
      assert(not pcall(function() object.__gc(object) end))
      """)
  },
  sandbox("a script has no finalizers", requires: .tableFinalizers) { lua in
    try hold(
      lua,
      """
      assert(not pcall(setmetatable, {}, {__gc = function() while true do end end}))
      local t = setmetatable({}, {})
      getmetatable(t).__gc = function() while true do end end  -- later, which Lua does not see
      t = nil
      for i = 1, 1000 do local _ = {} end
      """)
  },
  sandbox("the collector is nobody's but Lua's") { lua in
    try hold(
      lua,
      """
      assert(collectgarbage('count') > 0)
      for _, option in next, {'collect', 'stop', 'restart', 'step', 'setpause', 'setstepmul', 'isrunning', 'generational',
        'incremental', 'param', 1, true} do
        assert(not pcall(collectgarbage, option))
      end
      assert(not pcall(collectgarbage))
      """)
  },
  sandbox("what never ends is ended", { $0.limits = LuaLimits(deadline: .milliseconds(50)) }) { lua in
    for script in [
      "while true do end", "while true do pcall(function() while true do end end) end",
      "xpcall(function() while true do end end, function() while true do end end)",
      "string.find(('a'):rep(3000), ('.-'):rep(4) .. 'b')", "local function f() while true do pcall(f) end end f()",
      "while true do coroutine.wrap(function() while true do end end)() end",
      "table.sort({3, 1, 2, 5, 4}, function() while true do end end)",
      "tostring(setmetatable({}, {__tostring = function() while true do end end}))",
      "print(setmetatable({}, {__tostring = function() while true do end end}))",
    ] {
      let start = ContinuousClock.now
      try expectLuaError(.limit) { try lua.execute(script) }
      try expect(ContinuousClock.now - start < .seconds(isCheckedBySanitizer ? 5 : 1), "\(script) took too long")
    }
  },
  sandbox("there are limits if nothing is said") { lua in
    try expect(lua.memoryLimit != nil)
    try expect(lua.configuration.limits?.deadline != nil && lua.configuration.limits?.instructions != nil)
    try expectLuaError(.memory) { try lua.execute("local s = 'x' while true do s = s .. s end") }
    try expectLuaError(.memory) { try lua.execute("return ('x'):rep(1e9)") }
    try hold(
      lua,
      """
      local made = {}
      local ok = pcall(function() for i = 1, 1e6 do made[i] = coroutine.create(print) end end)
      assert(not ok and #made <= 1000)
      """)
  },
  sandbox(
    "whatever is asked for beside it",
    {
      $0.libraries = .all
      $0.allowsCModules = true
      $0.limits = nil
    }
  ) { lua in
    for name in missing { try expectEqual(lua.eval("type(\(name))"), "nil", name) }
    if lua.engine.capabilities.contains(.tableFinalizers) {
      try expectLuaError(.runtime) { try lua.execute("setmetatable({}, {__gc = print})") }
    }
  },
  ConformanceCheck("sandbox", "the host prints") { engine in
    let lines = Mutex<[String]>([])
    var configuration = LuaConfiguration.sandbox
    configuration.sandbox?.print = { line in lines.withLock { $0.append(line) } }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try lua.execute(
      """
      print() print(nil) print('a', 1, true, nil, nil)
      print(setmetatable({}, {__tostring = function() return 'text' end}))
      local _tostring = tostring
      tostring = function() return 'evil' end
      print('a\\0b')
      """)
    try expectEqual(lines.withLock { $0 }, ["", "nil", "a\t1\ttrue\tnil\tnil", "text", "a\0b"])
    try expectLuaError(.limit) {
      try lua.withLimits(LuaLimits(instructions: 100_000)) { try lua.execute("while true do print('flood') end") }
    }
  },
  ConformanceCheck("sandbox", "an error of the host's print is the script's") { engine in
    var configuration = LuaConfiguration.sandbox
    configuration.sandbox?.print = { _ in throw CancellationError() }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    do {
      try lua.execute("print('x')")
      try expect(false, "nothing was thrown")
    } catch is CancellationError {
    }
    try expectEqual(lua.eval("pcall(print, 'x')"), false)
  },
  ConformanceCheck("sandbox", "modules are the host's") { engine in
    let asked = Mutex<[String]>([])
    var configuration = LuaConfiguration.sandbox
    configuration.sandbox?.modules = { name in
      asked.withLock { $0.append(name) }
      return switch name {
      case "sum": "local name = ... return {name = name, add = function(a, b) return a + b end}"
      case "counter": "count = (count or 0) + 1"
      case "loop": "return require('loop')"
      case "broken": "this is no Lua"
      case "raising": "error('from within')"
      case "binary": "\u{1b}Lua"
      default: nil
      }
    }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try hold(
      lua,
      """
      local sum = require('sum')
      assert(sum.add(1, 2) == 3 and sum.name == 'sum' and require('sum') == sum)
      assert(require('counter') == true and require('counter') == true and count == 1)
      local function problem(...)
        local ok, e = pcall(require, ...)
        assert(not ok)
        return tostring(e)
      end
      assert(problem('../../etc/passwd'):find("module '../../etc/passwd' not found", 1, true))
      assert(problem('loop'):find("loop or previous error loading module 'loop'", 1, true))
      assert(problem('broken'):find("error loading module 'broken'", 1, true))
      assert(problem('broken'):find('broken:1:', 1, true))
      assert(problem('raising'):find('raising:1: from within', 1, true))
      problem('binary')
      assert(problem():find('string expected, got no value', 1, true))
      assert(problem({}):find('string expected, got table', 1, true))
      assert(package == nil)
      """)
    try expectEqual(asked.withLock { $0.prefix(2) }, ["sum", "counter"])
    let sum: LuaTable = try lua.require("sum")
    try expectEqual(sum["name"], "sum")
  },
  ConformanceCheck("sandbox", "time is the host's") { engine in
    var configuration = LuaConfiguration.sandbox
    configuration.sandbox?.time = { 1_000_000_000 }
    configuration.sandbox?.clock = { 1.5 }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try hold(
      lua,
      """
      assert(os.time() == 1000000000 and os.clock() == 1.5)
      assert(os.date('!%Y-%m-%d %H:%M:%S') == '2001-09-09 01:46:40')
      assert(os.date('!%Y', 0) == '1970' and os.date('!*t').year == 2001)
      assert(os.time{year = 2020, month = 1, day = 1} > 1500000000)
      assert(os.difftime(5, 3) == 2)
      """)
  },
  ConformanceCheck("sandbox", "random numbers are the runtime's own, and the same everywhere") { engine in
    func makeRuntime(seed: UInt64?) throws -> LuaRuntime {
      var configuration = LuaConfiguration.sandbox
      configuration.sandbox?.randomSeed = seed
      return try LuaRuntime(engine: engine, configuration: configuration)
    }
    let (a, b, c) = (try makeRuntime(seed: 7), try makeRuntime(seed: 7), try makeRuntime(seed: nil))
    defer { for lua in [a, b, c] { lua.close() } }
    let draw = "return math.random(1000000), math.random(-5, 5), math.random()"
    let first: (Int, Int, Double) = try a.execute(draw)
    try c.execute("math.randomseed(1)")
    let second: (Int, Int, Double) = try b.execute(draw)
    try expect(first == second, "\(first) and \(second)")
    try expectEqual(first.0, 475_995)
    try hold(
      c,
      """
      math.randomseed(42)
      local a = {math.random(100), math.random(100), math.random(2 ^ 40)}
      math.randomseed(42)
      for i = 1, 2 do assert(math.random(100) == a[i]) end
      assert(math.random(2 ^ 40) == a[3])
      local seen = {}
      for i = 1, 1000 do
        local n, f = math.random(3), math.random()
        assert(n >= 1 and n <= 3 and n % 1 == 0 and f >= 0 and f < 1)
        seen[n] = true
      end
      assert(seen[1] and seen[2] and seen[3])
      for _, bad in next, {{-1}, {2, 1}, {1.5}, {'x'}, {{}}, {1, {}}, {1, 2, 3}, {0 / 0}, {1 / 0}} do
        local ok, e = pcall(math.random, (table.unpack or unpack)(bad))
        assert(not ok and tostring(e):find('argument'), tostring(e))
      end
      """)
  },
  sandbox("floods end, and the runtime goes on", { $0.limits = LuaLimits(deadline: .milliseconds(300)) }) { lua in
    for script in [
      // Strings that fall into one place of Lua 5.1's and LuaJIT's table of strings.
      "local t = {} for i = 1, 1e7 do t[('x'):rep(100) .. ('a'):rep(i % 30) .. i] = i end",
      "error(('x'):rep(1e7))", "error(('x'):rep(1e8))", "return ('%s%s'):format(('x'):rep(3e7), ('y'):rep(3e7))",
      "return ('%99.99f'):rep(1e6):format((table.unpack or unpack)({}, 1, 200))", "return os.date(('%c'):rep(1e6))",
      "table.sort({3, 1, 2, 5, 4, 9, 8, 7}, function() return true end)",
      "local t = {} for i = 1, 1e5 do t[i] = i end table.sort(t, function(a, b) return (a * 7919) % 13 < 6 end)",
      "local function f(s) return (s:gsub('.', f)) end f('aaaa')", "local s = '' for i = 1, 1e9 do s = s .. i end",
      "return ((loadstring or load)(('('):rep(1e6)))", "return ((loadstring or load)('return ' .. ('{'):rep(1e6)))",
      "return ((loadstring or load)(('a = 1 '):rep(1e6)))", "return (table.unpack or unpack)({}, 1, 1e8)",
      "local t = {} for i = 1, 1e9 do t = {t} end return t", "return string.char((table.unpack or unpack)({}, 1, 1e6))",
    ] {
      let start = ContinuousClock.now
      _ = try? lua.execute(script)
      try expect(ContinuousClock.now - start < .seconds(isCheckedBySanitizer ? 10 : 2), "\(script) took too long")
      try lua.collectGarbage()  // Lua 5.1 and LuaJIT do not by themselves when memory is short
      try expectEqual(lua.eval("1 + 1"), 2, script)
    }
  },
  ConformanceCheck("sandbox", "small stacks hold as well") { engine in
    for stackSize in [512 << 10, 1 << 20, 8 << 20] {
      try onThread(stackSize: stackSize) {
        let lua = try LuaRuntime(engine: engine, configuration: .sandbox)
        defer { lua.close() }
        try lua.globals.set("host", to: lua.function { (f: LuaFunction) -> LuaValues in try f(f) })
        for script in [
          "local function f(s) return (s:gsub('.', f)) end f('a')", "local function f(g) return host(g) end host(f)",
          "local function f() return coroutine.wrap(f)() end f()",
          "local function f() table.sort({1, 2, 3}, f) end f()",
          "local t t = setmetatable({}, {__tostring = function() return tostring(t) end}) tostring(t)",
          "local t t = setmetatable({}, {__index = function(_, k) return t[k] end}) local _ = t.x",
          "local function f() pcall(f) end f()", "local function f() xpcall(f, f) end f()",
          "local t = {} for i = 1, 1e5 do t = setmetatable({}, {__index = t}) end local _ = t.x",
        ] {
          _ = try? lua.withLimits(LuaLimits(deadline: .milliseconds(200))) { try lua.execute(script) }
          try expectEqual(lua.eval("1 + 1"), 2, script)
        }
      }
    }
  },
]
