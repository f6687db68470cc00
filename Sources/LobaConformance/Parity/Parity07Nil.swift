internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.7: nil and `swift.none`.
let parityNilChecks: [ConformanceCheck] = [
  row(57, "nil arrives as nil") { lua in
    try expectEqual(try lua.eval("nil") as Int?, nil)
    try expect(try (lua.eval("nil") as LuaValue).isNil)
  },
  row(58, "nil is nil as an argument and as a result") { lua in
    let isNil: LuaFunction = try lua.eval("function(x) return x == nil end")
    try expect(try isNil(Int?.none) as Bool)
    try expect(try isNil(LuaValue.nil) as Bool)
    try expect(!(try isNil(0) as Bool))
    try expect(try lua.eval("(...)() == nil", lua.function { () -> String? in nil }) as Bool)
  },
  row(59, "swift.none is a value that is not nil and stands for it") { lua in
    try expect(try lua.eval("swift.none ~= nil and swift.none == swift.none") as Bool)
    try expectEqual(try lua.eval("type(swift.none)") as String, "userdata")
    try expectEqual(try lua.eval("swift.none") as Int?, nil)
    try expect(try (lua.eval("swift.none") as LuaValue).isNil)
    let take = try lua.function { (x: Int?) in x == nil }
    try expect(try lua.eval("(...)(swift.none)", take) as Bool)
    try expect(try lua.eval("(...) == swift.none", LuaNone()) as Bool)
  },
  row(60, "a missing item is swift.none in swift.iter, so that the loop goes on") { lua in
    let list: [Bool] = try lua.execute(
      "local t = {} for x in swift.iter(...) do t[#t + 1] = x == swift.none end return t", lua.wrap([1, nil, 2]))
    try expectEqual(list, [false, true, false])
  },
  row(61, "swift.iterex replaces the first value only") { lua in
    let none: (Int?, Int?, Int?, Int?) = (nil, nil, nil, nil)
    let first: [Bool] = try lua.execute(
      """
      for a, b, c, d in swift.iterex(...) do return {a == swift.none, b == nil, c == nil, d == nil} end
      """, lua.wrap([none]))
    try expectEqual(first, [true, true, true, true])
  },
  row(62, "loop variables beyond a short tuple are nil") { lua in
    let short: (Int?, Int?) = (nil, nil)
    let flags: [Bool] = try lua.execute(
      "for a, b, c, d in swift.iterex(...) do return {a == swift.none, b == nil, c == nil, d == nil} end",
      lua.wrap([short]))
    try expectEqual(flags, [true, true, true, true])
  },
  row(63, "swift.enumerate replaces nothing") { lua in
    let flags: [Bool] = try lua.execute(
      "local t = {} for i, x in swift.enumerate(...) do t[i + 1] = x == nil end return t", lua.wrap([1, nil, 2]))
    try expectEqual(flags, [false, true, false])
  },
]
