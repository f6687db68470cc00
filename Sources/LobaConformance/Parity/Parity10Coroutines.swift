internal import LobaCore

private let row = ParityRows(section: 1)

private struct Refused: Error, Equatable {}

private func bits(_ lua: LuaRuntime) throws -> LuaFunction {
  try lua.eval("function(n) for i = 0, n do coroutine.yield(i % 2) end end")
}

/// 1.10: coroutines.
let parityCoroutineChecks: [ConformanceCheck] = [
  row(98, "arguments are kept for the first resume") { lua in
    let co = try bits(lua).coroutine(4)
    try expectEqual(co.status, .suspended)
    try expectEqual(try co.next() as Int?, 0)
  },
  row(99, "each yield is an item; the end is a function that returns nothing") { lua in
    try expectEqual(try bits(lua).coroutine(4).collect() as [Int], [0, 1, 0, 1, 0])
    let co = try bits(lua).coroutine(1)
    var items: [Int] = []
    while let item: Int = try co.next() { items.append(item) }
    try expectEqual(items, [0, 1])
    try expectEqual(co.status, .dead)
  },
  row(100, "send without a value starts, and gives what is yielded first") { lua in
    let bare: LuaFunction = try lua.eval("function() coroutine.yield() coroutine.yield(1) end")
    let co = try bare.coroutine()
    try expect(try (co.send() as LuaValue).isNil)
    try expectEqual(try co.send() as Int, 1)
  },
  row(101, "what is sent is the result of the pending yield") { lua in
    let f: LuaFunction = try lua.eval(
      "function() local t, i = {}, 0 while i < 3 do t[i] = coroutine.yield(i) i = i + 1 end return t end")
    let co = try f.coroutine()
    try co.send()
    for i in 0..<2 { try co.send(i * 2) }
    try expectEqual(try co.send(4) as [Int: Int], [0: 0, 1: 2, 2: 4])
  },
  row(102, "the return value comes with the resume that ends the coroutine") { lua in
    let f: LuaFunction = try lua.eval("function() coroutine.yield(1) return 'done' end")
    let co = try f.coroutine()
    try expectEqual(try co.next() as Int?, 1)
    try expectEqual(try co.send() as String, "done")
    try expectEqual(co.status, .dead)
    try expectLuaError(.coroutine) { try co.send() }
  },
  row(103, "throw(_:) raises an error at the yield") { lua in
    // Lupa cannot. A coroutine that does not catch it ends with the error itself.
    let f: LuaFunction = try lua.eval("function() local i = 0 while true do i = i + 1 coroutine.yield(i) end end")
    let co = try f.coroutine()
    for i in 1...200 { try expectEqual(try co.next() as Int?, i) }
    try expectError(Refused()) { try co.throw(Refused()) }
    try expectEqual(co.status, .dead)
    try expectEqual(try co.next() as Int?, nil)
    try expectLuaError(.coroutine) { try co.throw(Refused()) }
    // Not started: there is nothing to catch it.
    let fresh = try f.coroutine()
    try expectError(Refused()) { try fresh.throw(Refused()) }
    try expectEqual(fresh.status, .dead)
    // A Lua error is raised as its value.
    let next = try f.coroutine()
    try next.send()
    try expectEqual(try expectLuaError(.runtime) { try next.throw(LuaError(message: "stop")) }.message, "stop")
    // A coroutine whose body is a C function that has nothing left to do.
    let plain = try (lua.eval("coroutine.yield") as LuaFunction).coroutine(1)
    try expectEqual(try plain.next() as Int?, 1)
    try expectError(Refused()) { try plain.throw(Refused()) }
    try expectEqual(plain.status, .dead)
  },
  row(103, "code around the yield can catch what is thrown, and go on", requires: .yieldAcrossPcall) { lua in
    let f: LuaFunction = try lua.eval(
      """
      function()
        local ok, problem = pcall(function() coroutine.yield('first') return 'not thrown' end)
        local text = tostring(problem)
        coroutine.yield(ok, problem)
        return text
      end
      """)
    let co = try f.coroutine()
    try expectEqual(try co.next() as String?, "first")
    try expectEqual(try co.throw(Refused()) as Bool, false)
    try expectEqual(try co.send() as String, "Refused()")
    // LuaJIT is out of a pcall that calls yield itself when the error is raised.
    let bare: LuaFunction = try lua.eval(
      "function() local ok, e = pcall(coroutine.yield) return not ok and tostring(e) end")
    let plain = try bare.coroutine()
    try plain.send()
    if lua.engine.capabilities.contains(.jit) {
      try expectError(Refused()) { try plain.throw(Refused()) }
    } else {
      try expectEqual(try plain.throw(Refused()) as String, "Refused()")
    }
    // Over and over, so that LuaJIT compiles the code around the yield.
    let patient: LuaFunction = try lua.eval(
      """
      function()
        local caught = 0
        local function wait() while true do coroutine.yield(caught) end end
        while true do
          local ok, problem = pcall(wait)
          if not ok and problem == 'thrown' then caught = caught + 1 end
        end
      end
      """)
    let waiting = try patient.coroutine()
    try expectEqual(try waiting.send() as Int, 0)
    for round in 1...300 {
      for _ in 0..<(round % 3) { try expectEqual(try waiting.send() as Int, round - 1) }
      try expectEqual(try waiting.throw(LuaError(message: "thrown")) as Int, round)
    }
    // The value of a Lua error is a value again, whatever it is.
    for thrown: LuaValue in ["text", 5, false, .table(try lua.table(7)), .nil] {
      if thrown.isNil, lua.engine.capabilities.contains(.nilErrorTexts) { continue }
      let again: LuaFunction = try lua.eval(
        "function() local ok, e = pcall(function() coroutine.yield() end) return not ok and e end")
      let co = try again.coroutine()
      try co.send()
      try expectEqual(try co.throw(LuaError(message: "", value: thrown)) as LuaValue, thrown)
    }
  },
  row(103, "a hook that a script has set is there again after throw(_:)") { lua in
    try lua.execute(
      """
      f = function()
        debug.sethook(coroutine.running(), function() hits = (hits or 0) + 1 end, '', 1000)
        coroutine.yield(1)
      end
      """)
    let co = try (lua.globals["f"] as LuaFunction).coroutine()
    try co.send()
    try expectError(Refused()) { try co.throw(Refused()) }
    try expectEqual(try lua.eval("select(3, debug.gethook(...))", co) as Int, 1000)
    try lua.execute("debug.sethook(...) debug.sethook()", co)
  },
  row(104, "a coroutine that Lua has started arrives where it stands") { lua in
    let co: LuaCoroutine = try lua.execute(
      """
      local co = coroutine.create(function() for i = 1, 3 do coroutine.yield(i % 2) end end)
      coroutine.resume(co)
      return co
      """)
    try expectEqual(try co.collect() as [Int], [0, 1])
  },
  row(105, "an exhausted coroutine gives nothing more") { lua in
    let co = try bits(lua).coroutine(1)
    try expectEqual(try co.collect() as [Int], [0, 1])
    try expectEqual(try co.collect() as [Int], [])
    try expectEqual(try co.next() as Int?, nil)
  },
  row(106, "a coroutine that Lua has not started makes new ones when it is called") { lua in
    let co: LuaCoroutine = try lua.eval(
      "coroutine.create(function(n) for i = 0, n do coroutine.yield(i % 2) end end)")
    try expectEqual(try co(4).collect() as [Int], [0, 1, 0, 1, 0])
    try expectEqual(co.status, .suspended)
    // It can be started itself, and still makes new ones; one that Lua had started before cannot.
    try expectEqual(try co.send(1) as Int, 0)
    try expectEqual(try co(0).collect() as [Int], [0])
    let started: LuaCoroutine = try lua.execute(
      "local co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co) return co")
    try expectContains(try expectLuaError(.coroutine) { _ = try started() }.message, "started")
  },
  row(107, "calling it again makes another fresh one") { lua in
    let co: LuaCoroutine = try lua.eval(
      "coroutine.create(function(n) for i = 0, n do coroutine.yield(i % 2) end end)")
    _ = try co(4).next() as Int?
    try expectEqual(try co(2).collect() as [Int], [0, 1, 0])
    let made = try bits(lua).coroutine(2)
    _ = try made.next() as Int?
    try expectEqual(try made(1).collect() as [Int], [0, 1])
  },
  row(108, "the function of a coroutine can be used by itself") { lua in
    let f: LuaFunction = try lua.eval("function(n) if coroutine.running() then end return n end")
    try expectEqual(try f(5) as Int, 5)
    try expectEqual(try f.coroutine(6).collect() as [Int], [6])
  },
  row(109, "Lua resumes first, Swift goes on") { lua in
    let (co, status, first): (LuaCoroutine, Bool, Int) = try lua.execute(
      """
      local co = coroutine.create(function(n) for i = 0, n do coroutine.yield(i % 2) end end)
      return co, coroutine.resume(co, 2)
      """)
    try expectEqual(status, true)
    try expectEqual(first, 0)
    try expectEqual(try co.collect() as [Int], [1, 0])
  },
]
