internal import LobaCore

/// Running code: eval, execute, compile.
let executionChecks: [ConformanceCheck] = [
  ConformanceCheck("execution", "an expression gives its value") { engine in
    let lua = try LuaRuntime(engine: engine)
    let two: Int = try lua.eval("1 + 1")
    try expectEqual(two, 2)
  },
  ConformanceCheck("execution", "globals set by one chunk are seen by the next") { engine in
    let lua = try LuaRuntime(engine: engine)
    try lua.execute("x = 1")
    let x: Int = try lua.eval("x")
    try expectEqual(x, 1)
  },
]
