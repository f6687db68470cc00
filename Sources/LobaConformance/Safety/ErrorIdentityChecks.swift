internal import LobaCore

// A Swift error comes out of Lua as itself, whatever lies between, and leaves nothing behind.

/// A script that calls `fail`, a host function that throws, in some roundabout way, and does not keep the error.
private struct Detour: Sendable {
  let name: String
  let source: String
  var requires: LuaCapabilities = []
}

private let detours: [Detour] = [
  Detour(name: "straight", source: "return function(fail) fail() end"),
  Detour(name: "pcall and error", source: "return function(fail) local ok, e = pcall(fail) error(e, 0) end"),
  Detour(name: "two pcalls", source: "return function(fail) local _, _, e = pcall(pcall, fail) error(e) end"),
  Detour(
    name: "xpcall whose handler passes it on",
    source: "return function(fail) local _, e = xpcall(fail, function(e) return e end) error(e, 0) end"),
  Detour(name: "a table", source: "return function(fail) local t = {pcall(fail)} error(t[2]) end"),
  Detour(
    name: "coroutine.wrap",
    source: "return function(fail) coroutine.wrap(function() coroutine.yield() fail() end)() "
      + "local co = coroutine.wrap(function() fail() end) co() end"),
  Detour(
    name: "coroutine.resume",
    source:
      "return function(fail) local _, e = coroutine.resume(coroutine.create(function() fail() end)) error(e, 0) end"),
  Detour(name: "__index", source: "return function(fail) return setmetatable({}, {__index = fail}).x end"),
  Detour(name: "__newindex", source: "return function(fail) setmetatable({}, {__newindex = fail}).x = 1 end"),
  Detour(name: "__add", source: "return function(fail) return setmetatable({}, {__add = fail}) + 1 end"),
  Detour(
    name: "__eq",
    source: "return function(fail) local m = {__eq = fail} return setmetatable({}, m) == setmetatable({}, m) end"),
  Detour(
    name: "__lt",
    source: "return function(fail) local m = {__lt = fail} return setmetatable({}, m) < setmetatable({}, m) end"),
  Detour(name: "__concat", source: "return function(fail) return setmetatable({}, {__concat = fail}) .. 'x' end"),
  Detour(name: "__call", source: "return function(fail) return setmetatable({}, {__call = fail})() end"),
  Detour(name: "__unm", source: "return function(fail) return -setmetatable({}, {__unm = fail}) end"),
  Detour(
    name: "__tostring", source: "return function(fail) return tostring(setmetatable({}, {__tostring = fail})) end"),
  Detour(name: "table.sort", source: "return function(fail) table.sort({3, 2, 1}, fail) end"),
  Detour(name: "string.gsub", source: "return function(fail) return (('abc'):gsub('.', fail)) end"),
  Detour(
    name: "a variable to close",
    source: "return function(fail) local x <close> = setmetatable({}, {__close = fail}) end",
    requires: .toBeClosed),
]

private func detourCheck(_ detour: Detour) -> ConformanceCheck {
  ConformanceCheck("errors", "a Swift error through \(detour.name) is the same error", requires: detour.requires) {
    engine in
    try withRuntime(engine) { lua, tracker in
      let script: LuaFunction = try lua.execute(detour.source)
      var current: LifetimeTracker?
      let fail = try lua.function { () -> Int in throw current! }
      try expectFlatMemory(rounds: rounds(20_000)) { round in
        let error = tracker.makeTracker(round)
        current = error
        try expectError(error) { try script(fail) as Void }
      }
      current = nil
      try lua.collectGarbage()
      try expectEqual(tracker.alive, 0, "errors are still alive")
    }
  }
}

