import Foundation
import Loba
import Testing

@Suite struct ErrorTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("an error that nobody catches is told with its traceback", arguments: Subject.all)
  func traceback(_ subject: Subject) async throws {
    let program = """
      function inner() error('boom') end
      local function outer() inner() return 1 end
      print('before')
      outer()
      """
    let outcome = try await workspace.loba(subject, program: program)
    let expected = """
      loba: program.lua:1: boom
      stack traceback:
      \t[C]: in function 'error'
      \tprogram.lua:1: in function 'inner'
      \tprogram.lua:2: in local 'outer'
      \tprogram.lua:4: in main chunk
      \t[C]: in ?

      """
    #expect(outcome == Outcome(output: "before\n", errors: expected, status: 1))
  }

  @Test("a program that does not compile is told without one", arguments: Subject.all)
  func syntax(_ subject: Subject) async throws {
    let outcome = try await workspace.loba(subject, program: "x = 1\nx = = 2")
    #expect(outcome == Outcome(output: "", errors: "loba: program.lua:2: unexpected symbol near '='\n", status: 1))
  }

  @Test("error objects: their __tostring, else their type", arguments: Subject.all)
  func errorObjects(_ subject: Subject) async throws {
    let cases = [
      "setmetatable({}, {__tostring = function() return 'told' end})": "loba: told\n",
      "{code = 1}": "loba: (error object is a table value)\nstack traceback:\n",
      "setmetatable({}, {__tostring = function() error('no') end})": "loba: (error object is a table value)\n",
      "print": "loba: (error object is a function value)\n",
      "true": "loba: (error object is a boolean value)\n",
      "'bytes \\255', 0": "loba: bytes \u{FFFD}\n",
      "nil": subject.engine.version < (5, 3) ? "" : "loba: (error object is a nil value)\n",
    ]
    for (value, message) in cases {
      let outcome = try await workspace.loba(subject, program: "error(\(value))")
      #expect(outcome.errors.hasPrefix(message), "error(\(value)): \(outcome.errors)")
      #expect(message.isEmpty == outcome.errors.isEmpty)
      #expect(outcome.status == 1)
    }
  }

  @Test("the tool's own errors say what to do")
  func ownErrors() async throws {
    let missing = try await workspace.loba(["run", "missing.lua"])
    // A build without engines says so before anything else.
    #expect(
      missing.errors
        == (LuaEngines.available.isEmpty
          ? "loba: this build has no engine: build it with at least one of the package traits "
            + LuaEngines.traits.joined(separator: ", ") + "\n"
          : "loba: cannot open missing.lua: No such file or directory\n"))
    #expect(missing.status == 1)
    let unknown = try await workspace.loba(["run", "--engine", "lua99", "x.lua"])
    for subject in Subject.all { #expect(unknown.errors.contains("'\(subject.identifier)'")) }
    #expect(unknown.status != 0)
    let option = try await workspace.loba(["run", "--fast", "x.lua"])
    #expect(option.errors.contains("Unknown option '--fast'"))
    #expect(option.status != 0)
    for size in ["none", "0", "-1", "5T", "99999999999G"] {
      #expect(try await workspace.loba(["run", "--memory-limit=\(size)", "x.lua"]).status != 0, "\(size)")
    }
  }

  @Test("a library that is missing is named with the package to install", arguments: Subject.all)
  func missingLibrary(_ subject: Subject) async throws {
    let environment = [subject.engine.libraryVariable: "/nowhere/liblua.so"]
    let outcome = try await workspace.loba(subject, program: "print(1)", environment: environment)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("/nowhere/liblua.so"))
    if !subject.engine.isStatic {
      for package in subject.engine.packages { #expect(outcome.errors.contains(package)) }
    }
    let list = try await workspace.loba(["engines"], environment: environment)
    #expect(list.status == 0)
    #expect(list.output.contains("/nowhere/liblua.so"))
  }

  @Test("engines lists every engine with its release and its library")
  func engines() async throws {
    let outcome = try await workspace.loba(["engines"])
    #expect(outcome.status == 0)
    for subject in Subject.all {
      let lua = try LuaRuntime(engine: subject.engine)
      #expect(
        outcome.output.contains("\(subject.identifier)\n")
          || outcome.output.contains("\(subject.identifier) (default)\n"))
      #expect(outcome.output.contains(lua.release))
      // Where the engine is part of the program, the tool and these tests have one each.
      let library = subject.engine.isStatic ? "(linked statically)" : try #require(subject.engine.libraryPath)
      #expect(outcome.output.contains(library))
    }
  }

  @Test("help has examples")
  func help() async throws {
    for arguments in [["--help"], ["run", "--help"], ["repl", "--help"], ["engines", "--help"]] {
      let outcome = try await workspace.loba(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("USAGE: loba"), "\(arguments)")
    }
    #expect(try await workspace.loba(["--help"]).output.contains("EXAMPLES:"))
  }
}
