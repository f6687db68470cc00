internal import LobaCore
internal import LobaSoak

// What goes on in C of an engine's where no hook comes, and so went on when its time was over.

/// Scripts in a sandbox, each of which must have been ended by its deadline, and soon.
func deadlineCheck(
  _ name: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [], after preparation: String = "",
  _ scripts: [String]
) -> ConformanceCheck {
  ConformanceCheck("limits", name, requires: requires, excludes: excludes) { engine in
    for script in scripts {
      var configuration = LuaConfiguration.sandbox
      configuration.limits = LuaLimits(coroutines: 1000)
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.execute(preparation)
      try expectEndedInTime(lua, script)
      try lua.execute("kept, keys = nil, nil")
      try expectUsable(lua)
    }
  }
}

/// A sandbox without limits but for that of memory.
func unlimitedSandbox(_ engine: any LuaEngine) throws -> LuaRuntime {
  var configuration = LuaConfiguration.sandbox
  configuration.limits = nil
  return try LuaRuntime(engine: engine, configuration: configuration)
}

/// A script that must have been ended by its deadline before so many seconds of the processor, checked by a sanitizer or not.
func expectEndedInTime(
  _ lua: LuaRuntime, _ script: String, deadline: Duration = .milliseconds(50), seconds most: Double = 0.4,
  sanitized: Double = 2
) throws {
  let clock: LuaFunction = try lua.eval("os.clock")
  let start: Double = try clock()
  let error = try expectLuaError(.limit) {
    try lua.withLimits(LuaLimits(deadline: deadline)) { try lua.execute(script) }
  }
  let seconds = try clock() as Double - start
  try expectEqual(error.limit, .deadline)
  try expect(seconds < (isCheckedBySanitizer ? sanitized : most), "\(script) took \(seconds) seconds")
}

private struct Tree: LuaCodable {
  var kids: [Tree]?
}

/// `pcall` within `pcall` so often, in a coroutine that yields before the C stack is full.
private func nested(_ call: String, _ count: Int, _ innermost: String) -> String {
  """
  local function f(n)
    if n == 0 then \(innermost) end
    if n % 50 == 0 then coroutine.yield() end
    \(call)
  end
  local co = coroutine.create(f)
  coroutine.resume(co, \(count))
  while coroutine.resume(co) do end
  while true do end
  """
}

private let nestings = [
  nested("pcall(f, n - 1)", 60_000, "while true do end"),
  nested("xpcall(f, function(e) return e end, n - 1)", 60_000, "while true do end"),
  nested("pcall(f, n - 1)", 60_000, "local _ = ('x'):gsub('.', function() while true do pcall(error) end end)"),
  nested("local ok, e = pcall(f, n - 1) if not ok then error(e, 0) end", 60_000, "error({})"),
  // Not in a coroutine, but where the thread is deep in calls.
  """
  local function catch() if not pcall(catch) then while true do end end end
  local left = 400000
  local function deep() left = left - 1 if left == 0 then return catch() end deep() end
  pcall(deep)
  while true do end
  """,
]

/// Again and again the same operation, many times between two looks of a hook.
private func repeating(_ make: String, _ operation: String) -> String {
  "\(make)\nwhile true do\n" + String(repeating: operation + "\n", count: 120) + "end"
}

/// Longer than what any function of the library that counts has made.
private let long =
  "local a = ('1'):rep(250000) local s = " + Array(repeating: "a", count: 40).joined(separator: " .. ") + " "

