internal import LobaCore
internal import LobaSoak

// Calls of library functions that no hook sees the end of, in runtimes that bound them: each ends by the cap on steps, or
// with another error, or well, and soon. Each engine's in a process of its own: several took it along.

/// A script, and which version of Lua it is for: nil for any.
private struct Attack: Sendable {
  let source: String
  var since: Int? = nil

  init(_ source: String, since: Int? = nil) {
    self.source = source
    self.since = since
  }
}

/// A table of few elements whose length is large, as the engine finds it.
private let prelude = """
  local unpack = table.unpack or unpack
  local loadstring = loadstring or load
  local sparse = {'', '', '', ''}
  for i = 0, 27 do for _, n in ipairs{3, 4, 5, 7, 9, 17, 33} do sparse[n * 2 ^ i] = '' end end
  local function long(n) return setmetatable({}, {__len = function() return n end, __index = rawlen, __newindex = rawlen}) end

  """

private let patternAttacks = [
  "string.find(('a'):rep(3000), ('.-'):rep(4) .. 'b')",
  "string.find(('a'):rep(3000), ('.*'):rep(4) .. 'b')",
  "string.match(('a'):rep(30000), ('[ab]-'):rep(3) .. 'c')",
  "for _ in string.gmatch(('a'):rep(30000), '.-.-b') do end",
  "string.gsub(('a'):rep(30000), '.-.-b', 'x')",
  "string.find(('('):rep(1000000), '%b()')",
  "string.find(('a'):rep(100000), '^(.*)%1b')",
  "string.find(('a'):rep(1000000), '%f[b].-%f[c].-c')",
  "string.find(('a'):rep(1000000), ('a'):rep(500000) .. 'b', 1, true)",
  "string.find(('a'):rep(500000), ('a?'):rep(500000))",
  "string.find(('a'):rep(500000), ('a-'):rep(500000))",
  "string.find(('a'):rep(500000), ('('):rep(500000))",
  "string.gsub(('a'):rep(1000000), '', setmetatable({}, {__index = rawlen or type}))",
  "string.gsub(('a'):rep(1000000), '.', ('x'):rep(10000))",
]

private let sizeAttacks = [
  "string.rep('', 1000000000)",
  "string.rep('x', 1000000000)",
  "string.rep('x', 100000000, 'y')",
  "local s, t = ('x'):rep(1000000), {} for i = 1, 5000 do t[i] = s end table.concat(t)",
  "local t = {} for i = 1, 7000 do t[i] = 1e308 end string.format(('%.99f'):rep(7000), unpack(t))",
  "local s, t = ('x'):rep(1000000), {} for i = 1, 7000 do t[i] = s end string.format(('%.0s'):rep(7000), unpack(t))",
  "unpack({}, 0, 2 ^ 31 - 1)",
  "unpack({}, -2 ^ 31, 2 ^ 31 - 1)",
  "unpack({}, 1, 10000000)",
  "os.date(('%c'):rep(1000000))",
  "local t = {} for i = 1, 20000 do t[i] = {} end for i = 1, 100000 do collectgarbage() end",
]

private let elementAttacks = [
  Attack("local t = {} for i = 1, 120 do t = setmetatable({}, {__index = t}) end unpack(t, 1, 9e5)", since: 53),
  Attack(
    "local f, a, b = table.foreach, {}, {} "
      + "if f then for i = 1, 30 do a, b = {[a] = f, [b] = f}, {[a] = f, [b] = f} end f(a, f) end"),
  Attack("local s, t = ('x'):rep(1e6), {} for i = 1, 100000 do t[i] = s end print(unpack(t))", since: 52),
  Attack("string.unpack((' '):rep(28000000), '')", since: 53),
  Attack("string.packsize((' '):rep(28000000))", since: 53),
  Attack("local s, f = ('1'):rep(10000000), tonumber " + String(repeating: "f(s, 36) ", count: 100), since: 52),
  Attack("table.concat(long(2 ^ 40), '', 1, 2 ^ 40)", since: 53),
  Attack("table.concat(sparse)"),
  Attack("table.insert(long(2 ^ 52), 1, 'x')", since: 53),
  Attack("table.insert(setmetatable({}, {__len = function() return 2 ^ 31 - 2 end}), 1, 'x')", since: 52),
  Attack("table.insert({}, -2 ^ 31 + 1, 'x')"),
  Attack("table.insert(sparse, 1, 'x')"),
  Attack("table.remove(long(2 ^ 52), 1)", since: 53),
  Attack("table.remove(sparse, 1)"),
  Attack("table.move({}, 1, 1e15, 1, setmetatable({}, {__newindex = rawlen}))", since: 53),
  Attack("table.move(long(1), 1, 1e15, 2)", since: 53),
  Attack("table.sort(setmetatable({}, {__len = function() return 2 ^ 31 - 2 end}), rawequal)", since: 52),
  Attack("table.sort(sparse, rawequal)"),
  Attack(
    "local a, b, t = ('x'):rep(1000000) .. 'a', ('x'):rep(1000000) .. 'b', {} "
      + "for i = 1, 20000 do t[i] = i % 2 == 0 and a or b end table.sort(t)"),
  Attack("if table.foreachi then table.foreachi(sparse, type) end"),
]

