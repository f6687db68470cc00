import Foundation
import Loba
import Testing

@Suite struct ReplTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  private func repl(_ subject: Subject, _ input: String) async throws -> Outcome {
    try await workspace.loba(["repl", "--engine", subject.identifier], input: input)
  }

  @Test("expressions print, statements run, and nothing else is written to a pipe", arguments: Subject.all)
  func expressions(_ subject: Subject) async throws {
    let outcome = try await repl(subject, "1 + 1\n= 'a', nil\nx = 5\n\nx\nprint(x)\nreturn x, x\nnil\n")
    #expect(outcome == Outcome(output: "2\na\tnil\n5\n5\n5\t5\nnil\n", errors: "", status: 0))
  }

  @Test("a chunk that is not finished goes on in the next line", arguments: Subject.all)
  func continuation(_ subject: Subject) async throws {
    let outcome = try await repl(
      subject, "for i = 1, 2 do\nprint(i)\nend\n({1,\n2})[2]\n{\n} == nil\nx = [[a\nb]]\nx\n")
    #expect(outcome.output == "1\n2\n2\nfalse\na\nb\n")
    #expect(outcome.errors == "")
    let unfinished = try await repl(subject, "if true then\n")
    #expect(unfinished.errors.contains("'end' expected"))
    #expect(unfinished.status == 0)
  }

  @Test("an error is told and the next line runs", arguments: Subject.all)
  func errors(_ subject: Subject) async throws {
    let outcome = try await repl(subject, "x = = 1\nlocal t = nil; t.x = 1\nerror({})\nprint = nil\n1\n")
    #expect(outcome.errors.hasPrefix("stdin:1: unexpected symbol near '='\nstdin:1: attempt to index"))
    #expect(outcome.errors.contains("stack traceback:\n\tstdin:1: in main chunk\n"))
    #expect(outcome.errors.contains("(error object is a table value)\n"))
    #expect(outcome.errors.contains("error calling 'print' ("))
    #expect(outcome.output == "")
  }

  @Test("what runs shares standard input, and may end the process", arguments: Subject.all)
  func standardInput(_ subject: Subject) async throws {
    let outcome = try await repl(subject, "x = io.read('*l')\nfor the program\nx\nos.exit(9)\nprint('not reached')\n")
    #expect(outcome == Outcome(output: "for the program\n", errors: "", status: 9))
  }
}
