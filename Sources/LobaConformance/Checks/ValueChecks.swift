internal import LobaCore

private let area = Area("values")

let valueChecks: [ConformanceCheck] = [
  area("every kind of value arrives as what it is") { lua in
    let kinds: [(String, LuaType)] = [
      ("nil", .nil), ("true", .boolean), ("1", .number), ("1.5", .number), ("'s'", .string), ("{}", .table),
      ("print", .function), ("function() end", .function), ("coroutine.create(function() end)", .thread),
      ("io.stdout", .userdata),
    ]
    for (code, type) in kinds {
      let value: LuaValue = try lua.eval(code)
      try expectEqual(value.type, type, code)
      let name: String = try lua.eval("type(...)", value)
      try expectEqual(name, type.rawValue, code)
      try expectEqual(value.isNil, type == .nil)
    }
  },
  area("LuaJIT's cdata arrives, keeps its identity and goes back", requires: .ffi) { lua in
    let value: LuaValue = try lua.eval("1LL")
    guard case .other(let handle) = value else {
      throw ConformanceFailure(message: "1LL arrived as \(value)", file: #fileID, line: #line)
    }
    try expectEqual(value.type, .cdata)
    try expect(try lua.eval("... == 1LL", value))
    try expectEqual(try handle.tostring(), "1LL")
    try expect(try lua.eval("type(...) == 'cdata'", value))
    try lua.execute("cell = require('ffi').new('int[2]', 5, 6)")
    let cell: LuaUserdata = try lua.globals["cell"]
    try expectEqual(try cell[1], 6)
    try expectLuaError(.conversion) { let _: Int = try lua.eval("1LL") }
    try expectLuaError(.conversion) { let _: LuaTable = try lua.eval("1LL") }
    try expectLuaError(.runtime) { try lua.execute("error(1LL)") }
  },
  area("what a call has made of its arguments is let go after it") { lua in
    let f: LuaFunction = try lua.eval("function() return 1 end")
    func call(_ times: Int) throws -> Int {
      for i in 0..<times {
        let one: Int = try f(Array(0...100), "\(i)" + String(repeating: "x", count: 5000))
        try expectEqual(one, 1)
      }
      try lua.collectGarbage()
      return lua.memoryUsed
    }
    let before = try call(20)
    try expect(try call(400) < before + 100_000, "the arguments of 400 calls are still there")
  },
  area("a pointer goes to Lua and back") { lua in
    let pointer = LuaValue.pointer(0x1234)
    try expect(try lua.eval("type(...) == 'userdata'", pointer))
    try expectEqual(try lua.eval("...", pointer) as LuaValue, pointer)
    try expectEqual(pointer.type, .userdata)
  },
  area("what Lua takes for true") { lua in
    for (code, truth) in [("nil", false), ("false", false), ("true", true), ("0", true), ("''", true), ("{}", true)] {
      let value: LuaValue = try lua.eval(code)
      try expectEqual(value.isTruthy, truth, code)
      try expectEqual(try lua.eval("not not ...", value) as Bool, truth, code)
    }
  },
  area("values are equal as raw equality in Lua is") { lua in
    let codes = ["nil", "true", "false", "1", "1.0", "1.5", "'1'", "'a'", "{}", "print", "t", "t", "f", "0/0"]
    try lua.execute("t = setmetatable({}, {__eq = function() return true end}) f = function() end")
    let values: [LuaValue] = try codes.map { try lua.eval($0) }
    let rawequal: LuaFunction = try lua.globals["rawequal"]
    for (i, a) in values.enumerated() {
      for (j, b) in values.enumerated() {
        let expected: Bool = try rawequal(a, b)
        try expectEqual(a == b, expected, "\(codes[i]) == \(codes[j])")
        if a == b { try expectEqual(a.hashValue, b.hashValue, "hash of \(codes[i]) and \(codes[j])") }
      }
    }
  },
  area("values can be keys of Swift dictionaries and elements of sets") { lua in
    let table: LuaTable = try lua.eval("{}")
    var seen: [LuaValue: String] = [1: "one", "a": "a", nil: "nil", true: "true", .table(table): "table"]
    try lua.globals.set("t", to: table)
    try expectEqual(seen[try lua.eval("1.0")], "one")
    try expectEqual(seen[try lua.eval("'a'")], "a")
    try expectEqual(seen[try lua.eval("nil")], "nil")
    try expectEqual(seen[try lua.eval("t")], "table")
    try expectEqual(seen[try lua.eval("{}")], nil)
    seen[try lua.eval("t")] = nil
    try expectEqual(seen.count, 4)
  },
  area("a value converts to what it is, and throws else") { lua in
    let number: LuaValue = try lua.eval("3")
    try expectEqual(try number.as(Int.self), 3)
    try expectEqual(try number.as(Double.self), 3)
    try expectEqual(try number.as(Int?.self), 3)
    try expectEqual(try number.as(), 3 as UInt8)
    try expectLuaError(.conversion) { _ = try number.as(String.self) }
    let text: LuaValue = try lua.eval("'abc'")
    try expectEqual(try text.as(String.self), "abc")
    try expectEqual(try text.as([UInt8].self), [97, 98, 99])
    try expectEqual(try text.as(LuaString.self), "abc")
    try expectLuaError(.conversion) { _ = try text.as(Int.self) }
    let list: LuaValue = try lua.eval("{1, 2, 3}")
    try expectEqual(try list.as([Int].self), [1, 2, 3])
    try expectEqual(try list.as(LuaTable.self).count, 3)
    try expectLuaError(.conversion) { _ = try list.as(LuaFunction.self) }
    let nothing: LuaValue = nil
    try expectEqual(try nothing.as(Int?.self), nil)
    try expectLuaError(.conversion) { _ = try nothing.as(Int.self) }
    try expectLuaError(.conversion) { _ = try nothing.as([Int].self) }
  },
  area("a value of any type converts to Any as the nearest Swift type") { lua in
    try expectEqual(try lua.execute("return 1").firstOrNil.as(Any.self) as? Int, 1)
    let values: [Any] = try lua.eval("{1, 'x', true, 1.5, {}}", as: [Any].self)
    try expectEqual(values[0] as? Int, 1)
    try expectEqual(values[1] as? String, "x")
    try expectEqual(values[2] as? Bool, true)
    try expectEqual(values[3] as? Double, 1.5)
    try expect(values[4] is LuaTable)
  },
  area("literals make values") { lua in
    let values: [LuaValue] = [nil, true, 1, 1.5, "x"]
    try expectEqual(values.map(\.type), [.nil, .boolean, .number, .number, .string])
    let types: String = try lua.eval(
      "(function(...) local s = '' for i = 1, 5 do s = s .. type((select(i, ...))) .. ' ' end return s end)(...)",
      LuaValues(values))
    try expectEqual(types, "nil boolean number number string ")
  },
  area("values can be indexed and called as Lua values can") { lua in
    let value: LuaValue = try lua.eval("{a = {b = {c = 5}}, f = function(x) return x + 1, x + 2 end}")
    try expectEqual(try value.a.b.c, 5)
    try expectEqual(try value["a"]["b"]["c"], 5)
    let two: Int = try value.f(1)
    try expectEqual(two, 2)
    let (a, b): (Int, Int) = try value.f(1)
    try expectEqual([a, b], [2, 3])
    let upper: String = try lua.globals.string.upper("abc")
    try expectEqual(upper, "ABC")
    let callable: LuaValue = try lua.eval("setmetatable({}, {__call = function(self, x) return x * 2 end})")
    let six: Int = try callable(3)
    try expectEqual(six, 6)
  },
  area("indexing or calling what cannot be throws") { lua in
    for code in ["nil", "1", "true"] {
      let value: LuaValue = try lua.eval(code)
      let indexed = try expectLuaError(.runtime) { _ = try value["x"] as LuaValue }
      try expectContains(indexed.message, "attempt to index")
      let called = try expectLuaError(.runtime) { try value() }
      try expectContains(called.message, "attempt to call")
    }
    let table: LuaValue = try lua.eval("{}")
    try expectLuaError(.runtime) { try table() }
    try expectLuaError(.runtime) { _ = try table.a.b as LuaValue }
    let file: LuaValue = try lua.eval("io.stdout")
    try expectLuaError(.runtime) { try file() }
  },
  area("Lua values know their type, Swift's own do not") { lua in
    try expectEqual(luaType(of: try lua.eval("{}") as LuaTable), .table)
    try expectEqual(luaType(of: try lua.eval("print") as LuaFunction), .function)
    try expectEqual(luaType(of: try lua.eval("coroutine.create(function() end)") as LuaCoroutine), .thread)
    try expectEqual(luaType(of: try lua.eval("io.stdout") as LuaUserdata), .userdata)
    try expectEqual(luaType(of: try lua.eval("{}") as LuaValue), .table)
    try expectEqual(luaType(of: try lua.eval("1") as LuaValue), nil)
    try expectEqual(luaType(of: 1), nil)
    try expectEqual(luaType(of: "x"), nil)
  },
  area("a Swift value as a Lua value is what a script would be given") { lua in
    try expectEqual(try lua.value(1), 1)
    try expectEqual(try lua.value("x"), "x")
    try expectEqual(try lua.value(nil as Int?), nil)
    try expectEqual(try lua.value([1, 2]).as([Int].self), [1, 2])
    let long = String(repeating: "long ", count: 1_000)
    try expectEqual(try lua.value(long), .string(LuaString(long)))
    struct Unknown {}
    let error = try expectLuaError(.conversion) { _ = try lua.value(Unknown()) }
    try expectContains(error.message, "Unknown")
  },
  area("a wrapped Swift value is a userdata and comes back as itself") { lua in
    final class Thing {}
    let thing = Thing()
    let wrapped = try lua.wrap(thing)
    try lua.globals.set("thing", to: wrapped)
    let back: Thing = try lua.globals["thing"]
    try expect(back === thing)
    try expect(try lua.eval("type(thing) == 'userdata'"))
    let viaEval: Thing = try lua.eval("thing")
    let viaExecute: Thing = try lua.execute("return thing")
    let viaCall: Thing = try lua.eval("function() return thing end", as: LuaFunction.self)()
    let viaValueCall: Thing = try lua.eval("function() return thing end", as: LuaValue.self)()
    let (viaTuple, _): (Thing, Int) = try lua.eval("thing, 1")
    let viaOptional: Thing? = try lua.eval("thing")
    for other in [viaEval, viaExecute, viaCall, viaValueCall, viaTuple, viaOptional] { try expect(other === thing) }
    let viaFunction = try lua.function { (thing: Thing) in thing === back }
    try expect(try viaFunction(wrapped))
    struct Point: Equatable { var x: Int, y: SIMD4<Double> }
    let point = Point(x: 1, y: [1, 2, 3, 4])
    let value: LuaValue = .userdata(try lua.wrap(point))
    try expectEqual(try value.as(Point.self), point)
    let pointViaEval: Point = try lua.eval("...", value)
    let pointViaCall: Point = try lua.eval("function(p) return p end", as: LuaFunction.self)(value)
    try expectEqual([pointViaEval, pointViaCall], [point, point])
    try expectLuaError(.conversion) { _ = try value.as(Thing.self) }
    let text: String = try lua.eval("tostring(...)", wrapped)
    try expectContains(text, "Thing")
  },
]
