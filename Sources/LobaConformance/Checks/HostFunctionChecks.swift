internal import LobaCore

private let area = Area("host functions")

/// Swift closures called by Lua.
let hostFunctionChecks: [ConformanceCheck] = [
  area("closures of none to seven parameters") { lua in
    let g = lua.globals
    try g.set("f0", to: lua.function { 100 })
    try g.set("f1", to: lua.function { (a: Int) in a })
    try g.set("f2", to: lua.function { (a: Int, b: Int) in a + b })
    try g.set("f3", to: lua.function { (a: Int, b: Int, c: Int) in a + b + c })
    try g.set("f4", to: lua.function { (a: Int, b: Int, c: Int, d: Int) in a + b + c + d })
    try g.set("f5", to: lua.function { (a: Int, b: Int, c: Int, d: Int, e: Int) in a + b + c + d + e })
    try g.set("f7", to: lua.function { (a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int) in a + g })
    let sums: [Int] = try lua.eval(
      "{f0(), f1(1), f2(1, 2), f3(1, 2, 3), f4(1, 2, 3, 4), f5(1, 2, 3, 4, 5), f7(1, 0, 0, 0, 0, 0, 7)}")
    try expectEqual(sums, [100, 1, 3, 6, 10, 15, 8])
    try expect(try lua.eval("type(f0) == 'function'"))
  },
  area("parameters of every type") { lua in
    let f = try lua.function {
      (a: Bool, b: Double, c: String, d: [Int], e: [String: Int], f: LuaValue, g: LuaTable, h: LuaFunction) -> String in
      "\(a) \(b) \(c) \(d) \(e) \(f) \(g.count) \(try h(1) as Int)"
    }
    let text: String = try lua.eval(
      "(...)(true, 1.5, 'x', {1, 2}, {k = 3}, nil, {5, 6}, function(n) return n + 1 end)", f)
    try expectEqual(text, "true 1.5 x [1, 2] [\"k\": 3] nil 2 2")
  },
  area("results: none, one, a tuple, many, nil") { lua in
    let g = lua.globals
    try g.set("void", to: lua.function { () -> Void in })
    try g.set("voidOne", to: lua.function { (_: Int) -> Void in })
    try g.set("pair", to: lua.function { (1, "two") })
    try g.set("triple", to: lua.function { (a: Int) in (a, nil as Int?, [a]) })
    try g.set("optional", to: lua.function { (a: Bool) -> Int? in a ? 1 : nil })
    try g.set("values", to: lua.function { (n: Int) in LuaValues((0..<n).map { .integer($0) }) })
    try expectEqual(try lua.execute("return void()") as LuaValues, [])
    try expectEqual(try lua.execute("return voidOne(1)") as LuaValues, [])
    try expectEqual(try lua.execute("return pair()") as LuaValues, [1, "two"])
    let triple: LuaValues = try lua.execute("return triple(7)")
    try expectEqual(Array(triple.prefix(2)), [7, nil])
    try expectEqual(try triple[2].as([Int].self), [7])
    try expectEqual(try lua.execute("return optional(true), optional(false)") as LuaValues, [1, nil])
    try expectEqual(try lua.execute("return values(0)") as LuaValues, [])
    try expectEqual(try lua.execute("return values(3)") as LuaValues, [0, 1, 2])
    try expectEqual(try lua.execute("return select('#', values(20))") as LuaValues, [20])
  },
  area("very many results and arguments go through, or are refused") { lua in
    let many = try lua.function { (n: Int) in LuaValues((0..<n).map { .integer($0) }) }
    let text = try lua.function { (n: Int) in LuaValues((0..<n).map { .string(LuaString("s\($0)")) }) }
    let count = try lua.function { (all: LuaValues) in all.count }
    for n in [1, 7, 8, 9, 36, 37, 250, 1_000, 7_000, 10_000, 300_000] {
      for source in [many, text] {
        do {
          let arrived: Int = try lua.eval("select('#', (...)(select(2, ...)))", source, n)
          try expectEqual(arrived, n)
          let echoed: Int = try lua.eval("(function(count, many, n) return count(many(n)) end)(...)", count, source, n)
          try expectEqual(echoed, n)
        } catch let error as LuaError {
          try expect(n > 250, "\(n) results were refused: \(error)")
        }
        try expectUsable(lua)
      }
    }
  },
  area("variadic closures take what remains") { lua in
    let g = lua.globals
    try g.set("count", to: lua.function { (all: LuaValues) in all.count })
    try g.set("rest", to: lua.function { (first: Int, rest: LuaValues) in (first, rest.count, rest.firstOrNil) })
    try g.set("echo", to: lua.function { (all: LuaValues) in all })
    try expectEqual(try lua.execute("return count(), count(nil), count(1, nil, 'x', nil)") as LuaValues, [0, 1, 4])
    try expectEqual(try lua.execute("return rest(1)") as LuaValues, [1, 0, nil])
    try expectEqual(try lua.execute("return rest(1, 'a', 'b')") as LuaValues, [1, 2, "a"])
    try expectEqual(try lua.execute("return echo(nil, 1, nil)") as LuaValues, [nil, 1, nil])
    try expectEqual(
      try lua.execute("local t = {} for i = 1, 100 do t[i] = i end return count((table.unpack or unpack)(t))")
        as LuaValues, [100])
  },
  area("missing arguments are nil, surplus ones are ignored") { lua in
    let f = try lua.function { (a: Int?, b: String?) in "\(a.map(String.init) ?? "-") \(b ?? "-")" }
    try lua.globals.set("f", to: f)
    try expectEqual(try lua.execute("return f()") as LuaValues, ["- -"])
    try expectEqual(try lua.execute("return f(1)") as LuaValues, ["1 -"])
    try expectEqual(try lua.execute("return f(nil, 'x')") as LuaValues, ["- x"])
    try expectEqual(try lua.execute("return f(1, 'x', 'surplus', {})") as LuaValues, ["1 x"])
    let strict = try lua.function { (a: Int, b: Int) in a + b }
    let error = try expectLuaError(.conversion) { try strict(1) }
    try expectContains(error.message, "#2", "Int", "nil")
    let none = try lua.function { "none" }
    try expectEqual(try none(1, 2, 3) as String, "none")
  },
  area("an argument of another type names its position, what was expected and what came") { lua in
    let f = try lua.function { (a: Int, b: String, c: [Int]) in a }
    try lua.globals.set("f", to: f)
    for (code, parts) in [
      ("f('x', 'y', {})", ["#1", "Int", "x"]), ("f(1, 2, {})", ["#2", "String", "2"]),
      ("f(1, 'x', 3)", ["#3", "Array<Int>", "3"]), ("f(1.5, 'x', {})", ["#1", "Int", "1.5"]),
    ] {
      let error = try expectLuaError(.conversion) { try lua.execute("return \(code)") }
      for part in parts { try expectContains(error.message, part) }
      let (ok, message): (Bool, String) = try lua.eval(
        "(function() local ok, e = pcall(function() return \(code) end) return ok, tostring(e) end)()")
      try expect(!ok)
      for part in parts { try expectContains(message, part) }
    }
  },
  area("a thrown error can be caught by pcall and shows its description") { lua in
    struct Refusal: Error, CustomStringConvertible { let description = "refused by Swift" }
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw Refusal() })
    let (ok, text, type): (Bool, String, String) = try lua.eval(
      "(function() local ok, e = pcall(fail) return ok, tostring(e), type(e) end)()")
    try expect(!ok)
    try expectEqual(text, "refused by Swift")
    try expectEqual(type, "userdata")
  },
  area("Lua, Swift, Lua, Swift: calls nest") { lua in
    let g = lua.globals
    try g.set("down", to: lua.function { (n: Int) -> Int in n == 0 ? 0 : try lua.eval("up(...)", n - 1) + 1 })
    try lua.execute("function up(n) return down(n) end")
    try expectEqual(try lua.eval("up(30)") as Int, 30)
    let apply = try lua.function { (f: LuaFunction, n: Int) -> Int in try f(n) }
    try g.set("apply", to: apply)
    try expectEqual(
      try lua.eval("apply(function(n) return apply(function(m) return m * n end, n + 1) end, 6)") as Int, 42)
  },
  area("unbounded nesting ends in an error") { lua in
    try lua.globals.set("again", to: lua.function { (f: LuaFunction) -> Int in try f() })
    try lua.execute("function forever() return again(forever) + 1 end")
    do {
      try lua.execute("return forever()")
      try expect(false, "the nesting ended without an error")
    } catch let error as LuaError {
      try expect([.runtime, .stackOverflow, .handler].contains(error.kind), "\(error.kind): \(error.message)")
      try expectContains(error.message, "overflow")
    }
  },
  area("a host function can use every part of the runtime") { lua in
    let f = try lua.function { (t: LuaTable, key: String) -> [String] in
      let before: [String] = try t[key]
      try t.set("seen", to: before.count)
      _ = try lua.compile("return 1")
      let extra: String = try lua.eval("'extra'")
      try lua.collectGarbage()
      return before + [extra, try t.tostring().prefix(5).description] + (try lua.table(from: ["k"]).as([String].self))
    }
    try lua.globals.set("f", to: f)
    let result: [String] = try lua.eval(
      "(function() local t = {list = {'a', 'b'}} local r = f(t, 'list') r[#r + 1] = tostring(t.seen) return r end)()")
    try expectEqual(result, ["a", "b", "extra", "table", "k", "2"])
  },
  area("handles that a host function receives can be kept") { lua in
    var kept: [LuaValue] = []
    let keep = try lua.function { (value: LuaValue) in kept.append(value) }
    try lua.globals.set("keep", to: keep)
    try lua.execute("for i = 1, 100 do keep({i}) keep(function() return i end) keep('s' .. i) end")
    try lua.collectGarbage()
    try expectEqual(kept.count, 300)
    for i in 0..<100 {
      try expectEqual(try kept[3 * i].as([Int].self), [i + 1])
      try expectEqual(try kept[3 * i + 1]() as Int, i + 1)
      try expectEqual(kept[3 * i + 2], .string(LuaString("s\(i + 1)")))
    }
  },
  area("a Swift function goes through Lua unchanged and is one value") { lua in
    let f = try lua.function { (a: Int) in a + 1 }
    try lua.globals.set("f", to: f)
    let back: LuaFunction = try lua.globals["f"]
    try expectEqual(back, f)
    try expectEqual(try back(1) as Int, 2)
    try expect(try lua.eval("f == ...", f))
    try expectEqual(try f(41) as Int, 42)
  },
]