private let readings = [
  repeating("local s = ('1'):rep(15000000)", "local x = s + 0"),
  repeating("local s = ('1'):rep(15000000)", "local x = -s"),
  repeating("local s = ('1'):rep(15000000)", "for i = 1, 1, s do break end"),
  repeating("local s = ('1'):rep(15000000)", "local x = math.floor(s)"),
  repeating("local s, t = ('1'):rep(5000000), nil", "t = s .. 'x'"),
  "coroutine.wrap(function() \(repeating(long, "local x = s + 0")) end)()",
  "local co = coroutine.create(function(f) f() end) coroutine.resume(co, function() \(repeating(long, "local x = s + 0")) end)",
  // In a coroutine that was made, and has run, before.
  """
  local read = coroutine.wrap(function()
    local s = coroutine.yield()
    \(repeating("", "local x = s + 0"))
  end)
  read()
  \(long)
  read(s)
  """,
  // After a coroutine has ended by an error.
  "pcall(coroutine.wrap(function() error({}) end)) " + repeating(long, "local x = s + 0"),
]

/// Leaves room for a few strings, once all garbage is collected: which Lua does from 5.2 on when memory is short.
private let fill = """
  kept = {}
  for i = 1, 1500 do kept[i] = {} end
  pcall(function() for i = 1, 1500 do local k = kept[i] for j = 1, 1000 do k[j] = {} end end end)
  for i = 1, 6 do kept[i] = nil end
  """

/// Fast first, so that the hook does not come often, and then so many operations that are slow, of which each goes through
/// all of something.
private func bursts(_ make: String, _ operation: String) -> String {
  "\(make)\nwhile true do\nfor i = 1, 30000 do end\n" + String(repeating: operation + "\n", count: 120) + "end"
}

private let border = """
  local t, x = {}, nil
  for i = 1, 2 ^ 19 + 1 do t[-i] = true end
  for i = 1, 500000 do t[i] = true end
  local p = math.tointeger and math.tointeger(2 ^ 19) or 2 ^ 19
  while p > 0 and p < 2 ^ 63 do t[p] = true p = p * 2 end
  """

/// As many long texts that are numbers as a function takes.
private func numerals(_ call: String) -> String {
  """
  local unpack = table.unpack or unpack
  local s, t = (' '):rep(250000) .. '1', {}
  for i = 1, _VERSION == 'Lua 5.1' and 7000 or 60000 do t[i] = s end
  while true do \(call) end
  """
}

private let manySmall = """
  tables = {}
  local m = math.tointeger and math.tointeger(4095) or 4095
  for i = 1, 100 do
    local t = {}
    for j = 1, 2048 do t[j * m] = true end
    tables[i] = t
  end
  """

