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
  area("a coroutine of a function that yields itself") { lua in
    let co = try (lua.eval("coroutine.yield") as LuaFunction).coroutine(1)
    try expectEqual(try co.next(), 1)
    try expectEqual(try co.send(2) as Int, 2)
    try expectEqual(co.status, .dead)
    try lua.globals.set("make", to: lua.function { (f: LuaFunction) in try f.coroutine() })
    try lua.execute(
      """
      local co = make(coroutine.yield)
      assert(select(2, coroutine.resume(co, 3)) == 3)
      assert(select(2, coroutine.resume(co, 4)) == 4 and coroutine.status(co) == 'dead')
      """)
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
  area("close does not tell again what has ended the coroutine") { lua in
    let co = try (lua.eval("function() error('told', 0) end") as LuaFunction).coroutine()
    try expectEqual(try expectLuaError(.runtime) { try co.send() }.message, "told")
    try co.close()
    try expectEqual(co.status, .dead)
    let other: LuaCoroutine = try lua.execute(
      "local co = coroutine.create(function() local x = nil + 1 end) coroutine.resume(co) return co")
    try other.close()
    try expectEqual(other.status, .dead)
  },
  area("close of a coroutine that has failed closes its variables, and throws their errors", requires: .toBeClosed) {
    lua in
    let f: LuaFunction = try lua.eval(
      """
      function(again)
        local x <close> = setmetatable({}, {__close = function(_, e) seen = e if again then error('second', 0) end end})
        error('first', 0)
      end
      """)
    for again in [false, true] {
      try lua.globals.set("seen", to: LuaValue.nil)
      let co = try f.coroutine(again)
      try expectEqual(try expectLuaError(.runtime) { try co.send() }.message, "first")
      if again {
        try expectEqual(try expectLuaError(.runtime) { try co.close() }.message, "second")
      } else {
        try co.close()
      }
      try expectEqual(try lua.globals["seen"] as String, "first")
      try expectEqual(co.status, .dead)
    }
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

/// What a closure has seen.
private final class Seen<Element> {
  private(set) var all: [Element] = []
  func add(_ element: Element) { all.append(element) }
}
