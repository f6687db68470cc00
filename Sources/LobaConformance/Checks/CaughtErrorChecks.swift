internal import LobaCore

private let area = Area("caught errors")

private struct Refused: Error, Equatable, CustomStringConvertible {
  var description: String { "refused: bad luck" }
}

private func setFail(_ lua: LuaRuntime) throws {
  try lua.globals.set("fail", to: lua.function { () -> Int in throw Refused() })
}

/// What scripts do with Swift errors, and what Swift learns of where they were raised.
let caughtErrorChecks: [ConformanceCheck] = [
  area("a script can use an error of Swift's as the text that it is") { lua in
    try setFail(lua)
    try lua.execute(
      """
      local ok, e = pcall(fail)
      assert(type(e) == 'userdata' and tostring(e) == 'refused: bad luck')
      assert('failed: ' .. e == 'failed: refused: bad luck')
      assert(e .. '!' == 'refused: bad luck!' and 1 .. e .. 2 == '1refused: bad luck2')
      assert(e .. e == 'refused: bad luckrefused: bad luck')
      assert(e:match('bad (%a+)') == 'luck' and e:find('bad', 1, true) == 10 and e:upper() == 'REFUSED: BAD LUCK')
      assert(e:gsub('bad', 'good') == 'refused: good luck' and e:len() == 17 and #tostring(e) == 17)
      assert(e.match(e, 'luck') == 'luck' and e.match('other', 'o') == 'o')
      assert(e.nothing == nil and e[1] == nil and select(2, pcall(function() return e[nil] end)) == nil)
      function string.shout(s) return s:upper() .. '!' end
      assert(e:shout() == 'REFUSED: BAD LUCK!')
      local t = setmetatable({}, {__concat = function(a, b) return 'mine' end})
      assert(e .. t == 'mine' and t .. e == 'mine')
      """)
  },
  area("what is no text stays an error next to one of Swift's") { lua in
    try setFail(lua)
    for value in ["nil", "{}", "true", "print", "io.stdout"] {
      for code in ["return e .. \(value)", "return \(value) .. e"] {
        let error = try expectLuaError(.runtime) {
          try lua.execute("local ok, e = pcall(fail) \(code)")
        }
        try expectContains(error.message, "attempt to concatenate a")
      }
    }
    try expectLuaError(.runtime) { try lua.execute("local ok, e = pcall(fail) e.x = 1") }
    try expectContains(
      try expectLuaError(.runtime) { try lua.execute("local ok, e = pcall(fail) return e:rep({})") }.message, "number")
  },
  area("an error that a script lets go of by force, or gives its metatable away, is no harm") { lua in
    try setFail(lua)
    try lua.execute(
      """
      local ok, e = pcall(fail)
      local m = debug.getmetatable(e)
      local file = io.tmpfile()
      local other = debug.getmetatable(file)
      debug.setmetatable(file, m)
      for _, f in ipairs{function() return file .. 'x' end, function() return 'x' .. file end,
          function() return file .. file end} do
        local ok, message = pcall(f)
        assert(not ok and message:find('concatenate'))
      end
      assert(not pcall(function() return file:rep(1) end))
      debug.setmetatable(file, other)
      for _, name in ipairs{'__concat', '__index', '__tostring'} do
        for _, a in ipairs{0, e, 'x', {}} do pcall(m[name]) pcall(m[name], a) pcall(m[name], a, 'match', e) end
      end
      m.__gc(e)
      assert(e .. '' == 'released Swift value' and e:upper() == 'RELEASED SWIFT VALUE')
      """)
  },
  area("debug.traceback has the text of an error of Swift's, and the levels") { lua in
    try setFail(lua)
    let text: String = try lua.execute(
      "local function work()\n fail()\n end\n return (select(2, xpcall(work, debug.traceback)))", name: "@work.lua")
    try expect(text.hasPrefix("refused: bad luck\nstack traceback:"), text)
    try expectContains(text, "work.lua:2: in")
    try lua.execute(
      """
      local ok, e = pcall(fail)
      assert(debug.traceback(e, 2):find('refused') and debug.traceback(coroutine.create(function() end), e):find('refused'))
      local t = {}
      assert(debug.traceback(t) == t and debug.traceback('x', 1):find('^x\\nstack traceback:'))
      """)
  },
  area("without the string library an error has its text still") { lua in
    var configuration = LuaConfiguration.standard
    configuration.libraries = [.base, .coroutine]
    let bare = try LuaRuntime(engine: lua.engine, configuration: configuration)
    defer { bare.close() }
    try setFail(bare)
    try expectEqual(
      try bare.execute("local ok, e = pcall(fail) return 'x' .. e, e.match").values, ["xrefused: bad luck", nil])
  },
  area("the runtime knows where an error of Swift's was raised, which comes out as itself") { lua in
    try setFail(lua)
    try expect(lua.lastTraceback.isEmpty)
    try expectError(Refused()) { try lua.execute("local function f()\n fail()\n end\n f()", name: "@work.lua") }
    let frames = lua.lastTraceback.frames
    try expectEqual(frames.map(\.line).filter { $0 != nil }, [2, 4])
    try expect(frames.contains { $0.source == "work.lua" && $0.kind == .mainChunk })
    // It stays while others run, and until another error comes.
    try expectUsable(lua)
    try lua.execute("pcall(fail)")
    try expectEqual(lua.lastTraceback.frames, frames)
    try expectLuaError(.syntax) { try lua.execute("x = = 1") }
    try expect(lua.lastTraceback.isEmpty)
    let error = try expectLuaError(.runtime) { try lua.execute("\n\nerror('x')", name: "=other") }
    try expectEqual(lua.lastTraceback.frames, error.traceback.frames)
    lua.close()
    try expectEqual(lua.lastTraceback.frames, error.traceback.frames)
  },
  area("errors of Swift's own kind have the levels of the script that led to them") { lua in
    try lua.globals.set("double", to: lua.function { (n: Int) in n * 2 })
    try lua.globals.set("refuse", to: lua.function { () -> Int in throw LuaError(message: "no such file") })
    try lua.globals.set("short", to: lua.function { () -> Int in throw LuaError(kind: .memory, message: "short") })
    for (code, kind) in [("double('x')", LuaError.Kind.conversion), ("refuse()", .runtime), ("short()", .memory)] {
      let error = try expectLuaError(kind) { try lua.execute("\nlocal x = \(code)", name: "@work.lua") }
      try expectEqual(error.traceback.frames.compactMap(\.line), [2], code)
      try expectContains(error.description, "work.lua:2: in main chunk")
    }
    // What a host function says is said as it is.
    try expectEqual(try expectLuaError(.runtime) { try lua.execute("refuse()") }.message, "no such file")
    try expectEqual(try lua.eval("select(2, pcall(refuse))") as String, "no such file")
    try expect(try expectLuaError(.conversion) { _ = try lua.eval("'x'") as Int }.traceback.isEmpty)
  },
  area("an error of a chunk that is not finished says so") { lua in
    for code in [
      "for i = 1, 2 do", "x =", "f(", "return {1,", "x = [[text", "if x then", "--[[ remark", "function f()",
      "x = '<eof>' +",
    ] {
      try expect(try expectLuaError(.syntax) { try lua.execute(code) }.isIncompleteInput, code)
    }
    for code in ["x = = 1", "x = 'text\n'", "end", "x = 1 1", "= '<eof>'", "x '' '<eof>' = 1"] {
      try expect(!(try expectLuaError(.syntax) { try lua.execute(code) }.isIncompleteInput), code)
    }
    try expect(!(try expectLuaError(.runtime) { try lua.execute("error('near <eof>')") }.isIncompleteInput))
  },
  area("a call of a member that is nil names it") { lua in
    try lua.execute("t = {inner = {}} number = 5")
    let globals = lua.globals
    try expectEqual(
      try expectLuaError(.runtime) { try globals.nofunc(1) }.message, "attempt to call a nil value ('nofunc' is nil)")
    try expectContains(try expectLuaError(.runtime) { _ = try globals.t.inner.none() as Int }.message, "nil", "'none'")
    try expectContains(
      try expectLuaError(.runtime) { let _: (Int, Int) = try globals.t.nothing() }.message, "nil", "'nothing'")
    try expectEqual(try expectLuaError(.runtime) { try LuaValue.nil() }.message, "attempt to call a nil value")
    try expectEqual(try expectLuaError(.runtime) { try globals.number() }.message, "attempt to call a number value")
  },
  area("eval of statements says what it takes") { lua in
    for code in ["return 5", "x = 5", "local x = 1 return x", "for i = 1, 2 do end", "print('x') print('y')"] {
      let error = try expectLuaError(.syntax) { _ = try lua.eval(code) as LuaValue }
      try expectContains(error.message, "near", "eval takes an expression", "execute")
      try expectEqual(error.value, .string(LuaString(error.message)))
    }
    for code in ["1 +", "return return", "x = = 5"] {
      let error = try expectLuaError(.syntax) { _ = try lua.eval(code) as LuaValue }
      try expect(!error.message.contains("execute"), error.message)
    }
    try expect(!(try expectLuaError(.syntax) { try lua.execute("x = = 5") }.message.contains("eval")))
  },
]
