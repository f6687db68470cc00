internal import LobaCore

private let area = Area("coroutines")

/// Coroutines driven by Swift.
let coroutineChecks: [ConformanceCheck] = [
  area("a coroutine gives what it yields, one by one, and then nil") { lua in
    let f: LuaFunction = try lua.eval("function(n) for i = 0, n do coroutine.yield(i % 2) end end")
    let co = try f.coroutine(4)
    var values: [Int] = []
    while let value: Int = try co.next() { values.append(value) }
    try expectEqual(values, [0, 1, 0, 1, 0])
    try expectEqual(co.status, .dead)
    try expect(try (co.next() as LuaValue?) == nil)
    try expect(try (co.next() as Int?) == nil)
  },
  area("untyped and typed next") { lua in
    let f: LuaFunction = try lua.eval(
      "function() coroutine.yield(1) coroutine.yield('x') coroutine.yield({1}) return 'end' end")
    let co = try f.coroutine()
    let first = try co.next()
    try expectEqual(first, 1)
    let second: String? = try co.next()
    try expectEqual(second, "x")
    let third = try co.next(as: [Int].self)
    try expectEqual(third, [1])
    try expectEqual(try co.next(), "end")
    try expectEqual(try co.next(), nil as LuaValue?)
  },
  area("a value of another type throws and the coroutine goes on") { lua in
    let f: LuaFunction = try lua.eval("function() coroutine.yield('x') coroutine.yield(2) end")
    let co = try f.coroutine()
    let error = try expectLuaError(.conversion) { _ = try co.next(as: Int.self) }
    try expectContains(error.message, "Int", "x")
    try expectEqual(try co.next(as: Int.self), 2)
  },
  area("what is sent is the result of the yield") { lua in
    let f: LuaFunction = try lua.eval(
      "function(...) local got = {...} while true do got = {coroutine.yield((table.unpack or unpack)(got))} end end")
    let co = try f.coroutine("first")
    try expectEqual(try co.send() as String, "first")
    try expectEqual(try co.send(1) as Int, 1)
    try expectEqual(try co.send("a", "b") as LuaValues, ["a", "b"])
    try expectEqual(try co.send(nil as Int?) as LuaValue, nil)
    try expectEqual(try co.send([1, 2, 3]) as [Int], [1, 2, 3])
    try expectEqual(try co.send([1, 2, 3, 4, 5, 6] as LuaValues) as LuaValues, [1, 2, 3, 4, 5, 6])
    try expect(try (co.send() as LuaValues).isEmpty)
    try co.send(1)
    try expectEqual(co.status, .suspended)
  },
  area("what is sent to a coroutine that was given no arguments starts it") { lua in
    let f: LuaFunction = try lua.eval("function(a, b) coroutine.yield(a + b) return 'done' end")
    let co = try f.coroutine()
    try expectEqual(try co.send(1, 2) as Int, 3)
    try expectEqual(try co.send() as String, "done")
    let error = try expectLuaError(.coroutine) { try co.send() }
    try expectContains(error.message, "dead")
  },
  area("a conversation as a mapping") { lua in
    let f: LuaFunction = try lua.eval(
      """
      function()
        local t, i = {}, 0
        local v = coroutine.yield()
        while v do
          t[i] = v
          i = i + 1
          v = coroutine.yield()
        end
        return t
      end
      """
    )
    let co = try f.coroutine()
    try expectEqual(try co.send() as LuaValue, nil)
    for i in 0..<3 { try co.send(i * 2) }
    let mapping: [Int: Int] = try co.send()
    try expectEqual(mapping, [0: 0, 1: 2, 2: 4])
  },
  area("nil that is yielded is not the end") { lua in
    let f: LuaFunction = try lua.eval("function() coroutine.yield(nil) coroutine.yield() coroutine.yield(1) end")
    let co = try f.coroutine()
    let values = try co.collect()
    try expectEqual(values, [nil, nil, 1])
    let typed = try f.coroutine().collect(as: Int?.self)
    try expectEqual(typed, [nil, nil, 1])
  },
  area("collect gives all, the returned value included") { lua in
    let f: LuaFunction = try lua.eval("function(n) for i = 1, n do coroutine.yield(i) end return 'end' end")
    try expectEqual(try f.coroutine(3).collect(), [1, 2, 3, "end"])
    let g: LuaFunction = try lua.eval("function() for i = 1, 1000 do coroutine.yield(i) end end")
    try expectEqual(try g.coroutine().collect(as: Int.self).reduce(0, +), 500_500)
    let fails: LuaFunction = try lua.eval("function() coroutine.yield(1) error('late', 0) end")
    try expectEqual(try expectLuaError(.runtime) { _ = try fails.coroutine().collect(as: Int.self) }.message, "late")
  },
  area("status says what a coroutine does") { lua in
    let seen = Seen<LuaCoroutine.Status>()
    let co: LuaCoroutine = try lua.eval("coroutine.create(function() report() coroutine.yield() inner() end)")
    try lua.globals.set("report", to: lua.function { seen.add(co.status) })
    let inner: LuaFunction = try lua.eval("function() report() end")
    try lua.globals.set("inner", to: lua.function { try inner.coroutine().send() as Void })
    try expectEqual(co.status, .suspended)
    try co.send()
    try expectEqual(co.status, .suspended)
    try co.send()
    try expectEqual(co.status, .dead)
    try expectEqual(seen.all, [.running, .normal])
  },
  area("a coroutine cannot resume or close itself, or the one that resumed it") { lua in
    let f: LuaFunction = try lua.eval("function() return poke() end")
    let co = try f.coroutine()
    try lua.globals.set("poke", to: lua.function { () -> String in try (co.send() as LuaValue).description })
    let running = try expectLuaError(.coroutine) { try co.send() }
    try expectContains(running.message, "running")
    let second = try f.coroutine()
    try lua.globals.set(
      "poke",
      to: lua.function { () -> String in
        try second.close()
        return "closed"
      })
    try expectLuaError(.coroutine) { try second.send() }
    let outer: LuaFunction = try lua.eval("function(inner) return inner() end")
    let third = try outer.coroutine(
      lua.function { () -> String in
        let helper: LuaFunction = try lua.eval("function() return poke() end")
        return try helper.coroutine().send()
      })
    try lua.globals.set("poke", to: lua.function { () -> String in try (third.send() as LuaValue).description })
    let normal = try expectLuaError(.coroutine) { try third.send() }
    try expectContains(normal.message, "resumed another")
    let main: LuaCoroutine? = try lua.eval("coroutine.running()")
    if let main { try expectLuaError(.coroutine) { try main.send() } }
  },
  area("an error inside ends the coroutine and has a traceback of it") { lua in
    let f: LuaFunction = try lua.compile(
      "local function inner() error({code = 5}) end\ncoroutine.yield(1)\ninner()", name: "@co.lua")
    let co = try f.coroutine()
    try expectEqual(try co.next() as Int?, 1)
    let error = try expectLuaError(.runtime) { _ = try co.next() }
    try expectEqual(try error.value.code, 5)
    try expect(error.traceback.frames.contains { $0.source == "co.lua" && $0.line == 3 }, "\(error.traceback)")
    try expectEqual(co.status, .dead)
    try expect(try co.next() == nil)
    try expectLuaError(.coroutine) { try co.send() }
  },
  area("an argument that cannot be given leaves the coroutine as it was") { lua in
    struct Unknown {}
    let f: LuaFunction = try lua.eval("function(...) local a, b = coroutine.yield(...) return a, b end")
    let co = try f.coroutine(1)
    try expectLuaError(.conversion) { try co.send(Unknown()) }
    try expectLuaError(.conversion) { try co.send(1, Unknown()) }
    try expectEqual(co.status, .suspended)
    try expectEqual(try co.send() as Int, 1)
    try expectLuaError(.conversion) { try co.send(2, Unknown()) }
    try expectEqual(try co.send(2, 3) as LuaValues, [2, 3])
  },
  area("close ends a coroutine") { lua in
    let f: LuaFunction = try lua.eval("function() coroutine.yield(1) ran = true end")
    let co = try f.coroutine()
    try expectEqual(try co.next() as Int?, 1)
    try co.close()
    try expectEqual(co.status, .dead)
    try expect(try co.next() as Int? == nil)
    try expectLuaError(.coroutine) { try co.send() }
    try co.close()
    try expect(try lua.eval("ran == nil"))
    let fresh = try f.coroutine()
    try fresh.close()
    try expectEqual(fresh.status, .dead)
    try expect(try fresh.next() as Int? == nil)
  },
  area("close closes pending variables, and throws their errors", requires: .toBeClosed) { lua in
    let f: LuaFunction = try lua.eval(
      """
      function(fails)
        local x <close> = setmetatable({}, {__close = function()
          closed = true
          if fails then error('closing', 0) end
        end})
        coroutine.yield()
      end
      """
    )
    let co = try f.coroutine()
    try co.send()
    try co.close()
    try expect(try lua.eval("closed"))
    let failing = try f.coroutine(true)
    try failing.send()
    try expectEqual(try expectLuaError(.runtime) { try failing.close() }.message, "closing")
    try expectEqual(failing.status, .dead)
  },
  area("calling a coroutine makes a fresh one of the same function") { lua in
    let f: LuaFunction = try lua.eval("function(n) for i = 1, n do coroutine.yield(i) end end")
    let co = try f.coroutine(2)
    try expectEqual(try co.collect(as: Int.self), [1, 2])
    let again = try co(3)
    try expect(again != co)
    try expectEqual(try again.collect(as: Int.self), [1, 2, 3])
    try expectEqual(co.status, .dead)
  },
  area("arguments of every kind are kept for the first resume") { lua in
    let f: LuaFunction = try lua.eval("function(...) coroutine.yield(select('#', ...)) return ... end")
    let co = try f.coroutine(
      1, "text longer than what is cached anywhere", [1, 2], nil as Int?, lua.table(5), 2.5, true)
    try lua.collectGarbage()
    try expectEqual(try co.next() as Int?, 7)
    let all: LuaValues = try co.send()
    try expectEqual(all.count, 7)
    try expectEqual(all[1], "text longer than what is cached anywhere")
    try expectEqual(try all[4].as([Int].self), [5])
    try expectEqual(all[6], true)
  },
]