/// Their lifetimes, and callbacks that outlive the coroutine that gave them.
let hostLifetimeChecks: [ConformanceCheck] = [
  area.engine("what a closure captures is released when Lua lets it go") { engine in
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    do {
      let tracker = counter.makeTracker()
      try lua.globals.set(
        "f",
        to: lua.function { () -> Int in
          tracker.touch()
          return 1
        })
    }
    try expectEqual(try lua.eval("f()") as Int, 1)
    try lua.collectGarbage()
    try expectEqual(counter.alive, 1)
    try lua.execute("f = nil")
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
  },
  area.engine("what a closure captures is released with the runtime, and by close") { engine in
    let counter = LifetimeCounter()
    do {
      let lua = try LuaRuntime(engine: engine)
      for i in 0..<100 {
        let tracker = counter.makeTracker()
        try lua.globals.set("f\(i)", to: lua.function { tracker.touch() })
      }
      try expectEqual(counter.alive, 100)
    }
    try expectEqual(counter.alive, 0)
    let lua = try LuaRuntime(engine: engine)
    let tracker = counter.makeTracker()
    let f = try lua.function { tracker.touch() }
    try lua.globals.set("f", to: f)
    lua.close()
    try expectEqual(counter.alive, 1)  // only this function's own
    withExtendedLifetime(tracker) {}
  },
  area.engine("wrapped values are released when Lua lets them go") { engine in
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    for _ in 0..<1_000 { _ = try lua.wrap(counter.makeTracker()) }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
    try lua.globals.set("kept", to: lua.wrap(counter.makeTracker()))
    try lua.collectGarbage()
    try expectEqual(counter.alive, 1)
    lua.close()
    try expectEqual(counter.alive, 0)
  },
  area.engine("arguments, results and errors of host calls are released") { engine in
    struct Failure: Error { let tracker: LifetimeTracker }
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    try lua.globals.set("make", to: lua.function { try lua.wrap(counter.makeTracker()) })
    try lua.globals.set("take", to: lua.function { (tracker: LifetimeTracker) in tracker.touch() })
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw Failure(tracker: counter.makeTracker()) })
    for _ in 0..<500 {
      try lua.execute("take(make()) pcall(fail) pcall(take, 1)")
      do { try lua.execute("fail()") } catch is Failure {}
    }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
    lua.close()
  },
  area.engine("locals of a host function are released when Lua code that it called fails") { engine in
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    defer { lua.close() }
    try lua.globals.set(
      "call",
      to: lua.function { (f: LuaFunction) -> Int in
        let tracker = counter.makeTracker()
        defer { tracker.touch() }
        return try f()
      })
    for _ in 0..<1_000 {
      try lua.execute("pcall(call, function() error('x') end) pcall(call, function() return {} end)")
    }
    try expectEqual(counter.alive, 0)
  },
  area.engine("a closure that captures a handle makes a circle, which close breaks") { engine in
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    let tracker = counter.makeTracker()
    let t = try lua.table()
    try t.set(
      "f",
      to: lua.function { () -> Int in
        tracker.touch()
        return t.count
      })
    try lua.globals.set("t", to: t)
    try expectEqual(try lua.eval("t.f()") as Int, 0)
    lua.close()
    try expectEqual(t.count, 0)
    try expect(lua.isClosed)
  },
  area("a callback given inside a coroutine works after the coroutine is gone") { lua in
    var callbacks: [LuaFunction] = []
    try lua.globals.set("register", to: lua.function { (f: LuaFunction) in callbacks.append(f) })
    try lua.execute(
      """
      for i = 1, 50 do
        local co = coroutine.wrap(function()
          local captured = {value = i}
          register(function(x) captured.value = captured.value + x return captured.value end)
          coroutine.yield()
        end)
        co()
        if i % 2 == 0 then co() end
      end
      """)
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(callbacks.count, 50)
    for (index, callback) in callbacks.enumerated() {
      try expectEqual(try callback(10) as Int, index + 11)
      try expectEqual(try callback(10) as Int, index + 21)
    }
  },
  area("a host function made inside a coroutine works after the coroutine is gone") { lua in
    try lua.globals.set("make", to: lua.function { (n: Int) in try lua.function { (x: Int) in x * n } })
    try lua.execute(
      "fs = {} for i = 1, 20 do coroutine.wrap(function() fs[i] = make(i) end)() end collectgarbage() collectgarbage()")
    try expectEqual(try lua.eval("fs[7](6)") as Int, 42)
    let f: LuaFunction = try lua.eval("fs[20]")
    try expectEqual(try f(2) as Int, 40)
  },
  area("a host object whose deinit releases a handle may be collected at any time") { lua in
    final class Holder {
      let table: LuaTable
      init(_ table: LuaTable) { self.table = table }
    }
    for i in 0..<2_000 {
      let holder = Holder(try lua.table(i))
      _ = try lua.wrap(holder)
      if i % 100 == 0 { try lua.collectGarbage() }
    }
    try lua.collectGarbage()
    for _ in 0..<1_000 { _ = try lua.table(1, 2, 3) }
  },
]
