internal import LobaCore

private let area = Area("coroutines")

/// Coroutines made by Lua, many of them, with many values, and what outlives them.
/// Does something when it is let go of.
private final class Parting {
  private let farewell: () -> Void

  init(_ farewell: @escaping () -> Void) {
    self.farewell = farewell
  }

  deinit { farewell() }
}

let coroutineLifetimeChecks: [ConformanceCheck] = [
  area("a hook may resume a coroutine that an error is about to be thrown into") { lua in
    struct Thrown: Error {}
    let body: LuaFunction = try lua.eval("function() coroutine.yield(1) return 2 end")
    for hook in ["'c'", "'r'", "'', 1"] {
      let coroutine = try body.coroutine()
      try expectEqual(try coroutine.next(), 1)
      // Where anything runs before it is thrown, the coroutine has ended by then.
      try lua.execute(
        "local co = ... debug.sethook(function() debug.sethook() coroutine.resume(co) end, \(hook))", coroutine)
      do {
        let value: LuaValue = try coroutine.throw(Thrown())
        throw LuaError(message: "nothing was thrown: \(value)")
      } catch is Thrown {
      } catch let error as LuaError where error.kind == .coroutine {
      }
      try lua.execute("debug.sethook()")
      try expectEqual(coroutine.status, .dead)
    }
  },
  area("a hook may resume a coroutine whose results are on their way") { lua in
    let body: LuaFunction = try lua.eval(
      "function() while true do coroutine.yield(1, 2, 3, 4, 5, 6, 7, 8, 9, 'ten', {}) end end")
    for hook in ["'c'", "'r'", "'', 1"] {
      let coroutine = try body.coroutine()
      try lua.execute(
        "local co = ... debug.sethook(function() debug.sethook() coroutine.resume(co) end, \(hook))", coroutine)
      let values: LuaValues = try coroutine.send()
      try expectEqual(Array(values.prefix(10)), [1, 2, 3, 4, 5, 6, 7, 8, 9, "ten"])
      try lua.execute("debug.sethook()")
      try expectEqual(try coroutine.next(), 1)
    }
  },
  area("what an object does when it is let go of as a coroutine is handed values, its hook does not disturb") { lua in
    let body: LuaFunction = try lua.eval(
      "function() debug.sethook(function() end, '', 1) while true do coroutine.yield() end end")
    let coroutine = try body.coroutine()
    _ = try coroutine.next() as LuaValue?
    let add: LuaFunction = try lua.eval("function(n) for i = 1, 10 do n = n + i end return n end")
    var sums = 0
    var failure: (any Error)?
    try lua.execute(hurryCollector(pause: 1, stepMultiplier: 1000))
    for i in 0..<2000 {
      _ = try lua.wrap(
        Parting {
          do {
            if try add(i) == i + 55 { sums += 1 }
          } catch let error as LuaError where error.kind == .closed {
          } catch { failure = error }
        })
      try coroutine.send("the value \(i), which is no key that is at hand")
    }
    if let failure { throw failure }
    try lua.collectGarbage()
    try expect(sums > 1000, "\(sums)")
  },
  area("a coroutine's own error with the text of one for lack of memory is none, however many values it was handed") {
    lua in
    let f: LuaFunction = try lua.eval("function() error('not enough memory', 0) end")
    try expectLuaError(.runtime) { try f.coroutine().send() }
    try expectLuaError(.runtime) { try f.coroutine().send(1, 2, 3, 4, 5, 6) }
  },
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
  area("a coroutine that could not be thrown an error into starts with its arguments") { lua in
    let co = try (lua.eval("function(a) return a end") as LuaFunction).coroutine(7)
    let isRefused = try lua.function { () -> Bool in
      var kind: LuaError.Kind?
      onAnotherThread {
        do { try co.throw(LuaError(message: "a number", value: 1)) } catch { kind = (error as? LuaError)?.kind }
      }
      return kind == .wrongThread
    }
    try expect(isRefused())
    try expectEqual(co.status, .suspended)
    try expectEqual(try co.next() as Int?, 7)
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
