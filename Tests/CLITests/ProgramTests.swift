import Foundation
import Loba
import Testing

@Suite struct ProgramTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("arg and ... are what lua gives a program", arguments: Subject.all)
  func arguments(_ subject: Subject) async throws {
    let outcome = try await workspace.loba(
      subject, program: "for i = -3, #arg do print(i, arg[i]) end print(...)", arguments: ["-x", "--help", "--", "é"])
    let expected = """
      -3\trun
      -2\t--engine
      -1\t\(subject.identifier)
      0\tprogram.lua
      1\t-x
      2\t--help
      3\t--
      4\té
      -x\t--help\t--\té

      """
    #expect(outcome == Outcome(output: expected, errors: "", status: 0))
  }

  @Test("a program can be run without saying run, and finds out that it is the main one", arguments: Subject.all)
  func mainProgram(_ subject: Subject) async throws {
    try workspace.write("print(arg[0], arg[1], pcall(debug.getlocal, 4, 1), debug.getinfo(3))", to: "main.lua")
    let outcome = try await workspace.loba(["--engine", subject.identifier, "main.lua", "engines"])
    #expect(outcome.output == "main.lua\tengines\tfalse\tnil\n", "\(outcome.errors)")
  }

  @Test("the line of a shebang is skipped but counted", arguments: Subject.all)
  func shebang(_ subject: Subject) async throws {
    let outcome = try await workspace.loba(subject, program: "#!/usr/bin/env loba\nerror('here')")
    #expect(outcome.errors.hasPrefix("loba: program.lua:2: here\n"))
    #expect(outcome.status == 1)
  }

  @Test("- is a program from standard input, which may read on from there", arguments: Subject.all)
  func standardInput(_ subject: Subject) async throws {
    let outcome = try await workspace.loba(
      ["run", "--engine", subject.identifier, "-", "a", "b"], input: "print(arg[0], io.read('*l'), ...)")
    #expect(outcome.output == "-\tnil\ta\tb\n", "\(outcome)")
    let implicit = try await workspace.loba(["--engine", subject.identifier], input: "print('no file')")
    #expect(implicit == Outcome(output: "no file\n", errors: "", status: 0))
    let reading = try await workspace.loba(
      ["--engine", subject.identifier, "-e", "print(io.read('*l')) print(io.read('*l'))"], input: "one\ntwo\n")
    #expect(reading.output == "one\ntwo\n")
  }

  @Test("binary chunks run", arguments: Subject.all)
  func binaryChunk(_ subject: Subject) async throws {
    let dump = """
      local f = io.open('chunk.out', 'wb')
      f:write(string.dump((loadstring or load)('print(...) return 1'))) f:close()
      """
    #expect(try await workspace.loba(subject, program: dump).status == 0)
    let outcome = try await workspace.loba(["run", "--engine", subject.identifier, "chunk.out", "a"])
    #expect(outcome == Outcome(output: "a\n", errors: "", status: 0))
  }

  @Test("os.exit ends with its status, and nothing that was written is lost", arguments: Subject.all)
  func exit(_ subject: Subject) async throws {
    let cases: [(String, Int32)] = [("", 0), ("7", 7), ("true", 0), ("false", 1), ("3, true", 3)]
    for (argument, status) in cases {
      // Lua 5.1 takes a number only.
      let takesNumbers = subject.engine.version < (5, 2) && !subject.engine.capabilities.contains(.jit)
      if takesNumbers, !argument.isEmpty, Int(argument) == nil { continue }
      let program = "print('printed') io.write('written') io.stderr:write('e') os.exit(\(argument))"
      let outcome = try await workspace.loba(subject, program: program)
      #expect(outcome == Outcome(output: "printed\nwritten", errors: "e", status: status), "os.exit(\(argument))")
    }
  }

  @Test("at the end of a program, and after its failure, finalizers run and files are written", arguments: Subject.all)
  func ending(_ subject: Subject) async throws {
    let program = """
      local p = newproxy and newproxy(true) or setmetatable({}, {__gc = true})
      getmetatable(p).__gc = function() print('finalized') end
      if not newproxy then setmetatable(p, getmetatable(p)) end
      file = io.open('out.txt', 'w') file:write('kept')
      error('failed')
      """
    let outcome = try await workspace.loba(subject, program: program)
    #expect(outcome.output == "finalized\n")
    #expect(outcome.status == 1)
    #expect(try workspace.read("out.txt") == "kept")
  }

  @Test("require, dofile and loadfile find what lies beside the program", arguments: Subject.all)
  func modules(_ subject: Subject) async throws {
    try workspace.write("return {name = ..., main = not pcall(debug.getlocal, 4, 1)}", to: "beside.lua")
    try workspace.write("return 'from dofile'", to: "other.lua")
    let program = """
      local m = require 'beside'
      print(m.name, m.main, dofile('other.lua'), loadfile('other.lua')())
      """
    let outcome = try await workspace.loba(subject, program: program)
    #expect(outcome.output == "beside\tfalse\tfrom dofile\tfrom dofile\n", "\(outcome.errors)")
  }

  @Test("LUA_PATH and LUA_CPATH are honoured; ;; stands for the default", arguments: Subject.all)
  func paths(_ subject: Subject) async throws {
    try workspace.write("return 'elsewhere'", to: "lib/elsewhere.lua")
    let outcome = try await workspace.loba(
      subject, program: "print(require 'elsewhere', #package.path > 20, package.cpath)",
      environment: ["LUA_PATH": "lib/?.lua;;", "LUA_CPATH": "nowhere/?.so"])
    #expect(outcome.output.hasPrefix("elsewhere\t"), "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("true\tnowhere/?.so\n"))
  }

  @Test("LUA_INIT runs first: code or a file; that of the version, from 5.2 on, before it", arguments: Subject.all)
  func initialisation(_ subject: Subject) async throws {
    let program = "print(initial)"
    let versioned = "LUA_INIT_\(subject.engine.version.major)_\(subject.engine.version.minor)"
    let code = try await workspace.loba(subject, program: program, environment: ["LUA_INIT": "initial = arg[0]"])
    #expect(code.output == "program.lua\n")
    try workspace.write("initial = 'file'", to: "init.lua")
    let file = try await workspace.loba(subject, program: program, environment: ["LUA_INIT": "@init.lua"])
    #expect(file.output == "file\n")
    let both = try await workspace.loba(
      subject, program: program,
      environment: ["LUA_INIT": "initial = 'plain'", versioned: "initial = 'versioned'"])
    #expect(both.output == (subject.engine.version >= (5, 2) ? "versioned\n" : "plain\n"))
    let empty = try await workspace.loba(
      subject, program: program, environment: ["LUA_INIT": "initial = 'plain'", versioned: ""])
    #expect(empty.output == (subject.engine.version >= (5, 2) ? "nil\n" : "plain\n"))
    let failing = try await workspace.loba(subject, program: program, environment: ["LUA_INIT": "error('early')"])
    #expect(failing.status == 1)
    #expect(failing.output.isEmpty)
    #expect(failing.errors.contains(": early\n"))
  }

  @Test("-e runs code, several times, before a program", arguments: Subject.all)
  func code(_ subject: Subject) async throws {
    try workspace.write("print(x, ...)", to: "after.lua")
    let engine = ["--engine", subject.identifier]
    let alone = try await workspace.loba(engine + ["-e", "print(1 + 1)"])
    #expect(alone == Outcome(output: "2\n", errors: "", status: 0))
    let several = try await workspace.loba(engine + ["-e", "x = 4", "-e", "x = x + 1", "after.lua", "-e", "no"])
    #expect(several.output == "5\t-e\tno\n")
    let failing = try await workspace.loba(engine + ["-e", "error('x')", "after.lua"])
    #expect(failing.errors.hasPrefix("loba: (command line):1: x\n"))
    #expect(failing.output.isEmpty)
    #expect(failing.status == 1)
  }

  @Test("-W turns warnings on where there are any", arguments: Subject.all)
  func warnings(_ subject: Subject) async throws {
    let run = ["--engine", subject.identifier, "-e", "if warn then warn('one') warn('@off') warn('two') end"]
    #expect(try await workspace.loba(run) == Outcome(output: "", errors: "", status: 0))
    let expected = subject.engine.version >= (5, 4) ? "Lua warning: one\n" : ""
    #expect(try await workspace.loba(["-W"] + run) == Outcome(output: "", errors: expected, status: 0))
  }

  @Test("a memory limit is an error of the program's that it can catch", arguments: Subject.all)
  func memoryLimit(_ subject: Subject) async throws {
    let program = "print((pcall(string.rep, 'x', 50000000))) local s = ('x'):rep(50000000)"
    try workspace.write(program, to: "big.lua")
    let run = ["run", "--engine", subject.identifier]
    let limited = try await workspace.loba(run + ["--memory-limit", "20M", "big.lua"])
    #expect(limited.output == "false\n")
    // Some libraries (Lua 5.3) report what their string buffers lack as an error of their own, with its place.
    #expect(limited.errors.hasPrefix("loba: ") && limited.errors.contains("not enough memory"), "\(limited.errors)")
    #expect(limited.status == 125)
    #expect(try await workspace.loba(run + ["big.lua"]) == Outcome(output: "true\n", errors: "", status: 0))
  }

  @Test("a time limit ends a program wherever it is, with a status of its own", arguments: Subject.all)
  func timeLimit(_ subject: Subject) async throws {
    try workspace.write("while true do pcall(function() while true do end end) end", to: "loop.lua")
    let run = ["run", "--engine", subject.identifier, "--time-limit"]
    let start = ContinuousClock.now
    let ended = try await workspace.loba(run + ["200ms", "loop.lua"])
    #expect(ended.errors.hasPrefix("loba: loop.lua:1: the deadline has passed\n"), "\(ended)")
    #expect(ended.status == 124)
    // What waits in C goes with the process.
    try workspace.write("os.execute('exec sleep 3')", to: "sleep.lua")
    let waiting = try await workspace.loba(run + ["0.1", "sleep.lua"])
    #expect(waiting == Outcome(output: "", errors: "loba: the time limit (0.1 s) has passed\n", status: 124))
    #expect(ContinuousClock.now - start < .seconds(30))
    try workspace.write("print('done')", to: "quick.lua")
    #expect(
      try await workspace.loba(run + ["20", "quick.lua"]) == Outcome(output: "done\n", errors: "", status: 0))
    for time in ["0", "-1", "x", "1h", "ms"] {
      #expect(try await workspace.loba(["run", "--time-limit=\(time)", "quick.lua"]).status == 64, "\(time)")
    }
  }

  @Test("a sandbox has no files, no processes and no time to waste", arguments: Subject.all)
  func sandbox(_ subject: Subject) async throws {
    let run = ["run", "--engine", subject.identifier, "--sandbox"]
    try workspace.write("#!loba\nprint(io, os.execute, os.getenv, debug, package, ...) error('here')", to: "a.lua")
    let outcome = try await workspace.loba(
      run + ["a.lua", "x"], environment: ["LUA_INIT": "print('init')", "LUA_INIT_5_4": "print('init')"])
    #expect(outcome.output == "nil\tnil\tnil\tnil\tnil\tx\n")
    #expect(outcome.errors.hasPrefix("loba: a.lua:2: here\n"), "\(outcome.errors)")
    #expect(outcome.status == 1)
    let piped = try await workspace.loba(run + ["-"], input: "print(('x'):rep(3), arg[0])")
    #expect(piped == Outcome(output: "xxx\t-\n", errors: "", status: 0))
    let greedy = try await workspace.loba(
      run + ["--memory-limit", "10M", "-e", "local t = {} for i = 1, 1e9 do t[i] = {} end"])
    #expect(greedy.status == 125)
    #expect(greedy.errors.contains("not enough memory"))
    #expect(try await workspace.loba(run + ["--time-limit", "0.2", "-e", "while true do end"]).status == 124)
    let binary = "\u{1b}Lua"
    #expect(try await workspace.loba(run + ["-"], input: binary).status == 1)
    #expect(try await workspace.loba(run + ["-W", "-e", "print(1)"]).status == 64)
  }
}
