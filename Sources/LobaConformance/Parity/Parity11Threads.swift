internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.11: threads.
let parityThreadChecks: [ConformanceCheck] = [
  row.engine(110, "a runtime can be made, used and given up on a thread of its own") { engine in
    for n in 1...4 {
      var result = Result<Int, any Error>.success(0)
      onAnotherThread {
        result = Result { try LuaRuntime(engine: engine).eval("... * 2", n) }
      }
      try expectEqual(try result.get(), n * 2)
    }
  },
  row(111, "a runtime in use by one thread refuses another") { lua in
    var refusal: (any Error)?
    let f = try lua.function { () in
      onAnotherThread {
        do { try lua.execute("x = 1") } catch { refusal = error }
      }
    }
    try f()
    try expectLuaError(.wrongThread) { if let refusal { throw refusal } }
    try expectEqual(try lua.globals["x"] as Int?, nil)
  },
  row.engine(112, "values of another runtime are refused") { engine in
    let a = try LuaRuntime(engine: engine)
    let b = try LuaRuntime(engine: engine)
    let table = try a.table(1)
    try expectLuaError(.foreignValue) { try b.globals.set("t", to: table) }
    try expectLuaError(.foreignValue) { _ = try b.eval("...", table) as LuaValue }
    try expectLuaError(.foreignValue) { _ = try b.table(from: [table]) }
    try expectLuaError(.foreignValue) { try b.setOverflowHandler(a.eval("print")) }
    try expectEqual(try b.table(from: table).values, [1], "its contents can be copied")
  },
  row(113, "strings are bytes for who wants them") { lua in
    let bytes: [UInt8] = try lua.eval("'\\0\\255' .. string.char(10)")
    try expectEqual(bytes, [0, 255, 10])
    let rows: [LuaString] = try lua.eval("{'\\200', '\\201\\0'}")
    try expectEqual(rows.flatMap(\.bytes), [200, 201, 0])
    try expectEqual(try lua.eval("#...", LuaString(bytes: [0, 128, 0])) as Int, 3)
    try expectLuaError(.conversion) { _ = try lua.eval("'\\255'") as String }
  },
]
