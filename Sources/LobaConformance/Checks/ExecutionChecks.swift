internal import LobaCore

private let area = Area("execution")

/// Running code: eval, execute, compile.
let executionChecks: [ConformanceCheck] = [
  area("an expression gives its value") { lua in
    let two: Int = try lua.eval("1 + 1")
    try expectEqual(two, 2)
  },
  area("globals set by one chunk are seen by the next") { lua in
    try lua.execute("x = 1")
    let x: Int = try lua.eval("x")
    try expectEqual(x, 1)
  },
  area("the arguments of a chunk are its varargs") { lua in
    let three: Int = try lua.eval("... + 1", 2)
    try expectEqual(three, 3)
    let count: Int = try lua.execute("return select('#', ...)", 1, LuaValue.nil, "x", LuaValue.nil)
    try expectEqual(count, 4)
    let none: Int = try lua.eval("select('#', ...)")
    try expectEqual(none, 0)
  },
  area("values spread as arguments are arguments of their own") { lua in
    let all: LuaValues = try lua.execute("return select('#', ...), ...", 1, [2, nil, "x"] as LuaValues, 5)
    try expectEqual(all, [5, 1, 2, nil, "x", 5])
  },
  area("several expressions give a tuple") { lua in
    let (n, s): (Int, String) = try lua.eval("1, 'x'")
    try expectEqual(n, 1)
    try expectEqual(s, "x")
    let (a, b, c): (Int?, String?, Bool) = try lua.eval("1, nil, true")
    try expectEqual(a, 1)
    try expectEqual(b, nil)
    try expectEqual(c, true)
  },
  area("results that a tuple has no place for are dropped, those that are missing are nil") { lua in
    let (a, b): (Int, Int) = try lua.eval("1, 2, 3")
    try expectEqual([a, b], [1, 2])
    let (c, d): (Int, Int?) = try lua.eval("1")
    try expectEqual(c, 1)
    try expectEqual(d, nil)
    let error = try expectLuaError(.conversion) {
      let _: (Int, Int) = try lua.eval("1")
    }
    try expectContains(error.message, "result 2", "Int", "nil")
  },
  area("an expression whose type is not known gives a LuaValue") { lua in
    let number = try lua.eval("7")
    try expectEqual(number, 7)
    let nothing = try lua.eval("nil")
    try expect(nothing.isNil)
    let table: LuaValue = try lua.eval("{1, 2, 3}")
    try expectEqual(table.type, .table)
  },
  area("a chunk gives all that it returns") { lua in
    let none: LuaValues = try lua.execute("local x = 1")
    try expect(none.isEmpty, "a chunk without return gave \(none)")
    let two: LuaValues = try lua.execute("return 1, 'x'")
    try expectEqual(two, [1, "x"])
    let nils: LuaValues = try lua.execute("return nil, nil")
    try expectEqual(nils, [nil, nil])
  },
  area("a chunk gives its first result as a type, and several as a tuple") { lua in
    let first: String = try lua.execute("return 'a', 'b'")
    try expectEqual(first, "a")
    let (a, b): (String, Int) = try lua.execute("return 'a', 2")
    try expectEqual(a, "a")
    try expectEqual(b, 2)
  },
  area("an expression cannot be more than an expression") { lua in
    for code in ["1; x = 2", "x = 1", "1 end", "1 2", "do end"] {
      try expectLuaError(.syntax) { _ = try lua.eval(code) as LuaValue }
    }
    let x: Int? = try lua.globals["x"]
    try expectEqual(x, nil)
  },
  area("an expression may end in a comment") { lua in
    let one: Int = try lua.eval("1 -- one")
    try expectEqual(one, 1)
  },
  area("a compiled chunk runs as often as it is called, with arguments of its own") { lua in
    let chunk: LuaFunction = try lua.compile("local a, b = ... return a + (b or 0)", name: "=sum")
    let one: Int = try chunk(1)
    let three: Int = try chunk(1, 2)
    try expectEqual([one, three], [1, 3])
  },
  area("compiling runs nothing") { lua in
    _ = try lua.compile("ran = true")
    try expect(try lua.eval("ran == nil"))
  },
  area("a syntax error names the chunk and the line") { lua in
    let error = try expectLuaError(.syntax) { try lua.execute("local x = 1\nlocal = 2", name: "=setup") }
    try expect(error.message.hasPrefix("setup:2:"), error.message)
    try expectEqual(error.value, .string(LuaString(error.message)))
    try expectLuaError(.syntax) { _ = try lua.compile("x = = 1") }
    try expectLuaError(.syntax) { _ = try lua.eval("1 +") as LuaValue }
    try expectUsable(lua)
  },
  area("a chunk's name appears in messages as Lua's conventions say") { lua in
    for (name, place) in [
      ("=chunk", "chunk:1:"), ("@dir/file.lua", "dir/file.lua:1:"), ("x = 1", "[string \"x = 1\"]:1:"),
    ] {
      let error = try expectLuaError(.runtime) { try lua.execute("error('no')", name: name) }
      try expectEqual(error.message, "\(place) no")
      let inExpression = try expectLuaError(.runtime) { _ = try lua.eval("(error('no'))", name: name) as LuaValue }
      try expectEqual(inExpression.message, "\(place) no")
      let compiled = try lua.compile("error('no')", name: name)
      let inFunction = try expectLuaError(.runtime) { try compiled() }
      try expectEqual(inFunction.message, "\(place) no")
    }
  },
  area("a chunk without a name is named by its source") { lua in
    let error = try expectLuaError(.runtime) { try lua.execute("error('no')") }
    try expectEqual(error.message, "[string \"error('no')\"]:1: no")
    let compiled = try lua.compile("error('no')")
    let again = try expectLuaError(.runtime) { try compiled() }
    try expectEqual(again.message, error.message)
  },
  area("a name may be empty, long, or hold odd characters") { lua in
    for name in ["", "=", "@", String(repeating: "n", count: 10_000), "=ü\n\u{1F315}", "=a\0b"] {
      let two: Int = try lua.eval("1 + 1", name: name)
      try expectEqual(two, 2)
      let error = try expectLuaError(.runtime) { try lua.execute("error('no')", name: name) }
      try expect(error.message.hasSuffix(": no"), error.message)
    }
  },
  area("source given as bytes runs") { lua in
    let results = try lua.execute(bytes: Array("return 1, '\\255'".utf8))
    try expectEqual(results, [1, .string(LuaString(bytes: [255]))])
    let raw = try lua.execute(bytes: Array("return '".utf8) + [0xFF] + Array("'".utf8))
    try expectEqual(raw, [.string(LuaString(bytes: [255]))])
  },
  area("a long chunk and a long line run") { lua in
    let lines: Int = try lua.execute("local n = 0\n" + String(repeating: "n = n + 1\n", count: 20_000) + "return n")
    try expectEqual(lines, 20_000)
    let sum: Int = try lua.eval("0" + String(repeating: " + 1", count: 5_000))
    try expectEqual(sum, 5_000)
  },
  area("source nested beyond the parser's limit is refused") { lua in
    let depth = 100_000
    let source = String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
    do {
      _ = try lua.eval(source) as LuaValue
      try expect(false, "\(depth) parentheses were accepted")
    } catch is LuaError {}
    try expectUsable(lua)
  },
]

