internal import LobaCore

private struct Part: Codable, Equatable {
  var list: [Int?]
  var text: String?
  var number: Double
}

private enum Mood: String, Codable { case calm, wild }

private struct Whole: Codable, Equatable {
  var name: String
  var part: Part
  var parts: [String: Part]
  var mood: Mood
  var small: UInt8
  var grid: [[Int]]
}

private final class Node: Codable {
  var next: Node?
}

private let area = Area("codable")

let codableChecks: [ConformanceCheck] = [
  area("a structure becomes a table and comes back") { lua in
    let part = Part(list: [1, nil, 3], text: nil, number: 1.5)
    let whole = Whole(name: "n", part: part, parts: ["k": part], mood: .wild, small: 7, grid: [[1, 2], [], [3]])
    try lua.globals.set("whole", to: LuaEncoder(lua).encode(whole))
    try expectEqual(try lua.eval("whole.part.list[3]"), 3)
    try expectEqual(try lua.eval("#whole.part.list"), 3)
    try expectEqual(try lua.eval("whole.part.list[2] == swift.none"), true)
    try expectEqual(try lua.eval("whole.part.text == nil"), true)
    try expectEqual(try lua.eval("whole.parts.k.number"), 1.5)
    try expectEqual(try lua.eval("whole.mood"), "wild")
    try expectEqual(try LuaDecoder().decode(Whole.self, from: lua.eval("whole")), whole)
  },
  area("plain values are encoded as themselves") { lua in
    try expectEqual(try LuaEncoder(lua).encode(5), 5)
    try expectEqual(try LuaEncoder(lua).encode("x"), "x")
    try expectEqual(try LuaEncoder(lua).encode(true), true)
    try expectEqual(try LuaDecoder().decode([Int].self, from: lua.eval("{1, 2, 3}")), [1, 2, 3])
    try expectEqual(try LuaDecoder().decode(Int.self, from: 4), 4)
  },
  area("what does not fit throws with the path to it") { lua in
    let cases: [(String, [String])] = [
      ("5", []), ("{name = 1}", ["name"]), ("{name = 'n', part = {list = {1, 'x'}}}", ["part", "list", "Index 1"]),
    ]
    for (source, path) in cases {
      do {
        _ = try LuaDecoder().decode(Whole.self, from: lua.eval(source))
        try expect(false, "\(source) was decoded")
      } catch DecodingError.typeMismatch(_, let context) {
        try expectEqual(context.codingPath.map(\.stringValue), path, source)
      }
    }
    do {
      _ = try LuaDecoder().decode(Whole.self, from: lua.eval("{}"))
      try expect(false, "an empty table was decoded")
    } catch DecodingError.keyNotFound(let key, _) {
      try expectEqual(key.stringValue, "name")
    }
    try expectUsable(lua)
  },
  area("a file handle and a table that contains itself throw") { lua in
    do {
      _ = try LuaDecoder().decode(Part.self, from: lua.eval("io.stdout"))
      try expect(false, "a file was decoded")
    } catch DecodingError.typeMismatch {}
    do {
      _ = try LuaDecoder().decode(Node.self, from: lua.eval("(function() local t = {} t.next = t return t end)()"))
      try expect(false, "a circle was decoded")
    } catch DecodingError.dataCorrupted {}
    let node = Node()
    node.next = node
    defer { node.next = nil }
    do {
      _ = try LuaEncoder(lua).encode(node)
      try expect(false, "a circle was encoded")
    } catch EncodingError.invalidValue {}
    try expectUsable(lua)
  },
  area("metamethods are honoured, and their errors come through") { lua in
    let value: LuaValue = try lua.eval("setmetatable({}, {__index = function(_, k) return ({name = 'x'})[k] end})")
    struct Name: Decodable { var name: String }
    try expectEqual(try LuaDecoder().decode(Name.self, from: value).name, "x")
    let failing: LuaValue = try lua.eval("setmetatable({}, {__index = function() error('no') end})")
    try expectLuaError(.runtime) { _ = try LuaDecoder().decode(Name.self, from: failing) }
  },
]
