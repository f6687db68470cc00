internal import LobaCore

private let area = Area("strings")

let stringChecks: [ConformanceCheck] = [
  area("text goes through unchanged") { lua in
    let echo: LuaFunction = try lua.eval("function(s) return s end")
    for text in ["", "a", "Lua", "äöü ß", "月 🌕 é e\u{301}", "a\0b", "\0", "\r\n", "\u{FEFF}x", "\u{10FFFF}"] {
      let back: String = try echo(text)
      try expect(back.unicodeScalars.elementsEqual(text.unicodeScalars), "\(text) came back as \(back)")
      let count: Int = try lua.eval("#...", text)
      try expectEqual(count, text.utf8.count)
      try lua.globals.set("s", to: text)
      try expectEqual(try lua.globals["s"] as String, text)
      try lua.globals.set(text, to: 1)
      try expectEqual(try lua.globals[text] as Int, 1)
    }
  },
  area("long bytes that are no text are described as repairing decoding does") { _ in
    var generator = SeededGenerator(seed: 1)
    let pieces: [[UInt8]] = [
      [0x61], [0xc3, 0xa4], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x8c, 0x95], [0xff], [0x80], [0xc0, 0x80],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x8c], [0xf0, 0x9f], [0xc3],
      [0xf5, 0x80],
    ]
    for round in 0..<40 {
      let bytes: [UInt8] =
        round % 2 == 0
        ? (0..<3000).flatMap { _ in pieces.randomElement(using: &generator)! } + pieces[round % pieces.count]
        : (0..<5000).map { _ in .random(in: 0...255, using: &generator) }
      let text = LuaString(bytes: bytes).description
      try expect(
        text.unicodeScalars.elementsEqual(String(decoding: bytes, as: UTF8.self).unicodeScalars), "round \(round)")
    }
  },
  area("strings are bytes") { lua in
    let all = LuaString(bytes: 0...255)
    let echo: LuaFunction = try lua.eval("function(s) return s end")
    let back: LuaString = try echo(all)
    try expectEqual(back, all)
    let bytes: [UInt8] = try echo(all)
    try expectEqual(bytes, all.bytes)
    let sum: Int = try lua.eval(
      "(function(s) local n = 0 for i = 1, #s do n = n + s:byte(i) end return n end)(...)", all)
    try expectEqual(sum, 255 * 128)
    let value: LuaValue = try lua.eval("'a\\0\\255'")
    try expectEqual(value, .string(LuaString(bytes: [97, 0, 255])))
  },
  area("bytes given as an array of UInt8 are a table of numbers, given as LuaString a string") { lua in
    try expect(try lua.eval("type(...) == 'table' and #... == 2", [1, 2] as [UInt8]))
    try expect(try lua.eval("type(...) == 'string' and #... == 2", LuaString(bytes: [1, 2])))
    let fromTable: [UInt8] = try lua.eval("{1, 2, 255}")
    try expectEqual(fromTable, [1, 2, 255])
  },
  area("bytes that are not UTF-8 throw when read as text, saying from where on") { lua in
    let error = try expectLuaError(.conversion) { let _: String = try lua.eval("'ab\\255cd'") }
    try expectContains(error.message, "5 bytes", "byte 2")
    for code in ["'\\255'", "'\\192\\128'", "'\\237\\160\\128'", "'\\244\\144\\128\\128'", "'\\226\\130'"] {
      try expectLuaError(.conversion) { let _: String = try lua.eval(code) }
      try expectUsable(lua)
    }
    let bytes: LuaString = try lua.eval("'ab\\255cd'")
    try expectEqual(bytes.bytes, [97, 98, 255, 99, 100])
  },
  area("bytes that are not UTF-8 say where they were") { lua in
    let second = try expectLuaError(.conversion) { let _: (String, String) = try lua.eval("'a', '\\255'") }
    try expectContains(second.message, "result 2")
    let function = try lua.function { (_: Int, text: String) in text }
    let argument = try expectLuaError(.conversion) { try function(1, LuaString(bytes: [255])) }
    try expectContains(argument.message, "#2")
    let element = try expectLuaError(.conversion) { let _: [String] = try lua.eval("{'a', '\\255'}") }
    try expectContains(element.message, "element 2")
    let field = try expectLuaError(.conversion) {
      let table: LuaTable = try lua.eval("{key = '\\255'}")
      let _: [String: String] = try table.as()
    }
    try expectContains(field.message, "key")
  },
  area("keys that are not UTF-8 do no harm to a dictionary of bytes") { lua in
    let table: LuaTable = try lua.eval("{['\\255'] = 1, ['a'] = 2}")
    let counts = try table.as([LuaString: Int].self)
    try expectEqual(counts, [LuaString(bytes: [255]): 1, "a": 2])
    try expectLuaError(.conversion) { _ = try table.as([String: Int].self) }
  },
  area("long strings go through both ways") { lua in
    for length in [1_023, 1_024, 1_025, 65_536, 3_000_000] {
      var bytes = LuaString(bytes: repeatElement(0xFE, count: length))
      bytes.bytes[length / 2] = 0
      bytes.bytes[length - 1] = 1
      let (count, back): (Int, LuaString) = try lua.eval("#..., ...", bytes)
      try expectEqual(count, length)
      try expect(back == bytes, "a string of \(length) bytes changed")
      let text = String(repeating: "x", count: length)
      let function = try lua.function { (s: String) in s + "y" }
      let extended: String = try function(text)
      try expect(extended == text + "y", "a text of \(length) bytes changed")
    }
    let made: String = try lua.eval("('ab'):rep(500000)")
    try expectEqual(made.utf8.count, 1_000_000)
  },
  area("many strings go at once") { lua in
    let strings = (0..<3_000).map { "string number \($0) " + String(repeating: "-", count: $0 % 50) }
    let table = try lua.table(from: strings)
    try expectEqual(try table.as([String].self), strings)
    let joined: String = try lua.eval("table.concat(...)", table)
    try expectEqual(joined, strings.joined())
    let function: LuaFunction = try lua.eval("function(...) return table.concat({...}) end")
    let spread: String = try function(LuaValues(strings.prefix(100).map { .string(LuaString($0)) }))
    try expectEqual(spread, strings.prefix(100).joined())
  },
  area("substrings, characters and static strings can be given") { lua in
    let text = "hello world"
    try expect(try lua.eval("... == 'world'", text.dropFirst(6)))
    try expect(try lua.eval("... == 'h'", text.first!))
    try expect(try lua.eval("... == 'x'", "x" as LuaString))
  },
  area("strings made of numbers in Lua are strings") { lua in
    let ten: String = try lua.eval("1 .. '0'")
    try expectEqual(ten, "10")
    try expectEqual(try lua.eval("tostring(12)") as String, "12")
  },
]
