internal import LobaCore

private let area = Area("errors")

/// An error that is equal only to itself.
private final class Boom: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String = "boom") {
    self.description = description
  }

  static func == (a: Boom, b: Boom) -> Bool { a === b }
}

/// An error that does something when it is gone.
private final class Ending: Error, @unchecked Sendable {
  private let atEnd: () -> Void

  init(_ atEnd: @escaping () -> Void) {
    self.atEnd = atEnd
  }

  deinit { atEnd() }
}

/// Errors that Lua raises.
let errorChecks: [ConformanceCheck] = [
  area("an error has kind, message, value and traceback") { lua in
    let error = try expectLuaError(.runtime) {
      try lua.execute(
        "local function inner() error('broken') end\nfunction outer() inner() end\nouter()", name: "@script.lua")
    }
    try expectEqual(error.message, "script.lua:1: broken")
    try expectEqual(error.value, "script.lua:1: broken")
    try expect(error.underlying == nil)
    let frames = error.traceback.frames
    try expect(frames.count >= 4, "\(frames)")
    try expectEqual(frames[0].kind, .c)
    try expectEqual(frames[0].name, "error")
    try expectEqual(frames[1].source, "script.lua")
    try expectEqual(frames[1].line, 1)
    try expectEqual(frames[1].name, "inner")
    try expectEqual(frames[2].line, 2)
    try expectEqual(frames[2].name, "outer")
    try expectEqual(frames[2].lineDefined, 2)
    try expectEqual(frames[3].kind, .mainChunk)
    try expectEqual(frames[3].line, 3)
    try expectContains(error.description, "script.lua:1: broken", "stack traceback:", "script.lua:3: in main chunk")
    try expect(!error.message.contains("traceback"))
  },
  area("what is raised inside of a message handler arrives as what it is") { lua in
    let raise: LuaFunction = try lua.compile("error('inner', 0)")
    let attempt = try lua.function { [unowned lua] () -> String in
      let called = try expectLuaError(.runtime) { _ = try raise() as LuaValue }
      let executed = try expectLuaError(.runtime) { try lua.execute("error('inner', 0)") }
      return called.message + " " + executed.message
    }
    let text: String = try lua.eval(
      """
      (function(attempt)
        return (select(2, xpcall(function() error('outer', 0) end, function(e) return e .. ' ' .. attempt() end)))
      end)(...)
      """, attempt)
    try expectEqual(text, "outer inner inner")
  },
  area("a hook may catch an error where an operation begins") { lua in
    let fail = try lua.function { () -> Int in throw Boom() }
    try lua.execute("local fail = ... debug.sethook(function() pcall(fail) end, 'c')", fail)
    for _ in 0..<3 { try expectEqual(try lua.eval("1 + 1") as Int, 2) }
    try lua.execute("debug.sethook()")
  },
  area("the end of an error that a script has caught may close the runtime") { lua in
    let fail = try lua.function { [unowned lua] () -> Int in
      throw LuaError(message: "caught", underlying: Ending { lua.close() })
    }
    let globals = lua.globals
    // Dropped when the operation is over, after its error has been read.
    try lua.execute("local fail = ... pcall(fail)", fail)
    try expect(lua.isClosed, "it is open")
    try expectLuaError(.closed) { try lua.execute("return 1") }
    try expectLuaError(.closed) { try globals.set("x", to: 1) }
  },
  area("the end of an error that a script has caught may raise another") { lua in
    let lives = LifetimeCounter()
    try lua.globals.set(
      "other",
      to: lua.function { () -> Int in
        throw LuaError(message: "other", underlying: lives.makeTracker())
      })
    try lua.globals.set(
      "fail",
      to: lua.function { [unowned lua] () -> Int in
        throw LuaError(message: "caught", underlying: Ending { _ = try? lua.execute("pcall(other)") })
      })
    try lua.execute("pcall(fail) pcall(other)")
    lua.close()
    try expectEqual(lives.alive, 0)
  },
  area("an error in an operation names the place") { lua in
    for code in ["local x = nil + 1", "local x = {} .. 'a'", "local x = nil; x.y = 1", "undefined()", "local x = #5"] {
      let error = try expectLuaError(.runtime) { try lua.execute("\n" + code, name: "=place") }
      try expect(error.message.hasPrefix("place:2: attempt to"), error.message)
      try expectEqual(error.value, .string(LuaString(error.message)))
      try expect(error.traceback.frames.contains { $0.source == "place" && $0.line == 2 })
    }
  },
  area("error values of every type arrive") { lua in
    for code in ["error()", "error(nil)"] {
      let error = try expectLuaError(.runtime) { try lua.execute(code) }
      if lua.engine.capabilities.contains(.nilErrorTexts) {
        try expectEqual(error.value, .string(LuaString(error.message)))
      } else {
        try expectEqual(error.value, nil)
        try expectEqual(error.message, "nil")
      }
    }
    let boolean = try expectLuaError(.runtime) { try lua.execute("error(false)") }
    try expectEqual(boolean.value, false)
    try expectEqual(boolean.message, "false")
    let number = try expectLuaError(.runtime) { try lua.execute("error(12.5, 0)") }
    try expectEqual(number.value, 12.5)
    try expectEqual(number.message, "12.5")
    let table = try expectLuaError(.runtime) { try lua.execute("error({code = 7})") }
    try expectEqual(try table.value.code, 7)
    try expectContains(table.message, "table")
    try lua.execute("t = {} f = function() return 5 end")
    try expectEqual(try expectLuaError(.runtime) { try lua.execute("error(t)") }.value, try lua.globals["t"])
    let function = try expectLuaError(.runtime) { try lua.execute("error(f)") }
    try expectEqual(try function.value() as Int, 5)
    let file = try expectLuaError(.runtime) { try lua.execute("error(io.stdout)") }
    try expectEqual(file.value.type, .userdata)
    let bytes = try expectLuaError(.runtime) { try lua.execute("error('\\255\\0x', 0)") }
    try expectEqual(bytes.value, .string(LuaString(bytes: [255, 0, 120])))
    let thread = try expectLuaError(.runtime) { try lua.execute("error(coroutine.create(function() end))") }
    try expectEqual(thread.value.type, .thread)
  },
  area("an error object with __tostring has that text as its message") { lua in
    let error = try expectLuaError(.runtime) {
      try lua.execute("error(setmetatable({code = 1}, {__tostring = function(e) return 'code ' .. e.code end}))")
    }
    try expectEqual(error.message, "code 1")
    try expectEqual(try error.value.code, 1)
  },
  area("a __tostring that fails, recurses, or returns no string does not get in the way") { lua in
    let bodies = [
      "error('again')", "error(e)", "return (tostring(e))", "return nil", "return {}", "return 5", "error()",
      "return setmetatable({}, getmetatable(e))", "return e .. ''", "coroutine.yield(1)",
    ]
    for body in bodies {
      let error = try expectLuaError(.runtime) {
        try lua.execute("error(setmetatable({code = 9}, {__tostring = function(e) \(body) end}))")
      }
      try expectEqual(try error.value.code, 9, body)
      try expect(!error.message.isEmpty || body.contains("5"))
      try expectUsable(lua)
      let co: LuaCoroutine = try lua.eval("coroutine.create(function(e) error(e) end)")
      try expectLuaError(.runtime) { try co.send(error.value) }
    }
  },
  area("endless recursion is an error") { lua in
    let error = try expectLuaError(.runtime) { try lua.execute("local function f() return 1 + f() end f()") }
    try expectContains(error.message, "stack overflow")
    try expect(error.traceback.skippedCount > 100)
    try expectContains(error.traceback.description, "skipping")
    let message = try lua.eval("select(2, pcall(string.rep)) ~= nil") as Bool
    try expect(message)
  }.excused(
    from: [.busyCollector], because: "LuaJIT's stack, cut back by the collector, may overflow only within the handler"),
  area("errors in errors are errors") { lua in
    let (ok, _): (Bool, LuaValue) = try lua.eval("xpcall(error, function() error('in the handler') end)")
    try expect(!ok)
    let nested: String = try lua.eval(
      "select(2, pcall(function() local _, e = pcall(error, 'a', 0) error(e .. 'b', 0) end))")
    try expectEqual(nested, "ab")
  },
  area("running out of memory is an error of that kind, and the runtime works on") { lua in
    lua.memoryLimit = lua.memoryUsed + 1_000_000
    // Not string.rep: some libraries (Lua 5.3) report what their string buffers lack as an error of their own.
    let error = try expectLuaError(.memory) { try lua.execute("local s = 'x' while true do s = s .. s end") }
    try expectContains(error.message, "not enough memory")
    try expectLuaError(.memory) { try lua.execute("local t = {} for i = 1, 1e9 do t[i] = {i} end") }
    try expectLuaError(.memory) { try lua.globals.set("s", to: String(repeating: "x", count: 2_000_000)) }
    try expectLuaError(.memory) { _ = try lua.table(from: Array(0..<1_000_000)) }
    let host = try lua.function { String(repeating: "x", count: 2_000_000) }
    try expectLuaError(.memory) { _ = try host() as LuaString }
    try expect(try lua.eval("not pcall(string.rep, 'x', 1e8)"))
    lua.memoryLimit = nil
    try expectEqual(try lua.eval("#('x'):rep(2000000)") as Int, 2_000_000)
  }.excused(from: ConformancePreparation.hooks, because: "the hook runs out of memory as well, outside of the pcall"),
  area("a syntax error found by load in a script is a runtime matter of the script") { lua in
    let message: String = try lua.eval("select(2, (loadstring or load)('x = = 1'))")
    try expectContains(message, "x = = 1")
    let raised = try expectLuaError(.runtime) { try lua.execute("assert((loadstring or load)('x = = 1'))") }
    try expectContains(raised.message, "unexpected symbol")
  },
]