private let loadAttacks = [
  "local n, s = 0, 'x=a' .. (' and a'):rep(1500000) load(function() n = n + 1 if n == 1 then return s end end)",
  "local s = ('a=b\\n'):rep(3000000) load(function() local piece = s s = nil return piece end)",
  "load(os.time)", "load(collectgarbage)", "load(os.clock)",
  "loadstring(('x = 1;'):rep(1000000))",
  "local t = {} for i = 1, 190 do t[i] = 'local v' .. i .. ' ' end "
    + "loadstring((table.concat(t) .. 'function f() '):rep(50) .. ('y = y;'):rep(100000) .. ('end '):rep(50))",
]

/// What nests in itself without end, `f`; where functions of C call each other, so do these.
private let nestings = [
  "local function f() return (('x'):gsub('.', f)) end return f",
  "local function f() return (('x'):gsub('.', setmetatable({}, {__index = function() return f() end}))) end return f",
  "local function f() table.sort({1, 2, 3}, function() return f() end) end return f",
  "local t = {} setmetatable(t, {__tostring = tostring}) return function() return tostring(t) end",
  "local t = {} setmetatable(t, {__tostring = function() return tostring(t) .. '' end}) return function() return tostring(t) end",
  "local t = {} setmetatable(t, {__tostring = function() return string.format('%s', t) end}) return function() return tostring(t) end",
  "local function f() tostring = function() f() return '' end print(1) end return f",
  "local function f() local _, e = load(function() f() end) if e then error(e, 0) end end return f",
  "local function f() return os.time(setmetatable({}, {__index = function() return f() end})) end return f",
  "local function f() return table.concat(setmetatable({}, {__index = function() return f() end}), '', 1, 2) end return f",
  "local function f() return coroutine.wrap(function() return (('x'):gsub('.', f)) end)() end return f",
]

/// A runtime whose library functions count their steps, with no limits that strike.
func boundedRuntime(_ engine: any LuaEngine) throws -> LuaRuntime {
  var configuration = LuaConfiguration.standard
  configuration.boundsLibraries = true
  return try LuaRuntime(engine: engine, configuration: configuration)
}

/// How much slower C is where it is checked.
private let slowness = isCheckedBySanitizer ? 10.0 : 1

/// What there is to end each attack with, and how soon it must have ended.
private let ends: [(name: String, limits: LuaLimits, seconds: Double)] = [
  ("by instructions", LuaLimits(instructions: 200_000), 0.1), ("in time", LuaLimits(deadline: .milliseconds(50)), 0.15),
]

private func endingChecks(_ name: String, _ attacks: [Attack]) -> [ConformanceCheck] {
  ends.map { end in
    ConformanceCheck("bounded", "\(name) end \(end.name)") { engine in
      let version = engine.version.major * 10 + engine.version.minor
      for attack in attacks where attack.since.map({ $0 <= version }) ?? true {
        var configuration = LuaConfiguration.standard
        configuration.limits = LuaLimits.none
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        defer { lua.close() }
        let script = try lua.compile(prelude + "return os.clock, function() " + attack.source + " end")
        let (clock, attackFunction): (LuaFunction, LuaFunction) = try script()
        let start: Double = try clock()
        do {
          try lua.withLimits(end.limits) { try attackFunction() as Void }
        } catch let error as LuaError { try expect(error.kind != .memory, "\(attack.source): \(error.message)") }
        let seconds = try clock() as Double - start
        try expect(seconds < end.seconds * slowness, "\(attack.source) took \(seconds) seconds")
        try expectUsable(lua)
      }
    }
  }
}

let boundedAttackChecks: [ConformanceCheck] = [
  endingChecks("patterns", patternAttacks.map { Attack($0) }),
  endingChecks("ranges of elements", elementAttacks),
  endingChecks("large results", sizeAttacks.map { Attack($0) }),
  endingChecks("loaders", loadAttacks.map { Attack($0) }),
  boundedCallChecks,
].flatMap { $0 }

private let boundedCallChecks: [ConformanceCheck] = [
  ConformanceCheck("bounded", "long texts are whole") { engine in
    let lua = try boundedRuntime(engine)
    defer { lua.close() }
    try lua.execute(
      """
      for _, unit in ipairs{'a', 'abc', 'abcde,', ('x'):rep(1500000) .. 'y'} do
        local count = 3000000 / #unit
        count = count - count % 1
        local s = unit:rep(count)
        assert(#s == count * #unit)
        for i = 1, count, count / 7 - count / 7 % 1 + 1 do assert(s:sub((i - 1) * #unit + 1, i * #unit) == unit) end
        assert(s:sub(-#unit) == unit and s:gsub(unit, '') == '')
      end
      """)
  },
  ConformanceCheck("bounded", "library functions that call back nest only so deep, on stacks of every size") { engine in
    for size in [256 << 10, 512 << 10, 8 << 20] {
      for nesting in nestings {
        try onThread(stackSize: size) {
          let lua = try boundedRuntime(engine)
          defer { lua.close() }
          let f: LuaFunction = try lua.execute(nesting)
          for _ in 0..<3 {
            do { try f() as Void } catch is LuaError {}
          }
          try expectUsable(lua)
        }
      }
    }
  },
]
