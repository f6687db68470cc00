internal import LobaCore

/// An operation that calls a script with host functions in it, made with the tracker's objects.
private func host(
  _ name: String, _ source: String,
  _ functions: @escaping @Sendable (LuaRuntime, LifetimeCounter) throws -> [LuaFunction],
  _ body: @escaping @Sendable (LuaFunction, LuaValues) throws -> Void
) -> Sweep.Operation {
  Sweep.Operation(name) { lua, context in
    let script: LuaFunction = try lua.eval(source)
    let functions = LuaValues(try functions(lua, context.tracker).map { .function($0) })
    return { try body(script, functions) }
  }
}

// A script that catches an error passes on one that is not its own, as a script should.
private let catching = """
  function(f)
    local ok, e = pcall(f)
    assert(not ok)
    if type(e) == 'string' then error(e, 0) end
    return e
  end
  """

let hostOperations: [Sweep.Operation] = [
  Sweep.Operation("function, made") { lua, context in
    {
      let object = context.tracker.makeTracker()
      _ = try lua.function { () -> Int in object.number }
    }
  },
  Sweep.Operation("function, made and called") { lua, context in
    {
      let object = context.tracker.makeTracker(20)
      let f = try lua.function { (a: Int, b: Int) in a + b + object.number }
      try expectEqual(f(1, 2), 23)
    }
  },
  Sweep.Operation("leaf, made and called") { lua, context in
    {
      let object = context.tracker.makeTracker(20)
      let f = try lua.leaf { (a: Int, b: Int) in a + b + object.number }
      try expectEqual(f(1, 2), 23)
    }
  },
  Sweep.Operation("leaves of a class") { lua, context in
    {
      let object = context.tracker.makeTracker(20)
      try lua.register(
        LuaClass<LifetimeTracker>("Tracker") {
          $0.leafProperty("number", get: { $0.number })
          $0.leafMethod("plus") { (o, n: Int) in o.number + n }
        })
      let sum: Int = try lua.eval("(...).number + (...):plus(3)", lua.wrap(object))
      try expectEqual(sum, 43)
    }
  },
  Sweep.Operation("type stubs") { lua, context in
    {
      let object = context.tracker.makeTracker()
      try lua.register(LuaClass<LifetimeTracker>("Tracker") { $0.property("number", get: { $0.number }) })
      try lua.globals.set("one", to: lua.wrap(object))
      try lua.globals.set("wait", to: lua.asyncFunction { () async in object.number })
      try lua.globals.set("leaf", to: lua.leaf { () in object.number })
      let text = try lua.typeStubs()
      for part in ["\nTracker = {}", "@type Tracker\none", "@async", "function leaf()"] {
        try expect(text.contains(part), text)
      }
      for name in ["one", "wait", "leaf"] { try lua.globals.set(name, to: LuaValue.nil) }
    }
  },
  Sweep.Operation("values in place, made by scripts and by Swift") { lua, context in
    try lua.register(
      LuaClass<Place>("Place") {
        $0.initializer { (x: Double) in Place(x: x) }
        $0.property("x", \.x)
        $0.metamethod(.add) { (a: Place, b: Place) in Place(x: a.x + b.x) }
      })
    return {
      let object = context.tracker.makeTracker()
      try lua.globals.set("give", to: lua.function { Place(x: Double(object.number)) })
      try lua.globals.set("p", to: Place(x: 1))
      let sum: Place = try lua.execute(
        "local q = Place(2) q.x = q.x + 1 local v = swift.as_attrgetter(p) v.x = 2 return p + q + give()")
      try expectEqual(sum.x, 5 + Double(object.number))
      try lua.globals.set("give", to: LuaValue.nil)
    }
  },
  host("host call, a string", "function(f) return f('in' .. 1) .. f('b') end") { lua, _ in
    [try lua.function { (s: String) in s + " out" }]
  } _: { f, functions in
    try expectEqual(f(functions), "in1 outb out")
  },
  host("host call, a long string", "function(f) return #f() end") { lua, _ in
    [try lua.function { String(repeating: "long", count: 1000) }]
  } _: { f, functions in
    try expectEqual(f(functions), 4000)
  },
  host("host call, containers", "function(f) local a, d = f({1, 2}) return a[3] .. d.k end") { lua, _ in
    [try lua.function { (list: [Int]) in (list.map(String.init) + ["3"], ["k": "v"]) }]
  } _: { f, functions in
    try expectEqual(f(functions), "3v")
  },
  host("host call, a table in and out", "function(f) local t = {} return f(t) == t end") { lua, _ in
    [try lua.function { (t: LuaTable) in t }]
  } _: { f, functions in
    try expectEqual(f(functions), true)
  },
  host("host call, a tuple of strings", "function(f) return table.concat({f()}, ',') end") { lua, _ in
    [try lua.function { () -> (String, String, Int, String) in ("first", "second", 3, "fourth") }]
  } _: { f, functions in
    try expectEqual(f(functions), "first,second,3,fourth")
  },
  host(
    "host call, 40 strings in and out",
    "function(f) local t = {} for i = 1, 40 do t[i] = 's' .. i end local r = {f((unpack or table.unpack)(t))} return r[40] .. #r end"
  ) { lua, _ in
    [try lua.function { (all: LuaValues) in LuaValues(all.reversed()) }]
  } _: { f, functions in
    try expectEqual(f(functions), "s140")
  },
  host("host call, 40 tables out", "function(f) local r = {f()} return #r, r[40] end") { lua, _ in
    [
      try lua.function { [unowned lua] () -> LuaValues in
        LuaValues(try (1...40).map { .table(try lua.table($0)) } + ["end"])
      }
    ]
  } _: { f, functions in
    let (count, last): (Int, [Int]) = try f(functions)
    try expect(count == 41 && last == [40])
  },
  host("host call, a result after which one cannot be given", "function(f) return f() end") { lua, _ in
    struct Unknown {}
    return [try lua.function { () -> ([Int], Unknown) in ([1], Unknown()) }]
  } _: { f, functions in
    try expectThrown(.conversion, "Unknown") { _ = try f(functions) as Int }
  },
  host("host call, a wrong argument", "function(f) return f('text' .. 1) end") { lua, _ in
    [try lua.function { (n: Int) in n }]
  } _: { f, functions in
    try expectThrown(.conversion, "bad argument #1") { _ = try f(functions) as Int }
  },
  host("host call that calls Lua", "function(f) return f(function(x) return x .. '!' end) end") { lua, _ in
    [try lua.function { (g: LuaFunction) -> String in try g("inner") + "?" }]
  } _: { f, functions in
    try expectEqual(f(functions), "inner!?")
  },
  host("host call, throwing", "function(f) f() end") { lua, tracker in
    [try lua.function { () -> Int in throw tracker.makeTracker(7) }]
  } _: { f, functions in
    try expectTracker(7) { try f(functions) as Void }
  },
  host("host call, throwing into pcall and again", "function(f) local e = (\(catching))(f) error(e, 0) end") {
    lua, tracker in
    [try lua.function { () -> Int in throw tracker.makeTracker(8) }]
  } _: { f, functions in
    try expectTracker(8) { try f(functions) as Void }
  },
  host("host call, an error's text", "function(f) return tostring((\(catching))(f)) end") { lua, tracker in
    [try lua.function { () -> Int in throw LuaError(kind: .conversion, message: "a text of some length") }]
  } _: { f, functions in
    try expectEqual(f(functions), "a text of some length")
  },
  host(
    "host call, an error as a text",
    "function(f) local e = (\(catching))(f) return e:upper():sub(1, 5) .. '<' .. debug.traceback(e):sub(1, 5) .. e end"
  ) { lua, _ in
    [try lua.function { () -> Int in throw LuaError(kind: .conversion, message: "a text of some length") }]
  } _: { f, functions in
    try expectEqual(f(functions), "A TEX<a texa text of some length")
  },
  host("host call, a Lua error passed on", "function(f) f(function() error('first ' .. 1, 0) end) end") { lua, _ in
    [try lua.function { (g: LuaFunction) in try g() as Void }]
  } _: { f, functions in
    try expectThrown(.runtime, "first 1") { try f(functions) as Void }
  },
  host(
    "host call, a Lua error with a table passed on",
    "function(f) return (\(catching))(function() f(function() error({7}) end) end)[1] end"
  ) { lua, _ in
    [try lua.function { (g: LuaFunction) in try g() as Void }]
  } _: { f, functions in
    try expectEqual(f(functions), 7)
  },
  Sweep.Operation("wrap, an object") { lua, context in
    {
      let object = context.tracker.makeTracker(3)
      let userdata = try lua.wrap(object)
      try expectEqual(try lua.wrap(object), userdata)
      try lua.globals.set("object", to: userdata)
      let back: LifetimeTracker = try lua.globals["object"]
      try expect(back === object)
    }
  },
  .direct("wrap, a value") { lua in
    struct Point: Equatable { var x = 1 }
    let back: Point = try lua.eval("...", lua.wrap(Point()))
    try expectEqual(back, Point())
  },
  .direct("wrap, text") { lua in
    let text: String = try lua.eval("tostring(...)", lua.wrap(12345 as UInt16))
    try expect(!text.isEmpty)
  },
  Sweep.Operation("classes that scripts add to and inherit from") { lua, _ in
    final class Base {
      var n = 1
    }
    try lua.register(
      LuaClass<Base>("Base") {
        $0.isExtensible = true
        $0.initializer { Base() }
        $0.property("n", \.n)
      })
    let script = try lua.compile(
      """
      Base.more, Base.f = 2, function(self) return self.n + self.more end
      local Derived = swift.extend(Base)
      function Derived:init() self.own = 3 end
      local d = Derived()
      d.n = 4
      return d:f() + d.own
      """)
    return { try expectEqual(try script() as Int, 9) }
  },
  Sweep.Operation("a scope") { lua, context in
    let use: LuaFunction = try lua.eval("function(f, list) return f(list[1]) + #list end")
    return {
      try lua.withScope { scope in
        let tracker = context.tracker.makeTracker()
        let f = try scope.function { (n: Int) in tracker.number + n }
        try expectEqual(try use(f, scope.wrap([1, 2])) as Int, 4)
      }
    }
  },
  Sweep.Operation("register a class and use it") { lua, context in
    {
      final class Counter {
        var count: Int
        let object: LifetimeTracker
        init(_ count: Int, _ object: LifetimeTracker) {
          self.count = count
          self.object = object
        }
      }
      let tracker = context.tracker
      try lua.register(
        LuaClass<Counter>("Counter") {
          $0.initializer { (n: Int) in Counter(n, tracker.makeTracker()) }
          $0.property("count", get: { $0.count }, set: { $0.count = $1 })
          $0.method("add") { (counter, n: Int) in
            counter.count += n
            return "now \(counter.count)"
          }
        })
      let text: String = try lua.execute("local c = Counter(5) c.count = c.count + 1 return c:add(10)")
      try expectEqual(text, "now 16")
    }
  },
]

private struct Place {
  var x: Double
}
