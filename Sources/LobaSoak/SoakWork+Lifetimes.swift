internal import LobaCore

// What is made and dropped as a whole: runtimes, handles, scripts that misbehave.

let soakLifetimes: [SoakWork] = [
  SoakWork("runtimes with a class and a script", count: 10_000) { bench in
    let (engine, counter) = (bench.engine, bench.counter)
    return { count in
      for i in 0..<count {
        let lua = try LuaRuntime(engine: engine)
        try lua.register(
          LuaClass<SoakTracker>("Tracker") {
            $0.initializer { counter.makeTracker(i) }
            $0.property("number") { $0.number }
            $0.method("add") { (tracker, n: Int) in tracker.number + n }
          })
        let number: Int = try lua.execute("kept = Tracker() local t = {kept, name = 'x'} return t[1]:add(1)")
        try expect(number == i + 1, "a runtime gives \(number)")
        // One in two ends as its last handle does.
        if i % 2 == 0 { lua.close() }
      }
    }
  },
  SoakWork("handles, 100,000 alive", count: 1_000_000) { bench in
    let make = try bench.script("function(i) return {i} end")
    return { count in
      var tables: [LuaTable] = []
      for i in 0..<count { tables.append(try make(i)) }
      for i in stride(from: 0, to: count, by: 997) { try expect(tables[i][1] == i, "a handle is another") }
      try expect(Set(tables).count == count, "two handles are the same")
    }
  },
]

/// A script that comes to its end by a limit, and how.
private struct Plugin: Sendable {
  let source: String
  let kinds: [LuaError.Kind]
}

private let plugins: [Plugin] = [
  Plugin(source: "while true do end", kinds: [.limit]),
  Plugin(source: "local t = {} for i = 1, 1e9 do t[i] = {i} end", kinds: [.memory, .limit]),
  Plugin(source: "while true do pcall(function() while true do end end) end", kinds: [.limit]),
  Plugin(source: "local s = 'x' while true do s = s .. s end", kinds: [.memory]),
  Plugin(source: "local c = {} while true do c[#c + 1] = coroutine.create(print) end", kinds: [.runtime, .memory]),
  Plugin(source: "local function f() host(f) end f()", kinds: [.runtime, .limit, .memory]),
  Plugin(source: "local function f() return 1 + f() end f()", kinds: [.runtime, .handler, .limit, .memory]),
  Plugin(source: "(('a'):rep(1000)):find(('.-'):rep(20) .. 'b')", kinds: [.limit, .runtime]),
  Plugin(
    source: "coroutine.wrap(function() while true do coroutine.wrap(coroutine.yield)() end end)()",
    kinds: [.limit, .runtime]),
  Plugin(source: "local t = {} for i = 1, 100 do t[i] = i end return #t", kinds: []),
]

private let pluginLimits = LuaLimits(instructions: 5_000, deadline: .seconds(5), depth: 20, coroutines: 50)

extension Plugin {
  /// Runs the script, which must end as it says.
  fileprivate func run(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as LuaError where kinds.contains(error.kind) {
      return
    }
    try expect(kinds.isEmpty, "nothing has stopped: \(source)")
  }
}

/// A host of plugins that misbehave.
let soakPlugins: [SoakWork] = [
  SoakWork("plugins that hit limits, each in a runtime", count: 10_000) { bench in
    let engine = bench.engine
    return { count in
      for i in 0..<count {
        var configuration = LuaConfiguration(libraries: [.base, .string, .table, .coroutine], memoryLimit: 400_000)
        configuration.limits = pluginLimits
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        defer { lua.close() }
        try lua.globals.set("host", to: lua.function { (f: LuaFunction) in try f() as Void })
        let plugin = plugins[i % plugins.count]
        try plugin.run { try lua.execute(plugin.source, name: "=plugin") }
      }
    }
  },
  SoakWork("plugins that hit limits, all in one runtime", count: 10_000) { bench in
    var configuration = LuaConfiguration()
    configuration.limits = LuaLimits.none
    let lua = try LuaRuntime(engine: bench.engine, configuration: configuration)
    let host = try lua.function { (f: LuaFunction) in try f() as Void }
    return { count in
      for i in 0..<count {
        let plugin = plugins[i % plugins.count]
        lua.memoryLimit = lua.memoryUsed + 1_000_000
        defer { lua.memoryLimit = nil }
        // A chunk of its own each time, and so nothing that is found again.
        try plugin.run {
          try lua.withLimits(pluginLimits) {
            try lua.execute("local host, id = ..., \(i) \(plugin.source)", host, name: "=plugin \(i)")
          }
        }
      }
    }
  },
]