/// Coroutines made by Lua, many of them, with many values, and what outlives them.
let coroutineLifetimeChecks: [ConformanceCheck] = [
  area("a coroutine that Lua has made and not started can be restarted") { lua in
    let co: LuaCoroutine = try lua.eval("coroutine.create(function(n) for i = 1, n do coroutine.yield(i % 2) end end)")
    try expectEqual(co.status, .suspended)
    try expectEqual(try co(2).collect(as: Int.self), [1, 0])
    try expectEqual(try co(3).collect(as: Int.self), [1, 0, 1])
    try expectEqual(try co.send(1) as Int, 1)
    try expect(try co.next() as Int? == nil)
  },
  area("a coroutine that Lua has started goes on where it is") { lua in
    let (co, first): (LuaCoroutine, Int) = try lua.execute(
      """
      local co = coroutine.create(function(n) for i = 0, n do coroutine.yield(i % 2) end end)
      local _, v = coroutine.resume(co, 2)
      return co, v
      """
    )
    try expectEqual(first, 0)
    try expectEqual(try co.collect(as: Int.self), [1, 0])
    try expectLuaError(.coroutine) { _ = try co(1) }
    try expectEqual(try co.collect(as: Int.self), [])
  },
  area("Swift and Lua take turns with one coroutine") { lua in
    let co: LuaCoroutine = try lua.eval("coroutine.create(function() for i = 1, 10 do coroutine.yield(i) end end)")
    try lua.globals.set("co", to: co)
    var values: [Int] = []
    for _ in 0..<5 {
      values.append(try co.send())
      values.append(try lua.eval("select(2, coroutine.resume(co))"))
    }
    try expectEqual(values, Array(1...10))
    try expect(try lua.eval("coroutine.status(co) == 'suspended'"))
    try expect(try co.next() == nil)
    try expect(try lua.eval("coroutine.status(co) == 'dead'"))
  },
  area("five thousand values are yielded and sent at once, or are refused") { lua in
    let f: LuaFunction = try lua.eval(
      """
      function(n)
        local t = {}
        for i = 1, n do t[i] = i end
        return select('#', coroutine.yield((table.unpack or unpack)(t, 1, n)))
      end
      """
    )
    for count in [0, 1, 4, 5, 8, 9, 50, 250, 1_000, 5_000, 7_900, 100_000] {
      let co = try f.coroutine(count)
      do {
        let all: LuaValues = try co.send()
        try expect(all.values == (0..<count).map { .integer($0 + 1) }, "\(count) values changed")
        try expectEqual(try co.send(LuaValues((0..<count).map { .integer($0) })) as Int, count)
      } catch let error as LuaError {
        try expect(count > 1_000, "\(count) values were refused: \(error)")
      }
      try expectUsable(lua)
    }
  },
  area("many values are yielded where one is wanted") { lua in
    let f: LuaFunction = try lua.eval(
      "function() while true do coroutine.yield(1, 2, 3, 'x', {}, 6, 7, 8, 9, 10) end end")
    let co = try f.coroutine()
    for _ in 0..<1_000 { try expectEqual(try co.next() as Int?, 1) }
    try expectEqual((try co.send() as LuaValues).count, 10)
    for _ in 0..<100 { try co.send() as Void }
    try expectEqual(try co.next() as Int?, 1)
  },
  area("closures made in coroutines work after these are gone") { lua in
    let f: LuaFunction = try lua.eval("function(n) local x = n coroutine.yield(function() x = x + 1 return x end) end")
    var closures: [LuaFunction] = []
    for i in 0..<200 {
      let co = try f.coroutine(i)
      closures.append(try co.next()!)
      if i % 2 == 0 { _ = try co.next() }
    }
    try lua.collectGarbage()
    try lua.collectGarbage()
    for (i, closure) in closures.enumerated() {
      try expectEqual(try closure() as Int, i + 1)
      try expectEqual(try closure() as Int, i + 2)
    }
  },
  area("tables made in two hundred coroutines stay when these are gone") { lua in
    var tables: [LuaTable] = []
    try lua.globals.set("keep", to: lua.function { (t: LuaTable) in tables.append(t) })
    let f: LuaFunction = try lua.eval("function(n) local t = {n} keep(t) coroutine.yield(t) keep({n, n}) end")
    for i in 0..<200 {
      let co = try f.coroutine(i)
      tables.append(try co.next()!)
      _ = try co.next()
    }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(tables.count, 600)
    for i in 0..<200 {
      try expectEqual(tables[3 * i], tables[3 * i + 1])
      try expectEqual(try tables[3 * i].as([Int].self), [i])
      try expectEqual(try tables[3 * i + 2].as([Int].self), [i, i])
    }
    tables.removeAll()
    try lua.collectGarbage()
  },
  area("host functions called in nested coroutines use the right one") { lua in
    try lua.globals.set("swiftEval", to: lua.function { (code: String) -> LuaValue in try lua.eval(code) })
    try lua.execute(
      """
      function level(n)
        if n == 0 then return swiftEval('6 * 7') end
        return coroutine.wrap(function() return level(n - 1) end)()
      end
      """
    )
    try expectEqual(try lua.eval("level(20)") as Int, 42)
    let resume = try lua.function { (co: LuaCoroutine) -> LuaValue in try co.send() }
    try lua.globals.set("resume", to: resume)
    try lua.execute(
      """
      function nest(n)
        if n == 0 then return 0 end
        return 1 + resume(coroutine.create(function() return nest(n - 1) end))
      end
      """
    )
    try expectEqual(try lua.eval("nest(20)") as Int, 20)
  },
  area("yielding where there is nothing to yield to is an error") { lua in
    try expectLuaError(.runtime) { try lua.execute("coroutine.yield(1)") }
    let yielding = try lua.function { () -> LuaValue in try lua.eval("coroutine.yield(1)") }
    let f: LuaFunction = try lua.eval("function(g) return g() end")
    try expectLuaError(.runtime) { try f.coroutine(yielding).send() }
  },
  area("Lua yields across pcall and metamethods", requires: .yieldAcrossPcall) { lua in
    let f: LuaFunction = try lua.eval(
      """
      function()
        local ok, v = pcall(function() return coroutine.yield(1) end)
        local t = setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end})
        return ok, v, t.key
      end
      """
    )
    let co = try f.coroutine()
    try expectEqual(try co.next() as Int?, 1)
    try expectEqual(try co.send("sent") as String, "key")
    try expectEqual(try co.send("value") as LuaValues, [true, "sent", "value"])
  },
  area("ten thousand coroutines, finished and abandoned, are collected") { lua in
    let f: LuaFunction = try lua.eval("function(n) coroutine.yield(n) return n end")
    try lua.collectGarbage()
    let before = lua.memoryUsed
    for i in 0..<10_000 {
      let co = try f.coroutine(i)
      try expectEqual(try co.next() as Int?, i)
      if i % 2 == 0 { _ = try co.next() }
    }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expect(lua.memoryUsed < before + 1_000_000, "\(lua.memoryUsed - before) bytes are left")
  },
]

/// What a closure has seen.
private final class Seen<Element> {
  private(set) var all: [Element] = []
  func add(_ element: Element) { all.append(element) }
}