let errorIdentityChecks: [ConformanceCheck] =
  detours.map(detourCheck) + [
    ConformanceCheck("errors", "a Swift error through nested host calls is the same error, 100,000 times") { engine in
      try withRuntime(engine) { lua, tracker in
        let call = try lua.function { (f: LuaFunction, n: Int, fail: LuaFunction) in try f(f, n, fail) as Void }
        let script: LuaFunction = try lua.eval(
          "(function(call) local function f(_, n, fail) if n == 0 then fail() end call(f, n - 1, fail) end return f end)(...)",
          call)
        var current: LifetimeTracker?
        let fail = try lua.function { () -> Int in throw current! }
        try expectFlatMemory(rounds: rounds(100_000)) { round in
          let error = tracker.makeTracker(round)
          current = error
          try expectError(error) { try script(script, 3, fail) as Void }
        }
        current = nil
        try lua.collectGarbage()
        try expectEqual(tracker.alive, 0, "errors are still alive")
      }
    },
    ConformanceCheck("errors", "what errors leave behind is collected as fast as it comes") { engine in
      try withRuntime(engine) { lua, tracker in
        let fail = try lua.function { () -> Int in throw tracker.makeTracker() }
        let script: LuaFunction = try lua.eval("function(fail) for i = 1, 10 do pcall(fail) end end")
        for _ in 0..<5000 {
          try script(fail) as Void
          try expect(
            tracker.alive < 4000 && lua.memoryUsed < 600_000, "\(tracker.alive) errors, \(lua.memoryUsed) bytes")
        }
      }
    },
    ConformanceCheck("errors", "a Swift error out of a coroutine that Swift resumes is the same error") { engine in
      try withRuntime(engine) { lua, tracker in
        var current: LifetimeTracker?
        let fail = try lua.function { () -> Int in throw current! }
        let f: LuaFunction = try lua.eval("function(fail) coroutine.yield(1) fail() end")
        try expectFlatMemory(rounds: rounds(20_000)) { round in
          let error = tracker.makeTracker(round)
          current = error
          let co = try f.coroutine(fail)
          try expectEqual(co.next(), 1)
          try expectError(error) { _ = try co.next() as Int? }
          try expectEqual(co.status, .dead)
        }
        current = nil
        try lua.collectGarbage()
        try expectEqual(tracker.alive, 0, "errors are still alive")
      }
    },
    ConformanceCheck("errors", "of two errors that were caught, the one that is raised again arrives") { engine in
      try withRuntime(engine) { lua, tracker in
        let errors = [tracker.makeTracker(1), tracker.makeTracker(2)]
        let fail = try lua.function { (n: Int) -> Int in throw errors[n - 1] }
        for n in [1, 2] {
          try expectError(errors[n - 1]) {
            try lua.execute(
              "local fail, n = ... local e = {select(2, pcall(fail, 1)), select(2, pcall(fail, 2))} error(e[n], 0)",
              fail, n)
          }
        }
      }
    },
    ConformanceCheck("errors", "100,000 failing scripts leave Lua's stack where it was") { engine in
      try withRuntime(engine) { lua, _ in
        let scripts = ["error('x')", "error({})", "local x = nil + 1", "x = = 1", "error()", "return undefined.field"]
        try expectFlatMemory(rounds: rounds(100_000)) { round in
          do {
            try lua.execute(scripts[round % scripts.count])
            throw ConformanceFailure(message: "nothing was thrown", file: #fileID, line: #line)
          } catch is LuaError {}
          try expectEqual(lua.stackTop, 0)
        }
      }
    },
    ConformanceCheck("errors", "an error that a script catches does not keep its runtime alive") { engine in
      weak var runtime: LuaRuntime?
      do {
        let lua = try LuaRuntime(engine: engine)
        runtime = lua
        let call = try lua.function { (f: LuaFunction) in try f() as Void }
        let ok: Bool = try lua.eval("(pcall(...))", call, lua.eval("function() error({}) end") as LuaFunction)
        try expect(!ok)
      }
      try expect(runtime == nil, "the runtime is still alive")
    },
  ]
