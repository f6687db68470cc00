internal import LobaCore

private let row = ParityRows(section: 2)

/// An object that can be called.
private final class Prefix {
  let text: String

  init(_ text: String) { self.text = text }
}

/// 2: integers, and those that do not fit.
let parityIntegerChecks: [ConformanceCheck] = [
  row(14, "integers stay integers, floats stay floats", requires: .integers) { lua in
    try expectEqual(try lua.eval("math.type(...)", 3) as String, "integer")
    try expectEqual(try lua.eval("math.type(...)", 3.0) as String, "float")
    try expectEqual(try lua.eval("...", Int.max) as Int, .max)
    guard case .number = try lua.eval("3.0") as LuaValue else { return try expect(false) }
  },
  row(14, "without integers, an integral number is an integer", excludes: .integers) { lua in
    guard case .integer(3) = try lua.eval("3.0") as LuaValue else { return try expect(false) }
    try expectEqual(try lua.eval("7 / 2") as Double, 3.5)
  },
  row(15, "the largest integer is what the engine can hold exactly") { lua in
    let limit = lua.engine.capabilities.contains(.integers) ? Int.max : 1 << 53
    try expectEqual(try lua.eval("...", limit) as Int, limit)
    if limit != .max { try expectLuaError(.conversion) { _ = try lua.eval("...", limit + 1) as Int } }
  },
  row(16, "an overflow handler decides about integers that do not fit, set and read in Swift and in Lua") { lua in
    let refusal = try expectLuaError(.conversion) { _ = try lua.eval("...", UInt64.max) as LuaValue }
    try expectContains(refusal.message, "\(UInt64.max)")
    try expect(try lua.overflowHandler == nil)
    try expect(try lua.eval("swift.get_overflow_handler() == nil") as Bool)
    let handler: LuaFunction = try lua.eval("function(text) return 'big ' .. text end")
    try lua.setOverflowHandler(handler)
    try expectEqual(try lua.overflowHandler, handler)
    try expect(try lua.eval("swift.get_overflow_handler() == ...", handler) as Bool)
    try expectEqual(try lua.eval("...", UInt64.max) as String, "big \(UInt64.max)")
    try lua.execute("swift.set_overflow_handler(tonumber)")
    try expectEqual(try lua.eval("type(...)", UInt64.max) as String, "number")
    try lua.globals.set("host", to: lua.function { (text: String) in text.count })
    try lua.execute("swift.set_overflow_handler(host)")
    try expectEqual(try lua.eval("...", UInt64.max) as Int, 20)
    try lua.register(
      LuaClass<Prefix>("Prefix") {
        $0.metamethod(.call) { (prefix: Prefix, digits: String) in "\(prefix.text) \(digits)" }
      })
    try lua.execute("swift.set_overflow_handler(...)", Prefix("object"))
    try expectEqual(try lua.eval("...", UInt64.max) as String, "object \(UInt64.max)")
    for wrong in ["1", "io.stdout", "{}"] {
      try expectLuaError(.conversion) { try lua.execute("swift.set_overflow_handler(\(wrong))") }
    }
    try lua.setOverflowHandler(nil)
    try expect(try lua.eval("swift.get_overflow_handler() == nil") as Bool)
    try expectLuaError(.conversion) { _ = try lua.eval("...", UInt64.max) as LuaValue }
    // What a handler gives back does not go to it again.
    try lua.setOverflowHandler(lua.function { (_: String) in UInt64.max })
    try expectLuaError(.conversion) { _ = try lua.eval("...", UInt64.max) as LuaValue }
  },
  row.engine(16, "the configuration has a policy for integers that do not fit, wherever they are") { engine in
    func make(_ policy: LuaIntegerOverflow) throws -> LuaRuntime {
      var configuration = LuaConfiguration()
      configuration.integerOverflow = policy
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      try lua.globals.set("large", to: lua.function { UInt64.max })
      return lua
    }
    let throwing = try make(.throwing)
    for attempt: (LuaRuntime) throws -> Void in [
      { _ = try $0.eval("...", UInt64.max) as LuaValue }, { _ = try $0.eval("large()") as LuaValue },
      { _ = try $0.table(from: [1, UInt64.max]) }, { _ = try $0.table(from: ["a": UInt64.max]) },
      { try $0.globals.set(UInt64.max, to: 1) }, { _ = try $0.globals[UInt64.max] as Int? },
    ] {
      try expectContains(
        try expectLuaError(.conversion) { try attempt(throwing) }.message, "\(UInt64.max)", engine.name)
    }
    let rounding = try make(.toFloat)
    try expectEqual(try rounding.eval("...", UInt64.max) as Double, 0x1p64)
    try expectEqual(try rounding.eval("large()") as Double, 0x1p64)
    let handling = try make(.handler { "big \($0)" })
    try expectEqual(try handling.eval("large()") as String, "big \(UInt64.max)")
    try expectEqual(try handling.table(from: [1, UInt64.max])[2] as String, "big \(UInt64.max)")
    // Of those that have 64 bits, the engine decides.
    let odd = (1 << 53) + 1
    if engine.capabilities.contains(.integers) {
      for lua in [throwing, rounding, handling] { try expectEqual(try lua.eval("...", odd) as Int, odd) }
    } else {
      try expectLuaError(.conversion) { _ = try throwing.eval("...", odd) as LuaValue }
      try expectLuaError(.conversion) { _ = try throwing.table(from: [1, odd]) }
      try expectEqual(try rounding.table(from: [1, odd])[2] as Int, 1 << 53)
      try expectEqual(try handling.eval("...", odd) as String, "big \(odd)")
      try expectEqual(try handling.table(from: [1, -odd])[2] as String, "big \(-odd)")
    }
    // What is read must fit, too.
    for (code, words) in [("2^63", "9.22"), ("-1", "-1"), ("0.5", "0.5"), ("0/0", "nan")] {
      try expectContains(
        try expectLuaError(.conversion) { _ = try throwing.eval(code) as UInt32 }.message, "UInt32", words)
    }
  },
]
