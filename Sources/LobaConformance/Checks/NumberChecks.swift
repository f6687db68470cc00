internal import LobaCore

private let area = Area("numbers")

private let twoTo53 = 9_007_199_254_740_992

/// Lets a value go through Lua and back.
private func echo<T: LuaConstructible>(_ value: T, _ lua: LuaRuntime) throws -> T {
  let echo: LuaFunction = try lua.eval("function(...) return ... end")
  let viaCall: T = try echo(value)
  let table = try lua.table()
  try table.set("v", to: viaCall)
  try table.set(1, to: try table["v"] as T)
  return try table[1]
}

let numberChecks: [ConformanceCheck] = [
  area("integers that every engine can hold go through unchanged") { lua in
    for value in [0, 1, -1, 255, 1 << 31, -(1 << 31), (1 << 32) + 1, twoTo53 - 1, -(twoTo53 - 1), twoTo53, -twoTo53] {
      try expectEqual(try echo(value, lua), value)
      let fromSource: Int = try lua.eval("\(value)")
      try expectEqual(fromSource, value)
      try expectEqual(try lua.eval("...", value) as LuaValue, .integer(value))
    }
  },
  area("all 64-bit integers go through unchanged", requires: .integers) { lua in
    for value in [Int.min, Int.min + 1, Int.max, Int.max - 1, twoTo53 + 1, -twoTo53 - 1] {
      try expectEqual(try echo(value, lua), value)
      try expect(try lua.eval("math.type(...) == 'integer'", value))
      let array = try lua.table(from: [value]).as([Int].self)
      try expectEqual(array, [value])
    }
  },
  area("an integer that doubles cannot hold throws on its way into Lua", excludes: .integers) { lua in
    for value in [twoTo53 + 1, -twoTo53 - 1, Int.max, Int.max - 1] {
      let error = try expectLuaError(.conversion) { _ = try echo(value, lua) }
      try expectContains(error.message, String(value))
      try expectLuaError(.conversion) { try lua.globals.set("x", to: value) }
      try expectLuaError(.conversion) { try lua.globals.set(value, to: 1) }
      try expectLuaError(.conversion) { _ = try lua.table(from: [1, value]) }
      try expectLuaError(.conversion) { _ = try lua.table(from: ["a": value]) }
      try expectUsable(lua)
    }
    let function = try lua.function { twoTo53 + 1 }
    try expectLuaError(.conversion) { _ = try function() as Int }
  },
  area("a large integer that doubles can hold goes through", excludes: .integers) { lua in
    for value in [1 << 60, Int.min, twoTo53 + 2] {
      try expectEqual(try echo(value, lua), value)
    }
  },
  area("doubles go through bit by bit") { lua in
    let values = [
      0.5, -0.0, 1e308, -1e308, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
      -.infinity, 0.1, 1.0, 9_007_199_254_740_993.0, 1e15, 1e16, 123_456.789,
    ]
    for value in values {
      try expectEqual(try echo(value, lua).bitPattern, value.bitPattern, "\(value)")
      let array = try lua.table(from: [value, value]).as([Double].self)
      try expectEqual(array.map(\.bitPattern), [value.bitPattern, value.bitPattern])
    }
    try expect(try echo(Double.nan, lua).isNaN)
  },
  area("minus zero stays minus zero") { lua in
    try expect(try lua.eval("1 / ... == -math.huge", -0.0))
    let zero: Double = try lua.eval("0 * -1.0")
    try expectEqual(zero.sign, .minus)
    guard case .number(let untyped) = try lua.eval("0 * -1.0") as LuaValue else {
      throw ConformanceFailure(message: "-0.0 did not arrive as a float", file: #fileID, line: #line)
    }
    try expectEqual(untyped.sign, .minus)
  },
  area("integers and floats stay what they are", requires: .integers) { lua in
    try expect(try lua.eval("math.type(...) == 'float'", 1.0))
    try expect(try lua.eval("math.type(...) == 'integer'", 1))
    guard case .number(1.0) = try lua.eval("1.0") as LuaValue, case .integer(1) = try lua.eval("1") as LuaValue else {
      throw ConformanceFailure(message: "the subtype of a number got lost", file: #fileID, line: #line)
    }
  },
  area("a number with an integral value arrives as an integer", excludes: .integers) { lua in
    guard case .integer(1) = try lua.eval("1.0") as LuaValue, case .integer(2) = try lua.eval("4 / 2") as LuaValue,
      case .number(0.5) = try lua.eval("1 / 2") as LuaValue, case .number = try lua.eval("2 ^ 60") as LuaValue
    else { throw ConformanceFailure(message: "an integral number arrived wrongly", file: #fileID, line: #line) }
  },
  area("an integral float reads as an integer, another float does not") { lua in
    let three: Int = try lua.eval("3.0")
    try expectEqual(three, 3)
    let byte: UInt8 = try lua.eval("255.0")
    try expectEqual(byte, 255)
    for code in ["1.5", "1e300", "-1e300", "math.huge", "0/0", "2^63", "-2^64"] {
      try expectLuaError(.conversion) { let _: Int = try lua.eval(code) }
    }
    let minimum: Int = try lua.eval("-2^63")
    try expectEqual(minimum, .min)
  },
  area("an integer reads as a double") { lua in
    let seven: Double = try lua.eval("7")
    try expectEqual(seven, 7)
    let float: Float = try lua.eval("0.25")
    try expectEqual(float, 0.25)
    let doubles = try lua.table(1, 2.5, 3).as([Double].self)
    try expectEqual(doubles, [1, 2.5, 3])
  },
  area("a number that a small integer type cannot hold throws and says so") { lua in
    func refuse<T: FixedWidthInteger & LuaConstructible>(_ type: T.Type, _ codes: String...) throws {
      for code in codes {
        let error = try expectLuaError(.conversion) { let _: T = try lua.eval(code) }
        try expectContains(error.message, "\(type)")
      }
    }
    try refuse(Int8.self, "128", "-129", "1.5")
    try refuse(UInt8.self, "256", "-1", "0/0")
    try refuse(Int16.self, "32768", "-32769")
    try refuse(UInt16.self, "65536", "-1")
    try refuse(Int32.self, "2147483648", "-2147483649")
    try refuse(UInt32.self, "4294967296", "-1")
    try refuse(UInt.self, "-1", "0.5")
    try refuse(UInt64.self, "-1", "2^64", "math.huge")
    try refuse(Int64.self, "2^63")
  },
  area("the bounds of small integer types go through") { lua in
    func pass<T: FixedWidthInteger & LuaConvertible>(_ type: T.Type) throws {
      for value in [T.min, T.max, 0, 1] { try expectEqual(try echo(value, lua), value) }
    }
    try pass(Int8.self)
    try pass(UInt8.self)
    try pass(Int16.self)
    try pass(UInt16.self)
    try pass(Int32.self)
    try pass(UInt32.self)
  },
  area("unsigned integers beyond Lua's throw") { lua in
    for value in [UInt64.max, UInt64(Int64.max) + 1] {
      let error = try expectLuaError(.conversion) { _ = try echo(value, lua) }
      try expectContains(error.message, String(value))
    }
    try expectLuaError(.conversion) { try lua.globals.set("x", to: UInt.max) }
    let large: UInt64 = try lua.eval("2^63")
    try expectEqual(large, 1 << 63)
    try expectEqual(try echo(UInt64(7), lua), 7)
  },
  area("unsigned integers up to the largest signed one go through", requires: .integers) { lua in
    try expectEqual(try echo(UInt64(Int64.max), lua), UInt64(Int64.max))
  },
  area("strings are not numbers, numbers are not strings, and neither is a boolean") { lua in
    try expectLuaError(.conversion) { let _: Int = try lua.eval("'1'") }
    try expectLuaError(.conversion) { let _: Double = try lua.eval("'1.5'") }
    try expectLuaError(.conversion) { let _: String = try lua.eval("1") }
    try expectLuaError(.conversion) { let _: Bool = try lua.eval("1") }
    try expectLuaError(.conversion) { let _: Bool = try lua.eval("nil") }
    try expectLuaError(.conversion) { let _: Int = try lua.eval("true") }
    try expectLuaError(.conversion) { let _: Int = try lua.eval("nil") }
  },
  area("arithmetic overflow is the engine's own") { lua in
    if lua.engine.capabilities.contains(.integers) {
      let wrapped: Int = try lua.eval("... + 1", Int.max)
      try expectEqual(wrapped, .min)
    } else {
      let rounded: Double = try lua.eval("... + 1", twoTo53)
      try expectEqual(rounded, Double(twoTo53))
    }
  },
]
