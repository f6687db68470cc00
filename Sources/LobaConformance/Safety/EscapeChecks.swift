internal import Foundation
internal import LobaCore
internal import LobaSoak

// Scripts that do everything to go on when a limit strikes. What goes wrong here never ends, so that these checks are to be
// run in processes of their own.

/// A chunk that never ends by itself.
private struct Escape: Sendable {
  let name: String
  let source: String
  var requires: LuaCapabilities = []
  var excludes: LuaCapabilities = []
}

private let escapes: [Escape] = [
  Escape(name: "an empty loop", source: "while true do end"),
  Escape(name: "a numeric loop", source: "for i = 1, 1e300 do end"),
  Escape(name: "a goto", source: "::again:: goto again", requires: .goto),
  Escape(name: "tail calls", source: "local function f() return f() end f()"),
  Escape(
    name: "metamethods", source: "local t = setmetatable({}, {__index = function(t, k) return k end}) while t.x do end"),
  Escape(
    name: "metamethods that call themselves",
    source: "local t t = setmetatable({}, {__add = function() while true do end end}) local _ = t + t"),
  Escape(name: "an iterator", source: "for i in function() return 1 end do end"),
  Escape(
    name: "a host function that is called for ever", source: "while true do host(function() return 1 end) end"),
  Escape(name: "a loop in a host call", source: "host(function() while true do end end)"),
  Escape(
    name: "a host call that lets no error out", source: "while true do quiet(function() while true do end end) end"),
  Escape(name: "a loop around pcall", source: "while true do pcall(function() while true do end end) end"),
  Escape(
    name: "pcall in pcall in pcall",
    source: "local function loop() while true do end end while true do pcall(pcall, pcall, loop) end"),
  Escape(
    name: "pcall seven deep",
    source: (0..<7).reduce("while true do end") { inner, _ in "while true do pcall(function() \(inner) end) end" }),
  Escape(
    name: "xpcall with a handler that loops",
    source: "local function loop() while true do end end while true do xpcall(loop, loop) end"),
  Escape(
    name: "xpcall with a handler that calls pcall",
    source:
      "local function loop() while true do end end while true do xpcall(loop, function() while true do pcall(loop) end end) end"
  ),
  Escape(
    name: "xpcall with a handler that resumes",
    source: "local function loop() while true do end end xpcall(loop, function() coroutine.wrap(loop)() end) loop()"),
  Escape(
    name: "xpcall with handlers in handlers",
    source: "local function loop() while true do xpcall(loop, loop) end end while true do xpcall(loop, loop) end"),
  Escape(
    name: "a coroutine as a handler",
    source: "local function loop() while true do end end xpcall(loop, coroutine.wrap(loop)) loop()"),
  Escape(
    name: "pcall as a handler",
    source: "local function loop() while true do end end while true do xpcall(loop, pcall) end"),
  Escape(
    name: "fresh coroutines",
    source: "local function loop() while true do end end while true do coroutine.resume(coroutine.create(loop)) end"),
  Escape(
    name: "short coroutines",
    source: "while true do coroutine.wrap(function() local x = 0 for i = 1, 20 do x = x + i end end)() end"),
  Escape(
    name: "fresh coroutines in coroutines",
    source: """
      local function loop()
        while true do pcall(function() coroutine.wrap(function() while true do end end)() end) end
      end
      while true do coroutine.resume(coroutine.create(loop)) end
      """),
  Escape(
    name: "a coroutine from before", source: "while true do coroutine.resume(before) before = remake() end"),
  Escape(name: "a wrapped coroutine from before", source: "while true do pcall(wrapped) end"),
  Escape(
    name: "a coroutine from before that has been started",
    source: "while true do coroutine.resume(started) started = restart() end"),
  Escape(
    name: "coroutines that yield for ever",
    source: "local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end"),
  Escape(
    name: "yields across pcall",
    source: """
      local f = coroutine.wrap(function() while true do pcall(function() while true do coroutine.yield() end end) end end)
      while true do f() end
      """, requires: .yieldAcrossPcall),
  Escape(
    name: "recursion at the limit of the stack",
    source: "local function f() while true do pcall(f) end end f()"),
  Escape(
    name: "recursion at the limit of the stack with xpcall",
    source: "local function f() while true do xpcall(f, function() return f end) end end f()"),
  Escape(
    name: "recursion at the limit of the stack, of errors that take a while",
    source: """
      local function g() local x = 0 for i = 1, 40 do x = x + i end return 1 + g() end
      local function f() while true do pcall(g) pcall(f) end end
      f()
      """),
  Escape(
    name: "recursion through many arguments",
    source: "local u = table.unpack or unpack local t = {} for i = 1, 200 do t[i] = i end "
      + "local function f(...) while true do pcall(f, u(t)) end end f()"),
  Escape(
    name: "variables to be closed",
    source: """
      local loop = function() while true do end end
      while true do
        pcall(function() local a <close> = setmetatable({}, {__close = loop}) error() end)
      end
      """, requires: .toBeClosed),
  Escape(
    name: "variables to be closed when the limit strikes",
    source: """
      local loop = function() while true do end end
      local a <close> = setmetatable({}, {__close = loop})
      local b <close> = setmetatable({}, {__close = function() pcall(loop) loop() end})
      loop()
      """, requires: .toBeClosed),
  Escape(
    name: "coroutine.close",
    source: """
      local loop = function() while true do end end
      while true do
        local co = coroutine.create(function()
          local a <close> = setmetatable({}, {__close = loop})
          coroutine.yield()
        end)
        coroutine.resume(co)
        coroutine.close(co)
      end
      """, requires: .toBeClosed),
  Escape(
    name: "errors with metamethods",
    source: """
      local loop = function() while true do end end
      local e = setmetatable({}, {__tostring = loop, __index = loop, __call = loop})
      while true do pcall(error, e) xpcall(error, tostring, e) end
      """),
  Escape(name: "load with a reader that never ends", source: "load(function() return ' ' end)"),
  Escape(
    name: "a loop after a load with a reader that never ends",
    source: "load(function() while true do end end) while true do end"),
  Escape(
    name: "load again and again",
    source: "local load = loadstring or load while true do pcall(load('while true do end')) end"),
  Escape(
    name: "sort with a function that never ends", source: "table.sort({3, 2, 1}, function() while true do end end)"),
  Escape(
    name: "gsub with a function that never ends",
    source: "while true do pcall(string.gsub, 'x', '.', function() while true do end end) end"),
  Escape(
    name: "a hook of the debug library",
    source: "pcall(debug.sethook, function() end, '', 1) pcall(debug.sethook) while true do end"),
  Escape(
    name: "a hook of the debug library for a coroutine",
    source: """
      local co = coroutine.create(function() while true do end end)
      pcall(debug.sethook, co)
      pcall(debug.sethook, co, function() end, '', 1e9)
      while true do coroutine.resume(co) end
      """),
  Escape(name: "garbage", source: "while true do local t = {} for i = 1, 100 do t[i] = {} end end"),
  Escape(name: "errors of memory", source: "while true do pcall(string.rep, 'x', 1e15) end"),
  Escape(
    name: "finalizers of a proxy",
    source: """
      if newproxy then pcall(function() local p = newproxy(true) getmetatable(p).__gc = function() while true do end end end) end
      while true do local t = {} end
      """),
  Escape(
    name: "finalizers of a table",
    source: """
      pcall(setmetatable, {}, {__gc = function() while true do end end})
      local meta = {}
      local t = setmetatable({}, meta)
      meta.__gc = function() while true do end end
      t = nil
      while true do pcall(setmetatable, {}, meta) end
      """),
  Escape(
    name: "finalizers of a file",
    source: """
      pcall(function() getmetatable(io.stdout).__gc = function() while true do end end end)
      pcall(function() debug.getmetatable(io.stdout).__gc = function() while true do end end end)
      pcall(function() debug.setmetatable(io.tmpfile(), {__gc = function() while true do end end}) end)
      while true do local t = {} end
      """),
  Escape(
    name: "what the debug library shows",
    source: """
      local loop = function() while true do end end
      for i = 1, 9 do
        local _, f = pcall(debug.getupvalue, pcall, i)
        local _, _, x = pcall(debug.getupvalue, xpcall, i)
        pcall(debug.setupvalue, xpcall, i, loop)
        if x then while true do pcall(x, loop, loop) end end
      end
      loop()
      """),
  Escape(
    name: "callbacks of the compiler",
    source: """
      local loop = function() while true do end end
      pcall(function() require('jit').attach(loop, 'bc') end)
      pcall(function() require('jit.profile').start('i1', loop) end)
      loadstring('return 1')
      loop()
      """, requires: .jit),
  Escape(
    name: "the compiler turned on",
    source: "jit.on() jit.on(nil) jit.opt.start('hotloop=1') local x = 0 while true do x = x + 1 end", requires: .jit),
]

