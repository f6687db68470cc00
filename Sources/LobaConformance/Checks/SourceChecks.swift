internal import LobaCore

// Values as Lua source.

private let area = Area("source")

private struct Mixed: Codable, Equatable {
  var name = "x"
  var list: [Int?] = [1, nil, 3]
  var end = true
  var entries: [String: Double] = ["a b": 0.1, "while": -1.5, "": 0, "é": 1e300, "1": 2]
  var numbers: [Int: String] = [1: "a", 2: "b", -3: "c"]
  var empty: [Int] = []
  enum CodingKeys: String, CodingKey { case name, list, end, entries, numbers, empty }
}

private struct Chain: Codable {
  var items: [Int] = []
  var next: [Chain] = []
}

/// Evaluates the source of a value, in either layout, and compares what that is with what the value is encoded to.
private func expectSame(
  _ value: some Encodable, _ lua: LuaRuntime, file: StaticString = #fileID, line: UInt = #line
) throws {
  try lua.execute(
    """
    function same(a, b)
      if type(a) ~= 'table' then
        if math.type and math.type(a) ~= math.type(b) then return false end
        return (a == b and (a ~= 0 or 1 / a == 1 / b)) or (a ~= a and b ~= b)
      end
      if type(b) ~= 'table' then return false end
      for k, v in pairs(a) do if not same(v, b[k]) then return false end end
      for k in pairs(b) do if a[k] == nil then return false end end
      return #a == #b
    end
    """)
  let same: LuaFunction = try lua.globals["same"]
  for isPretty in [false, true] {
    let source = try LuaEncoder(lua).source(of: value, prettyPrinted: isPretty)
    let evaluated: LuaValue = try lua.compile(source)()
    let isSame: Bool = try same(LuaEncoder(lua).encode(value), evaluated)
    try expect(isSame, "other than the value: \(source.prefix(2000))", file: file, line: line)
  }
}

let sourceChecks: [ConformanceCheck] = [
  area("source is what one would write, in the order of keys") { lua in
    let encoder = LuaEncoder(lua)
    let source = """
      return {empty = {}, ["end"] = true, entries = {[""] = 0.0, ["1"] = 2.0, ["a b"] = 0.1, ["while"] = -1.5, \
      ["é"] = 1e+300}, list = {1, swift.none, 3}, name = "x", numbers = {"a", "b", [-3] = "c"}}
      """
    let hasIntegers = lua.engine.capabilities.contains(.integers)
    try expectEqual(try encoder.source(of: Mixed()), hasIntegers ? source : source.replacing(".0", with: ""))
    try expectEqual(try encoder.source(of: 5), "return 5")
    try expectEqual(try encoder.source(of: "a\"\n\0"), #"return "a\"\n\000""#)
    try expectEqual(try encoder.source(of: Int?.none), "return nil")
    try expectEqual(
      try encoder.source(of: ["goto": 1, "_ok1": 2, "1x": 3]), #"return {["1x"] = 3, _ok1 = 2, ["goto"] = 1}"#)
    let pretty = try encoder.source(
      of: ["list": [[1, 2], [3]], "other": (1...30).map { [$0] }], prettyPrinted: true)
    try expectContains(
      pretty, "return {\n  list = {{1, 2}, {3}},\n  other = {\n    {1},\n    {2},\n", "\n    {30},\n  },\n}")
  },
  area("source evaluates to what the value encodes to") { lua in
    try expectSame(Mixed(), lua)
    try expectSame([Mixed(), Mixed()], lua)
    try expectSame(
      [0.0, -0.0, 0, .infinity, -.infinity, .nan, 0.1, 1e15, 1e16, .leastNonzeroMagnitude, 1.7976931348623157e308], lua)
    try expectSame([0, -1, 1 << 53, -(1 << 53)], lua)
    try expectSame(["\u{0}\u{1}\u{7f}\u{85}\u{202e}\r\n\t\\\"'1", "]]--", "é𝄞", "\u{0}1"], lua)
    try expectSame([-1.5: "x", .infinity: "y"] as [Double: String], lua)
    try expectSame(true, lua)
    try expectSame(String?.none, lua)
    try expectSame([String: Int](), lua)
  },
  area("integers are exact", requires: .integers) { lua in
    try expectSame([Int.max, .min, (1 << 53) + 1, .min + 1], lua)
    try expectEqual(try LuaEncoder(lua).source(of: Int.min), "return (-9223372036854775807 - 1)")
  },
  area("large values are no limit of chunks") { lua in
    try expectSame((0..<9000).map { "text \($0)" }, lua)
    try expectSame(Dictionary(uniqueKeysWithValues: (0..<5000).map { ("key\($0)", Double($0) + 0.5) }), lua)
    try expectSame([["a": Array(0..<4000), "b": Array(0..<4001)], ["c": [1]]], lua)
  },
  area("a function has no more constants than it may", requires: .jit) { lua in
    let table: LuaTable = try lua.compile(LuaEncoder(lua).source(of: (0..<66_000).map { [$0] }))()
    try expectEqual(table.count, 66_000)
    try expectEqual(try table[66_000][1].as(Int.self), 65_999)
  },
  area("deep values are no limit of chunks") { lua in
    var chain = Chain()
    for i in 0..<200 { chain = Chain(items: Array(0..<(i % 60)), next: [chain]) }
    try expectSame(chain, lua)
    struct Nested: Encodable {
      var depth: Int
      var before: Int
      func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for i in 0..<before { try container.encode(i) }
        if depth > 0 { try container.encode(Nested(depth: depth - 1, before: before)) }
      }
    }
    try expectSame(Nested(depth: 180, before: 0), lua)
    try expectSame(Nested(depth: 180, before: 49), lua)
    try expectSame(Nested(depth: 180, before: 50), lua)
    try expectSame(Nested(depth: 180, before: 99), lua)
  },
  area("what cannot be encoded has no source") { lua in
    struct Refusing: Encodable {
      func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "no"))
      }
    }
    do {
      _ = try LuaEncoder(lua).source(of: [Refusing()])
      try expect(false, "it has")
    } catch EncodingError.invalidValue {}
    lua.close()
    try expectLuaError(.closed) { _ = try LuaEncoder(lua).source(of: [1]) }
  },
  area.engine("source is that of the runtime's encoding") { engine in
    var configuration = LuaConfiguration()
    configuration.stringEncoding = .isoLatin1
    let lua = try LuaRuntime.forCheck(engine, configuration)
    defer { lua.close() }
    try expectSame(["é", "ÿ\u{80}"], lua)
    try expectEqual(try LuaEncoder(lua).source(of: "é"), #"return "\233""#)
    let table: LuaTable = try lua.eval("{'\\195\\169'}")
    try expectEqual(table.dump(), #"{"\195\169"}"#)
  },
]
