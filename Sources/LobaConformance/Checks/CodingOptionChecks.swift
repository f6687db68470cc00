internal import Foundation
internal import LobaCore

// What encoder and decoder do in one of several ways.

private let area = Area("coding options")

private struct Size: Codable, Equatable { var width, height: Int }

private struct Window: Codable, Equatable {
  var title: String? = "main"
  var size = Size(width: 640, height: 480)
  var tags = ["a", "b"]
  var limits = ["x": 1]
  var shape = Shape.circle(radius: 1, hole: nil)
}

private enum Shape: Codable, Equatable { case circle(radius: Double, hole: Double?), square(side: Double) }

private struct When: Codable, Equatable { var at: Date }

private class Base: Codable {
  var name = ""
  init() {}
}

private final class Derived: Base {
  var extra = 0
  enum Keys: CodingKey { case extra }
  override init() { super.init() }
  required init(from decoder: any Decoder) throws {
    try super.init(from: decoder)
    extra = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .extra)
  }
}

private struct Snake: Codable, Equatable {
  struct Inner: Codable, Equatable {
    var aLongName: Int
  }
  var userName: String
  var homeURL: Int
  var _hiddenPart: Int
  var aURLPath: Int
  var plain: [String: Int]
  var inner: [Inner]
}

/// Reads the one element of a list by hand.
private struct Wrapped: Decodable {
  var extra: Int
  enum Keys: CodingKey { case extra }
  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    extra = try list.nestedContainer(keyedBy: Keys.self).decode(Int.self, forKey: .extra)
  }
}

private struct Informed: Codable, Equatable {
  var word: String
  init(_ word: String) { self.word = word }
  init(from decoder: any Decoder) throws { word = decoder.userInfo[infoKey] as? String ?? "none" }
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(encoder.userInfo[infoKey] as? String ?? "none")
  }
}

private let infoKey = CodingUserInfoKey(rawValue: "word")!

private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

private func expectRefused<T: Decodable>(
  _ type: T.Type, _ value: LuaValue, _ options: LuaCodingOptions, _ words: String..., file: StaticString = #fileID,
  line: UInt = #line
) throws {
  do {
    _ = try LuaDecoder(options: options).decode(type, from: value)
  } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
    DecodingError.keyNotFound(_, let context), DecodingError.valueNotFound(_, let context)
  {
    for word in words { try expectContains(context.debugDescription, word, file: file, line: line) }
    return
  }
  throw ConformanceFailure(message: "it was decoded as \(type)", file: file, line: line)
}