/// Ends the process if a body takes for ever. Under a sanitizer, which makes a stack that grows and shrinks take a hundred
/// times as long, for ever is longer.
@discardableResult
func withWatchdog<R>(seconds: Int, _ what: String, _ body: () throws -> R) rethrows -> R {
  let done = DispatchSemaphore(value: 0)
  Thread.detachNewThread {
    let patience = isCheckedBySanitizer ? 5 * seconds : seconds
    if done.wait(timeout: .now() + .seconds(patience)) == .success { return }
    FileHandle.standardError.write(Data("never ends: \(what)\n".utf8))
    abort()
  }
  defer { done.signal() }
  return try body()
}

/// What the escapes need, made before there is a limit.
private func prepare(_ lua: LuaRuntime) throws {
  try lua.globals.set("host", to: lua.function { (f: LuaFunction) in try f() as Void })
  try lua.globals.set("quiet", to: lua.function { (f: LuaFunction) in try? f() as Void })
  try lua.execute(
    """
    local function loop() while true do end end
    function remake() return coroutine.create(loop) end
    function restart()
      local co = coroutine.create(function() coroutine.yield() loop() end)
      coroutine.resume(co)
      return co
    end
    before, started, wrapped = remake(), restart(), coroutine.wrap(loop)
    """)
}

