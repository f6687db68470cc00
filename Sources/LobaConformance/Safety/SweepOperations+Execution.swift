internal import LobaCore

// Each operation checks what it gets, so that a fault that is swallowed shows as a wrong result.

let executionOperations: [Sweep.Operation] = [
  .direct("eval, an integer") { try expectEqual($0.eval("1 + 1"), 2) },
  .direct("eval, a string") { try expectEqual($0.eval("('x'):rep(30)"), String(repeating: "x", count: 30)) },
  .direct("eval, a table") { lua in
    let table: LuaTable = try lua.eval("{1, 2, 3}")
    try expectEqual(table.count, 3)
  },
  .direct("eval, any value") { try expectEqual($0.eval("'any' .. 1"), LuaValue.string("any1")) },
  .direct("eval, a tuple") { lua in
    let (a, b, c): (Int, String, [Int]) = try lua.eval("1, 'two' .. 2, {3}")
    try expect(a == 1 && b == "two2" && c == [3])
  },
  .direct("eval, with arguments") {
    try expectEqual($0.eval("select('#', ...) .. ...", "argument", 2, true), "3argument")
  },
  .direct("eval, an optional") { try expectEqual($0.eval("nil"), Int?.none) },
  .direct("eval, nested containers") { lua in
    let value: [String: [[Int]]] = try lua.eval("{a = {{1}, {2, 3}}, b = {}}")
    try expectEqual(value, ["a": [[1], [2, 3]], "b": []])
  },
  .direct("execute, no results") { try $0.execute("local t = {} for i = 1, 20 do t[i] = 'v' .. i end") },
  .direct("execute, all results") { lua in
    let results: LuaValues = try lua.execute("return 1, 'zwei' .. 2, {}, print")
    try expectEqual(results.count, 4)
  },
  .direct("execute, many results") { lua in
    let results: LuaValues = try lua.execute(
      "local t = {} for i = 1, 100 do t[i] = i % 2 == 0 and {} or 'r' .. i end return (unpack or table.unpack)(t)")
    try expectEqual(results.count, 100)
    try expectEqual(results[98], .string("r99"))
  },
  .direct("execute, a tuple of nine") { lua in
    let (a, b, c, d, e, f, g, h, i): (Int, Int, Int, Int, Int, Int, Int, Int, String) = try lua.execute(
      "return 1, 2, 3, 4, 5, 6, 7, 8, 'nine' .. 9")
    try expect(a + b + c + d + e + f + g + h == 36 && i == "nine9")
  },
  .direct("execute, bytes") { try expectEqual($0.execute(bytes: Array("return 'b' .. 1".utf8)).count, 1) },
  .direct("compile and call") { lua in
    let f = try lua.compile("local a = ... return a .. 'compiled'", name: "=c")
    try expectEqual(f("x"), "xcompiled")
  },
  Sweep.Operation("dump and load") { lua, _ in
    let f = try lua.compile("return 'dumped' .. 1")
    return {
      let chunk = try f.dump()
      let loaded = try lua.compile(bytes: chunk.bytes, mode: .binary)
      try expectEqual(loaded(), "dumped1")
    }
  },
  .direct("a syntax error") { lua in try expectThrown(.syntax, "near") { try lua.execute("x = = 1") } },
  .direct("a binary chunk that is not allowed") { lua in
    try expectThrown(.syntax, "binary") { try lua.execute(bytes: [0x1B, 1, 2]) }
  },
  .direct("an error with a string") { lua in
    try expectThrown(.runtime, "boom") { try lua.execute("error('boom' .. 1)") }
  },
  .direct("an error with a table") { lua in
    do {
      try lua.execute("error({code = 7})")
      try expect(false, "nothing was thrown")
    } catch let error as LuaError where error.value.type == .table {
      try expectEqual(error.value["code"], 7)
    }
  },
  .direct("an error with a __tostring") { lua in
    do {
      try lua.execute("error(setmetatable({}, {__tostring = function() return 'shown' .. 1 end}))")
      try expect(false, "nothing was thrown")
    } catch let error as LuaError where error.kind == .runtime {
      try expect(error.message.contains("shown1") || error.message.contains("error object"), error.message)
    }
  },
  .direct("an error deep in calls, with its traceback") { lua in
    do {
      try lua.execute("local function f(n) if n == 0 then error('deep') end f(n - 1) return 1 end f(60)")
      try expect(false, "nothing was thrown")
    } catch let error as LuaError where error.kind == .runtime && error.message.contains("deep") {
      try expect(error.traceback.frames.count > 10)
    }
  },
  .direct("globals") { lua in
    try lua.globals.set("answer", to: 42)
    try expectEqual(lua.globals["answer"], 42)
  },
  .direct("dynamic members") { try expectEqual($0.globals.string.upper("abc"), "ABC") },
  .direct("a value") { lua in
    try expectEqual(lua.value("text").type, .string)
    try expectEqual(lua.value([1, 2]).type, .table)
  },
  .direct("collect garbage") { try $0.collectGarbage() },
  .direct("say how garbage is collected") { try $0.setCollectorMode(.incremental(pause: 200, stepMultiplier: 200)) },
  .direct("without garbage collection") { lua in
    let text: String = try lua.withoutGarbageCollection { try lua.eval("'a' .. 1") }
    try expectEqual(text, "a1")
  },
]

/// Fails unless the body throws a ``LuaError`` of the kind with the text in its message. Other errors pass.
func expectThrown(
  _ kind: LuaError.Kind, _ text: String, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void
) throws {
  do {
    try body()
  } catch let error as LuaError where error.kind == kind && error.message.contains(text) {
    return
  }
  throw ConformanceFailure(message: "nothing was thrown instead of \(kind): \(text)", file: file, line: line)
}
