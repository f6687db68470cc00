internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.1: the runtime.
let parityRuntimeChecks: [ConformanceCheck] = [
  row.engine(1, "every runtime has globals of its own") { engine in
    let a = try LuaRuntime(engine: engine)
    let b = try LuaRuntime(engine: engine)
    try a.execute("x = 1")
    try expectEqual(try a.eval("x") as Int, 1)
    try expect(try (b.eval("x") as LuaValue).isNil)
  },
  row(2, "a coroutine can be iterated and sent to") { lua in
    let f: LuaFunction = try lua.eval("function(n) for i = 1, n do coroutine.yield(i) end end")
    try expectEqual(try f.coroutine(4).collect() as [Int], [1, 2, 3, 4])
    let echo: LuaFunction = try lua.eval("function(x) while true do x = coroutine.yield(x * 2) end end")
    let co = try echo.coroutine()
    try expectEqual(try co.send(1) as Int, 2)
    try expectEqual(try co.send(5) as Int, 10)
  },
  row(3, "Swift sequences are iterated in Lua, and tables in Swift") { lua in
    let sum: LuaFunction = try lua.eval(
      "function(list) local sum = 0 for x in swift.iter(list) do sum = sum + x end return sum end")
    try expectEqual(try sum(lua.wrap([1, 2, 3])) as Int, 6)
    var values: [Int] = []
    for (_, value) in try lua.table(10, 20) { values.append(try value.as(Int.self)) }
    try expectEqual(values, [10, 20])
  },
  row.engine(4, "the encoding of strings is the runtime's own, UTF-8 if nothing is said") { engine in
    let utf8 = try LuaRuntime(engine: engine)
    try expectEqual(try utf8.eval("#...", "é") as Int, 2)
    try expectEqual(try utf8.eval("'\\195\\169'") as String, "é")
    func make(_ encoding: LuaTextEncoding) throws -> LuaRuntime {
      var configuration = LuaConfiguration()
      configuration.stringEncoding = encoding
      configuration.sourceEncoding = .utf8
      return try LuaRuntime(engine: engine, configuration: configuration)
    }
    for (encoding, byte) in [(LuaTextEncoding.isoLatin1, "\\233"), (.windowsCP1252, "\\233")] {
      let lua = try make(encoding)
      try expectEqual(try lua.eval("#...", "é") as Int, 1)
      try expectEqual(try lua.eval("'\(byte)'") as String, "é")
      try expectEqual(try lua.table(from: ["é": 1])["é"] as Int, 1)
    }
    // What is no text is an error that names the place, and no more than that.
    for (encoding, bytes, offset) in [
      (LuaTextEncoding.utf8, "a\\195\\169\\195x", 3), (.utf8, "\\255", 0), (.utf8, "abc\\226\\130", 3),
      (.windowsCP1252, "\\233bc\\129\\233", 3), (.ascii, "ab\\233x", 2), (.utf16LittleEndian, "a\\0b", 2),
    ] {
      let lua = try make(encoding)
      let error = try expectLuaError(.conversion) { _ = try lua.eval("'\(bytes)'") as String }
      try expectContains(error.message, "from byte \(offset) on")
      _ = try lua.eval("'\(bytes)'") as LuaString
      try expectUsable(lua)
    }
    let latin = try make(.isoLatin1)
    let error = try expectLuaError(.conversion) { _ = try latin.eval("...", "1 €") as LuaValue }
    try expectContains(error.message, "1 €", "Latin 1")
    try expectUsable(latin)
  },
  row.engine(5, "runtimes of several threads are at work at the same time") { engine in
    let outer = try LuaRuntime(engine: engine)
    defer { outer.close() }
    // The outer runtime is in the middle of a call while the inner one works on another thread.
    try outer.globals.set(
      "inner",
      to: outer.function { () -> Int in
        var result = Result<Int, any Error>.success(0)
        onAnotherThread {
          result = Result {
            try LuaRuntime(engine: engine).eval(
              "(function() local n = 0 for i = 1, 1000 do n = n + i end return n end)()")
          }
        }
        return try result.get()
      })
    try expectEqual(try outer.eval("inner() + 1") as Int, 500_501)
  },
]