private func expectStopped(_ limit: LuaLimit, _ body: () throws -> Void) throws {
  let error = try expectLuaError(.limit) { try body() }
  try expect(error.limit == limit, "expected \(limit), got \(error)")
}

private func escapeCheck(_ escape: Escape) -> ConformanceCheck {
  ConformanceCheck(
    "limits", "\(escape.name) cannot escape", requires: escape.requires, excludes: escape.excludes
  ) { engine in
    var configuration = LuaConfiguration()
    configuration.limits = LuaLimits.none
    configuration.memoryLimit = 50_000_000
    try withWatchdog(seconds: 60, "\(engine.name): \(escape.name)") {
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try prepare(lua)
      let script: LuaFunction = try lua.compile(escape.source)
      let height = lua.stackTop
      var late = Duration.seconds(60)
      for _ in 0..<3 {
        try expectStopped(.instructions) {
          try lua.withLimits(LuaLimits(instructions: 1_000_000)) { try script() as Void }
        }
        let begin = ContinuousClock.now
        try expectStopped(.deadline) {
          try lua.withLimits(LuaLimits(deadline: .milliseconds(20))) { try script() as Void }
        }
        late = min(late, ContinuousClock.now - begin - .milliseconds(20))
        try expectEqual(lua.stackTop, height)
        try expectUsable(lua)
        try lua.execute(
          "before, started, wrapped = remake(), restart(), coroutine.wrap(function() while true do end end)")
      }
      // The machine may do other things: once is enough.
      try expect(late < .milliseconds(isCheckedBySanitizer ? 2000 : 100), "stopped \(late) too late")
      // As a coroutine that Swift resumes.
      let co = try script.coroutine()
      try expectStopped(.instructions) {
        try lua.withLimits(LuaLimits(instructions: 100_000)) { while try co.next() != nil {} }
      }
      try expectUsable(lua)
    }
  }
}

let escapeChecks = escapes.map(escapeCheck)