let deadlineChecks: [ConformanceCheck] = [
  ConformanceCheck("limits", "what a script has made is converted in time, whatever it shares") { engine in
    let lua = try unlimitedSandbox(engine)
    defer { lua.close() }
    try lua.globals.set("rows", to: lua.function { (rows: [[Double]]) in rows.count })
    try lua.globals.set("lists", to: lua.function { (lists: [String: [String]]) in lists.count })
    try lua.globals.set("tree", to: lua.function { (_: Tree) in 1 })
    for script in [
      "local r, t = {}, {} for i = 1, 3000 do r[i] = i end for i = 1, 20000 do t[i] = r end rows(t)",
      "local r, t = {}, {} for i = 1, 3000 do r[i] = 'x' end for i = 1, 2000 do t['k' .. i] = r end lists(t)",
      "local t = {} for i = 1, 19 do t = {kids = {t, t}} end tree(t)",
    ] { try expectEndedInTime(lua, "\(script) while true do end") }
    try expectUsable(lua)
  },
  deadlineCheck(
    "many tables that each take a while end in time", after: manySmall,
    [
      "for i = 1, 30000 do end " + String(repeating: "tables[#tables][-1] = true tables[#tables] = nil ", count: 100)
        + "while true do end"
    ]),
  deadlineCheck("lengths of large tables end in time", [bursts(border, "x = #t")]),
  deadlineCheck(
    "greatest keys of large tables end in time",
    [bursts("local t, maxn = {}, table.maxn or type for i = 1, 524288 do t[-i] = true end", "maxn(t)")]),
  // (LuaJIT's are no C functions, and take half a second.)
  deadlineCheck(
    "functions of many long numerals end in time", excludes: .jit,
    ["string.char", "(bit32 or {}).band", "(utf8 or {}).char", "math.max"].map {
      numerals("(\($0) or type)(unpack(t))")
    }
      + [numerals("(string.pack or type)(('j'):rep(30000), unpack(t, 1, _VERSION == 'Lua 5.1' and 9 or 30000))")]),
  deadlineCheck(
    "errors through many coroutines end in time",
    [
      """
      local s = ('x'):rep(14 * 1048576)
      local function nest(n) if n == 0 then error(s, 0) end return coroutine.wrap(nest)(n - 1), 1 end
      while true do pcall(nest, 150) end
      """
    ]),
  deadlineCheck("a stop gets through thousands of pcalls at once", nestings),
  deadlineCheck("operations that read long strings end in time", readings),
  deadlineCheck(
    "a script that keeps as much as it may ends in time", requires: .tableFinalizers, after: fill,
    [repeating("local s, c, t = ('x'):rep(100000), 0, nil", "c = c + 1 t = s .. c")]),
  ConformanceCheck(
    "limits", "an interruption that is first asked for in a coroutine comes out of it", requires: .yieldAcrossPcall
  ) { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    try lua.withLimits(.none) {}
    try lua.globals.set("stop") { (lua: LuaRuntime) in try lua.interruption.interrupt() }
    let co = try lua.compile(
      "pcall(function() coroutine.yield(1) stop() while true do end end) coroutine.yield('lost')"
    ).coroutine()
    try expectEqual(try co.next(), 1)
    try expectEqual(try expectLuaError(.limit) { _ = try co.next() as LuaValue? }.limit, .interruption)
    try expectEqual(co.status, .dead)
    try expectUsable(lua)
  },
  ConformanceCheck("limits", "calls near the end of a limit are not counted anew") { engine in
    var configuration = LuaConfiguration()
    configuration.limits = LuaLimits.none
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    let f: LuaFunction = try lua.eval(
      """
      function()
        local pcall, abs = pcall, math.abs
        n = 0
        while true do
          for i = 1, 20 do n = n + 1 end
          pcall(abs, 1)
        end
      end
      """)
    try expectLuaError(.limit) { try lua.withLimits(LuaLimits(instructions: 200)) { try f() } }
    let n: Int = try lua.globals["n"]
    try expect(n < 200, "\(n) rounds")
  },
  ConformanceCheck("limits", "a coroutine that a stop has ended is dead, past its pcalls", requires: .yieldAcrossPcall)
  {
    engine in
    var configuration = LuaConfiguration()
    configuration.limits = LuaLimits.none
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try lua.execute(
      """
      function catch()
        pcall(pcall, function()
          pcall(function() coroutine.yield(1) end)
          while true do pcall(error) end
        end)
        return 'caught'
      end
      """)
    func stop(_ body: () throws -> Void) throws {
      let error = try expectLuaError(.limit) { try lua.withLimits(LuaLimits(instructions: 10_000), body) }
      try expectEqual(error.limit, .instructions)
    }
    try lua.execute("co, w = coroutine.create(catch), coroutine.wrap(catch) coroutine.resume(co) w()")
    try stop { try lua.execute("pcall(coroutine.resume, co)") }
    try stop { try lua.execute("pcall(pcall, w)") }
    try expectEqual(lua.eval("coroutine.status(co)"), "dead")
    try expect(lua.eval("not coroutine.resume(co) and not pcall(w)"))
    // And where Swift has resumed it, in each of the ways that there are.
    let resumptions: [(LuaCoroutine) throws -> Void] = [
      { _ = try $0.next() as LuaValue? }, { _ = try $0.send(1, "x", 3, 4, 5, 6, 7, 8, 9) as LuaValue },
      { _ = try $0.throw(LuaError(message: "x")) as LuaValue },
    ]
    for resume in resumptions {
      let co = try (lua.eval("catch") as LuaFunction).coroutine()
      _ = try co.next() as LuaValue?
      try stop { try resume(co) }
      try expectEqual(co.status, .dead)
      try expectUsable(lua)
    }
  },
]