/// Swift errors, and Lua errors that pass through Swift.
let errorPassingChecks: [ConformanceCheck] = [
  area("an error that a host function throws comes out as itself") { lua in
    let boom = Boom()
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw boom })
    try expectError(boom) { try lua.execute("fail()") }
    try expectError(boom) { _ = try lua.eval("1 + fail()") as Int }
    let fail: LuaFunction = try lua.globals["fail"]
    try expectError(boom) { try fail() }
    try expectError(boom) { let _: (Int, Int) = try fail(1, 2) }
    let compiled = try lua.compile("return fail()")
    try expectError(boom) { try compiled() }
  },
  area("it stays itself through pcall, xpcall, a table, and being raised again") { lua in
    let boom = Boom()
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw boom })
    try expectError(boom) { try lua.execute("local ok, e = pcall(fail) error(e)") }
    try expectError(boom) { try lua.execute("local ok, e = pcall(fail) error(e, 0)") }
    try expectError(boom) { try lua.execute("local ok, e = xpcall(fail, function(e) return e end) error(e)") }
    try expectError(boom) { try lua.execute("local ok, e = pcall(pcall, fail) local _, f = pcall(fail) error(f)") }
    try lua.execute("stored = {select(2, pcall(fail))} collectgarbage() collectgarbage()")
    try expectError(boom) { try lua.execute("error(stored[1])") }
    try expect(try lua.eval("stored[1] == stored[1] and select(2, pcall(error, stored[1])) == stored[1]"))
    let value: Boom = try lua.eval("stored[1]")
    try expect(value === boom)
  },
  area("it stays itself through coroutines, resumed by Lua and by Swift") { lua in
    let boom = Boom()
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw boom })
    try expectError(boom) { try lua.execute("coroutine.wrap(function() return fail() end)()") }
    try expectError(boom) {
      try lua.execute("coroutine.wrap(function() coroutine.wrap(function() fail() end)() end)()")
    }
    try expectError(boom) {
      try lua.execute("local ok, e = coroutine.resume(coroutine.create(function() fail() end)) error(e)")
    }
    let f: LuaFunction = try lua.eval("function() coroutine.yield(1) fail() end")
    let co = try f.coroutine()
    try expectEqual(try co.next() as Int?, 1)
    try expectError(boom) { _ = try co.next() as Int? }
    try expectEqual(co.status, .dead)
    try expectError(boom) {
      _ = try f.coroutine().collect()
    }
  },
  area("it stays itself through metamethods") { lua in
    let boom = Boom()
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw boom })
    try lua.execute(
      """
      local function f() return fail() end
      t = setmetatable({}, {__index = f, __newindex = f, __call = f, __add = f, __concat = f, __eq = f, __lt = f,
        __le = f, __len = f, __tostring = f, __unm = f})
      u = setmetatable({}, getmetatable(t))
      """)
    for code in [
      "t.x", "t()", "t + 1", "1 + t", "t .. 'x'", "t == u", "t < u", "t <= u", "tostring(t)", "-t",
      "table.sort({t, u}, function() return fail() end)", "('x'):gsub('x', fail)", "(pcall(fail) or fail())",
    ] {
      try expectError(boom) { _ = try lua.eval(code) as LuaValue }
    }
    try expectError(boom) { try lua.execute("t.x = 1") }
    let t: LuaTable = try lua.globals["t"]
    let u: LuaTable = try lua.globals["u"]
    try expectError(boom) { _ = try t["x"] as Int }
    try expectError(boom) { try t.set("x", to: 1) }
    try expectError(boom) { _ = try t.length() }
    try expectError(boom) { _ = try t.tostring() }
    try expectError(boom) { _ = try t.isEqual(to: u) }
  },
  area("it stays itself through nested host calls") { lua in
    let boom = Boom()
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw boom })
    try lua.globals.set("call", to: lua.function { (f: LuaFunction) -> LuaValue in try f() })
    try expectError(boom) { try lua.execute("call(function() return call(function() return call(fail) end) end)") }
    try expectError(boom) { try lua.execute("call(function() local ok, e = pcall(call, fail) error(e) end)") }
    let caught = try lua.function { (f: LuaFunction) -> Bool in
      do {
        try f()
        return false
      } catch {
        return error as? Boom === boom
      }
    }
    try expect(try lua.eval("(...)(function() call(fail) end)", caught))
  },
  area("of two host errors that were caught the one that is raised comes out") { lua in
    let errors = [Boom("first"), Boom("second"), Boom("third")]
    try lua.globals.set("fail", to: lua.function { (i: Int) throws -> Int in throw errors[i] })
    try lua.execute("e = {} for i = 0, 2 do e[i] = select(2, pcall(fail, i)) end")
    for i in [1, 0, 2, 0] {
      try expectError(errors[i]) { try lua.execute("error(e[\(i)])") }
    }
    try expectError(errors[0]) { try lua.execute("local _, a = pcall(fail, 0) local _, b = pcall(fail, 1) error(a)") }
    try expect(try lua.eval("e[0] ~= e[1] and tostring(e[0]) == 'first' and tostring(e[1]) == 'second'"))
  },
  area("an error that was caught is forgotten") { lua in
    let boom = Boom()
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw boom })
    let error = try expectLuaError(.runtime) { try lua.execute("pcall(fail) error('other', 0)") }
    try expectEqual(error.message, "other")
    try lua.execute("pcall(fail)")
    try expectLuaError(.syntax) { try lua.execute("x =") }
  },
  area("a Lua error keeps value and traceback on its way through a host function") { lua in
    try lua.globals.set("call", to: lua.function { (f: LuaFunction) -> LuaValue in try f() })
    try lua.execute("function deep() error({code = 3}) end function text() error('text') end", name: "@deep.lua")
    for code in ["call(deep)", "call(function() return call(deep) end)", "call(function() call(deep) return 1 end)"] {
      let error = try expectLuaError(.runtime) { try lua.execute(code) }
      try expectEqual(try error.value.code, 3)
      try expect(error.traceback.frames.contains { $0.source == "deep.lua" && $0.line == 1 }, "\(error.traceback)")
    }
    let text = try expectLuaError(.runtime) { try lua.execute("call(text)") }
    try expectEqual(text.message, "deep.lua:1: text")
    try expectEqual(try lua.eval("select(2, pcall(call, text))") as String, "deep.lua:1: text")
    try expectEqual(try lua.eval("select(2, pcall(call, deep)).code") as Int, 3)
  },
  area("a LuaError that Swift makes and throws arrives with its message") { lua in
    let error = LuaError(message: "made in Swift")
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw error })
    try expectEqual(try expectLuaError(.runtime) { try lua.execute("fail()") }.message, "made in Swift")
    try expectEqual(try lua.eval("tostring(select(2, pcall(fail)))") as String, "made in Swift")
    try lua.globals.set(
      "failWithValue", to: lua.function { () throws -> Int in throw LuaError(message: "m", value: 17) })
    try expectEqual(try expectLuaError(.runtime) { try lua.execute("failWithValue()") }.value, 17)
    struct Reason: Error {}
    try lua.globals.set(
      "failForReason", to: lua.function { () throws -> Int in throw LuaError(message: "m", underlying: Reason()) })
    try expect(try expectLuaError(.runtime) { try lua.execute("failForReason()") }.underlying is Reason)
    try expectEqual(try lua.eval("select(2, pcall(failWithValue))") as Int, 17)
  },
  area("a LuaError with a value of another runtime does not cross") { lua in
    let other = try LuaRuntime(engine: lua.engine)
    let foreign = LuaError(message: "foreign", value: .table(try other.table()))
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw foreign })
    let arrived = try expectLuaError(.runtime) { try lua.execute("fail()") }
    try expectEqual(arrived.message, "foreign")
  },
  area("errors thrown while Lua code waits in pcall leave no trace, ten thousand times") { lua in
    let counter = LifetimeCounter()
    struct Tracked: Error { let tracker: LifetimeTracker }
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw Tracked(tracker: counter.makeTracker()) })
    try lua.execute("for i = 1, 10000 do pcall(fail) end")
    for _ in 0..<10_000 { do { try lua.execute("fail()") } catch is Tracked {} }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
  },
]
