internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.13: C modules. (The rest of the group is about building Lupa; that modules load is tested with real ones.)
let parityModuleChecks: [ConformanceCheck] = [
  row(125, "C modules are not loaded unless the configuration allows it") { lua in
    try expectContains(
      try expectLuaError(.runtime) { try lua.execute("package.loadlib('./x.so', 'luaopen_x')") }.message,
      "allowsCModules")
    try lua.execute("package.cpath = './?.so'")
    try expectContains(try expectLuaError(.runtime) { try lua.require("no_such_module") }.message, "no_such_module")
  },
  row(129, "the path of the engine's library can be asked for") { lua in
    try expect(lua.engine.libraryPath?.isEmpty == false)
    try expect(lua.engine.libraryVariable.hasPrefix("LOBA_"))
    let same = LuaConfiguration(libraryPath: lua.engine.libraryPath)
    try expectUsable(LuaRuntime(engine: lua.engine, configuration: same))
    let error = try expectLuaError(.engine) {
      _ = try LuaRuntime(engine: lua.engine, configuration: LuaConfiguration(libraryPath: "/nonexistent/lua.so"))
    }
    try expectContains(error.message, "/nonexistent/lua.so", lua.engine.libraryVariable)
  },
]
