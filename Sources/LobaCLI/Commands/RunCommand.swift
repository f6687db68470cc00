import ArgumentParser
import Loba

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a Lua program, as `lua` does.",
    usage: "loba [run] [OPTIONS] [-e CODE] [FILE [ARGS…]]",
    discussion: """
      Without FILE and -e: the REPL on a terminal, else the program that standard input holds.
      """)

  @OptionGroup var options: EngineOptions

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Lua code to run, before FILE if there is one. May be given several times.", valueName: "code"))
  var code: [String] = []

  @Option(
    help: ArgumentHelp(
      "The most time that it may take: seconds, or milliseconds as in 200ms. It ends with status 124.",
      valueName: "time"))
  var timeLimit: TimeLimit?

  @Flag(name: [.customShort("W"), .long], help: "Turn Lua 5.4's warnings on.")
  var warnings = false

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp(
      "The program, source text or a binary chunk; - is standard input. What follows are its arguments.",
      valueName: "FILE [ARGS…]"))
  var program: [String] = []

  func validate() throws {
    if warnings, options.sandbox {
      throw ValidationError("A sandbox has no warnings: --warnings goes without --sandbox.")
    }
    // What looks like an option and is not one of ours was taken for the program's name.
    guard let file = program.first, file.hasPrefix("-"), file != "-", file != "--" else { return }
    if file == "--help" || file == "-h" { throw CleanExit.helpRequest(Self.self) }
    throw ValidationError("Unknown option '\(file)'. (A file of that name can be run as './\(file)'.)")
  }

  func run() throws {
    let separator = program.first == "--" ? 1 : 0
    let count = program.count - separator
    let arguments = ProcessArguments(programArgumentCount: count)
    try Report.errors {
      let interpreter = try options.makeInterpreter()
      defer { interpreter.close() }
      try interpreter.setArguments(arguments)
      if count == 0, code.isEmpty, Terminal.standard.isInteractive {
        if timeLimit != nil { throw ToolError("--time-limit is for programs; the REPL has Ctrl-C") }
        try interpreter.runInitialisation()
        return Repl(interpreter).run()
      }
      try interpreter.within(timeLimit ?? (options.sandbox ? .ofSandbox : nil)) {
        if warnings { try interpreter.turnWarningsOn() }
        try interpreter.runInitialisation()
        for code in code { try interpreter.run(code: code, name: "=(command line)") }
        guard count > 0 || code.isEmpty else { return }
        let file = arguments.program ?? LuaString("-")
        try interpreter.run(file: file == LuaString("-") ? nil : file, arguments: arguments.ofProgram)
      }
    }
  }
}
