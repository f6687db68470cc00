internal import Foundation
internal import LobaCore

// What limits on running code promise. That no script gets around them: EscapeChecks.swift.

private func announced(_ limits: LuaLimits = .none) -> LuaConfiguration {
  var configuration = LuaConfiguration()
  configuration.limits = limits
  return configuration
}

/// A check with a runtime that announces limits, and one with a runtime that does not.
private func limitCheck(
  _ name: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
  _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("limits", name, requires: requires, excludes: excludes) { engine in
    for configuration in [announced(), .standard] {
      try withRuntime(engine, configuration: configuration) { lua, _ in
        try lua.execute("function loop() while true do end end")
        try body(lua)
      }
    }
  }
}

private let few = LuaLimits(instructions: 10_000)

/// Fails unless the body is stopped by the limit.
@discardableResult
private func expectStopped(
  by limit: LuaLimit, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void
) throws -> LuaError {
  let error = try expectLuaError(.limit, file: file, line: line, body)
  try expect(error.limit == limit, "expected \(limit), got \(error)", file: file, line: line)
  return error
}

let runningLimitChecks: [ConformanceCheck] = [
  limitCheck("a limit of instructions ends a call, and the error says where") { lua in
    let error = try expectStopped(by: .instructions) {
      try lua.withLimits(few) {
        try lua.execute("local function work()\n  while true do end\nend\nwork()", name: "=script")
      }
    }
    try expectEqual(error.message, "script:2: the limit of instructions is reached")
    try expectEqual(error.traceback.frames.first?.line, 2)
    try expect(error.traceback.frames.contains { $0.kind == .mainChunk && $0.line == 4 }, "\(error.traceback)")
    try expect(error.underlying == nil)
    try expectUsable(lua)
  },
  limitCheck("a deadline ends a call") { lua in
    let begin = ContinuousClock.now
    try expectStopped(by: .deadline) {
      try lua.withLimits(LuaLimits(deadline: .milliseconds(30))) { try lua.execute("loop()") }
    }
    try expect(ContinuousClock.now - begin >= .milliseconds(30), "too early")
    try expectStopped(by: .deadline) {
      try lua.withLimits(LuaLimits(deadline: .seconds(-1))) { try lua.execute("loop()") }
    }
  },
  limitCheck("what stays within its limits is not stopped") { lua in
    let limits = LuaLimits(instructions: 12_000, deadline: .seconds(600), depth: 10, coroutines: 10)
    let work: LuaFunction = try lua.execute(
      """
      return function()
        local sum = 0
        for i = 1, 100 do sum = sum + select('#', pcall(error, i)) end
        local f = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
        return sum + f() + f() + f()
      end
      """)
    for _ in 0..<200 {
      let sum: Int = try lua.withLimits(limits) { try work() }
      try expectEqual(sum, 206)
    }
  },
  limitCheck("the instructions of a block are for all that is called in it") { lua in
    let work: LuaFunction = try lua.eval("function() for i = 1, 1000 do local x = i end end")
    var calls = 0
    try expectStopped(by: .instructions) {
      try lua.withLimits(few) { while true { try work() as Void; calls += 1 } }
    }
    try expect((2...20).contains(calls), "\(calls) calls")
    // And so for whatever comes after the limit has struck.
    try lua.withLimits(few) {
      for _ in 0..<3 { try expectStopped(by: .instructions) { try lua.execute("loop()") } }
      for _ in 0..<3 { try expectStopped(by: .instructions) { try work() as Void } }
    }
    try work() as Void
  },
  limitCheck("the nearest limit holds, whichever block it is of") { lua in
    let none = LuaLimits(instructions: .max, deadline: .seconds(Int64.max / 2))
    try lua.withLimits(LuaLimits(instructions: 1_000_000)) {
      try expectStopped(by: .instructions) { try lua.withLimits(few) { try lua.execute("loop()") } }
      try lua.execute("for i = 1, 1000 do end")
      try expectStopped(by: .deadline) {
        try lua.withLimits(LuaLimits(deadline: .milliseconds(1))) { try lua.execute("loop()") }
      }
      try lua.withLimits(none) { try lua.execute("for i = 1, 1000 do end") }
      try expectStopped(by: .instructions) { try lua.withLimits(none) { try lua.execute("loop()") } }
      try expectStopped(by: .instructions) { try lua.execute("loop()") }
    }
    try expectUsable(lua)
  },
  limitCheck("a block in a host call ends that part only") { lua in
    let limit = try lua.function { [unowned lua] (f: LuaFunction) -> String in
      do {
        try lua.withLimits(few) { try f() as Void }
        return "ended"
      } catch let error as LuaError {
        return "\(error.kind)"
      }
    }
    let source = """
      local limit, results = ..., {}
      for i = 1, 5 do results[i] = limit(loop) .. limit(function() pcall(loop) end) .. limit(function() end) end
      local co = coroutine.wrap(function() coroutine.yield(limit(loop)) return limit(loop) end)
      return table.concat(results, ' ') .. ' ' .. co() .. ' ' .. co()
      """
    let expected = Array(repeating: "limitlimitended", count: 5).joined(separator: " ") + " limit limit"
    try expectEqual(lua.execute(source, limit), expected)
    try lua.withLimits(LuaLimits(instructions: 1_000_000)) { try expectEqual(lua.execute(source, limit), expected) }
  },
  limitCheck("what a host function makes of a stop changes nothing") { lua in
    struct Other: Error {}
    let swallow = try lua.function { (f: LuaFunction) in try? f() as Void }
    let replace = try lua.function { (f: LuaFunction) in do { try f() as Void } catch { throw Other() } }
    let pass = try lua.function { (f: LuaFunction) in try f() as Void }
    for function in [swallow, replace, pass] {
      try expectStopped(by: .instructions) {
        try lua.withLimits(few) { try lua.execute("local f = ... while true do pcall(f, loop) end", function) }
      }
    }
  },
  limitCheck("errors are what they are while there are limits") { lua in
    struct Other: Error, Equatable {}
    try lua.withLimits(LuaLimits(instructions: 10_000_000, deadline: .seconds(600))) {
      let error = try expectLuaError(.runtime) { try lua.execute("error('mine', 0)") }
      try expectEqual(error.message, "mine")
      try expect(error.limit == nil)
      try expectLuaError(.syntax) { try lua.execute("x x") }
      do {
        try lua.execute("local function f() return 1 + f() end f()")
      } catch let error as LuaError where error.kind == .runtime || error.kind == .handler {
        try expectContains(error.message, "stack overflow")
      }
      let fail = try lua.function { throw Other() }
      try expectError(Other()) { try fail() as Void }
      try expectEqual(lua.eval("select('#', pcall(error, nil))"), 2)
      try expectEqual(
        lua.eval("(select(2, xpcall(function() error('x', 0) end, function(e) return e .. 'y' end)))"), "xy")
      try expectContains(
        lua.eval("(select(2, xpcall(function() error('x') end, debug.traceback)))"), "x", "stack traceback")
      try expect(!lua.eval("(pcall(pcall))"))
      try expect(!lua.eval("(pcall(xpcall))"))
    }
  },
  limitCheck("an error whose text never ends is told within the limit") { lua in
    try withWatchdog(seconds: 60, "the text of an error") {
      try lua.withLimits(few) {
        let error = try expectLuaError(.runtime) { try lua.execute("error(setmetatable({}, {__tostring = loop}))") }
        try expectEqual(error.message, "(error object is a table value)")
      }
    }
  },
  limitCheck("pcall and yields get along", requires: .yieldAcrossPcall) { lua in
    try lua.withLimits(LuaLimits(instructions: 100_000)) {
      let results: [String] = try lua.execute(
        """
        local f = coroutine.wrap(function(...)
          local ok, e = pcall(function(...) coroutine.yield(...) error(coroutine.yield('two'), 0) end, ...)
          local _, x, y = pcall(function() return coroutine.yield(e), 'last' end)
          local ok, h = xpcall(function(z) coroutine.yield(z) error('handled', 0) end, function(e) return e .. '!' end, x .. y)
          return h
        end)
        return {f('one'), (f()), (f('three')), (f('four')), (f())}
        """)
      try expectEqual(results, ["one", "two", "three", "fourlast", "handled!"])
    }
  },
  limitCheck("a coroutine that a limit has ended is dead, others go on") { lua in
    let endless: LuaFunction = try lua.eval("function() coroutine.yield(1) loop() end")
    let counter: LuaFunction = try lua.eval("function() for i = 1, 100 do coroutine.yield(i) end end")
    let first = try endless.coroutine(), second = try counter.coroutine()
    try expectEqual(first.next(), 1)
    try expectEqual(second.next(), 1)
    try lua.withLimits(few) {
      try expectStopped(by: .instructions) { _ = try first.next() as Int? }
      try expect(first.status == .dead)
    }
    try expectEqual(second.next(), 2)
    try lua.withLimits(few) { try expectEqual(second.next(), 3) }
    // Its hook is still there, and finds nothing to do.
    for i in 4...100 { try expectEqual(second.next(), i) }
  },
  limitCheck("errors can be thrown into coroutines while there are limits", requires: .yieldAcrossPcall) { lua in
    let catcher: LuaFunction = try lua.execute(
      """
      return function()
        while true do
          local ok, e = pcall(function() coroutine.yield('waiting') end)
          coroutine.yield(e)
          if e == 'loop' then loop() end
        end
      end
      """)
    let co = try catcher.coroutine()
    try lua.withLimits(LuaLimits(instructions: 100_000)) {
      try expectEqual(co.next(), "waiting")
      try expectEqual(co.throw(LuaError(message: "one")), "one")
      try expectEqual(co.next(), "waiting")
    }
    try expectEqual(co.throw(LuaError(message: "two")), "two")
    try expectEqual(co.next(), "waiting")
    try lua.withLimits(few) {
      try expectEqual(co.throw(LuaError(message: "loop")), "loop")
      try expectStopped(by: .instructions) { _ = try co.next() as String? }
      try expectStopped(by: .instructions) { try lua.execute("loop()") }
    }
  },
  limitCheck("a limit ends the compiling of a chunk, which it names") { lua in
    let source = String(repeating: "x = 1 ", count: 500_000)
    let few = LuaLimits(deadline: .milliseconds(2))
    for load in [{ _ = try lua.compile(source, name: "@long.lua") }, { try lua.execute(source, name: "@long.lua") }] {
      let error = try lua.withLimits(few) { try expectStopped(by: .deadline, load) }
      try expectContains(error.message, "long.lua: the deadline has passed")
      try expectUsable(lua)
    }
    // What is called by a script is placed where the script calls it.
    try lua.globals.set("load_all") { (lua: LuaRuntime) in _ = try lua.compile(source) }
    let error = try lua.withLimits(few) {
      try expectStopped(by: .deadline) { try lua.execute("\nload_all()", name: "@caller.lua") }
    }
    try expectContains(error.message, "caller.lua:2: ")
    try lua.execute(source)
  },
  limitCheck("an interruption ends a call, from any thread") { lua in
    let interruption = try lua.interruption
    try expect(!interruption.isPending)
    for source in ["loop()", "while true do pcall(loop) end", "coroutine.wrap(loop)()"] {
      for delay in [0, 1, 20] {
        try withWatchdog(seconds: 60, "interruption of \(source)") {
          Thread.detachNewThread {
            Thread.sleep(forTimeInterval: Double(delay) / 1000)
            interruption.interrupt()
          }
          let error = try expectStopped(by: .interruption) { try lua.execute(source) }
          try expectContains(error.message, ": interrupted")
        }
        try expect(!interruption.isPending)
        try expectUsable(lua)
      }
    }
    interruption.interrupt()
    try expect(interruption.isPending)
    interruption.withdraw()
    try lua.execute("for i = 1, 10000 do end")
  },
  limitCheck("an interruption ends the outermost call, not a block in it") { lua in
    let interruption = try lua.interruption
    let limit = try lua.function { [unowned lua] (f: LuaFunction) in
      interruption.interrupt()
      try? lua.withLimits(few) { try f() as Void }
    }
    try expectStopped(by: .interruption) {
      try lua.execute("local limit = ... while true do limit(function() for i = 1, 1000 do end end) end", limit)
    }
  },
  limitCheck("an interruption may outlive its runtime") { lua in
    let other = try LuaRuntime(engine: lua.engine)
    let interruption = try other.interruption
    other.close()
    interruption.interrupt()
    try expectLuaError(.closed) { _ = try other.interruption }
    try expectLuaError(.closed) { try other.withLimits(few) {} }
  },
  limitCheck("code that is running when the runtime becomes interruptible can be interrupted") { lua in
    let begin = try lua.function { [unowned lua] in
      let interruption = try lua.interruption
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.02)
        interruption.interrupt()
      }
    }
    try withWatchdog(seconds: 60, "code that was compiled before") {
      try expectStopped(by: .interruption) {
        try lua.execute(
          "local begin = ... local x = 0 for i = 1, 1e300 do x = x + i if i == 100000 then begin() end end", begin)
      }
    }
  },
  limitCheck("a call in a cancelled task ends") { lua in
    nonisolated(unsafe) let lua = lua
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var outcome: Result<Void, any Error>?
    let task = Task.detached {
      outcome = Result { try lua.withLimits(LuaLimits(deadline: .seconds(600))) { try lua.execute("loop()") } }
      done.signal()
    }
    Thread.sleep(forTimeInterval: 0.01)
    task.cancel()
    withWatchdog(seconds: 60, "a call in a cancelled task") { done.wait() }
    let error = try expectStopped(by: .cancellation) { try outcome!.get() }
    try expect(error.underlying is CancellationError)
  },
  limitCheck("the depth of calls from Lua into Swift can be limited") { lua in
    let call = try lua.function { (f: LuaFunction) in try f() as Void }
    let source = "local call, n = ..., 0 local function f() n = n + 1 call(f) end pcall(f) return n"
    try lua.withLimits(LuaLimits(depth: 20)) {
      try lua.withLimits(LuaLimits(depth: 100)) { try expectEqual(lua.execute(source, call), 21) }
      try lua.withLimits(LuaLimits(depth: 5)) { try expectEqual(lua.execute(source, call), 6) }
      try lua.withLimits(LuaLimits(depth: 0)) { try expectEqual(lua.execute(source, call), 1) }
    }
    try expect(try lua.execute(source, call) > 21)
  },
  limitCheck("the number of coroutines can be limited") { lua in
    let make = """
      local kept, n = {}, 0
      local function f() coroutine.yield() end
      local function make(how)
        return pcall(function()
          local co = how(f)
          if how == coroutine.create then coroutine.resume(co) else co() end
          kept[#kept + 1] = co
        end)
      end
      while n < 1000 and make(n % 2 == 0 and coroutine.create or coroutine.wrap) do n = n + 1 end
      return n
      """
    try lua.withLimits(LuaLimits(coroutines: 30)) {
      try expectEqual(lua.execute(make), 30)
      try lua.collectGarbage()
      // Those that are garbage, or dead, are not counted.
      try expectEqual(lua.execute(make), 30)
      try lua.execute("for i = 1, 1000 do coroutine.wrap(function() end)() end")
    }
    try expectEqual(lua.execute(make), 1000)
  },
  limitCheck("a hook that a script has set is there again after a block") { lua in
    let counts: [Int] = try lua.execute(
      """
      local limit, n = ..., 0
      if jit then jit.off() end
      debug.sethook(function() n = n + 1 end, '', 10)
      for i = 1, 1000 do end
      local before = n
      limit(function()
        before = n
        for i = 1, 1000 do end
        assert(n == before, 'it runs while there are limits')
        assert(not pcall(debug.sethook, print, '', 1), 'it can be set')
      end)
      for i = 1, 1000 do end
      debug.sethook()
      return {before, n}
      """,
      lua.function { [unowned lua] (f: LuaFunction) in
        try lua.withLimits(LuaLimits(instructions: 100_000)) { try f() as Void }
      })
    try expect(counts[0] > 10 && counts[1] > counts[0] + 10, "\(counts)")
  },
  limitCheck("a thousand limits leave nothing behind") { lua in
    let work: LuaFunction = try lua.eval("function() pcall(loop) coroutine.wrap(loop)() end")
    let limits = LuaLimits(instructions: 1000)
    var used = 0
    try expectFlatMemory(rounds: 1000) { round in
      try expectStopped(by: .instructions) { try lua.withLimits(limits) { try work() as Void } }
      guard round == 200 || round == 999 else { return }
      try lua.collectGarbage()
      if round == 200 { used = lua.memoryUsed }
    }
    try expect(lua.memoryUsed < used + 5000, "\(used) bytes have become \(lua.memoryUsed)")
    try expectEqual(lua.stackTop, 0)
  },
  limitCheck("a runtime can be closed when it is stopped, and in a block") { lua in
    for closesInside in [false, true] {
      let other = try LuaRuntime(engine: lua.engine, configuration: lua.configuration)
      let close = try other.function { [unowned other] in other.close() }
      try other.withLimits(few) {
        try expectStopped(by: .instructions) { try other.execute("while true do end") }
        if closesInside { other.close() } else { try close() as Void }
      }
      try expect(other.isClosed)
    }
  },
  limitCheck("memory that is denied at any point of a block") { lua in
    for count in 0..<(isFullSweep ? 400 : 60) {
      let other = try LuaRuntime(engine: lua.engine, configuration: lua.configuration)
      defer { other.close() }
      other.failAllocations(after: count)
      do {
        try other.withLimits(LuaLimits(instructions: 1000, coroutines: 5)) {
          try other.execute(
            "local t = {} local co = coroutine.wrap(function() while true do t[#t + 1] = pcall(error, {}) end end) co()"
          )
        }
        try expect(false, "nothing was thrown")
      } catch let error as LuaError {
        try expect(error.kind == .memory || error.kind == .limit || error.kind == .runtime, "\(error)")
      }
      other.failAllocations(after: -1)
      try expectUsable(other)
      try expectStopped(by: .instructions) { try other.withLimits(few) { try other.execute("while true do end") } }
    }
  },
  ConformanceCheck("limits", "the configuration's limits are for every call") { engine in
    let configuration = announced(LuaLimits(instructions: 20_000, deadline: .seconds(600), depth: 10))
    try withRuntime(engine, configuration: configuration) { lua, _ in
      let loop: LuaFunction = try lua.eval("function(n) for i = 1, n do end end")
      for _ in 0..<20 {
        try loop(10_000) as Void
        try expectStopped(by: .instructions) { try loop(1_000_000) as Void }
      }
      try expectStopped(by: .deadline) {
        try lua.withLimits(LuaLimits(deadline: .milliseconds(0))) { try loop(10_000) as Void }
      }
      try lua.withLimits(LuaLimits(instructions: 50_000)) {
        for _ in 0..<3 { try loop(10_000) as Void }
        try expectStopped(by: .instructions) { for _ in 0..<6 { try loop(10_000) as Void } }
      }
      try loop(10_000) as Void
      // Of the outermost call, whatever it calls.
      let again = try lua.function { (f: LuaFunction) in try f(10_000) as Void }
      try expectStopped(by: .instructions) {
        try lua.execute("local again, loop = ... again(loop) again(loop) again(loop)", again, loop)
      }
      // Metamethods count as calls.
      let table: LuaTable = try lua.eval("setmetatable({}, {__index = function() while true do end end})")
      try expectStopped(by: .instructions) { _ = try table["x"] as LuaValue }
      try expectStopped(by: .instructions) { _ = try table["x"] as LuaValue }
    }
  },
  ConformanceCheck("limits", "scripts of a runtime with limits have no finalizers") { engine in
    let lua = try LuaRuntime(engine: engine, configuration: announced())
    defer { lua.close() }
    if engine.capabilities.contains(.tableFinalizers) {
      try expectLuaError(.runtime) { try lua.execute("setmetatable({}, {__gc = type})") }
      try expectLuaError(.runtime) { try lua.execute("setmetatable({}, {__gc = false})") }
      let free = try LuaRuntime(engine: engine)
      defer { free.close() }
      try free.execute("setmetatable({}, {__gc = type})")
    }
    try expect(lua.eval("newproxy == nil and debug.getregistry == nil"))
    try expect(lua.eval("getmetatable(io.stdout) == false"))
    try lua.execute("setmetatable({}, {__index = {}})")
    // Those of Swift's objects are Loba's own.
    let counter = LifetimeCounter()
    try lua.globals.set("object", to: lua.wrap(counter.makeTracker()))
    try lua.execute("object = nil")
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
  },
  ConformanceCheck("limits", "the compiler is off in a block, and then as before", requires: .jit) { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    let isOn: LuaFunction = try lua.eval("function() return (jit.status()) end")
    try expect(isOn())
    try lua.withLimits(few) {
      try expect(!isOn())
      try lua.execute("jit.on()")
      try expect(!isOn())
      lua.memoryLimit = 50_000_000
      try lua.withLimits(few) { try expect(!isOn()) }
      lua.memoryLimit = nil
      try expect(!isOn())
      lua.memoryLimit = 50_000_000
    }
    try expect(!isOn())
    lua.memoryLimit = nil
    try expect(isOn())
    try lua.execute("jit.off()")
    try lua.withLimits(few) {}
    try expect(!isOn())
    let limited = try LuaRuntime(engine: engine, configuration: announced(few))
    defer { limited.close() }
    try expect(!limited.eval("(jit.status())"))
  },
  ConformanceCheck("limits", "a block in the middle of a stop lets it go on", requires: .toBeClosed) { engine in
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    var closings = 0
    try lua.globals.set(
      "close",
      to: lua.function { [unowned lua] in
        closings += 1
        try lua.withLimits(few) {}
      })
    for limits in [few, LuaLimits(deadline: .milliseconds(20))] {
      let error = try expectLuaError(.limit) {
        try lua.withLimits(limits) {
          try lua.execute("local c <close> = setmetatable({}, {__close = close}) while true do end")
        }
      }
      try expect(error.limit == .instructions || error.limit == .deadline)
    }
    try expectEqual(closings, 2)
    try expectUsable(lua)
  },
  ConformanceCheck("limits", "chains of coroutine.close end before the stack does", requires: .toBeClosed) { engine in
    for size in [256 << 10, 512 << 10, 8 << 20] {
      for configuration in [announced(LuaLimits(coroutines: 1_000_000)), .standard] {
        try onThread(stackSize: size) {
          let lua = try LuaRuntime(engine: engine, configuration: configuration)
          defer { lua.close() }
          for close in ["coroutine.close(before)", "local f = coroutine.wrap(error) pcall(f) coroutine.close(before)"] {
            try lua.execute(
              """
              local last
              for i = 1, 20000 do
                local before = last
                last = coroutine.create(function()
                  local x <close> = setmetatable({}, {__close = function() if before then \(close) end end})
                  coroutine.yield()
                end)
                coroutine.resume(last)
              end
              coroutine.close(last)
              """)
          }
          try lua.execute(
            """
            local function f()
              local x <close> = setmetatable({}, {__close = function() coroutine.wrap(f)() end})
              error('x')
            end
            pcall(coroutine.wrap(f))
            """)
          try expectUsable(lua)
        }
      }
    }
  },
  ConformanceCheck("limits", "finalizers that run when the runtime closes find what knows of limits") { engine in
    let lua = try LuaRuntime(engine: engine)
    try lua.withLimits(LuaLimits(deadline: .seconds(5))) { try lua.execute("x = 1") }
    var ran = 0
    try lua.globals.set("ran", to: lua.function { ran += 1 })
    try lua.execute(
      """
      local function run()
        pcall(error) xpcall(error, tostring) load('return 1')
        local co = coroutine.create(function() coroutine.yield(1) error('x') end)
        coroutine.resume(co) coroutine.status(co) coroutine.resume(co)
        coroutine.wrap(function() return 1 end)()
        if coroutine.close then coroutine.close(coroutine.create(print)) end
        string.gsub('abc', '.', '%0') table.concat({1, 2})
        if debug then debug.sethook() end
        pcall(ran)
      end
      if newproxy then
        p = newproxy(true) getmetatable(p).__gc = run
      else
        p = setmetatable({}, {__gc = run})
      end
      """)
    lua.close()
    try expect(lua.isClosed && ran == 0, "\(ran)")
  },
]
