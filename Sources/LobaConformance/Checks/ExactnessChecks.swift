internal import LobaCore

// Nothing is converted that loses something.

private let area = Area("exactness")

private let twoTo53 = 9_007_199_254_740_992

let exactnessChecks: [ConformanceCheck] = [
  area("a number that Float cannot hold throws") { lua in
    for code in [
      "1e300", "-1e300", "3.5e38", "1e-60", "-1e-60", "16777217", "-16777217", "16777217.0", "2^53 - 1", "2^100 + 2^60",
    ] {
      let error = try expectLuaError(.conversion) { let _: Float = try lua.eval(code) }
      try expectContains(error.message, "Float")
      try expectLuaError(.conversion) { _ = try (lua.eval(code) as LuaValue).as(Float.self) }
      try expectLuaError(.conversion) { let _: [Float] = try lua.eval("{1, \(code)}") }
    }
    let named = try expectLuaError(.conversion) { let _: [Float] = try lua.eval("{1, 1e300}") }
    try expectContains(named.message, "element 2", "1e+300")
  },
  area("a number that is no Int throws, alone and in a list") { lua in
    for code in ["1.5", "-0.5", "2^-60", "2^63", "-2^64", "1e300", "math.huge", "-math.huge", "0/0"] {
      try expectLuaError(.conversion) { let _: Int = try lua.eval(code) }
      let error = try expectLuaError(.conversion) { let _: [Int] = try lua.eval("{1, \(code), 3}") }
      try expectContains(error.message, "element 2", "Int")
    }
    try expectEqual(try lua.eval("{1, -2^63, 2^62, -0.0}") as [Int], [1, .min, 1 << 62, 0])
  },
  area("fractions are rounded to Float, and what it holds is what it was") { lua in
    try expectEqual(try lua.eval("0.1") as Float, 0.1)
    try expectEqual(try lua.eval("16777216") as Float, 16_777_216)
    try expectEqual(try lua.eval("2^100") as Float, 0x1p100)
    try expectEqual(try lua.eval("8388608.3") as Float, 8_388_608.3)
    try expectEqual(try lua.eval("2^-140") as Float, Float(sign: .plus, exponent: -140, significand: 1))
    try expectEqual(try lua.eval("math.huge") as Float, .infinity)
    try expectEqual(try lua.eval("-math.huge") as Float, -.infinity)
    try expect((try lua.eval("0/0") as Float).isNaN)
    try expectEqual((try lua.eval("0 * -1.0") as Float).sign, .minus)
  },
  area("an integer that Double cannot hold exactly throws", requires: .integers) { lua in
    for integer in [twoTo53 + 1, -twoTo53 - 1, Int.max, Int.max - 1] {
      let error = try expectLuaError(.conversion) { let _: Double = try lua.eval("...", integer) }
      try expectContains(error.message, "Double", String(integer))
      try expectLuaError(.conversion) { _ = try LuaValue.integer(integer).as(Double.self) }
      try expectLuaError(.conversion) { _ = try lua.table(from: ["x": integer])["x"] as Double }
      let list = try lua.table(from: [1, 2, integer])
      try expectContains(try expectLuaError(.conversion) { _ = try list.as([Double].self) }.message, "element 3")
      try expectLuaError(.conversion) { _ = try list.as([Double?].self) }
      let function = try lua.function { (x: Double) in x }
      try expectLuaError(.conversion) { _ = try function(integer) as Double }
    }
  },
  area("integers and fractions are ordered as what they are, not as what Double makes of them", requires: .integers) {
    lua in
    let odd = LuaValue.integer(twoTo53 + 1), even = LuaValue.number(Double(twoTo53))
    for (code, expected) in [
      ("max(2^53, \(twoTo53 + 1))", odd), ("max(\(twoTo53 + 1), 2^53)", odd), ("min(\(twoTo53 + 1), 2^53)", even),
      ("min(-2^53, -\(twoTo53 + 1))", .integer(-twoTo53 - 1)), ("max(math.maxinteger, 2^63)", .number(0x1p63)),
      ("min(math.mininteger, -2^63)", .integer(.min)), ("min(math.mininteger, -2^64)", .number(-0x1p64)),
      ("max(math.mininteger, -2^64)", .integer(.min)), ("max(3, 3.5)", .number(3.5)), ("min(-3, -3.5)", .number(-3.5)),
    ] {
      try expectEqual(try lua.eval("swift.builtins.\(code)"), expected, code)
    }
    try expectEqual(
      try lua.eval("swift.builtins.sorted({...})", twoTo53 + 2, Double(twoTo53), twoTo53 + 1) as [LuaValue],
      [even, odd, .integer(twoTo53 + 2)])
  },
  area("an integer that Double holds exactly is one") { lua in
    for integer in [twoTo53, -twoTo53, 1 << 60, .min, 0] {
      try expectEqual(try lua.eval("...", integer) as Double, Double(integer))
      try expectEqual(try LuaValue.integer(integer).as(Double.self), Double(integer))
      try expectEqual(try lua.table(from: [1, integer]).as([Double].self), [1, Double(integer)])
    }
  },
  area("keys of a table that become one in Swift throw, and are named") { lua in
    // Of numbers only fractions can: what is integral is exact.
    let fractions: LuaTable = try lua.eval("{[0.1] = 1, [0.1 + 2^-50] = 2}")
    for attempt in [{ _ = try fractions.as([Float: Int].self) }, { _ = try fractions.as(Set<Float>.self) }] {
      try expectContains(try expectLuaError(.conversion, attempt).message, "0.1", "0.10000000000000", "Float")
    }
    try expectEqual(try fractions.as([Double: Int].self).count, 2)
    // Texts are equal in Swift if their characters are, however these are written.
    let texts: LuaTable = try lua.eval("{['\\195\\169'] = 1, ['e\\204\\129'] = 2}")
    try expectLuaError(.conversion) { _ = try texts.as([String: Int].self) }
    try expectLuaError(.conversion) { _ = try texts.as(Set<String>.self) }
    try expectLuaError(.conversion) { _ = try texts.swiftValue() }
    try expectEqual(try texts.as([LuaString: Int].self).count, 2)
    let nested = try expectLuaError(.conversion) { let _: [[Float: Int]] = try lua.eval("{{}, ...}", fractions) }
    try expectContains(nested.message, "element 2")
  },
  area("keys that Double cannot tell apart throw", requires: .integers) { lua in
    let table: LuaTable = try lua.eval("{[\(twoTo53)] = 1, [\(twoTo53 + 1)] = 2}")
    try expectLuaError(.conversion) { _ = try table.as([Double: Int].self) }
    try expectLuaError(.conversion) { _ = try table.as(Set<Double>.self) }
    try expectEqual(try table.as([Int: Int].self).count, 2)
  },
  area("keys of a dictionary that become one in Lua throw") { lua in
    let entries: [AnyHashable: Any] = ["a": 1, LuaString("a"): 2, "b": 3]
    let error = try expectLuaError(.conversion) { try lua.globals.set("t", to: entries) }
    try expectContains(error.message, "same in Lua")
    try expectLuaError(.conversion) { _ = try lua.table(from: ["a", LuaString("a")] as Set<AnyHashable>) }
    try expectEqual(
      try lua.table(from: [1: "x", 1.5: "y", true: "z", "1": Int?.none as Any] as [AnyHashable: Any]).entries.count, 3)
    try expectEqual(try lua.table(from: [true: 1, false: nil] as [Bool: Int?]).entries.count, 1)
  },
  area("keys of a type of the host's own that become one throw") { lua in
    struct Folded: LuaConstructible, Hashable {
      let name: String
      static func construct(from reader: LuaReader) throws -> Folded {
        Folded(name: try reader.read(as: String.self).lowercased())
      }
    }
    let table: LuaTable = try lua.eval("{A = 1, a = 2, b = 3}")
    try expectContains(
      try expectLuaError(.conversion) { _ = try table.as([Folded: Int].self) }.message, "\"A\"", "\"a\"")
    try expectLuaError(.conversion) { _ = try table.as(Set<Folded>.self) }
  },
]
