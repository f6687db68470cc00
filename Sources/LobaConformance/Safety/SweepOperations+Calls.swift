internal import LobaCore

private let echo = "function(...) return ... end"
private let join = "function(...) return table.concat({...}, ',') end"

private func call(
  _ name: String, _ source: String, _ body: @escaping @Sendable (LuaRuntime, LuaFunction) throws -> Void
) -> Sweep.Operation {
  Sweep.Operation(name) { lua, _ in
    let f: LuaFunction = try lua.eval(source)
    return { try body(lua, f) }
  }
}

let callOperations: [Sweep.Operation] = [
  call("call, no arguments", "function() return 'n' .. 0 end") { _, f in try expectEqual(f(), "n0") },
  call("call, 1 integer", echo) { _, f in try expectEqual(f(1), 1) },
  call("call, 2 strings", join) { _, f in try expectEqual(f("eins", "zwei"), "eins,zwei") },
  call("call, 3 values", join) { _, f in try expectEqual(f(1, "b", 2.5), "1,b,2.5") },
  call("call, 4 values", join) { _, f in try expectEqual(f("a", "b", "c", "d"), "a,b,c,d") },
  call("call, 5 values", join) { _, f in try expectEqual(f("a", "b", "c", "d", 5), "a,b,c,d,5") },
  call("call, 6 values", join) { _, f in try expectEqual(f("a", "b", "c", "d", 5, 6), "a,b,c,d,5,6") },
  call("call, 7 values", join) { _, f in try expectEqual(f("a", "b", "c", "d", 5, 6, 7), "a,b,c,d,5,6,7") },
  call("call, 8 values", join) { _, f in try expectEqual(f("a", "b", "c", "d", 5, 6, 7, 8), "a,b,c,d,5,6,7,8") },
  call("call, 9 values", join) { _, f in try expectEqual(f("a", "b", "c", "d", 5, 6, 7, 8, "i"), "a,b,c,d,5,6,7,8,i") },
  call("call, 100 values", "function(...) return select('#', ...) .. select(100, ...) end") { _, f in
    try expectEqual(f(LuaValues((1...100).map { .string(LuaString("v\($0)")) })), "100v100")
  },
  call("call, a long string", "function(s) return #s end") { _, f in
    try expectEqual(f(String(repeating: "long ", count: 1000)), 5000)
  },
  call("call, arrays and dictionaries", "function(a, d) return #a + d.x, a end") { _, f in
    let (sum, back): (Int, [String]) = try f(["p", "q"], ["x": 40])
    try expect(sum == 42 && back == ["p", "q"])
  },
  call("call, a table and itself", echo) { lua, f in
    let table = try lua.table(1, 2)
    let (a, b): (LuaTable, LuaFunction) = try f(table, f)
    try expect(a == table && b == f)
  },
  call("call, string result", echo) { _, f in try expectEqual(f("back"), "back") },
  call("call, any result", echo) { _, f in try expectEqual(f("back") as LuaValue, .string("back")) },
  call("call, no result", "function() local t = {} end") { _, f in try f() as Void },
  call("call, a tuple", "function() return 1, 'b' .. 1, {'c'} end") { _, f in
    let (a, b, c): (Int, String, [String]) = try f()
    try expect(a == 1 && b == "b1" && c == ["c"])
  },
  call("call, all results", "function() return 1, 'b' .. 1, {} end") { _, f in
    let all: LuaValues = try f()
    try expectEqual(all.count, 3)
  },
  call(
    "call, 1,000 results",
    "function() local t = {} for i = 1, 1000 do t[i] = 's' .. i end return (unpack or table.unpack)(t) end"
  ) { _, f in
    let all: LuaValues = try f()
    try expectEqual(all.count, 1000)
    try expectEqual(all[999], .string("s1000"))
  },
  call("call, a wrong type", "function() return 'text' .. 1 end") { _, f in
    try expectThrown(.conversion, "expected Int") { _ = try f() as Int }
  },
  call("call, an argument that cannot be given", echo) { lua, f in
    struct Unknown {}
    try expectThrown(.conversion, "Unknown") { _ = try f("before", [1, 2], Unknown()) as Int }
  },
  call("call, an error", "function() error('from ' .. 'call') end") { _, f in
    try expectThrown(.runtime, "from call") { _ = try f() as Int }
  },
  Sweep.Operation("call of a table with __call") { lua, _ in
    let value: LuaValue = try lua.eval("setmetatable({}, {__call = function(_, x) return x .. '!' end})")
    return { try expectEqual(value("hey"), "hey!") }
  },
  Sweep.Operation("copies of handles") { lua, _ in
    let table = try lua.table(1)
    return {
      var copies: [LuaTable] = []
      try lua.globals.set("copied", to: table)
      for _ in 0..<80 { copies.append(try lua.globals["copied"]) }
      try expect(copies.allSatisfy { $0 == table })
    }
  },
  Sweep.Operation("more handles than the stack for them holds") { lua, _ in
    // In one piece: what is tested is the growth, once per round.
    let f: LuaFunction = try lua.eval("function() return {} end")
    return {
      var tables: [LuaTable] = []
      for _ in 0..<(isFullSweep ? 2000 : 700) { tables.append(try f()) }
      try expectEqual(Set(tables).count, tables.count)
    }
  },
]
