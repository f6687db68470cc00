internal import LobaCore

private let area = Area("functions")

/// Calling Lua functions.
let functionChecks: [ConformanceCheck] = [
  area("a function is called with none to eight arguments") { lua in
    let f: LuaFunction = try lua.eval(
      "function(...) local n = select('#', ...) return n * 1000 + (select(n, ...) or 0) end")
    let none: LuaFunction = try lua.eval("function(...) return select('#', ...) end")
    try expectEqual(try none() as Int, 0)
    try expectEqual(try f(1) as Int, 1_001)
    try expectEqual(try f(1, 2) as Int, 2_002)
    try expectEqual(try f(1, 2, 3) as Int, 3_003)
    try expectEqual(try f(1, 2, 3, 4) as Int, 4_004)
    try expectEqual(try f(1, 2, 3, 4, 5) as Int, 5_005)
    try expectEqual(try f(1, 2, 3, 4, 5, 6) as Int, 6_006)
    try expectEqual(try f(1, 2, 3, 4, 5, 6, 7) as Int, 7_007)
    try expectEqual(try f(1, 2, 3, 4, 5, 6, 7, 8) as Int, 8_008)
    try expectEqual(try f(1, 2, 3, 4, 5, 6, 7, 8, 9) as Int, 9_009)
  },
  area("twenty arguments of all types arrive in order") { lua in
    let f: LuaFunction = try lua.eval("function(...) return select('#', ...), {...} end")
    let (count, t): (Int, LuaTable) = try f(
      1, "b", 3.5, true, "e", 6, 7, "h", false, 10, [11], "l", 13, 14, "o", 16, 17, 18, 19, "t")
    try expectEqual(count, 20)
    let expected: [LuaValue] = [
      1, "b", 3.5, true, "e", 6, 7, "h", false, 10, nil, "l", 13, 14, "o", 16, 17, 18, 19, "t",
    ]
    for (index, value) in expected.enumerated() where index != 10 {
      try expectEqual(try t[index + 1] as LuaValue, value, "argument \(index + 1)")
    }
    try expectEqual(try t[11] as [Int], [11])
  },
  area("nil arguments count") { lua in
    let f: LuaFunction = try lua.eval("function(...) return select('#', ...) end")
    try expectEqual(try f(nil as Int?, nil as String?) as Int, 2)
    try expectEqual(try f(LuaValue.nil) as Int, 1)
    try expectEqual(try f([nil, nil, nil] as LuaValues) as Int, 3)
    try expectEqual(try f([] as LuaValues) as Int, 0)
  },
  area("very many arguments arrive, or are refused") { lua in
    let f: LuaFunction = try lua.eval("function(...) return select('#', ...), (select(-1, ...)) end")
    for count in [100, 250, 255, 1_000, 7_000, 10_000, 100_000, 1_100_000] {
      var arguments = LuaValues(repeatElement(LuaValue.integer(0), count: count))
      arguments[count - 1] = .integer(count)
      do {
        let (given, last): (Int, Int) = try f(arguments)
        try expectEqual(given, count)
        try expectEqual(last, count)
      } catch let error as LuaError {
        try expect(count > 250, "\(count) arguments were refused: \(error)")
        try expect([.runtime, .stackOverflow, .memory].contains(error.kind), "\(error.kind): \(error)")
      }
      try expectUsable(lua)
    }
  },
  area("very many results arrive, or are refused") { lua in
    let f: LuaFunction = try lua.eval(
      "function(n) local t = {} for i = 1, n do t[i] = i end return (table.unpack or unpack)(t, 1, n) end")
    for count in [0, 1, 2, 7, 8, 9, 10, 36, 37, 250, 1_000, 7_000, 10_000, 300_000] {
      do {
        let all: LuaValues = try f(count)
        try expect(all.values == (0..<count).map { .integer($0 + 1) }, "\(count) results changed")
      } catch let error as LuaError {
        try expect(count > 250, "\(count) results were refused: \(error)")
        try expect([.runtime, .stackOverflow, .memory].contains(error.kind), "\(error.kind): \(error)")
      }
      let first: Int? = try? f(min(count, 7_000))
      try expectEqual(first, count == 0 ? nil : 1)
      try expectUsable(lua)
    }
  },
  area("many results of all types arrive") { lua in
    let f: LuaFunction = try lua.eval(
      """
      function(n)
        local t = {}
        for i = 1, n do t[i] = ({i, 'text ' .. i, {i}, function() return i end, i % 2 == 0, i + 0.5})[i % 6 + 1] end
        t[n] = nil
        return (table.unpack or unpack)(t, 1, n)
      end
      """)
    for count in [8, 9, 40, 200] {
      let all: LuaValues = try f(count)
      try lua.collectGarbage()
      try expectEqual(all.count, count)
      for i in 1..<count {
        switch i % 6 {
        case 0: try expectEqual(all[i - 1], .integer(i))
        case 1: try expectEqual(all[i - 1], .string(LuaString("text \(i)")))
        case 2: try expectEqual(try all[i - 1].as([Int].self), [i])
        case 3: try expectEqual(try all[i - 1]() as Int, i)
        case 4: try expectEqual(all[i - 1], .boolean(i % 2 == 0))
        default: try expectEqual(all[i - 1], .number(Double(i) + 0.5))
        }
      }
      try expect(all[count - 1].isNil)
    }
  },
  area("typed results are a value, a tuple, nothing, or all") { lua in
    let f: LuaFunction = try lua.eval("function(a, b) return a + b, a - b, 'x', {a, b} end")
    let sum: Int = try f(3, 2)
    try expectEqual(sum, 5)
    let (s, d): (Int, Int) = try f(3, 2)
    try expectEqual([s, d], [5, 1])
    let (_, _, text, list): (Int, Double, String, [Int]) = try f(3, 2)
    try expectEqual(text, "x")
    try expectEqual(list, [3, 2])
    let nothing: Void = try f(3, 2)
    _ = nothing
    let all: LuaValues = try f(3, 2)
    try expectEqual(all.count, 4)
    let untyped = try f(3, 2)
    try expectEqual(untyped, 5)
    try f(3, 2)
    let optional: Int? = try f(3, 2)
    try expectEqual(optional, 5)
    let none: Int? = try lua.eval("function() end", as: LuaFunction.self)()
    try expectEqual(none, nil)
  },
  area("a tuple of nine and more results arrives") { lua in
    let f: LuaFunction = try lua.eval("function() return 1, '2', 3, 4, 5, {6}, 7, 8, '9', 10 end")
    let r: (Int, String, Int, Int, Int, [Int], Int, Int, String, Int) = try f()
    try expectEqual([r.0, r.2, r.3, r.4, r.5[0], r.6, r.7, r.9], [1, 3, 4, 5, 6, 7, 8, 10])
    try expectEqual([r.1, r.8], ["2", "9"])
  },
  area("leading nils are results") { lua in
    let all: LuaValues = try lua.execute("return nil, 1, nil")
    try expectEqual(all, [nil, 1, nil])
    let (a, b, c): (Int?, Int?, Int) = try lua.eval("nil, nil, 2")
    try expect(a == nil && b == nil && c == 2)
  },
  area("a result of another type throws, saying which, and the function works on") { lua in
    let f: LuaFunction = try lua.eval("function() return 1, 'x', {} end")
    let first = try expectLuaError(.conversion) { let _: String = try f() }
    try expectContains(first.message, "result 1", "String", "1")
    let third = try expectLuaError(.conversion) { let _: (Int, String, Int) = try f() }
    try expectContains(third.message, "result 3", "Int", "table")
    for _ in 0..<200 { try expectLuaError(.conversion) { _ = try f() as Bool } }
    try expectEqual(try f() as Int, 1)
  },
  area("a function that calls a method of an object that may be gone gives nil") { lua in
    final class Counter {
      var count = 0
      func add() { count += 1 }
    }
    var counter: Counter? = Counter()
    weak var weakly = counter
    try lua.globals.set("add", to: lua.function { weakly?.add() })
    try lua.globals.set("addTo") { (lua: LuaRuntime) in weakly?.add() }
    try expect(try lua.eval("add() == nil and addTo() == nil"))
    try expectEqual(counter?.count, 2)
    counter = nil
    try expect(try lua.eval("add() == nil and addTo() == nil"))
  },
  area("what cannot be given says how such things are given") { lua in
    struct Settings: Codable { var title = "main" }
    struct Plain {}
    let increment: (Int) -> Int = { $0 + 1 }
    func message(_ value: Any) throws -> String {
      let error = try expectLuaError(.conversion) { try lua.globals.set("x", to: value) }
      return error.message
    }
    try expectContains(try message(Settings()), "type Settings", "extension Settings: LuaCodable {}", "register(_:)")
    try expectContains(try message(increment), "type (Int) -> Int", "a closure", "function { … }")
    try expectContains(try message((1, "x")), "type (Int, String)", "a tuple", "table(…)")
    try expectContains(try message(lua), "type LuaRuntime", "first parameter")
    try expect(!(try message(Plain()).contains("LuaCodable")))
    try expectContains(try message(Plain()), "type Plain", "register(_:)", "wrap(_:)")
    let (titled, empty): (LuaTable, LuaTable) = try lua.eval("{title = 'x'}, {}")
    try expectContains(
      try expectLuaError(.conversion) { _ = try titled.as(Settings.self) }.message, "expected Settings, got table",
      "extension Settings: LuaCodable {}")
    let print: LuaValue = try lua.globals["print"]
    try expectContains(
      try expectLuaError(.conversion) { _ = try print.as(((Int) -> Int).self) }.message,
      "expected (Int) -> Int, got function", "closure()")
    try expectEqual(
      try expectLuaError(.conversion) { _ = try empty.as(Plain.self) }.message, "expected Plain, got table")
  },
  area("an argument that cannot be given throws before anything runs") { lua in
    struct Unknown {}
    let f: LuaFunction = try lua.eval("function() ran = true end")
    try expectLuaError(.conversion) { try f(Unknown()) }
    try expectLuaError(.conversion) { try f(1, "x", Unknown()) }
    try expectLuaError(.conversion) { try f([1: Unknown()]) }
    try expectLuaError(.conversion) { try f(1, 2, 3, 4, 5, 6, 7, 8, 9, Unknown()) }
    try expect(try lua.eval("ran == nil"))
  },
  area("functions call each other through Swift handles") { lua in
    let compose: LuaFunction = try lua.eval("function(f, g) return function(...) return f(g(...)) end end")
    let double: LuaFunction = try lua.eval("function(x) return x * 2 end")
    let increment: LuaFunction = try lua.eval("function(x) return x + 1 end")
    let both: LuaFunction = try compose(double, increment)
    try expectEqual(try both(5) as Int, 12)
    var chain = increment
    for _ in 0..<50 { chain = try compose(chain, increment) }
    try expectEqual(try chain(0) as Int, 51)
  },
  area("integer division and remainder as the tour shows them", requires: .integerOperators) { lua in
    let (q, m): (Int, Int) = try lua.eval("function(a, b) return a // b, a % b end", as: LuaFunction.self)(7, 2)
    try expectEqual([q, m], [3, 1])
  },
  area("a dumped function runs when it is loaded again, also elsewhere") { lua in
    let f: LuaFunction = try lua.eval("function(a, b) local t = {x = a} return t.x .. b end")
    let dump = try f.dump()
    try expectEqual(dump.bytes.first, 0x1B)
    let again = try lua.compile(bytes: dump.bytes, mode: .binary)
    try expectEqual(try again("p", "q") as String, "pq")
    let other = try LuaRuntime(engine: lua.engine)
    try expectEqual(try other.compile(bytes: f.dump(stripping: true).bytes, mode: .binary)("p", 1) as String, "p1")
  },
  area("a function that is not written in Lua cannot be dumped") { lua in
    try expectLuaError(.runtime) { _ = try lua.eval("print", as: LuaFunction.self).dump() }
    try expectLuaError(.runtime) { _ = try lua.function { 1 }.dump() }
  },
  area("a failing call leaves nothing behind, twenty thousand times") { lua in
    let fail: LuaFunction = try lua.eval(
      "function(kind) if kind == 1 then error('x') elseif kind == 2 then error({}) else return {} + 1 end end")
    for i in 0..<20_000 {
      do {
        try fail(i % 3)
        try expect(false, "nothing was thrown")
      } catch let error as LuaError where error.kind == .runtime {}
    }
  },
]
