internal import Foundation
internal import LobaCore

// Frames, variables and hooks where they are hard to have: with limits, without memory, in finalizers, on other threads.

private struct Refused: Error, Equatable {}

private func check(
  _ name: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
  _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("introspection", name, requires: requires, excludes: excludes) { engine in
    var announced = LuaConfiguration()
    announced.limits = LuaLimits.none
    for configuration in [announced, .standard] {
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.execute("function loop() while true do end end")
      try body(lua)
      lua.removeHook()
      try expectIntact(lua)
    }
  }
}

private func expectStopped(file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void) throws {
  try withWatchdog(seconds: 60, "a limit beside a hook") {
    try expectLuaError(.limit, file: file, line: line, body)
  }
}

private let few = LuaLimits(instructions: 10_000)
private let all: LuaHookEvents = [.call, .return, .line, .count(10)]

let introspectionSafetyChecks: [ConformanceCheck] = [
  check("limits hold beside a hook, whichever was there first") { lua in
    let sources = [
      "loop()", "while true do pcall(loop) end", "coroutine.wrap(loop)()",
      "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
      "while true do local f = function() end f() end",
    ]
    for events in [all, .line, .call, .count(1), .count(10_000_000)] {
      for source in sources {
        try expectStopped {
          try lua.withLimits(few) {
            let hook = try lua.hook(events) { _ in }
            defer { hook.remove() }
            try lua.execute(source)
          }
        }
        try lua.hook(events) { _ in }
        try expectStopped { try lua.withLimits(few) { try lua.execute(source) } }
        try expectStopped { try lua.withLimits(LuaLimits(deadline: .milliseconds(5))) { try lua.execute(source) } }
        lua.removeHook()
      }
    }
  },
  check("a limit that begins while a hook is there, or ends, takes no hook away") { lua in
    var events = 0
    let hook = try lua.hook(.line) { _ in events += 1 }
    let limited = try lua.function { (lua: LuaRuntime) in
      try lua.withLimits(LuaLimits(instructions: 1000)) { try lua.execute("local a = 1\nlocal b = 2") }
    }
    try lua.execute("local f = ...\nf()\nf()\nlocal x = 1", limited)
    try expect(events >= 8, "\(events)")
    hook.remove()
    events = 0
    try lua.withLimits(few) { try lua.execute("local a = 1\nlocal b = 2") }
    try expectEqual(events, 0)
  },
  check("removing a hook takes no limit away") { lua in
    let remove = try lua.function { (lua: LuaRuntime) in lua.removeHook() }
    for source in [
      "local f = ... f() loop()", "local f = ... coroutine.wrap(function() f() end)() loop()",
      "local f = ... coroutine.wrap(function() f() loop() end)()",
    ] {
      try expectStopped {
        try lua.withLimits(few) {
          try lua.hook(all) { _ in }
          try lua.execute(source, remove)
        }
      }
      try lua.hook(all) { _ in }
      try expectStopped { try lua.withLimits(few) { try lua.execute(source, remove) } }
    }
    try expectStopped {
      try lua.withLimits(few) {
        try lua.hook(.count(50)) { $0.runtime.removeHook() }
        try lua.execute("loop()")
      }
    }
  },
  check("limits hold for what a hook runs") { lua in
    for begins in [true, false] {
      try lua.hook(.line) { event in
        if begins {
          try event.runtime.withLimits(few) { try event.runtime.execute("loop()") }
        } else {
          try event.runtime.execute("loop()")
        }
      }
      try expectStopped {
        if begins { try lua.execute("local a = 1") } else { try lua.withLimits(few) { try lua.execute("local a = 1") } }
      }
      // One that swallows the error.
      try lua.hook(.line) { event in
        do { try event.runtime.execute("loop()") } catch {}
      }
      try expectStopped { try lua.withLimits(few) { try lua.execute("pcall(function() local a = 1 end) loop()") } }
      try lua.hook(.line) { event in
        let co = try (event.runtime.globals["loop"] as LuaFunction).coroutine()
        _ = try co.next() as LuaValue?
      }
      try expectStopped { try lua.withLimits(few) { try lua.execute("local a = 1") } }
      try expectStopped { try lua.withLimits(few) { try lua.execute("coroutine.wrap(function() local a = 1 end)()") } }
      lua.removeHook()
    }
  },
  check("a limit that begins in a hook and is over leaves the script alone") { lua in
    var events = 0
    try lua.hook(.line) { event in
      events += 1
      do { try event.runtime.withLimits(few) { try event.runtime.execute("loop()") } } catch is LuaError {}
    }
    try lua.execute("local a = 1\nlocal b = 2\nfor i = 1, 100 do a = i end")
    try expect(events > 2)
  },
  check("an interruption that a hook asks for ends the script") { lua in
    try lua.hook(.line) { event in
      if event.line == 2 { try event.runtime.interruption.interrupt() }
    }
    try expectStopped { try lua.execute("local a = 1\nlocal b = 2\nloop()") }
    try lua.hook(.count(100)) { event in
      event.runtime.removeHook()
      try event.runtime.interruption.interrupt()
    }
    try expectStopped { try lua.execute("coroutine.wrap(function() pcall(loop) end)() loop()") }
  },
  check("a hook where memory is refused") { lua in
    var events = 0
    try lua.hook(all) { event in
      events += 1
      _ = try event.stack.map { try $0.info }
      _ = try event.stack[0].locals
      _ = try event.runtime.table(1, 2, 3)
    }
    for extra in [0, 100, 1000, 10_000, 50_000] {
      try lua.collectGarbage()
      lua.memoryLimit = lua.memoryUsed + extra
      do {
        try lua.execute("local t = {} for i = 1, 100000 do t[i] = {i} end")
      } catch let error as LuaError {
        try expect(error.kind == .memory || error.kind == .handler, "\(error)")
      }
      lua.memoryLimit = nil
    }
    lua.removeHook()
    for count in 0..<60 {
      lua.failAllocations(after: count)
      defer { lua.failAllocations(after: -1) }
      do {
        let hook = try lua.hook(.line) { event in
          for frame in try event.stack { _ = (try frame.info, try frame.locals, try frame.function) }
          throw Refused()
        }
        defer { hook.remove() }
        try lua.execute("local a = 'text'\nlocal b = a")
      } catch let error as LuaError {
        try expect(error.kind == .memory, "\(error)")
      } catch is Refused {}
    }
  },
  check("frames and variables where memory is refused") { lua in
    let look = try lua.function { (lua: LuaRuntime) in
      for count in 0..<40 {
        lua.failAllocations(after: count)
        defer { lua.failAllocations(after: -1) }
        do {
          for frame in try lua.stack {
            _ = (try frame.info, try frame.locals, try frame.function.upvalues, try frame.function.activeLines)
            _ = try frame.variadicArguments
          }
          try lua.stack[1].setLocal("a", to: String(repeating: "x", count: 5000))
        } catch let error as LuaError {
          guard error.kind != .memory else { continue }
          throw error
        }
      }
    }
    try lua.execute(
      "local look = ... local up = {} local function f(...) local a = up look() return a end f(1, {})", look)
  },
  check("very deep stacks") { lua in
    let look = try lua.function { (lua: LuaRuntime) in
      let stack = try lua.stack
      try expect(stack.count > 10_000, "\(stack.count)")
      try expectEqual(try stack[1].local("n"), 0)
      try expectEqual(try stack[stack.count - 1].info.function.kind, .mainChunk)
      try stack[1].setLocal("n", to: -5)
      try expect(try lua.traceback().frames.count >= 35)
      let middle = stack[stack.count / 2]
      try lua.execute("local f = ... f()", lua.function { _ = try middle.local("n") as Int })
    }
    let depth = try lua.eval("jit and 15000 or _VERSION == 'Lua 5.1' and 15000 or 190000") as Int
    var calls = 0
    for hooked in [false, true] {
      if hooked { try lua.hook(.call) { _ in calls += 1 } }
      try lua.execute(
        "local look, depth = ... local function f(n) if n > 0 then return 1 + f(n - 1) end look() return n end f(depth)",
        look,
        depth)
    }
    try expect(calls > depth)
    try lua.hook(all) { _ in }
    try expectLuaError(.runtime) { try lua.execute("local function f() return 1 + f() end f()") }
    var frames = 0
    try lua.hook(.call) { event in
      frames += 1
      if frames % 100_000 == 0 { _ = try event.stack.count }
    }
    do { try lua.execute("local function f() return 1 + f() end f()") } catch is LuaError {}
  },
  check("calls that are nested too deeply have no events, and are no errors") { lua in
    var events = 0
    try lua.hook(.call) { _ in events += 1 }
    let again = try lua.function { (lua: LuaRuntime, n: Int, f: LuaFunction) in
      if n > 0 { try f(n - 1, f) as Void }
    }
    try lua.globals.set("again", to: again)
    let f: LuaFunction = try lua.eval("function(n, f) again(n, f) end")
    try f(150, f) as Void
    try expect(events > 150)
    do { try f(1000, f) as Void } catch is LuaError {}
  },
  check("limits within which the collector's end of an object removes the hook") { lua in
    final class Ending {
      unowned let lua: LuaRuntime
      init(_ lua: LuaRuntime) { self.lua = lua }
      deinit { try? lua.withLimits(few) { lua.removeHook() } }
    }
    let compiles = try lua.eval("jit and jit.status()") as LuaValue
    for _ in 1...3 {
      let hook = try lua.hook(.line) { _ in }
      try lua.execute("local object = ...", lua.wrap(Ending(lua)))
      try lua.collectGarbage()
      try lua.collectGarbage()
      try expect(!hook.isActive)
      try lua.execute("local t = {} for i = 1, 1000 do t[i] = i end")
      try expectEqual(try lua.eval("jit and jit.status()"), compiles)
    }
  },
  check("an object's end sets a hook, or removes it, when one is about to be called within limits") { lua in
    final class Ending {
      unowned let lua: LuaRuntime
      let sets: Bool
      init(_ lua: LuaRuntime, _ sets: Bool) { (self.lua, self.sets) = (lua, sets) }
      deinit {
        if sets { _ = try? lua.hook(.line) { _ in } } else { lua.removeHook() }
      }
    }
    let lives = LifetimeCounter()
    let hook = try lua.function { (lua: LuaRuntime) in
      let life = lives.makeTracker()
      try lua.hook(.line) { _ in life.touch() }
    }
    let ending = try lua.function { (lua: LuaRuntime, i: Int) in try lua.wrap(Ending(lua, i % 3 != 0)) }
    // As long as there are limits, LuaJIT makes room for each event; and this is a collector that does all in one step.
    try lua.withLimits(LuaLimits(instructions: 100_000_000)) {
      for _ in 1...20 {
        try lua.execute(
          """
          local hook, ending = ...
          coroutine.wrap(function()
            collectgarbage('stop')
            for i = 1, 10 do ending(i) end
            pcall(collectgarbage, 'setstepmul', 0)
            collectgarbage('restart') hook()
            local x = {}
            pcall(collectgarbage, 'setstepmul', 200)
          end)()
          collectgarbage()
          """, hook, ending)
      }
    }
    lua.removeHook()
    try lua.collectGarbage()
    try expectEqual(lives.alive, 0)
  },
  check("hooks and frames in finalizers") { lua in
    let act = try lua.function { (lua: LuaRuntime) in
      for frame in try lua.stack { _ = (try? frame.info, try? frame.locals) }
      _ = try? lua.hook(.line) { _ in }
      lua.removeHook()
      _ = try? lua.hook(.count(5)) { $0.runtime.removeHook() }
    }
    for _ in 1...5 {
      _ = try? lua.execute(
        """
        local act = ...
        if newproxy then getmetatable(newproxy(true)).__gc = act end
        pcall(function() setmetatable({}, {__gc = act}) end)
        """, act)
      try? lua.collectGarbage()
      try lua.execute("for i = 1, 100 do local t = {} end")
      lua.removeHook()
      try lua.hook(.line) { try $0.runtime.collectGarbage() }
      _ = try? lua.execute("for i = 1, 10 do\n local t = {}\nend")
    }
    lua.removeHook()
    try lua.execute("for i = 1, 100 do end")
    if lua.engine.capabilities.contains(.jit) { try expect(try lua.eval("(jit.status())")) }
  },
  check("a script that lays hands on what hooks run in") { lua in
    try lua.hook(.line) { event in
      try event.runtime.execute(
        """
        keep = coroutine.running()
        for _, f in pairs(coroutine) do pcall(f, keep) pcall(f, keep, 1) end
        for _, f in pairs(debug or {}) do if f ~= debug.debug then pcall(f, keep, 1) pcall(f, keep, function() end, 'l') end end
        pcall(coroutine.yield, 1)
        """)
      let co = try
        (event.runtime.eval(
          "function() for _, f in pairs(coroutine) do if f ~= coroutine.yield then pcall(f, keep) end end return 1 end")
        as LuaFunction).coroutine()
      try expectEqual(try co.next(), 1)
      _ = try event.runtime.table(1, 2)
    }
    try lua.execute(
      """
      local a = 1
      for _, f in pairs(coroutine) do if f ~= coroutine.yield and keep then pcall(f, keep) pcall(f, keep, 1) end end
      local b = 2
      """)
  },
  check("frames that are released on another thread, and hooks that are removed there") { lua in
    var stack: LuaStack?
    let hook = try lua.hook(.line) { stack = try $0.stack }
    try lua.execute("local a = 1")
    onAnotherThread {
      stack = nil
      hook.remove()
      _ = hook.isActive
    }
    try expect(!hook.isActive)
    let look = try lua.function { (lua: LuaRuntime) in
      let frame = try lua.stack[1]
      var error: (any Error)?
      onAnotherThread { do { _ = try frame.info } catch let thrown { error = thrown } }
      try expectEqual((error as? LuaError)?.kind, .wrongThread)
      onAnotherThread { do { try lua.hook(.line) { _ in } } catch let thrown { error = thrown } }
      try expectEqual((error as? LuaError)?.kind, .wrongThread)
      onAnotherThread { lua.removeHook() }
      _ = try frame.info
    }
    try lua.execute("local look = ... look()", look)
  },
  check("errors of hooks anywhere, under pcall and in coroutines") { lua in
    var n = 0, period = 1
    try lua.globals.set("host", to: lua.function { (x: LuaValue) in x })
    for events in [all, .line, .call, .return, .count(1)] {
      for step in 1...12 {
        period = step
        try lua.hook(events) { event in
          n += 1
          if n % period == 0 { throw Refused() }
        }
        do {
          try lua.execute(
            """
            local t = setmetatable({}, {__index = function(_, k) return k end, __tostring = function() return 'x' end})
            for i = 1, 20 do
              pcall(function() local a = host(t[i]) return tostring(t) end)
              local co = coroutine.create(function(x) x = coroutine.yield(x) return host(x) end)
              coroutine.resume(co, 1)
              coroutine.resume(co, 2)
              pcall(table.sort, {3, 1, 2}, function(a, b) return a < b end)
              pcall(string.gsub, 'abc', '.', function(c) return host(c) end)
              xpcall(error, function(e) return host(e) end, {})
            end
            """)
        } catch is Refused {} catch let error as LuaError {
          try expect(error.kind == .runtime || error.kind == .handler, "\(error)")
        }
        lua.removeHook()
      }
    }
  },
  check("conversions, classes and tables while a hook calls everything") { lua in
    let f: LuaFunction = try lua.eval("function(...) return ... end")
    try lua.hook(.call) { event in
      _ = try event.stack.prefix(3).map { try $0.info }
      try expectEqual(try f("x", 2), "x")
    }
    for _ in 1...20 {
      let list: [Int] = try lua.eval("{1, 2, 3}")
      try expectEqual(list, [1, 2, 3])
      let texts: (String, [String: Int]) = try f("a", ["b": 1])
      try expectEqual(texts.1, ["b": 1])
      let many: LuaValues = try f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
      try expectEqual(many.count, 12)
      let co = try f.coroutine(1, "text")
      try expectEqual(try co.next(), 1)
      try expectLuaError(.runtime) { try lua.execute("error('no')") }
    }
  },
]
