internal import LobaCore

// Which keys of a table stand for which keys of a dictionary or fields of a structure.

private let area = Area("coding keys")

private struct Fields: Decodable, Equatable {
  var name: String?
  var size: Int?
}

/// A structure whose coding keys are numbers.
private struct Numbered: Codable, Equatable {
  var first: String
  var second: String?
  enum CodingKeys: Int, CodingKey { case first = 1, second = 2 }
}

private enum Name: String, Codable, CodingKeyRepresentable { case one = "1", padded = "01", word }
private enum Number: Int, Codable, CodingKeyRepresentable { case one = 1, two }

/// A value that lets a dictionary code itself in its place.
private struct Wrapper: Codable, Equatable {
  var entries: [String: String]
  init(_ entries: [String: String]) { self.entries = entries }
  init(from decoder: any Decoder) throws { entries = try [String: String](from: decoder) }
  func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }
}

private func throwsDecodingError<T: Decodable>(
  _ type: T.Type, _ value: LuaValue, file: StaticString = #fileID, line: UInt = #line
) throws -> DecodingError.Context {
  do {
    let decoded = try LuaDecoder().decode(type, from: value)
    throw ConformanceFailure(message: "decoded as \(decoded)", file: file, line: line)
  } catch DecodingError.typeMismatch(_, let context) {
    return context
  } catch DecodingError.dataCorrupted(let context) {
    return context
  }
}

/// Encodes a value, decodes it, and compares; gives the table.
@discardableResult
private func roundTrip<T: Codable & Equatable>(
  _ value: T, _ lua: LuaRuntime, file: StaticString = #fileID, line: UInt = #line
) throws -> LuaValue {
  let encoded = try LuaEncoder(lua).encode(value)
  try expectEqual(try LuaDecoder().decode(T.self, from: encoded), value, file: file, line: line)
  return encoded
}

let codingKeyChecks: [ConformanceCheck] = [
  area("dictionaries of every kind of key come back as they were") { lua in
    try roundTrip(["2": "a", "02": "b", "+2": "c", "-0": "d", "": "e", "2.0": "f", " 2": "g"], lua)
    try roundTrip([1: "a", 2: "b", -5: "c", 0: "d"], lua)
    try roundTrip(["1": [1: ["1": 1.5]]], lua)
    try roundTrip(["a": 1, "b": nil] as [String: Int?], lua)
    try roundTrip([1: nil, 2: 5] as [Int: Int?], lua)
    try roundTrip([Name.one: 1, .padded: 2, .word: 3], lua)
    try roundTrip([Number.one: 1, .two: 2], lua)
    try roundTrip([1.5: "x", 2: "y"] as [Double: String], lua)
    try roundTrip([true: "x"], lua)
    try roundTrip([UInt8(3): "x"], lua)
    try roundTrip(Wrapper(["2": "a", "02": "b", "+2": "c"]), lua)
    try roundTrip([Wrapper(["1": "a"])], lua)
    try roundTrip(Numbered(first: "a", second: "b"), lua)
    try roundTrip([Numbered(first: "a", second: nil)], lua)
    try roundTrip(Optional(["1": "a"]), lua)
  },
  area("text keys are strings in Lua, integer keys integers") { lua in
    func holds(_ code: String, _ value: some Encodable, line: UInt = #line) throws {
      try expect(try lua.eval("(function(t) return \(code) end)(...)", LuaEncoder(lua).encode(value)), code, line: line)
    }
    try holds("t['1'] == 'a' and t[1] == nil", ["1": "a"])
    try holds("t[1] == 'a' and t['1'] == nil", [1: "a"])
    try holds("t.x['1'] == 'a'", ["x": ["1": "a"]])
    try holds("t['1'] == 1 and t['01'] == 2", [Name.one: 1, .padded: 2])
    try holds("t[1] == 1 and t[2] == 2", [Number.one: 1, .two: 2])
    try holds("t[1] == 'a' and t[2] == nil", Numbered(first: "a", second: nil))
    try holds("t.a == swift.none", ["a": Int?.none])
  },
  area("an integer key is its text where text is asked for, unless both are there") { lua in
    let list: LuaValue = try lua.eval("{'a', 'b', x = 'c'}")
    try expectEqual(try LuaDecoder().decode([String: String].self, from: list), ["1": "a", "2": "b", "x": "c"])
    let both: LuaValue = try lua.eval("{['1'] = 's', [1] = 'i'}")
    try expectContains(try throwsDecodingError([String: String].self, both).debugDescription, "1")
    try expectContains(try throwsDecodingError(Wrapper.self, both).debugDescription, "1")
    _ = try throwsDecodingError([[String: String]].self, .table(lua.table(from: [both])))
    try expectEqual(
      try LuaDecoder().decode([String: String].self, from: lua.eval("{['1'] = 's', ['01'] = 'i'}")).count, 2)
  },
  area("a key that no key of the dictionary can be throws") { lua in
    for source in [
      "{[true] = 1}", "{[1.5] = 1}", "{[{}] = 1}", "{['\\255'] = 1}", "{['\\195\\169'] = 1, ['e\\204\\129'] = 2}",
    ] {
      _ = try throwsDecodingError([String: Int].self, lua.eval(source))
    }
    for source in ["{x = 1}", "{['1'] = 1}", "{[true] = 1}", "{[1.5] = 1}", "{1, x = 2}"] {
      _ = try throwsDecodingError([Int: Int].self, lua.eval(source))
    }
  },
  area("keys of a table that a structure has no field for are nobody's business") { lua in
    let table: LuaValue = try lua.eval("{name = 'n', [true] = 1, [1] = 2, [1.5] = 3, ['\\255'] = 4, [print] = 5}")
    try expectEqual(try LuaDecoder().decode(Fields.self, from: table), Fields(name: "n"))
  },
  area("an optional field whose __index raises throws what it raises") { lua in
    let failing: LuaValue = try lua.eval(
      "setmetatable({name = 'n'}, {__index = function(_, k) error({key = k}) end})")
    let error = try expectLuaError(.runtime) { _ = try LuaDecoder().decode(Fields.self, from: failing) }
    try expectEqual(try error.value.key.as(String.self), "size")
    let partly: LuaValue = try lua.eval(
      "setmetatable({}, {__index = function(_, k) if k == 'size' then return 7 end end})")
    try expectEqual(try LuaDecoder().decode(Fields.self, from: partly), Fields(size: 7))
  },
]
