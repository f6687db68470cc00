internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.2: running code.
let parityCodeChecks: [ConformanceCheck] = [
  row(10, "eval takes an expression and gives its value") { lua in
    try expectEqual(try lua.eval("1 + 1") as Int, 2)
    try expectLuaError(.syntax) { _ = try lua.eval("x = 1") as LuaValue }
  },
  row(11, "a function literal comes back as a function to call") { lua in
    let f: LuaFunction = try lua.eval("function(f, n) return f(n) end")
    try expectEqual(try f(lua.function { (n: Int) in n + 1 }, 2) as Int, 3)
  },
  row(12, "an expression may have several lines and comments") { lua in
    let f: LuaFunction = try lua.eval(
      """

          -- a comment before it
          function(list)
            local n = 0 --[[ and within ]]
            for _ in pairs(list) do n = n + 1 end
            return n
          end
      """)
    try expectEqual(try f([7, 8, 9]) as Int, 3)
  },
  row(13, "arguments and results of a call are converted") { lua in
    let join: LuaFunction = try lua.eval("function(a, b, c) return a .. b, c end")
    let (text, flag): (String, Bool) = try join("x", 5, true)
    try expectEqual(text, "x5")
    try expectEqual(flag, true)
  },
  row(14, "execute runs a chunk as it stands; without return nothing comes back") { lua in
    try expectEqual(try lua.execute("a, b, c = 1, 2, 3").count, 0)
    try expectEqual(try lua.execute("a = a + 1") as Int?, nil)
    try expectEqual(try lua.globals["a"] as Int, 2)
  },
  row(15, "several results come back in order") { lua in
    let (f, status, first): (LuaFunction, String, Int) = try lua.execute(
      """
      local f = function(n) return n end
      return f, type(f), f(7)
      """)
    try expectEqual(status, "function")
    try expectEqual(first, 7)
    try expectEqual(try f(8) as Int, 8)
    try expectEqual(try lua.execute("return 1, nil, 'x'").values, [1, .nil, "x"])
  },
  row(16, "globals stay") { lua in
    try lua.execute("x = 1")
    try expectEqual(try lua.globals["x"] as Int, 1)
    try lua.globals.set("y", to: 2)
    try expectEqual(try lua.eval("x + y") as Int, 3)
  },
  row(17, "globals are a table, by member and by subscript") { lua in
    let type: LuaFunction = try lua.globals.type
    try expectEqual(try type(1.5) as String, "number")
    try expectEqual(try lua.globals["type"] as LuaFunction, type)
  },
  row(18, "an undefined global is nil") { lua in
    try expectEqual(try lua.globals["undefined"] as Int?, nil)
    try expect(try lua.globals.undefined.isNil)
  },
  row(19, "require gives a module's value") { lua in
    let table: LuaTable = try lua.require("table")
    try expectEqual(table, try lua.globals["table"] as LuaTable)
    try lua.execute("package.preload.mine = function(name) return {name = name} end")
    let mine: LuaTable = try lua.require("mine")
    try expectEqual(try mine["name"] as String, "mine")
    try expectEqual(try lua.require("mine") as LuaTable, mine)
    try expectContains(try expectLuaError(.runtime) { try lua.require("no.such.module") }.message, "no.such.module")
    let bare = try LuaRuntime(engine: lua.engine, configuration: LuaConfiguration(libraries: .base))
    try expectLuaError(.engine) { try bare.require("table") }
  },
  row(20, "the standard libraries are there") { lua in
    let string: LuaTable = try lua.eval("string")
    try expectEqual(try string.lower("A") as String, "a")
    for name in ["table", "math", "io", "os", "coroutine", "debug", "package"] {
      try expectEqual(try (lua.globals[name] as LuaValue).type, .table, name)
    }
  },
  row(21, "nil is nil") { lua in
    try expect(try (lua.eval("nil") as LuaValue).isNil)
    try expectEqual(try lua.eval("nil") as String?, nil)
  },
  row.configured(22, "swift.eval calls the configuration's evaluator") {
    $0.evaluator = { text, _ in
      let factors = text.split(separator: "*").compactMap { Int($0.filter { $0 != " " }) }
      return factors.reduce(1, *)
    }
  } _: { lua in
    try expectEqual(try lua.eval("swift.eval(' 2 * 2 ')") as Int, 4)
    let without = try LuaRuntime(engine: lua.engine)
    try expectEqual(try without.eval("swift.eval == nil") as Bool, true)
  },
  row.configured(23, "swift.builtins are Swift functions, by name, and the configuration's own") {
    $0.builtins["shout"] = LuaHostFunction { (text: String) in text.uppercased() + "!" }
    $0.builtins["both"] = LuaHostFunction { (n: Int) in (n, -n) }
  } _: { lua in
    try expectEqual(try lua.eval("swift.builtins.describe(4)") as String, "4")
    try expectEqual(try lua.eval("swift.builtins.max(3, 9, 4)") as Int, 9)
    try expectEqual(try lua.eval("swift.builtins.count('héé')") as Int, 3)
    try expectEqual(try lua.eval("swift.builtins.sorted({3, 1, 2})") as [Int], [1, 2, 3])
    try expectEqual(
      try lua.execute("local b = swift.builtins return b.type('x'), b.min('b', 'a'), b.abs(-3), b.abs(-0.5)").values,
      ["String", "a", 3, 0.5])
    try expectEqual(try lua.eval("swift.builtins.zip({1, 2}, {3, 4})") as [[Int]], [[1, 3], [2, 4]])
    try expectEqual(try lua.eval("swift.builtins.count(...)", lua.wrap([1, 2])) as Int, 2)
    for code in ["max()", "abs('x')", "count(1)", "sorted({1, 'x'})", "zip(1, {})"] {
      try expect(try lua.eval("not pcall(function() return swift.builtins.\(code) end)"), code)
    }
    try expectEqual(try lua.eval("swift.builtins.shout('hi')") as String, "HI!")
    let (a, b): (Int, Int) = try lua.eval("swift.builtins.both(2)")
    try expectEqual([a, b], [2, -2])
  },
]
