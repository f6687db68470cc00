internal import Foundation
internal import LobaCore

// Types that are coded by declaring it.

private let area = Area("codable types")

private struct Event: LuaCodable, Equatable {
  var name: String
  var when: Date
  var mood: Mood?
  var parts: [Part] = []
}

private struct Part: LuaCodable, Equatable, Hashable { var x, y: Int }

private enum Mood: String, CaseIterable, LuaCodable { case calm, wild }
private enum Level: Int, LuaConvertible { case low = 1, high }
private enum Shape: LuaCodable, Equatable {
  case circle(radius: Double)
  case point
}

private struct Strict: LuaCodable, Equatable {
  var color: String
  static var luaCodingOptions: LuaCodingOptions { LuaCodingOptions(dates: .iso8601, unknownKeys: .refused) }
}

private struct Spec: LuaCodable {
  var inputFiles: [String]
  var byKind: [String: Spec]?
  static var luaCodingOptions: LuaCodingOptions { LuaCodingOptions(keys: .snakeCase) }
}

private struct Rule: LuaDecodable {
  var name: String
  var run: LuaFunction
  var extra: LuaTable?
  var any: LuaValue?
  var state: LuaTable?
  var co: LuaCoroutine?
  var file: LuaUserdata?
}

private struct Failure: Error, Equatable { var number: Int }

/// Throws an error of its own, both ways.
private struct Picky: LuaCodable {
  init() {}
  init(from decoder: any Decoder) throws { throw Failure(number: 1) }
  func encode(to encoder: any Encoder) throws { throw Failure(number: 2) }
}

/// Says itself what is wrong.
private struct Positive: LuaCodable {
  var value: Int
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = try container.decode(Int.self)
    if value <= 0 {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(value) is not positive")
    }
  }
}

private let runtimeKey = CodingUserInfoKey(rawValue: "runtime")!

/// Uses the runtime of the call that it is decoded in.
private struct Greedy: LuaDecodable {
  var sum: Int
  init(from decoder: any Decoder) throws {
    let container = try decoder.unkeyedContainer()
    sum = container.count ?? 0
    let lua = try LuaContext.current.map { try $0() } ?? { throw Failure(number: 3) }()
    try lua.collectGarbage()
    sum += try lua.eval("#string.rep('x', 5000)")
  }
}

/// Where the runtime is that a check decodes with: a decoder does not know.
private enum LuaContext {
  @TaskLocal static var current: (@Sendable () throws -> LuaRuntime)?
}

/// Is coded as itself, for ever.
private struct Endless: LuaCodable {
  init() {}
  init(from decoder: any Decoder) throws { self = try decoder.singleValueContainer().decode(Endless.self) }
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self)
  }
}

private class Animal: LuaCodable {
  var legs = 4
  init() {}
}

private final class Bird: Animal {
  override init() {
    super.init()
    legs = 2
  }
  required init(from decoder: any Decoder) throws { try super.init(from: decoder) }
}

private final class Tree: LuaCodable {
  var children: [Tree] = []
  init() {}
}

