import Loba

/// A runtime set up as Lua's own command-line interpreter sets up its state.
struct Interpreter {
  let lua: LuaRuntime
  // Lua's own loader knows the first line that begins with `#`, binary chunks, and shares standard input's buffer with
  // `io`. It is taken before any program can replace it.
  private let loadFile: LuaFunction?
  private let isSandbox: Bool

  /// - Parameter isSandbox: Whether scripts find a ``LuaSandbox`` instead, with no files, no variables of the environment and
  ///   no C modules.
  init(engine: any LuaEngine, memoryLimit: Int?, isSandbox: Bool = false) throws {
    self.isSandbox = isSandbox
    guard !isSandbox else {
      var configuration = LuaConfiguration.sandbox
      if let memoryLimit { configuration.memoryLimit = memoryLimit }
      configuration.limits = LuaLimits(coroutines: configuration.limits?.coroutines)  // the command says for how long
      configuration.swiftLibrary = []
      lua = try LuaRuntime(engine: engine, configuration: configuration)
      loadFile = nil
      return
    }
    // An engine that is part of the program has them only if the program exports it, which it says without doing anything.
    let hasCModules = !engine.isStatic || engine.claimGlobalSymbols()
    var configuration = LuaConfiguration(allowsCModules: hasCModules, memoryLimit: memoryLimit)
    configuration.swiftLibrary = []  // a program finds the globals that it finds elsewhere, and no others
    lua = try LuaRuntime(engine: engine, configuration: configuration)
    loadFile = try lua.globals["loadfile"]
    if engine.version >= (5, 4) { _ = try lua.execute("collectgarbage('generational')") }
  }

  func close() {
    lua.close()
  }

  func setArguments(_ arguments: ProcessArguments) throws {
    try lua.globals.rawSet("arg", to: arguments.table(in: lua))
  }

  func turnWarningsOn() throws {
    if lua.engine.version >= (5, 4) { _ = try lua.execute("warn('@on')") }
  }

  /// Runs what the environment asks for: from Lua 5.2 on the variable of the version (`LUA_INIT_5_4`), else `LUA_INIT`:
  /// code, or `@` and a file.
  func runInitialisation() throws {
    guard !isSandbox else { return }
    let (major, minor) = lua.engine.version
    let versioned = (major, minor) >= (5, 2) ? ["LUA_INIT_\(major)_\(minor)"] : []
    for name in versioned + ["LUA_INIT"] {
      guard let value = Console.environmentBytes(name) else { continue }
      if value.first == UInt8(ascii: "@") {
        try run(file: LuaString(bytes: value.dropFirst()), arguments: [])
      } else {
        try run(lua.compile(bytes: value, name: "=\(name)", mode: .any), [])
      }
      return
    }
  }

  func run(code: String, name: String) throws {
    try reporting { try run(lua.compile(code, name: name), []) }
  }

  /// Runs a file, or standard input.
  func run(file: LuaString?, arguments: [LuaString]) throws {
    try reporting {
      guard let loadFile else {
        return try run(lua.compile(bytes: Console.program(file), name: file.map { "@\($0)" } ?? "=stdin"), arguments)
      }
      let (chunk, problem): (LuaFunction?, LuaString?) = try file.map { try loadFile($0) } ?? loadFile()
      guard let chunk else {
        throw LuaError(kind: .syntax, message: "", value: .string(problem ?? "cannot load the program"))
      }
      try run(chunk, arguments)
    }
  }

  private func run(_ chunk: LuaFunction, _ arguments: [LuaString]) throws {
    // Asking for all results puts a C function below the chunk, as in Lua's own interpreter: programs look at their
    // distance from the bottom of the stack to see whether they are the main program.
    try reporting { let _: LuaValues = try chunk(LuaValues(arguments.map { .string($0) })) }
  }

  /// An error object's `__tostring` can be asked only while the runtime is open.
  private func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as Report.Reported {
      throw error
    } catch {
      // Up to Lua 5.2, `error()` without a value ends a program in silence, and programs do so.
      let isSilent = lua.engine.version < (5, 3) && (error as? LuaError).map { $0.value.isNil } ?? false
      throw Report.Reported(report: isSilent ? nil : Report(error), status: Report.status(of: error, in: lua))
    }
  }
}
