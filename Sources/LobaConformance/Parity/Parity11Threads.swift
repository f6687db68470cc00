internal import Foundation
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
    let echo: LuaFunction = try b.eval("function(...) return ... end")
    let co = try echo.coroutine()
    for value: LuaValue in [
      try a.eval("print"), try a.eval("coroutine.create(function() end)"), try a.eval("io.stdout"), .table(table),
    ] {
      let error = try expectLuaError(.foreignValue) { _ = try echo(1, value) as LuaValue }
      try expectContains(error.message, "\(value)", "another runtime", engine.name)
      try expectLuaError(.foreignValue) { try co.send(value) }
      try expectLuaError(.foreignValue) { _ = try b.eval("(...)()", b.function { value }) as LuaValue }
    }
    try expectLuaError(.foreignValue) { try b.table().setMetatable(table) }
    try expectLuaError(.foreignValue) { try b.setOverflowHandler(a.eval("print")) }
    try expectEqual(try b.table(from: table).values, [1], "its contents can be copied")
  },
  row(113, "strings are bytes for who wants them") { lua in
    let bytes: [UInt8] = try lua.eval("'\\0\\255' .. string.char(10)")
    try expectEqual(bytes, [0, 255, 10])
    let rows: [LuaString] = try lua.eval("{'\\200', '\\201\\0'}")
    try expectEqual(rows.flatMap(\.bytes), [200, 201, 0])
    try expectEqual(try lua.eval("#...", LuaString(bytes: [0, 128, 0])) as Int, 3)
    try expectEqual(try lua.eval("'a\\0\\255'") as Data, Data([97, 0, 255]))
    try expectEqual(try lua.eval("#..., type(...)", Data([0, 128, 0])), [3, "string"] as LuaValues)
    try expectLuaError(.conversion) { _ = try lua.eval("{}") as Data }
    try expectLuaError(.conversion) { _ = try lua.eval("'\\255'") as String }
  },
]
