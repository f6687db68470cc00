import Loba

/// Any bytes as a chunk of text: compiled or refused, and what compiles ends within its limits.
func fuzzChunks(_ engine: any LuaEngine, _ input: inout FuzzInput) throws {
  var configuration = LuaConfiguration(libraries: [.base, .string, .table, .math, .coroutine])
  configuration.limits = LuaLimits.none
  let lua = try LuaRuntime(engine: engine, configuration: configuration)
  defer { lua.close() }
  try lua.execute("print, io = function() end, nil")
  let bytes = input.remaining()
  do {
    let chunk = try lua.compile(bytes: bytes, name: "=fuzz")
    try expect(bytes.first != 0x1B, "a binary chunk was loaded as text")
    lua.memoryLimit = lua.memoryUsed + (32 << 20)
    try lua.withLimits(LuaLimits(instructions: 2000)) { _ = try chunk() as LuaValues }
  } catch is LuaError {
    // Whatever it says.
  }
  lua.memoryLimit = nil
  let two: Int = try (lua.compile("return 1 + 1"))()
  try expect(two == 2, "1 + 1 is \(two)")
}
