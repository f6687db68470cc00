internal import LobaCore

private let area = Area("handles")

/// Identity, and what may not cross.
let handleChecks: [ConformanceCheck] = [
  area("a value's text is what tostring gives") { lua in
    let named: LuaValue = try lua.eval("setmetatable({}, {__tostring = function() return 'T' end})")
    try expectEqual(try named.tostring(), "T")
    let words: [(LuaValue, String)] = [
      (nil, "nil"), (true, "true"), (7, "7"), (-7, "-7"), ("a b", "a b"), (.number(0.1), "0.1"),
      (.number(1e100), "1e+100"), (.number(-.infinity), "-inf"), (.number(1 / 3), "0.33333333333333"),
    ]
    for (value, text) in words {
      try expectEqual(try value.tostring(), text)
      try expectEqual(try lua.tostring(value), try lua.eval("tostring(...)", value))
    }
    try expectEqual(try LuaValue.number(1).tostring(), "1.0")
    try expectEqual(try LuaValue.number(-2e14).tostring(), "-2e+14")
    for number in [1.0, -0.0, 1e15, 123456789012345680] {
      try expectEqual(try lua.tostring(number), try lua.eval("tostring(...)", number))
    }
    try expectEqual(try lua.tostring("x"), "x")
    try expectEqual(try lua.tostring(named), "T")
    let raising: LuaValue = try lua.eval("setmetatable({}, {__tostring = function() error('no', 0) end})")
    try expectEqual(try expectLuaError(.runtime) { _ = try raising.tostring() }.message, "no")
    try expectLuaError(.conversion) { _ = try lua.tostring(LuaValues([1, 2])) }
    let values: LuaValues = try lua.execute("return ...", named)
    try expectEqual(try values[0].tostring(), "T")
  },
  area("two handles to one Lua value are equal and hash alike, others are not") { lua in
    try lua.execute("t = {} f = function() end c = coroutine.create(f) u = io.stdout")
    for name in ["t", "f", "c", "u"] {
      let a: LuaValue = try lua.globals[name]
      let b: LuaValue = try lua.eval(name)
      let first = a.handle!
      let second = b.handle!
      try expect(first !== second)
      try expectEqual(first, second)
      try expectEqual(first.hashValue, second.hashValue)
      try expect(first.identity != nil && first.identity == second.identity)
      try expectEqual(Set([first, second]).count, 1)
      try expect(try lua.eval("rawequal(...)", first, second))
      try expect(try first.isEqual(to: second))
    }
    let tables = try (0..<100).map { _ in try lua.table() }
    try expectEqual(Set(tables).count, 100)
    try expectEqual(Set(tables.map(\.identity)).count, 100)
  },
  area("a value keeps its identity through Lua and back") { lua in
    let echo: LuaFunction = try lua.eval("function(...) return ... end")
    let t = try lua.table()
    let back: LuaTable = try echo(t)
    try expectEqual(back, t)
    let f = try lua.function { 1 }
    let (t2, f2, e2): (LuaTable, LuaFunction, LuaFunction) = try echo(t, f, echo)
    try expectEqual(t2, t)
    try expectEqual(f2, f)
    try expectEqual(e2, echo)
    let echoed = try lua.function { (value: LuaValue) in value }
    try expectEqual(try echoed(t) as LuaTable, t)
  },
  area("host objects stay apart while tables are made and garbage is collected") { lua in
    final class Thing {}
    let things = [Thing(), Thing(), Thing()]
    let wrapped = try things.map { try lua.wrap($0) }
    let echo: LuaFunction = try lua.eval("function(o) local t = {} for i = 1, 5 do t[i] = {} end return o end")
    for i in 0..<10_000 {
      let back: Thing = try echo(wrapped[i % 3])
      try expect(back === things[i % 3], "call \(i) gave another object")
    }
  },
  area("a value of another runtime is refused everywhere") { lua in
    let other = try LuaRuntime(engine: lua.engine)
    let t = try lua.table(1)
    let f: LuaFunction = try lua.eval("function(...) return ... end")
    let co = try (lua.eval("function(...) coroutine.yield(...) end") as LuaFunction).coroutine()
    let foreign: [LuaValue] = [
      .table(try other.table(1)), .function(try other.eval("print")), .userdata(try other.wrap(1)),
      .coroutine(try other.eval("coroutine.create(function() end)")),
    ]
    for value in foreign {
      let handle = value.handle!
      try expectLuaError(.foreignValue) { try lua.globals.set("x", to: value) }
      try expectLuaError(.foreignValue) { try t.set(1, to: handle) }
      try expectLuaError(.foreignValue) { try t.set(value, to: 1) }
      try expectLuaError(.foreignValue) { try t.rawSet(1, to: value) }
      try expectLuaError(.foreignValue) { _ = try t[value] as LuaValue }
      try expectLuaError(.foreignValue) { _ = try t.rawGet(value) as LuaValue }
      try expectLuaError(.foreignValue) { try t.append(value) }
      try expectLuaError(.foreignValue) { try f(value) }
      try expectLuaError(.foreignValue) { try f(1, handle) as Void }
      try expectLuaError(.foreignValue) { _ = try lua.eval("...", value) as LuaValue }
      try expectLuaError(.foreignValue) { try lua.execute("local x = ...", value) }
      try expectLuaError(.foreignValue) { _ = try lua.table(value) }
      try expectLuaError(.foreignValue) { _ = try lua.table(from: [value]) }
      try expectLuaError(.foreignValue) { _ = try lua.table(from: ["k": value]) }
      try expectLuaError(.foreignValue) { try co.send(value) }
      try expectLuaError(.foreignValue) { _ = try t.isEqual(to: handle) }
      let give = try lua.function { value }
      try expectLuaError(.foreignValue) { try give() }
      try expect(handle != t)
    }
    try expectLuaError(.foreignValue) { try t.setMetatable(try other.table()) }
    try expectLuaError(.foreignValue) { _ = try f.coroutine(foreign[0]).next() }
    try expectEqual(try t.as([Int].self), [1])
    try expectUsable(other)
  },
  area("the contents of a foreign table can be copied") { lua in
    let other = try LuaRuntime(engine: lua.engine)
    let theirs: LuaTable = try other.eval("{1, 2, a = 'x'}")
    let copy = try lua.table(from: theirs.as([LuaValue: LuaValue].self))
    try expectEqual(try copy["a"] as String, "x")
    try expectEqual(copy.count, 2)
  },
  area("ten thousand and a hundred thousand handles live at once and are released in random order") { lua in
    let make: LuaFunction = try lua.eval("function(i) return setmetatable({i}, {__index = {n = i}}) end")
    for count in [10_000, 100_000] {
      var handles: [LuaTable] = []
      handles.reserveCapacity(count)
      for i in 0..<count { handles.append(try make(i)) }
      for i in stride(from: 0, to: count, by: 97) { try expectEqual(try handles[i][1] as Int, i) }
      var random = SeededGenerator(seed: UInt64(count))
      handles.shuffle(using: &random)
      while handles.count > count / 2 { handles.removeLast() }
      try lua.collectGarbage()
      for handle in handles.prefix(2_000) { try expectEqual(try handle["n"] as Int, try handle[1] as Int) }
      // What was released is used again, and does not get in the way of what was not.
      for i in 0..<count / 2 { handles.append(try make(-i)) }
      for handle in handles.suffix(2_000) { try expectEqual(try handle["n"] as Int, try handle[1] as Int) }
      for handle in handles.prefix(2_000) { try expectEqual(try handle["n"] as Int, try handle[1] as Int) }
    }
  },
  area("every kind of value is used through a handle beyond the first thousands") { lua in
    let ballast = try (0..<9_000).map { try lua.table($0) }
    let t: LuaTable = try lua.eval("{a = 1, 2, 3}")
    try expectEqual(try t["a"] as Int, 1)
    try t.set("b", to: t)
    try expectEqual(try t["b"] as LuaTable, t)
    try expectEqual(t.count, 2)
    try expectEqual(t.keys.count, 4)
    try expectEqual(try t.length(), 2)
    try t.append(9)
    try expectEqual(try t.as([LuaValue: LuaValue].self).count, 5)
    try t.setMetatable(lua.table())
    try expect(try t.metatable != nil)
    let f = try lua.function { (t: LuaTable, f: LuaFunction) in try f(t) as Int }
    let count: LuaFunction = try lua.eval("function(t) return #t end")
    try expectEqual(try f(t, count) as Int, 3)
    let co = try count.coroutine(t)
    try expectEqual(try co.next() as Int?, 3)
    try expectEqual(try lua.table(from: [1, 2, 3]).as([Int].self), [1, 2, 3])
    try expectEqual(try lua.table(from: ["x", "y"]).as([String].self), ["x", "y"])
    try expectEqual(try lua.table(from: [0.5]).as([Double].self), [0.5])
    try t.removeAll()
    try expect(t.isEmpty)
    try expectEqual(try ballast[8_999][1] as Int, 8_999)
  },
  area("a released handle's place is not handed out twice") { lua in
    var kept: [LuaTable] = []
    for i in 0..<3_000 {
      do { _ = try lua.table(-1) }
      kept.append(try lua.table(i))
      do { _ = try lua.eval("nil") as LuaValue }
      if i % 3 == 0 { kept.removeFirst() }
    }
    for pair in zip(kept, kept.dropFirst()) { try expectEqual(try pair.1[1] as Int, try pair.0[1] as Int + 1) }
  },
  area("handles may be released on another thread") { lua in
    for round in 0..<20 {
      let handles = try (0..<500).map { try lua.table($0) }
      let box = Box(handles)
      onAnotherThread { box.value.removeAll() }
      let more = try (0..<500).map { try lua.table($0 + round) }
      for (i, table) in more.enumerated() { try expectEqual(try table[1] as Int, i + round) }
    }
  },
  area("handles may be released on another thread while Lua runs") { lua in
    let box = Box(try (0..<2_000).map { try lua.table($0) })
    try lua.globals.set("drop", to: lua.function { onAnotherThread { box.value.removeLast(100) } })
    try lua.execute("for i = 1, 20 do drop() for j = 1, 100 do local t = {j} end end")
    try expect(box.value.isEmpty)
  },
  area("a runtime that is in use is refused to another thread") { lua in
    let box = Box<[LuaError]>([])
    let t = try lua.table(1)
    try lua.globals.set(
      "intrude",
      to: lua.function {
        onAnotherThread {
          for attempt in [
            { _ = try lua.eval("1") as Int }, { try lua.execute("x = 1") }, { try lua.globals.set("x", to: 1) },
            { _ = try lua.table(1, 2) }, { _ = try lua.function { 1 } }, { try t.set("new", to: 1) },
          ] {
            do { try attempt() } catch { if let error = error as? LuaError { box.value.append(error) } }
          }
        }
      })
    try lua.execute("intrude()")
    try expectEqual(box.value.map(\.kind), Array(repeating: .wrongThread, count: 6))
    try expect(try lua.eval("x == nil"))
    onAnotherThread {
      box.value = []; _ = try? lua.execute("x = 2")
    }
    try expectEqual(try lua.eval("x") as Int, 2)
  },
]

/// Something that two threads pass to each other, one after the other.
private final class Box<Value> {
  var value: Value
  init(_ value: Value) { self.value = value }
}