/// Sources that have broken loaders, and the modes.
let oddSourceChecks: [ConformanceCheck] = [
  area("an empty chunk returns nothing") { lua in
    let results: LuaValues = try lua.execute("")
    try expect(results.isEmpty)
    try expect(try lua.execute(bytes: []).isEmpty)
    let compiled = try lua.compile("")
    let none: LuaValues = try compiled()
    try expect(none.isEmpty)
    let value: LuaValue = try lua.eval("")
    try expect(value.isNil)
    for blank in [" ", "\n", "-- comment", "--[[ long\ncomment ]]"] {
      try expect(try lua.execute(blank).isEmpty)
    }
  },
  area("odd sources are syntax errors and harm nothing") { lua in
    for source in ["\0", "#", "#!shebang", "\t1", "\u{1B}", "\u{1B}Lua", "\u{FEFF}", "'", "[[", "--[[", "\\", "\r\0"] {
      try expectLuaError(.syntax) { try lua.execute(source) }
      try expectLuaError(.syntax) { _ = try lua.compile(source) }
      try expectLuaError(.syntax) { try lua.execute(bytes: Array(source.utf8)) }
      try expectUsable(lua)
    }
    for source in ["\0", "#", "\u{1B}", "\u{1B}Lua", "'"] {
      try expectLuaError(.syntax) { _ = try lua.eval(source) as LuaValue }
      try expectUsable(lua)
    }
    let one: Int = try lua.eval("\t1")
    try expectEqual(one, 1)
  },
  area("a binary chunk is refused where only text is allowed, by its first byte") { lua in
    let dump = try lua.compile("return 42").dump()
    try expectEqual(dump.bytes.first, 0x1B)
    let refused = try expectLuaError(.syntax) { try lua.execute(bytes: dump.bytes) }
    try expectContains(refused.message, "binary")
    try expectLuaError(.syntax) { _ = try lua.compile(bytes: dump.bytes) }
    try expectLuaError(.syntax) { _ = try lua.compile(bytes: [0x1B]) }
    try expectLuaError(.syntax) { _ = try lua.compile(bytes: [0x1B, 0, 0, 0], mode: .text) }
  },
  area("a binary chunk is refused behind a byte order mark or a first line with #") { lua in
    let dump = try lua.compile("ran = true").dump().bytes
    for prefix in ["\u{FEFF}", "#\n", "#!lua\n", "\u{FEFF}#\n", " ", "\n"] {
      try expectLuaError(.syntax) { try lua.execute(bytes: Array(prefix.utf8) + dump) }
      try expectLuaError(.syntax) { _ = try lua.compile(bytes: Array(prefix.utf8) + dump) }
    }
    try expect(try lua.eval("ran == nil"))
  },
  area("a binary chunk runs where it is allowed") { lua in
    let dump = try lua.compile("local n = ... return n * 2").dump()
    for mode in [LuaChunkMode.binary, .any] {
      let function = try lua.compile(bytes: dump.bytes, mode: mode)
      let result: Int = try function(21)
      try expectEqual(result, 42)
    }
    let results = try lua.execute(bytes: try lua.compile("return 42").dump().bytes, mode: .binary)
    try expectEqual(results, [42])
  },
  area("text is refused where only binary chunks are allowed") { lua in
    let error = try expectLuaError(.syntax) { _ = try lua.compile("return 1", mode: .binary) }
    try expectContains(error.message, "text")
    try expectLuaError(.syntax) { try lua.execute(bytes: Array("return 1".utf8), mode: .binary) }
    let one: Int = try lua.compile("return 1", mode: .any)()
    try expectEqual(one, 1)
  },
  // LuaJIT's loader reads on behind the end of a truncated chunk: what comes of it depends on what lies there.
  area("a truncated binary chunk is refused", excludes: .jit) { lua in
    let dump = try lua.compile("return 42").dump().bytes
    for length in 1..<min(dump.count, 12) {
      try expectLuaError(.syntax) { _ = try lua.compile(bytes: Array(dump.prefix(length)), mode: .binary) }
    }
  },
]