let luaCodableChecks: [ConformanceCheck] = [
  area("a type that declares it is an argument, a result, a field and an element") { lua in
    try lua.globals.set(
      "move",
      to: lua.function { (event: Event, seconds: Double) in
        Event(name: event.name + "!", when: event.when + seconds, mood: .wild, parts: event.parts.reversed())
      })
    let event: Event = try lua.eval("move({name = 'n', when = 10, parts = {{x = 1, y = 2}, {x = 3, y = 4}}}, 2.5)")
    let expected = Event(
      name: "n!", when: Date(timeIntervalSince1970: 12.5), mood: .wild, parts: [Part(x: 3, y: 4), Part(x: 1, y: 2)])
    try expectEqual(event, expected)
    try lua.globals.set("event", to: event)
    try expect(
      try lua.eval("event.name == 'n!' and event.when == 12.5 and event.mood == 'wild' and event.parts[2].x == 1"))
    try expectEqual(try lua.globals["event"] as Event, expected)
    try expectEqual(try lua.globals["nothing"] as Event?, nil)
    try expectEqual(try lua.eval("{event, event}") as [Event], [expected, expected])
    try expectEqual(try lua.eval("{a = event}") as [String: Event], ["a": expected])
    try expectEqual(try lua.eval("...", [Part(x: 5, y: 6)]) as [Part], [Part(x: 5, y: 6)])
    try expectEqual(try lua.eval("...", ["k": Part(x: 5, y: 6)]) as [String: Part], ["k": Part(x: 5, y: 6)])
    let (part, shape): (Part, Shape) = try lua.eval("{x = 1, y = 2}, {circle = {radius = 0.5}}")
    try expectEqual(part, Part(x: 1, y: 2))
    try expectEqual(shape, .circle(radius: 0.5))
    try expectEqual(try lua.eval("...", Shape.point) as Shape, .point)
    try expectEqual(try LuaDecoder().decode(Event.self, from: LuaEncoder(lua).encode(event)), expected)
  },
  area("what does not fit is a bad argument, with the place in it") { lua in
    try lua.globals.set("f", to: lua.function { (_: Event) in })
    for (source, words) in [
      ("f({name = 1, when = 0})", "bad argument #1 to 'f': expected Event, but at 'name': expected String, got"),
      ("f({name = 'n', wen = 0})", "there is no field 'when'; is it 'wen' that is meant?"),
      ("f({name = 'n', when = 0, parts = {{x = 1, y = 2}, {x = 1}}})", "at 'parts[2]': there is no field 'y'"),
      ("f({name = 'n', when = 0, parts = 5})", "at 'parts': expected a table, got number"),
      ("f(nil)", "expected a table, got nil"),
      ("f('x')", "expected a table, got string"),
      ("f(print)", "expected a table, got function"),
    ] {
      let error = try expectLuaError(.conversion) { try lua.execute(source) }
      try expectContains(error.message, words)
      try expect(error.underlying is DecodingError, "\(source): the error of the decoder is lost")
    }
    let path = try expectLuaError(.conversion) {
      _ = try lua.eval("{input_files = {}, by_kind = {oneKind = {input_files = {'a', true}}}}") as Spec
    }
    try expectContains(path.message, "at 'by_kind.oneKind.input_files[2]'")
    let element = try expectLuaError(.conversion) { _ = try lua.eval("{{x = 1, y = 2}, {x = true, y = 2}}") as [Part] }
    try expectContains(element.message, "result 1", "element 2", "at 'x': expected Int, got")
    try expect(element.underlying is DecodingError)
    struct Vast: LuaCodable { var date: Date }
    let vast = Vast(date: Date(timeIntervalSince1970: 1e300))
    let error = try expectLuaError(.conversion) { try lua.globals.set("x", to: vast) }
    try expectContains(error.message, "a Vast cannot be given to Lua: at 'date'", "too far away")
    let inner = try expectLuaError(.conversion) { try lua.globals.set("x", to: ["k": [vast]]) }
    try expectContains(inner.message, "key k", "key 1", "a Vast cannot be given to Lua: at 'date'")
    try expect(inner.underlying is EncodingError, "the error of the encoder is lost")
  },
  area("what only Lua has can be a part") { lua in
    try lua.globals.set("apply", to: lua.function { (rule: Rule) in try rule.run(rule.name, rule.extra) as LuaValue })
    try expectEqual(try lua.eval("apply {name = 'a', run = function(n, e) return n .. e[1] end, extra = {7}}"), "a7")
    let rule: Rule = try lua.eval(
      "{name = 'x', run = print, any = 5, state = {1}, co = coroutine.create(function() end), file = io.stdout}")
    try expect(rule.extra == nil && rule.any == 5 && rule.co?.status == .suspended && rule.file != nil)
    for (source, words) in [
      ("apply {name = 'a'}", "there is no field 'run'"),
      ("apply {name = 'a', run = 5}", "at 'run': expected LuaFunction, got"),
      ("apply {name = 'a', run = print, state = print}", "at 'state': expected LuaTable, got"),
    ] {
      try expectContains(try expectLuaError(.conversion) { try lua.execute(source) }.message, words)
    }
    // Other decoders have nothing for it.
    for field in ["\"run\": 1", "\"run\": null", "\"run\": {}"] {
      do {
        _ = try JSONDecoder().decode(Rule.self, from: Data("{\"name\": \"x\", \(field)}".utf8))
        try expect(false, "nothing was thrown")
      } catch is DecodingError {}
    }
    // Nil is a value of this type, and what is in tables is a field, whatever its name.
    struct Loose: LuaDecodable { var any: LuaValue, all: [String: LuaValue] }
    let loose: Loose = try lua.eval("{all = {a = 1, b = 'x'}}")
    try expect(loose.any == .nil && loose.all == ["a": 1, "b": "x"])
    try lua.execute("json = {encode = function(s) return 'e' .. s end}")
    let json: LuaTable = try lua.globals["json"]
    try expectEqual(try json.encode("5") as String, "e5")
    try expectEqual(try lua.globals.json.encode("6") as String, "e6")
  },
  area("an error of the type's own comes out as itself") { lua in
    try lua.globals.set("f", to: lua.function { (_: Picky) in })
    try lua.globals.set("g", to: lua.function { Picky() })
    try expectError(Failure(number: 1)) { try lua.execute("f({})") }
    try expectError(Failure(number: 1)) { _ = try lua.eval("{1}") as [Picky] }
    try expectError(Failure(number: 2)) { try lua.execute("g()") }
    try expectError(Failure(number: 2)) { try lua.globals.set("x", to: Picky()) }
    try expect(try lua.eval("not pcall(f, {}) and not pcall(g)"))
    let error = try expectLuaError(.conversion) { _ = try lua.eval("-5") as Positive }
    try expectContains(error.message, "expected Positive, but -5 is not positive")
    let failing: LuaValue = try lua.eval("setmetatable({}, {__index = function() error({code = 7}) end})")
    let raised = try expectLuaError(.runtime) { _ = try failing.as(Part.self) }
    try expectEqual(try raised.value.code.as(Int.self), 7)
  },
  area("a type may use the runtime while it is decoded") { lua in
    nonisolated(unsafe) let runtime = lua
    try lua.globals.set("f", to: lua.function { (a: Greedy, text: String, b: Greedy) in "\(a.sum) \(text) \(b.sum)" })
    try LuaContext.$current.withValue({ runtime }) {
      try expectEqual(try lua.eval("f({1, 2}, ('y'):rep(3), {})"), "5002 yyy 5000")
      try expectEqual(try (lua.eval("{{1}, {}}") as [Greedy]).map(\.sum), [5001, 5000])
      try lua.globals.set("close", to: lua.function { (_: Greedy) in runtime.close() })
    }
    try expectError(Failure(number: 3)) { try lua.execute("f({}, '', {})") }
  },
  area("options that a type declares hold where it is passed as itself") { lua in
    try expectEqual(try lua.eval("{color = 'red'}") as Strict, Strict(color: "red"))
    let error = try expectLuaError(.conversion) { _ = try lua.eval("{color = 'red', colour = 'blue'}") as Strict }
    try expectContains(error.message, "there is no 'colour'; did you mean 'color'?")
    struct Outer: LuaCodable { var strict: Strict }
    _ = try lua.eval("{strict = {color = 'red', colour = 'blue'}}") as Outer
  },
  area("types with raw values are these, and an error names them") { lua in
    try expectEqual(try lua.eval("{'calm', 'wild'}") as [Mood], [.calm, .wild])
    try expectEqual(try lua.eval("...", Mood.wild) as String, "wild")
    try expectEqual(try lua.eval("2") as Level, .high)
    try expectEqual(try lua.eval("...", [Level.low, .high]) as [Int], [1, 2])
    try lua.globals.set("f", to: lua.function { (_: Mood, _: Level) in })
    let error = try expectLuaError(.conversion) { try lua.execute("f('wilt', 1)") }
    try expectContains(
      error.message, "#1 to 'f': expected Mood (calm, wild), got string \"wilt\"; did you mean 'wild'?")
    try expectContains(
      try expectLuaError(.conversion) { try lua.execute("f('calm', 3)") }.message,
      "#2 to 'f': expected Level, got number 3")
    for source in ["f(1, 1)", "f(nil, 1)", "f({}, 1)", "f('\\255', 1)", "f('calm', 1.5)", "f('calm', '1')"] {
      try expectLuaError(.conversion) { try lua.execute(source) }
    }
  },
  area("a host object is decoded as itself") { lua in
    struct Holder: LuaCodable { var part: Part }
    try expectEqual(try (lua.eval("{part = ...}", lua.wrap(Part(x: 1, y: 2))) as Holder).part, Part(x: 1, y: 2))
    try expectEqual(try lua.eval("...", lua.wrap(Part(x: 1, y: 2))) as Part, Part(x: 1, y: 2))
    try expectLuaError(.conversion) { _ = try lua.eval("{part = ...}", lua.wrap(Strict(color: ""))) as Holder }
    try expectLuaError(.conversion) { _ = try lua.eval("...", lua.wrap(Strict(color: ""))) as Part }
    try expectLuaError(.conversion) { _ = try lua.eval("io.stdout") as Part }
  },
  area("circles are refused where they close") { lua in
    let source = "(function() local t = {children = {{children = {}}}} t.children[2] = t return t end)()"
    let error = try expectLuaError(.conversion) { _ = try lua.eval(source) as Tree }
    try expectContains(error.message, "at 'children[2]': the table contains itself: it is the table itself again")
    let tree = Tree()
    let inner = Tree()
    tree.children = [Tree(), inner]
    inner.children = [inner]
    defer { inner.children = [] }
    let encoding = try expectLuaError(.conversion) { try lua.globals.set("x", to: tree) }
    try expectContains(
      encoding.message, "at 'children[2].children[1]': an object contains itself: it is 'children[2]' again")
    // One that only looks like it is not: the types say where it ends.
    struct Global: LuaDecodable { var _G: Inner }
    struct Inner: LuaDecodable { var _VERSION: String }
    try expectContains(try (lua.eval("_G") as Global)._G._VERSION, "Lua")
    try lua.execute("deep = {children = {}} for i = 1, 20000 do deep = {children = {deep}} end")
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.globals["deep"] as Tree }.message, "nested too deeply")
  },
  area("coding that has no end throws") { lua in
    try expectLuaError(.conversion) { _ = try lua.eval("{}") as Endless }
    try expectLuaError(.conversion) { _ = try lua.eval("5") as Endless }
    try expectLuaError(.conversion) { try lua.globals.set("x", to: Endless()) }
    let options = LuaCodingOptions(
      dates: .custom(
        encode: { date, encoder in
          var container = encoder.singleValueContainer()
          try container.encode(date)
        },
        decode: { try $0.singleValueContainer().decode(Date.self) }))
    try expectThrown { _ = try LuaEncoder(lua, options: options).encode([Date()]) }
    try expectThrown { _ = try LuaDecoder(options: options).decode([Date].self, from: lua.eval("{1}")) }
  },
  area("a class is read as the type that is wanted") { lua in
    try expectEqual(try (lua.eval("{legs = 3}") as Bird).legs, 3)
    try expectEqual(try (lua.eval("{legs = 3}") as Animal).legs, 3)
    try expectEqual(try (lua.eval("...", Bird() as Animal) as Animal).legs, 2)
  },
  area("a closed runtime, and one without memory") { lua in
    let table: LuaValue = try lua.eval("{1, 2}")
    let before = lua.memoryUsed
    lua.memoryLimit = before + 20_000
    let parts = (0..<2000).map { Part(x: $0, y: 0) }
    for _ in 0..<5 {
      try expectLuaError(.memory) { _ = try lua.value(parts) }
      try expectLuaError(.memory) { _ = try LuaEncoder(lua).encode(parts) }
      try expectLuaError(.memory) { _ = try LuaEncoder(lua).source(of: parts) }
    }
    lua.memoryLimit = nil
    try expectUsable(lua)
    lua.close()
    try expectLuaError(.closed) { _ = try table.as([Part].self) }
    try expectLuaError(.closed) { _ = try LuaDecoder().decode([Int].self, from: table) }
    try expectLuaError(.closed) { _ = try LuaDecoder().decode([String: Int].self, from: table) }
    try expectLuaError(.closed) { _ = try LuaEncoder(lua).encode(parts) }
    try expectEqual(try LuaValue.number(1.5).as(Date.self), Date(timeIntervalSince1970: 1.5))
    try expectEqual(try LuaValue.string("wild").as(Mood.self), .wild)
  },
]