let codingOptionChecks: [ConformanceCheck] = [
  area("dates are texts by ISO 8601") { lua in
    let options = LuaCodingOptions(dates: .iso8601)
    for (seconds, text) in [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (0.5, "1970-01-01T00:00:00.500Z"),
      (-0.25, "1969-12-31T23:59:59.750Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (1_764_250_273.123456, "2025-11-27T13:31:13.123456Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
      (-62_167_219_200, "0000-01-01T00:00:00Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
    ] as [(Double, String)] {
      let value = try LuaEncoder(lua, options: options).encode(When(at: date(seconds)))
      try expectEqual(try value.at.as(String.self), text)
      try expectEqual(try LuaDecoder(options: options).decode(When.self, from: value), When(at: date(seconds)), text)
    }
    for (text, seconds) in [
      ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T18:30:00-0530", 0), ("1970-01-01T00:00:00.25Z", 0.25),
    ] as [(String, Double)] {
      let value = try LuaDecoder(options: options).decode(Date.self, from: .string(LuaString(text)))
      try expectEqual(value, date(seconds), text)
    }
    for text in [
      "", "1970-01-01", "1970-01-01T00:00:00", "1970-02-30T00:00:00Z", "1970-13-01T00:00:00Z", "1970-01-01T24:00:00Z",
      "1970-01-01T00:60:00Z", "1970-01-01T00:00:00Zx", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+25:00",
      "1970-01-01T00:00:00+1", "x970-01-01T00:00:00Z", "1970-01-01T00:00:00.\(String(repeating: "1", count: 30))Z",
      "1970-00-10T00:00:00Z", "1970-01-00T00:00:00Z",
    ] {
      try expectRefused(Date.self, .string(LuaString(text)), options, "expected a date such as")
    }
    try expectRefused(Date.self, 5, options, "expected String")
    for seconds in [253_402_300_800, -62_167_219_201, 1e300, .nan] {
      do {
        _ = try LuaEncoder(lua, options: options).encode(When(at: date(seconds)))
        try expect(false, "\(seconds) was encoded")
      } catch EncodingError.invalidValue(_, let context) {
        try expectContains(context.debugDescription, "too far away")
      }
    }
  },
  area("dates are tables as os.date has them, and os.time reads them") { lua in
    let local = LuaCodingOptions(dates: .fields())
    for seconds in [0, 1_764_250_273, 1_719_830_000, 951_782_400, 86400 * 365] {
      let value = try LuaEncoder(lua, options: local).encode(date(Double(seconds)))
      let code = """
        (function(t, n)
          local u = os.date('*t', n)
          for k, v in pairs(u) do if t[k] ~= v then return k .. ' is ' .. tostring(t[k]) .. ', not ' .. tostring(v) end end
          for k in pairs(t) do if u[k] == nil then return k end end
          return os.time(t) == n and 'same' or 'other time'
        end)(...)
        """
      try expectEqual(try lua.eval(code, value, seconds), "same")
      let back: LuaValue = try lua.eval("os.date('*t', ...)", seconds)
      try expectEqual(try LuaDecoder(options: local).decode(Date.self, from: back), date(Double(seconds)))
    }
    let utc = LuaCodingOptions(dates: .fields(in: .gmt))
    let value: LuaValue = try lua.eval("os.date('!*t', 1764250273)")
    try expectEqual(try LuaDecoder(options: utc).decode(Date.self, from: value), date(1_764_250_273))
    try expectEqual(
      try LuaDecoder(options: utc).decode(Date.self, from: lua.eval("{year = 1970, month = 1, day = 1}")), date(43200))
    try expectEqual(
      try LuaDecoder(options: utc).decode(
        Date.self, from: lua.eval("{year = 1970, month = 14, day = 0, hour = -1, min = 61, sec = -1}")),
      date(Double(((365 + 30) * 24 * 60 + 0) * 60 + 59)))
    let far = try LuaEncoder(lua, options: utc).encode(date(-9e12 + 0.5))
    try expectEqual(try LuaDecoder(options: utc).decode(Date.self, from: far), date(-9e12))
    let missing: LuaValue = try lua.eval("{year = 1970, day = 1}")
    try expectRefused(Date.self, missing, utc, "expected Int, got nil")
    for source in [
      "{year = 2^62, month = 1, day = 1}", "{year = 1970, month = 1, day = 1, sec = -2^60}", "5", "'x'",
      "{year = 1e9, month = 1, day = 1}", "{year = 'x', month = 1, day = 1}", "{year = 0/0, month = 1, day = 1}",
    ] {
      try expectRefused(Date.self, lua.eval(source), utc)
    }
  },
  area("the hour that clocks show twice is told by isdst") { lua in
    let zone = TimeZone(identifier: "Europe/London")!
    let options = LuaCodingOptions(dates: .fields(in: zone))
    for seconds in [1_761_436_800 - 1, 1_761_436_800, 1_761_440_399, 1_761_440_400, 1_761_444_000, 1_743_296_400] {
      let value = try LuaEncoder(lua, options: options).encode(date(Double(seconds)))
      try expectEqual(try LuaDecoder(options: options).decode(Date.self, from: value), date(Double(seconds)))
    }
    let twice: LuaValue = try lua.eval("{year = 2025, month = 10, day = 26, hour = 1, min = 30}")
    try expectEqual(try LuaDecoder(options: options).decode(Date.self, from: twice), date(1_761_438_600))
    let never: LuaValue = try lua.eval("{year = 2025, month = 3, day = 30, hour = 1, min = 30}")
    try expectEqual(try LuaDecoder(options: options).decode(Date.self, from: never), date(1_743_298_200))
  },
  area("dates are what closures make of them") { lua in
    let options = LuaCodingOptions(
      dates: .custom(
        encode: { date, encoder in
          var container = encoder.singleValueContainer()
          try container.encode("day \(Int(date.timeIntervalSince1970 / 86400))")
        },
        decode: { decoder in
          let text = try decoder.singleValueContainer().decode(String.self)
          return date(86400 * Double(text.dropFirst(4))!)
        }))
    let value = try LuaEncoder(lua, options: options).encode([When(at: date(3 * 86400))])
    try expectEqual(try value[1].at.as(String.self), "day 3")
    try expectEqual(try LuaDecoder(options: options).decode([When].self, from: value), [When(at: date(3 * 86400))])
  },
  area("nil in arrays and dictionaries is kept, or dropped") { lua in
    struct Holder: Codable, Equatable {
      var list: [Int?] = [nil, 1, nil, 2]
      var entries: [String: Int?] = ["a": nil, "b": 1]
      var field: Int?
    }
    let kept = try LuaEncoder(lua).encode(Holder())
    try expect(
      try lua.eval(
        "(function(t) return #t.list == 4 and t.list[1] == swift.none and t.entries.a == swift.none end)(...)", kept))
    try expectEqual(try LuaDecoder().decode(Holder.self, from: kept), Holder())
    let dropped = try LuaEncoder(lua, options: LuaCodingOptions(nils: .dropped)).encode(Holder())
    try expect(
      try lua.eval("(function(t) return #t.list == 2 and t.list[1] == 1 and t.entries.a == nil end)(...)", dropped))
    try expectEqual(
      try LuaDecoder().decode(Holder.self, from: dropped), Holder(list: [1, 2], entries: ["b": 1]))
  },
  area("unknown keys are refused with a word on what was meant") { lua in
    let strict = LuaCodingOptions(unknownKeys: .refused)
    let sound =
      "{title = 't', size = {width = 1, height = 2}, tags = {}, limits = {y = 2}, shape = {square = {side = 1}}}"
    _ = try LuaDecoder(options: strict).decode(Window.self, from: lua.eval(sound))
    func refused(_ change: String, _ words: String, _ path: String, line: UInt = #line) throws {
      let value: LuaValue = try lua.eval("(function() local w = \(sound); \(change) return w end)()")
      _ = try LuaDecoder().decode(Window.self, from: value)
      do {
        _ = try LuaDecoder(options: strict).decode(Window.self, from: value)
      } catch DecodingError.dataCorrupted(let context) {
        try expectContains(context.debugDescription, words, line: line)
        return try expectEqual(context.codingPath.map(\.stringValue).joined(separator: "."), path, line: line)
      }
      throw ConformanceFailure(message: "\(change) was accepted", file: #fileID, line: line)
    }
    try refused("w.titel = 1", "there is no 'titel'; did you mean 'title'?", "")
    try refused("w.size.heigth = 1", "there is no 'heigth'; did you mean 'height'?", "size")
    try refused("w.zzzzzz = 1", "there is no 'zzzzzz'", "")
    try refused("w[1] = 1", "there is no '[1]'", "")
    try refused("w[true] = 1", "there is no '[true]'", "")
    try refused("w[0.5] = 1", "there is no '[0.5]'", "")
    try refused("w['\\255'] = 1", "there is no", "")
    try refused("w.tags.n = 1", "a key of the list", "tags")
    try refused("w.shape.square.sid = 1", "there is no 'sid'; did you mean 'side'?", "shape.square")
    let missing: LuaValue = try lua.eval("{width = 1, heigth = 2}")
    try expectRefused(Size.self, missing, strict, "there is no field 'height'; is it 'heigth' that is meant?")
    try expectRefused(
      Size.self, missing, LuaCodingOptions(), "there is no field 'height'; is it 'heigth' that is meant?")
    let derived: LuaValue = try lua.eval("{name = 'n', extra = 1}")
    try expectEqual(try LuaDecoder(options: strict).decode(Derived.self, from: derived).extra, 1)
    try expectRefused(Derived.self, try lua.eval("{name = 'n', extra = 1, extar = 2}"), strict, "did you mean 'extra'?")
    try expectEqual(try LuaDecoder(options: strict).decode(Wrapped.self, from: lua.eval("{{extra = 1}}")).extra, 1)
    try expectRefused(Wrapped.self, try lua.eval("{{extra = 1, extar = 2}}"), strict, "did you mean 'extra'?")
    let inherited: LuaValue = try lua.eval("setmetatable({width = 1}, {__index = {height = 2, depth = 3}})")
    try expectEqual(try LuaDecoder(options: strict).decode(Size.self, from: inherited), Size(width: 1, height: 2))
    try lua.execute("many = {width = 1} for i = 1, 20000 do many['k' .. i] = i end")
    try expectRefused(Size.self, try lua.globals["many"], strict, "there is no field 'height'")
  },
  area("what is not there is as it is in the defaults") { lua in
    func decode(_ source: String, _ defaults: Window = Window()) throws -> Window {
      try LuaDecoder().decode(Window.self, from: lua.eval(source), defaults: defaults)
    }
    try expectEqual(try decode("{}"), Window())
    try expectEqual(try decode("nil"), Window())
    try expectEqual(try decode("{title = 'x'}"), Window(title: "x"))
    try expectEqual(try decode("{title = swift.none}"), Window(title: nil))
    try expectEqual(try decode("{size = {width = 800}}"), Window(size: Size(width: 800, height: 480)))
    try expectEqual(try decode("{tags = {}, limits = {y = 2}}"), Window(tags: [], limits: ["y": 2]))
    try expectEqual(try decode("{shape = {square = {side = 2}}}"), Window(shape: .square(side: 2)))
    try expectEqual(try decode("{shape = {circle = {hole = 2}}}"), Window(shape: .circle(radius: 1, hole: 2)))
    try expectEqual(try decode("{}", Window(title: nil)), Window(title: nil))
    try expectThrown { _ = try decode("{size = {width = 'x'}}") }
    try expectThrown { _ = try decode("{size = 5}") }
    try expectThrown { _ = try decode("5") }
    try expectEqual(try LuaDecoder().decode(Int.self, from: 5, defaults: 3), 5)
    try expectEqual(try LuaDecoder().decode(Int?.self, from: nil, defaults: 3), 3)
    try expectEqual(try LuaDecoder().decode([Int].self, from: lua.eval("{}"), defaults: [3]), [])
    let strict = LuaDecoder(options: LuaCodingOptions(unknownKeys: .refused))
    try expectThrown { _ = try strict.decode(Window.self, from: lua.eval("{titel = 'x'}"), defaults: Window()) }
    let date = When(at: date(1.5))
    let iso = LuaDecoder(options: LuaCodingOptions(dates: .iso8601, nils: .dropped))
    try expectEqual(try iso.decode(When.self, from: lua.eval("{}"), defaults: date), date)
  },
  area("fields in snake case") { lua in
    let options = LuaCodingOptions(unknownKeys: .refused, keys: .snakeCase)
    let user = Snake(
      userName: "x", homeURL: 1, _hiddenPart: 2, aURLPath: 3, plain: ["aB": 4], inner: [.init(aLongName: 5)])
    let value = try LuaEncoder(lua, options: options).encode(user)
    for (name, number) in [("home_url", 1), ("_hidden_part", 2), ("a_url_path", 3)] {
      try expectEqual(try value[name].as(Int.self), number)
    }
    try expectEqual(try value["user_name"].as(String.self), "x")
    try expectEqual(try value["plain"]["aB"].as(Int.self), 4)
    try expectEqual(try value["inner"][1]["a_long_name"].as(Int.self), 5)
    try expectEqual(try LuaDecoder(options: options).decode(Snake.self, from: value), user)
    try lua.globals.set("user", to: value)
    for (change, words) in [
      ("user_name = nil user.user_nam = 1", "there is no field 'user_name'; is it 'user_nam' that is meant?"),
      ("user_name = 'x' user.user_nam = nil user.userName = 1", "there is no 'userName'; did you mean 'user_name'?"),
    ] {
      try lua.execute("user.\(change)")
      do {
        _ = try LuaDecoder(options: options).decode(Snake.self, from: value)
        try expect(false, "nothing was thrown")
      } catch DecodingError.dataCorrupted(let context) {
        try expectContains(context.debugDescription, words)
      } catch DecodingError.keyNotFound(_, let context) {
        try expectContains(context.debugDescription, words)
      }
    }
    let defaults = try LuaDecoder(options: options).decode(
      Snake.self, from: lua.eval("{home_url = 9, user_name = 'y'}"), defaults: user)
    try expect(defaults.homeURL == 9 && defaults.userName == "y" && defaults.plain == ["aB": 4])
  },
  area("a type finds the userInfo that it was given") { lua in
    let options = LuaCodingOptions(userInfo: [infoKey: "word"])
    let value = try LuaEncoder(lua, options: options).encode([Informed("")])
    try expectEqual(try value[1].as(String.self), "word")
    try expectEqual(try LuaDecoder(options: options).decode([Informed].self, from: value), [Informed("word")])
    try expectEqual(try LuaDecoder().decode(Informed.self, from: nil).word, "none")
  },
  area("an empty table is an empty array and an empty dictionary") { lua in
    let empty: LuaValue = try lua.eval("{}")
    try expectEqual(try LuaDecoder().decode([Int].self, from: empty), [])
    try expectEqual(try LuaDecoder().decode([String: Int].self, from: empty), [:])
    try expectEqual(try LuaDecoder().decode([Int: Int].self, from: empty), [:])
    try expectEqual(try LuaDecoder().decode(Set<Int>.self, from: empty), [])
    let mixed: LuaValue = try lua.eval("{1, 2, x = 3}")
    try expectEqual(try LuaDecoder().decode([Int].self, from: mixed), [1, 2])
    try expectEqual(try LuaDecoder().decode([String: Int].self, from: mixed), ["1": 1, "2": 2, "x": 3])
    try expectRefused([Int].self, mixed, LuaCodingOptions(unknownKeys: .refused), "string")
  },
]
