import Loba

/// A program does the same in the sandbox on every engine.
func fuzzPrograms(_ first: any LuaEngine, _ input: inout FuzzInput) throws {
  let (a, b) = (Int(input.byte()), Int(input.byte()))
  let program = ProgramWriter.program(input)
  var expected: String?
  for engine in [first] + LuaEngines.available {
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    let found: String
    do {
      found = try lua.execute(program, a, b, name: "=program")
    } catch let error as LuaError where error.kind == .runtime && error.traceback.isEmpty == false {
      // What the program raises itself has no place, so that all else is a fault of its writer's or of an engine's.
      try expect(!error.message.hasPrefix("program:"), "\(engine.name): \(error.message)\n\(program)")
      found = "error \(error.message)"
    }
    try expect(expected ?? found == found, "\(first.name): \(expected ?? "")\n\(engine.name): \(found)\n\(program)")
    expected = found
  }
}

private let configuration: LuaConfiguration = {
  var configuration = LuaConfiguration.sandbox
  configuration.sandbox?.randomSeed = 1
  return configuration
}()
