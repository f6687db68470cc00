internal import LobaCore

private let area = Area("hooks")

private struct Refused: Error, Equatable { let line: Int }

/// Checks of hooks are not run with a script's hook: there can be but one.
private func hookCheck(
  _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
  _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  area(sentence, requires: requires, excludes: excludes) { lua in
    defer { lua.removeHook() }
    try body(lua)
  }.excused(from: ConformancePreparation.hooks, because: "there is one hook, and a script's rests while Swift has one")
}

/// Hooks: what Swift is told of what scripts do.
let hookChecks: [ConformanceCheck] = [
  hookCheck("a hook is told of lines") { lua in
    var lines: [Int] = []
    let hook = try lua.hook(.line) { event in
      try expectEqual(event.kind, .line)
      try expectEqual(try event.stack[0].info.line, event.line)
      lines.append(event.line ?? 0)
    }
    try expect(hook.isActive)
    try lua.execute("local n = 0\nfor i = 1, 3 do\n  n = n + i\nend\nassert(n == 6)", name: "=script")
    try expect(lines.starts(with: [1, 2, 3, 2, 3]) && lines.contains(5), "\(lines)")
    hook.remove()
    try expect(!hook.isActive)
    let count = lines.count
    try lua.execute("local a = 1\nlocal b = 2")
    try expectEqual(lines.count, count)
    hook.remove()
  },
  hookCheck("a script's hook that it removes while another is in its place stays removed") { lua in
    try lua.globals.set("limit", to: lua.function { [unowned lua] in lua.memoryLimit = lua.memoryUsed + (64 << 20) })
    let script = try lua.compile(
      """
      local hook, mask = ...
      debug.sethook(function() end, 'crl')
      local ran
      local function finalizer() limit() debug.sethook(hook, mask) ran = true end
      if newproxy then getmetatable(newproxy(true)).__gc = finalizer else setmetatable({}, {__gc = finalizer}) end
      collectgarbage() collectgarbage()
      assert(ran)
      """)
    let echo: LuaFunction = try lua.eval("function(...) return ... end")
    for (hook, mask) in [(LuaValue.nil, LuaValue.nil), (.function(echo), "")] {
      try script(hook, mask)
      try lua.withLimits(LuaLimits(instructions: 1_000_000)) { try expectEqual(try echo(1, 2) as LuaValues, [1, 2]) }
      try expectEqual(try echo(1, 2) as LuaValues, [1, 2])
      try expectEqual(try lua.eval("({debug.gethook()})[2] or ''"), "")
    }
  },
  hookCheck("a hook is told of calls and returns") { lua in
    var calls: [String] = [], depth = 0
    try lua.hook([.call, .return]) { event in
      switch event.kind {
      case .call, .tailCall:
        depth += 1
        if let name = try event.stack[0].info.name { calls.append(name) }
      case .return: depth -= 1
      default: throw Refused(line: 0)
      }
    }
    try lua.execute("local function inner() return 1 end local function outer() local x = inner() return x end outer()")
    lua.removeHook()
    try expectEqual(calls.filter { $0 == "inner" || $0 == "outer" }, ["outer", "inner"])
    try expectEqual(depth, 0)
  },
  hookCheck("a hook counts instructions, whoever executes them") { lua in
    var count = 0
    try lua.hook(.count(100)) { event in
      try expectEqual(event.kind, .count)
      count += 1
    }
    try lua.execute("for i = 1, 10000 do end")
    try expect((50...150).contains(count), "\(count)")
    count = 0
    try lua.execute(
      "local co = coroutine.wrap(function() while true do coroutine.yield() end end) for i = 1, 5000 do co() end")
    try expect(count > 50, "\(count)")
    for wrong in [0, -1, .min] { try expectLuaError(.runtime) { try lua.hook(.count(wrong)) { _ in } } }
    try lua.hook(.count(.max)) { _ in throw Refused(line: 1) }
    try lua.execute("for i = 1, 1000 do end")
  },
  hookCheck("a hook that throws ends the script with that error, as itself") { lua in
    try lua.hook(.line) { event in if event.line == 3 { throw Refused(line: 3) } }
    try expectError(Refused(line: 3)) { try lua.execute("reached = 1\nreached = 2\nreached = 3\nreached = 4") }
    try expectEqual(try lua.globals["reached"], 2)
    let frame = lua.lastTraceback.frames.first
    try expectEqual(frame?.line, 3)
    try lua.hook(.call) { _ in throw LuaError(message: "not so", underlying: Refused(line: 1)) }
    let error = try expectLuaError(.runtime) { try lua.execute("local f = function() end f()") }
    try expectEqual(error.message, "not so")
    try expect(error.underlying is Refused)
    try lua.hook(.return) { _ in throw Refused(line: 9) }
    try expectError(Refused(line: 9)) { try lua.execute("local f = function() end f()") }
  },
  hookCheck("a script may catch the error of a hook") { lua in
    var isArmed = true
    try lua.hook(.count(1)) { _ in
      if isArmed { throw Refused(line: 1) }
    }
    isArmed = false
    let catching: LuaFunction = try lua.eval("function(arm) return pcall(function() arm() local x = 1 end) end")
    let arm = try lua.function { isArmed = true }
    try lua.hook(.line) { _ in
      guard isArmed else { return }
      isArmed = false
      throw Refused(line: 2)
    }
    let (ok, error): (Bool, LuaValue) = try catching(lua.function { isArmed = true })
    _ = arm
    if !ok {
      let raise: LuaFunction = try lua.globals["error"]
      try expectError(Refused(line: 2)) { try raise(error) as Void }
    }
    for _ in 1...3 {
      isArmed = false
      try lua.execute(
        """
        local arm = ...
        local ok, e = pcall(function()
          arm()
          local x = 1
        end)
        assert(not ok and tostring(e):find('Refused'), tostring(e))
        """, arm)
    }
  },
  hookCheck("a hook may do what a host function may") { lua in
    let work: LuaFunction = try lua.eval(
      "function(n) local t = {} for i = 1, n do t[i] = tostring(i) end return #t end")
    let failing: LuaFunction = try lua.eval("function() error({code = 7}) end")
    var events = 0
    try lua.hook([.line, .call]) { event in
      events += 1
      try expectEqual(try work(20), 20)
      try expectEqual(try event.runtime.eval("1 + 1"), 2)
      try expectLuaError(.runtime) { try failing() as Void }
      let co = try work.coroutine(3)
      try expectEqual(try co.next(), 3)
      _ = try event.runtime.table(1, 2, 3)
      try event.runtime.collectGarbage()
    }
    try lua.execute("local function f(x)\n  return x\nend\nfor i = 1, 5 do\n  f(i)\nend")
    try expect(events > 10, "\(events)")
    lua.removeHook()
  },
  hookCheck("what a hook runs has no events") { lua in
    var events = 0, depth = 0
    try lua.hook([.line, .call, .return, .count(1)]) { event in
      events += 1
      depth += 1
      defer { depth -= 1 }
      try expectEqual(depth, 1)
      try event.runtime.execute("for i = 1, 3 do\n local x = i\n end coroutine.wrap(function() local y = 1 end)()")
    }
    try lua.execute("local a = 1\nlocal b = 2")
    try expect((2...30).contains(events), "\(events)")
  },
  hookCheck("a hook may remove itself, or set another") { lua in
    var tracker = 0
    let counter = LifetimeCounter()
    do {
      let probe = counter.makeTracker()
      try lua.hook(.line) { event in
        tracker += 1
        probe.touch()
        event.runtime.removeHook()
        event.runtime.removeHook()
        try event.runtime.execute("local x = 1")
      }
    }
    try lua.execute("local a = 1\nlocal b = 2\nlocal c = 3")
    try expectEqual(tracker, 1)
    try expectEqual(counter.alive, 0, "the hook is kept")
    var second = 0
    let first = try lua.hook(.line) { event in
      tracker += 1
      try event.runtime.hook(.line) { _ in throw Refused(line: 0) }
      try event.runtime.hook(.line) { _ in second += 1 }
    }
    try lua.execute("local a = 1\nlocal b = 2\nlocal c = 3")
    try expect(!first.isActive)
    first.remove()
    try expectEqual(tracker, 2)
    try expectEqual(second, 2)
  },
  hookCheck("a hook may close the runtime") { lua in
    let other = try LuaRuntime(engine: lua.engine)
    var events = 0
    let hook = try other.hook(.line) { event in
      events += 1
      event.runtime.close()
      try expect(event.runtime.isClosed)
      try expectEqual(try event.stack[0].info.line, 1)
    }
    try other.execute("local a = 1\nlocal b = 2")
    try expectEqual(events, 1)
    try expect(other.isClosed && !hook.isActive)
    hook.remove()
    other.removeHook()
    try expectLuaError(.closed) { try other.hook(.line) { _ in } }
  },
  hookCheck("a hook sees and sets variables") { lua in
    try lua.hook(.line) { event in
      guard event.line == 3 else { return }
      let frame = try event.stack[0]
      try expectEqual(try frame.locals.map(\.name), ["a", "b"])
      try expectEqual(try frame.local("b"), 2)
      try frame.setLocal("b", to: 40)
      try expectEqual(try frame.local("b"), 40)
      try expectEqual(try event.runtime.eval("... + 1", frame.local("b") as Int), 41)
    }
    try expectEqual(try lua.execute("local a = 1\nlocal b = 2\nlocal c = a + b\nreturn c") as Int, 41)
  },
  hookCheck("the frames of a hook are good for what it calls, and no longer") { lua in
    var kept: LuaFrame?
    try lua.hook(.line) { event in
      if let kept { try expectLuaError(.runtime) { _ = try kept.info } }
      let frame = try event.stack[0]
      kept = frame
      guard event.line == 3 else { return }
      let look = try event.runtime.function { (lua: LuaRuntime) in
        try expectEqual(try frame.info.line, 3)
        try expectEqual(try frame.local("x"), 5)
        try frame.setLocal("x", to: 6)
        try expect(try lua.stack.count > 1)
      }
      try event.runtime.execute(
        "local look = ... local function f(n) if n > 0 then f(n - 1) else look() end end f(5)", look)
    }
    try lua.execute("local y = 0\nlocal x = 5\nassert(x == 6)\ny = x")
    try expectLuaError(.runtime) { _ = try kept?.info }
  },
  hookCheck("coroutines are hooked, those of before as well") { lua in
    let source = "function()\n  local x = 1\n  coroutine.yield(x)\n  x = 2\n  coroutine.yield(x)\nend"
    let before: LuaFunction = try lua.compile("return \(source)", name: "=co")()
    let old = try before.coroutine()
    try lua.globals.set("wrapped", to: lua.eval("coroutine.wrap(...)", before) as LuaFunction)
    _ = try old.next() as Int?
    try lua.execute("wrapped()")
    var lines: [Int] = []
    let hook = try lua.hook(.line) { lines.append($0.line ?? 0) }
    _ = try old.next() as Int?
    try expectEqual(lines, [4, 5])
    lines = []
    try lua.execute("wrapped()")
    try expect(lines.contains(4) && lines.contains(5), "\(lines)")
    lines = []
    let new = try before.coroutine()
    _ = try new.next() as Int?
    try expect(lines.contains(2) && lines.contains(3), "\(lines)")
    hook.remove()
    lines = []
    _ = try new.next() as Int?
    _ = try old.next() as Int?
    try lua.execute("wrapped()")
    try expectEqual(lines, [])
    try lua.hook(.line) { lines.append($0.line ?? 0) }
    _ = try new.next() as Int?
    try expect(!lines.isEmpty)
  },
  hookCheck("a hook that is set in a coroutine is there in whoever has resumed it") { lua in
    var lines: [Int] = []
    try lua.globals.set(
      "begin",
      to: lua.function { (lua: LuaRuntime) in
        try lua.hook(.line) { lines.append($0.line ?? 0) }
        return ()
      })
    try lua.execute(
      """
      local co = coroutine.create(function()
        coroutine.wrap(function()
          begin()
          local a = 1
        end)()
        local b = 2
      end)
      coroutine.resume(co)
      local c = 3
      """, name: "=s")
    for line in [4, 6, 9] { try expect(lines.contains(line), "\(line) of \(lines)") }
  },
  hookCheck("errors can be thrown into coroutines that are hooked", requires: .yieldAcrossPcall) { lua in
    var events = 0
    try lua.hook([.line, .return, .count(7)]) { _ in events += 1 }
    let f: LuaFunction = try lua.eval(
      "function() while true do local ok, e = pcall(function() coroutine.yield(1) end) coroutine.yield(e) end end")
    let co = try f.coroutine()
    for i in 1...5 {
      _ = try co.next() as LuaValue?
      try expectEqual(try co.throw(LuaError(message: "e\(i)")), "e\(i)")
    }
    try expect(events > 5)
  },
  hookCheck("a script cannot set a hook while Swift has one, and what it had is there again") { lua in
    let hits: LuaFunction = try lua.execute(
      "local n = 0 debug.sethook(function() n = n + 1 end, 'c') return function() local m = n n = 0 return m end")
    try lua.execute("tostring(1) tostring(2)")
    try expect(try hits() as Int > 2)
    var events = 0
    let hook = try lua.hook(.call) { _ in events += 1 }
    _ = try hits() as Int
    try lua.execute(
      """
      tostring(1)
      local ok, e = pcall(debug.sethook, print, 'c')
      assert(not ok and e:find('while Swift has one'), e)
      assert(not pcall(debug.sethook))
      tostring(2)
      """)
    try expect(events > 3)
    try expectEqual(try hits() as Int, 0)
    hook.remove()
    try lua.execute("tostring(1) tostring(2)")
    try expect(try hits() as Int > 2)
    try lua.execute("debug.sethook()")
  },
  hookCheck("on LuaJIT nothing is compiled while there is a hook, and everything afterwards", requires: .jit) { lua in
    try expect(try lua.eval("(jit.status())"))
    let hook = try lua.hook(.count(1000)) { _ in }
    try lua.execute("jit.on()")
    try expect(try lua.eval("not jit.status()"))
    lua.memoryLimit = 100_000_000
    hook.remove()
    try expect(try lua.eval("not jit.status()"))
    lua.memoryLimit = nil
    try expect(try lua.eval("(jit.status())"))
    try lua.hook(.line) { $0.runtime.removeHook() }
    try lua.execute("local x = 1")
    try expect(try lua.eval("(jit.status())"))
    try lua.hook(.line) { _ in }
    try lua.withLimits(LuaLimits(instructions: 1000)) { lua.removeHook() }
    try expect(try lua.eval("(jit.status())"))
  },
  hookCheck("a hook is let go of when it is replaced, removed, or the runtime closes") { lua in
    let counter = LifetimeCounter()
    for way in 0..<3 {
      do {
        let other = try LuaRuntime(engine: lua.engine)
        let tracker = counter.makeTracker(way)
        let hook = try other.hook(.call) { _ in tracker.touch() }
        try other.execute("tostring(1)")
        switch way {
        case 0: hook.remove()
        case 1: try other.hook(.line) { _ in }
        default: other.close()
        }
      }
    }
    try expectEqual(counter.alive, 0)
  },
]
