internal import LobaCore

private let area = Area("text encodings")

private func latinCheck(_ sentence: String, _ body: @escaping @Sendable (LuaRuntime) throws -> Void) -> ConformanceCheck
{
  area.engine(sentence) { engine in
    var configuration = LuaConfiguration()
    configuration.stringEncoding = .isoLatin1
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try body(lua)
    try expectUsable(lua)
  }
}

/// Two bytes that are two characters in Latin-1, and one in UTF-8.
private let source = "'\\195\\169'"
private let text = "Ã©"

private struct Named: Codable, Equatable {
  var name: String
  var other: String?
  var byName: [String: String] = [:]
}

private struct Described: Error, CustomStringConvertible {
  let description: String
}

let textEncodingChecks: [ConformanceCheck] = [
  latinCheck("a string reads as the same text directly and as a value") { lua in
    try expectEqual(try lua.eval(source) as String, text)
    let value: LuaValue = try lua.eval(source)
    try expectEqual(try value.as(String.self), text)
    try expectEqual(try value.as(String?.self), text)
    try expectEqual(try value.as(Any.self) as? String, text)
    try expectEqual(try value.as(LuaValue.self), value)
    try expectEqual(value.description, text)
    let string = try value.as(LuaString.self)
    try expectEqual(string.text, text)
    try expectEqual("\(string)", text)
    try expectEqual((try lua.eval(source) as LuaString).text, text)
    try expectEqual(try lua.value(text), value)
    try expectEqual(try lua.value(text).as(String.self), text)
  },
  latinCheck("a string that is no UTF-8 is text as a value") { lua in
    let value: LuaValue = try lua.eval("'\\233'")
    try expectEqual(try value.as(String.self), "é")
    try expectEqual(value.description, "é")
    let argument = try lua.function { (value: LuaValue) in try value.as(String.self) + "!" }
    try expectEqual(try argument(value) as String, "é!")
  },
  latinCheck("the keys and strings of tables are text in the runtime's encoding") { lua in
    let table: LuaTable = try lua.eval("{[\(source)] = {\(source), '\\233'}}")
    try expectEqual(table.keys.map(\.description), [text])
    let value = try table.swiftValue() as? [String: [String]]
    try expectEqual(value, [text: [text, "é"]])
    try expectEqual(try table.as([String: [String]].self), [text: [text, "é"]])
    try expectEqual(try LuaValue.table(table).as([String: [LuaString]].self)[text]?[0].text, text)
  },
  latinCheck("what is encoded and decoded is text in the runtime's encoding") { lua in
    let named = try LuaDecoder().decode(
      Named.self, from: lua.eval("{name = \(source), other = '\\233', byName = {[\(source)] = '\\233'}}"))
    try expectEqual(named, Named(name: text, other: "é", byName: [text: "é"]))
    try expectEqual(try LuaDecoder().decode(Named.self, from: LuaEncoder(lua).encode(named)), named)
    try lua.globals.set("named", to: LuaEncoder(lua).encode(named))
    try expectEqual(try lua.eval("named.name == \(source) and named.byName[\(source)] == '\\233'"), true)
  },
  latinCheck("what errors show of strings is text in the runtime's encoding") { lua in
    for (code, shown) in [
      (source, "\"\(text)\""), ("'\\233'", "\"é\""),
      ("('\\233'):rep(50)", "\"\(String(repeating: "é", count: 40))…\""),
    ] {
      try expectContains(try expectLuaError(.conversion) { let _: Int = try lua.eval(code) }.message, shown)
    }
  },
  latinCheck("what tostring makes of objects and errors is text in the runtime's encoding") { lua in
    try expect(try lua.eval("tostring(...) == '\\233t\\233'", lua.wrap(Described(description: "été"))))
    try expectEqual(try lua.wrap(Described(description: "été")).tostring(), "été")
    let fail = try lua.function { () -> Void in throw Described(description: "é") }
    try expect(try lua.execute("local ok, e = pcall(...) return tostring(e) == '\\233'", fail))
    // What the encoding does not have is no reason for tostring to fail.
    try expect(!(try lua.wrap(Described(description: "é日")).tostring()).contains("日"))
  },
  latinCheck("strings are equal and hash by their bytes, whatever their encoding") { lua in
    let latin: LuaString = try lua.eval(source)
    let utf8 = LuaString(bytes: [0xC3, 0xA9])
    try expectEqual(latin, utf8)
    try expectEqual(latin.hashValue, utf8.hashValue)
    try expectEqual(utf8.text, "é")
    try expect(!(latin < utf8) && !(utf8 < latin))
  },
  area.engine("bytes that are no text in the runtime's encoding throw as a value, and say so") { engine in
    var configuration = LuaConfiguration()
    configuration.stringEncoding = .ascii
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    let value: LuaValue = try lua.eval("'a\\200'")
    try expectContains(try expectLuaError(.conversion) { _ = try value.as(String.self) }.message, "from byte 1")
    guard case .string(let string) = value else { return try expect(false) }
    try expectEqual(string.text, nil)
    do {
      _ = try LuaDecoder().decode(String.self, from: value)
      try expect(false, "it was decoded")
    } catch DecodingError.typeMismatch(_, let context) {
      try expectEqual((context.underlyingError as? LuaError)?.kind, .conversion)
    }
    do {
      _ = try LuaEncoder(lua).encode("é")
      try expect(false, "it was encoded")
    } catch EncodingError.invalidValue(_, let context) {
      try expectEqual((context.underlyingError as? LuaError)?.kind, .conversion)
    }
  },
]
