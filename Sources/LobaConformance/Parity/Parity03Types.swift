internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.3: the Lua type of a Swift value.
let parityTypeChecks: [ConformanceCheck] = [
  row(24, "a Lua function's type is function") { lua in
    try expectEqual(luaType(of: try lua.eval("function() end") as LuaFunction), .function)
    try expectEqual(luaType(of: try lua.eval("print") as LuaValue), .function)
  },
  row(25, "a table's type is table") { lua in
    try expectEqual(luaType(of: try lua.eval("{}") as LuaTable), .table)
  },
  row(26, "a table made in Swift is a table too") { lua in
    try expectEqual(luaType(of: try lua.table(1, 2, 3)), .table)
    try expectEqual(luaType(of: try lua.table(from: ["a": 1])), .table)
  },
  row(27, "a number is no Lua object") { lua in
    try expectEqual(luaType(of: 123), nil)
    try expectEqual(luaType(of: try lua.eval("123") as Int), nil)
  },
  row(28, "a string is no Lua object") { lua in
    try expectEqual(luaType(of: "abc"), nil)
    try expectEqual(luaType(of: try lua.eval("'abc'") as LuaValue), nil)
  },
  row(29, "a dictionary is no Lua object") { lua in
    try expectEqual(luaType(of: ["a": 1]), nil)
    try expectEqual(luaType(of: try lua.eval("{a = 1}") as [String: Int]), nil)
  },
  row(30, "the names are those of Lua's type()") { lua in
    let type: LuaFunction = try lua.globals.type
    for code in ["nil", "true", "1", "'x'", "{}", "print", "coroutine.create(function() end)", "io.stdout"] {
      let value: LuaValue = try lua.eval(code)
      try expectEqual(value.type.rawValue, try type(value) as String, code)
    }
  },
]
