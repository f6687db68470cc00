internal import LobaCore

private let row = ParityRows(section: 1)

private final class Counter {
  let base: Int

  init(_ base: Int) { self.base = base }
}

private func registerCounter(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Counter>("Counter") {
      $0.initializer { (base: Int) in Counter(base) }
      $0.method("my_method") { $0.base }
      $0.method("plus", named: "x", "y") { (counter, x: Int, y: Int?) in counter.base + x * 10 + (y ?? 0) }
      $0.method("add") { (counter, n: Int) in counter.base + n }
    })
}

private func defineSum(_ lua: LuaRuntime) throws {
  try lua.globals.set("sum", to: lua.function(named: "a", "b") { (a: Int, b: Int?) in a * 10 + (b ?? 0) })
}

/// 1.9: Swift functions and methods called from Lua.
let parityCallableChecks: [ConformanceCheck] = [
  row(87, "Lua calls any closure it is given") { lua in
    let f: LuaFunction = try lua.eval("function(n, f) return f(n) end")
    try expectEqual(try f(48, lua.function { (n: Int) in n + 1 }) as Int, 49)
  },
  row(88, "a method call passes the object once") { lua in
    try registerCounter(lua)
    let f: LuaFunction = try lua.eval("function(object) return object:my_method() end")
    try expectEqual(try f(lua.wrap(Counter(345))) as Int, 345)
    let error = try expectLuaError(.conversion) { _ = try lua.eval("Counter(1):add('x')") as Int }
    try expectContains(error.message, "bad argument #1", "Int")
  },
  row(89, "arguments are taken by position; missing ones are nil, surplus ones are ignored") { lua in
    let f = try lua.function { (a: Int, b: Int?) in a + (b ?? 100) }
    try lua.globals.set("f", to: f)
    try expectEqual(try lua.eval("f(1, 2)") as Int, 3)
    try expectEqual(try lua.eval("f(1)") as Int, 101)
    try expectEqual(try lua.eval("f(1, 2, 3)") as Int, 3)
    try expectContains(try expectLuaError(.conversion) { _ = try lua.eval("f({a = 1})") as Int }.message, "argument #1")
  },
  row(90, "a function with named parameters is called with a table of names") { lua in
    try defineSum(lua)
    try expectEqual(try lua.eval("sum{a = 1, b = 2}") as Int, 12)
    try expectEqual(try lua.eval("sum{b = 2, a = 1}") as Int, 12)
    try expectContains(try expectLuaError(.conversion) { _ = try lua.eval("sum{a = 1, c = 2}") as Int }.message, "'c'")
    try expectContains(try expectLuaError(.conversion) { _ = try lua.eval("sum{b = 1}") as Int }.message, "'a'")
  },
  row(91, "positions and names may be mixed") { lua in
    try defineSum(lua)
    try expectEqual(try lua.eval("sum{1, b = 2}") as Int, 12)
    let error = try expectLuaError(.conversion) { _ = try lua.eval("sum{1, a = 2}") as Int }
    try expectContains(error.message, "multiple values", "'a'")
  },
  row(92, "the ordinary call works as well") { lua in
    try defineSum(lua)
    try expectEqual(try lua.eval("sum(1, 2)") as Int, 12)
    try expectEqual(try lua.eval("sum(1)") as Int, 10)
  },
  row(93, "names are given to functions that exist") { lua in
    let add: (Int, Int) -> Int = (+)
    try lua.globals.set("add", to: lua.function(named: "left", "right", body: add))
    try expectEqual(try lua.eval("add{5, 6}") as Int, 11)
    try expectEqual(try lua.eval("add{left = 5, right = 6}") as Int, 11)
    try expectLuaError(.conversion) { _ = try lua.function(named: "left", body: add) }
    let twice = try expectLuaError(.conversion) { _ = try lua.function(named: "left", "left", body: add) }
    try expectContains(twice.message, "'left'")
  },
  row(94, "methods have named parameters too, after the object") { lua in
    try registerCounter(lua)
    try lua.execute("c = Counter(1000)")
    try expectEqual(try lua.eval("c:plus{x = 1, y = 2}") as Int, 1012)
    try expectEqual(try lua.eval("c:plus{1, y = 2}") as Int, 1012)
    try expectEqual(try lua.eval("c:plus(1, 2)") as Int, 1012)
    try expectEqual(try lua.eval("c:plus(1)") as Int, 1010)
    let error = try expectLuaError(.conversion) { _ = try lua.eval("c:plus{x = 'one'}") as Int }
    try expectContains(error.message, "'x'", "Int")
    try expectEqual(try lua.eval("(...).plus{x = 1}", lua.wrap(Counter(2000), as: .attributes)) as Int, 2010)
  },
  row(95, "a table as the only argument is always taken for arguments") { lua in
    try lua.globals.set("size", to: lua.function(named: "t", "n") { (t: LuaTable, n: Int?) in t.count + (n ?? 0) })
    try expectLuaError(.conversion) { _ = try lua.eval("size({1, 2, 3, 4})") as Int }
    try expectEqual(try lua.eval("size({1, 2, 3}, 0)") as Int, 3)
    try expectEqual(try lua.eval("size{t = {1, 2, 3}}") as Int, 3)
  },
  row(96, "nil in a table of arguments is a missing argument") { lua in
    let shown = try lua.function(named: "a", "b", "c") { (a: Int?, b: Int?, c: Int?) in
      [a, b, c].map { $0.map(String.init) ?? "-" }.joined()
    }
    try lua.globals.set("shown", to: shown)
    try expectEqual(try lua.eval("shown(5, nil, 6)") as String, "5-6")
    try expectEqual(try lua.eval("shown{5, nil, 6}") as String, "5-6")
    try expectEqual(try lua.eval("shown{nil, 2}") as String, "-2-")
    try expectEqual(try lua.eval("shown{5, swift.none, 6}") as String, "5-6")
    try expectEqual(try lua.eval("shown{c = 6, a = swift.none}") as String, "--6")
  },
  row(97, "only functions that say so have named parameters") { lua in
    try lua.globals.set("count", to: lua.function { (t: LuaTable) in t.count })
    try expectEqual(try lua.eval("count{1, 2, 3}") as Int, 3)
  },
]
