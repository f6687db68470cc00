internal import Foundation
internal import LobaCore
internal import Synchronization

private let area = Area("services")

/// What has been given to the host, in its order.
private final class Log: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  /// What has come since it was asked last.
  func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

/// A runtime with all libraries and one in a sandbox, each with what the configuration is given.
private func withRuntimes(
  on engine: any LuaEngine, _ configure: (inout LuaConfiguration) -> Void, _ body: (LuaRuntime) throws -> Void
) throws {
  for var configuration in [LuaConfiguration.standard, .sandbox] {
    configure(&configuration)
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try body(lua)
    try expectUsable(lua)
  }
}

/// What scripts get from the host in place of the system: warnings, time, variables, chance.
let serviceChecks: [ConformanceCheck] = [
  area.engine("warnings are the host's, by Lua 5.4's rules") { engine in
    let log = Log()
    try withRuntimes(on: engine, { $0.warn = { log.add($0) } }) { lua in
      try lua.execute("warn('a') warn('b', 1, '-', 2) warn('') warn('@', 'on') warn(7)")
      try expectEqual(log.take(), ["a", "b1-2", "", "@on", "7"])
      try lua.execute("warn('@off') warn('no') warn('@unknown') warn('@on') warn('yes') warn('x', '@off') warn('z')")
      try expectEqual(log.take(), ["yes", "x@off", "z"])
      for (argument, got) in [("", "no value"), ("nil", "nil"), ("{}", "table"), ("true", "boolean")] {
        let error = try expectLuaError(.runtime) { try lua.execute("warn(\(argument))") }
        try expectContains(error.message, "bad argument #1 to 'warn' (string expected, got \(got))")
      }
      try expectContains(try expectLuaError(.runtime) { try lua.execute("warn('a', {})") }.message, "#2", "table")
      try expectEqual(log.take(), [])
      try lua.execute("local pieces = {} for i = 1, 200 do pieces[i] = 'é' end warn((table.unpack or unpack)(pieces))")
      try expectEqual(log.take(), [String(repeating: "é", count: 200)])
      try lua.execute("warn('\\255')")
      try expectEqual(log.take(), ["\u{FFFD}"])
      try lua.execute("coroutine.wrap(function() warn('inside') end)()")
      try expectEqual(log.take(), ["inside"])
    }
  },
  area.engine("warnings need no library but the basic one") { engine in
    let log = Log()
    for libraries in [LuaLibraries.base, []] {
      var configuration = LuaConfiguration(libraries: libraries)
      configuration.warn = { log.add($0) }
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.execute("if warn then warn('a', 2) warn('@off') warn('b') end")
      try expectEqual(log.take(), libraries.isEmpty ? [] : ["a2"])
    }
  },
  area.engine("without one who takes warnings, warn is the engine's own or nil, and no sandbox has it") { engine in
    let hasOwn = engine.capabilities.contains(.finalizerWarnings)
    try withRuntimes(on: engine, { _ in }) { lua in
      try expectEqual(try lua.eval("warn ~= nil"), hasOwn && lua.configuration.sandbox == nil)
    }
  },
  area.engine("warnings of the engine itself are the host's, also when it closes", requires: .finalizerWarnings) {
    engine in
    let log = Log()
    var configuration = LuaConfiguration.standard
    configuration.warn = { log.add($0) }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    try lua.execute("setmetatable({}, {__gc = function() error('first') end})")
    try lua.collectGarbage()
    try lua.collectGarbage()
    let first = log.take()
    try expectEqual(first.count, 1)
    try expectContains(first[0], "__gc", "first")
    try lua.execute("last = setmetatable({}, {__gc = function() warn('half', ' and half') error('last') end})")
    lua.close()
    let last = log.take()
    try expectEqual(last.count, 2)
    try expectEqual(last[0], "half and half")
    try expectContains(last[1], "last")
  },
  area.engine("what takes a warning cannot use the runtime, which goes on") { engine in
    for source in ["warn('a') assert(x == nil)", "if newproxy then warn('a') else fail() end"] {
      let messages = Log()
      let held = HeldRuntime()
      var configuration = LuaConfiguration.standard
      configuration.warn = { _ in
        guard let lua = held.runtime else { return }
        do { try lua.execute("x = 1") } catch { messages.add("\(error)") }
        do { try lua.collectGarbage() } catch { messages.add("\(error)") }
        lua.close()  // when the call has returned
      }
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      try lua.execute(
        "function fail() setmetatable({}, {__gc = function() error('x') end}) collectgarbage() collectgarbage() end")
      held.runtime = lua
      _ = try? lua.execute(source)
      held.runtime = nil
      let said = messages.take()
      if source.contains("fail"), !engine.capabilities.contains(.finalizerWarnings) { continue }
      try expectEqual(said.count, 2)
      for message in said { try expectContains(message, "what takes a warning cannot use the runtime") }
      try expect(lua.isClosed)
    }
  },
  area.engine("a warning is no longer than the memory that Lua may use") { engine in
    let log = Log()
    var configuration = LuaConfiguration.sandbox
    configuration.memoryLimit = 4 << 20
    configuration.warn = { log.add("\($0.utf8.count)") }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    _ = try? lua.execute(
      "local s = ('x'):rep(1000000) local t = {} for i = 1, 100 do t[i] = s end warn((table.unpack or unpack)(t))")
    for length in log.take() { try expect(Int(length)! <= 4 << 20, length) }
    try lua.execute("warn('x')")
    try expectEqual(log.take(), ["1"])
    // What does not fit takes no time either: half a terabyte would.
    lua.memoryLimit = 64 << 20
    let start = ContinuousClock.now
    _ = try? lua.execute(
      """
      local s, t = ('x'):rep(32 * 2 ^ 20 - 1000), {}
      for i = 1, 7000 do t[i] = s end
      warn((table.unpack or unpack)(t))
      warn((table.unpack or unpack)(t))
      """)
    try expect(ContinuousClock.now - start < .seconds(10))
  },
  area.engine("a runtime that warns is let go of") { engine in
    weak var weakRuntime: LuaRuntime?
    let counter = LifetimeCounter()
    do {
      var configuration = LuaConfiguration.standard
      let tracker = counter.makeTracker()
      configuration.warn = { _ in tracker.touch() }
      configuration.clock = LuaClock(processorTime: { Double(tracker.number) })
      configuration.environmentVariables = LuaEnvironmentVariables { _ in "\(tracker.number)" }
      configuration.randomSeed = 1
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      try lua.execute("warn('x') os.time() os.getenv('X') math.random()")
      weakRuntime = lua
    }
    try expect(weakRuntime == nil)
    try expectEqual(counter.alive, 0)
  },
  area.engine("time is the host's") { engine in
    let clock = LuaClock.fixed(at: Date(timeIntervalSince1970: 1_000_000_000.9), processorTime: 1.5)
    try withRuntimes(on: engine, { $0.clock = clock }) { lua in
      try lua.execute(
        """
        assert(os.time() == 1000000000 and os.clock() == 1.5 and os.time(nil) == os.time())
        assert(os.date('!%Y-%m-%d %H:%M:%S') == '2001-09-09 01:46:40')
        assert(os.date('!%Y', 0) == '1970' and os.date('!*t').year == 2001 and os.date() == os.date('%c'))
        assert(os.time{year = 2020, month = 1, day = 1} > 1500000000)
        assert(not pcall(os.time, 1) and not pcall(os.date, {}) and not pcall(os.date, '%Y', 'x'))
        """)
    }
    let odd: [(Double, Int)] = [(.infinity, 1 << 53), (-.infinity, -1 << 53), (.nan, 0), (-0.5, -1), (1e300, 1 << 53)]
    for (date, seconds) in odd {
      try withRuntimes(on: engine, { $0.clock = .fixed(at: Date(timeIntervalSince1970: date)) }) { lua in
        try expectEqual(try lua.eval("os.time()"), seconds)
        try lua.execute("pcall(os.date) pcall(os.date, '!*t')")
      }
    }
  },
  area.engine("a half of a clock leaves the other half as it is, and a sandbox's own time comes first") { engine in
    try withRuntimes(on: engine, { $0.clock = LuaClock(processorTime: { 7 }) }) { lua in
      try lua.execute("assert(os.clock() == 7 and os.time() > 1600000000 and #os.date() > 0)")
    }
    try withRuntimes(
      on: engine,
      {
        $0.clock = .fixed(at: Date(timeIntervalSince1970: 5))
        $0.sandbox?.time = { 6 }
        $0.randomSeed = 1
        $0.sandbox?.randomSeed = 2
      }
    ) { lua in
      try expectEqual(try lua.eval("os.time()"), lua.configuration.sandbox == nil ? 5 : 6)
    }
    try withRuntimes(on: engine, { $0.clock = .coarse(3600) }) { lua in
      try lua.execute("assert(os.clock() == 0 and os.time() % 3600 == 0 and os.time() > 1600000000)")
    }
    try withRuntimes(on: engine, { $0.clock = .coarse(0) }) { try $0.execute("assert(os.clock() >= 0)") }
  },
  area.engine("environment variables are the host's") { engine in
    try withRuntimes(on: engine, { $0.environmentVariables = .variables(["A": "1", "É": "ü"]) }) { lua in
      try lua.execute(
        """
        assert(os.getenv('A') == '1' and os.getenv('É') == 'ü' and os.getenv(1) == nil)
        assert(os.getenv('PATH') == nil and os.getenv('') == nil and os.getenv('\\255') == nil)
        assert(os.getenv('A\\0') == nil)
        for _, bad in pairs{{}, true, print} do assert(not pcall(os.getenv, bad)) end
        assert(not pcall(os.getenv))
        """)
    }
    try withRuntimes(on: engine, { $0.environmentVariables = LuaEnvironmentVariables.none }) { lua in
      try lua.execute("assert(os.getenv('PATH') == nil)")
    }
    try withRuntimes(on: engine, { $0.environmentVariables = .process }) { lua in
      try expectEqual(try lua.eval("os.getenv('PATH')") as String?, ProcessInfo.processInfo.environment["PATH"])
    }
    try withRuntimes(on: engine, { _ in }) { lua in
      try expectEqual(try lua.eval("os.getenv ~= nil"), lua.configuration.sandbox == nil)
    }
    let counter = LifetimeCounter()
    try withRuntimes(on: engine, { $0.environmentVariables = .init { _ in throw counter.makeTracker(3) } }) { lua in
      try expectTracker(3) { try lua.execute("os.getenv('A')") }
      try lua.execute("assert(not pcall(os.getenv, 'A'))")
    }
  },
  area.engine("a seed makes random numbers the same everywhere, and again") { engine in
    try withRuntimes(on: engine, { $0.randomSeed = 7 }) { lua in
      let numbers: [Int] = try lua.execute("local t = {} for i = 1, 3 do t[i] = math.random(1000000) end return t")
      try expectEqual(numbers, [475_995, 782_675, 639_639], "seed 7")
      try lua.execute(
        """
        math.randomseed(42) local a, b = math.random(100), math.random()
        math.randomseed(42) assert(a == math.random(100) and b == math.random())
        for _, bad in pairs{{-1}, {2, 1}, {1.5}, {'x'}, {1, 2, 3}} do
          assert(not pcall(math.random, (table.unpack or unpack)(bad)))
        end
        """)
    }
    var configuration = LuaConfiguration(libraries: .math)  // without select and error
    configuration.randomSeed = 7
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try expectEqual(try lua.eval("math.random(1000000)"), 475_995)
    try expectThrown { try lua.execute("math.random(0.5)") }
  },
  area.engine("a random number may be of any range that the engine's numbers can say") { engine in
    try withRuntimes(on: engine, { $0.randomSeed = 1 }) { lua in
      try lua.execute(
        """
        local least, most = math.mininteger or -2 ^ 63, math.maxinteger or 2 ^ 62
        for i = 1, 100 do
          local n = math.random(least, most)
          assert(n >= least and n <= most and n % 1 == 0)
          n = math.random(most)
          assert(n >= 1 and n <= most)
        end
        """)
    }
  },
  area.engine("services of libraries that are not open are not there") { engine in
    var configuration = LuaConfiguration(libraries: .base)
    configuration.clock = .fixed(at: Date())
    configuration.environmentVariables = .variables([:])
    configuration.randomSeed = 1
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try expect(try lua.eval("os == nil and math == nil and io == nil"))
  },
  area.engine("services are refused memory as everything is") { engine in
    for limit in stride(from: 8 << 10, to: 128 << 10, by: 1 << 10) {
      var configuration = LuaConfiguration.sandbox
      configuration.memoryLimit = limit
      configuration.warn = { _ in }
      configuration.clock = .fixed(at: Date())
      configuration.environmentVariables = .variables([:])
      configuration.randomSeed = 1
      configuration.files = LuaMemoryFiles()
      do {
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        try expect(!lua.isClosed)
      } catch let error as LuaError {
        // LuaJIT, refused memory while it opens a library, may have no name for it.
        try expect(error.kind == .memory || error.message.contains("cannot be opened"), "\(error)")
      }
    }
  },
]

/// Hands a runtime to where it must not be used.
private final class HeldRuntime: @unchecked Sendable {
  var runtime: LuaRuntime?
}
