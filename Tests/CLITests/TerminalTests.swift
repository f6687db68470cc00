import Foundation
import Loba
import Testing

/// The REPL as a person sees it.
@Suite(.enabled(if: !LuaEngines.available.isEmpty, "a build without engines has no REPL")) struct TerminalTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("a banner, lines that can be edited, results, an end by Ctrl-D", arguments: Subject.all)
  func editing(_ subject: Subject) throws {
    let release = try LuaRuntime(engine: subject.engine).release
    let session = try TerminalSession(
      workspace, arguments: ["--engine", subject.identifier],
      [
        .after(release, type: ""),
        // Left four times, 1; Ctrl-E, 0: 12 + 30.
        .prompted("2+3\u{1B}[D\u{1B}[D\u{1B}[D\u{1B}[D1\u{5}0\r"),
        // Ctrl-A, Ctrl-K; four times backspace; Home, End.
        .prompted(after: "\n42", "x\u{1}\u{B}'ab'\u{7F}\u{7F}\u{7F}\u{7F}'cd'\u{1B}[H(\u{1B}[F):upper()\r"),
        // Ctrl-U; Ctrl-W twice; a character of three bytes.
        .prompted(after: "\nCD", "junk\u{15}'日' words here\u{17}\u{17}\r"),
        // A line longer than the terminal is wide.
        .prompted(after: "\n日", "#'\(String(repeating: "x", count: 200))'\r"),
        .prompted(after: "\n200", "\u{4}"),
      ])
    #expect(session.status == 0, "\(session.shown)")
  }

  @Test("the history is kept from one session to the next")
  func history() throws {
    let state = ["XDG_STATE_HOME": workspace.folder.path + "/state"]
    try workspace.write("", to: "state/loba/history")
    _ = try TerminalSession(
      workspace, environment: state,
      [
        .prompted("a = 1 + 1\r"),
        .prompted("\r"), .prompted("os.exit(4)\r"),
      ])
    #expect(try workspace.read("state/loba/history") == "a = 1 + 1\nos.exit(4)\n")
    let session = try TerminalSession(
      workspace, environment: state,
      [
        .prompted("\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[A\r"), .prompted("a + 40\r"),
        .prompted(after: "\n42", "\u{4}"),
      ])
    #expect(session.status == 0, "\(session.shown)")
    #expect(try workspace.read("state/loba/history").hasSuffix("os.exit(4)\na = 1 + 1\na + 40\n"))
    _ = try TerminalSession(workspace, [.prompted("b = 2\r"), .prompted("\u{4}")])
    #expect(try workspace.read(".loba_history") == "b = 2\n")
  }

  @Test("Tab completes globals and fields without running code")
  func completion() throws {
    let session = try TerminalSession(
      workspace,
      [
        .prompted("t = setmetatable({first = 1}, {__index = function() print('ran') end})\r"),
        .prompted("#stri\t.form\t\r"), .prompted(after: "attempt to get length", "coroutine.r\t\t"),
        .after("resume", type: "esume ~= nil\r"), .prompted(after: "\ntrue", "t.fi\t == 1 and 'found'\r"),
        .prompted(after: "\nfound", "t.zz\t\t\u{15}for i = 1, 2 do\r"), .continuing("\tprint('at' .. i)\r"),
        .continuing("end\r"), .prompted(after: "at2", "\u{4}"),
      ])
    #expect(session.status == 0, "\(session.shown)")
    #expect(session.shown.contains("#string.format"))
    #expect(session.shown.contains("running"))
    #expect(!session.shown.contains("\nran"))
  }

  @Test("Ctrl-C drops the lines so far, and stops what runs")
  func interruption() throws {
    let session = try TerminalSession(
      workspace,
      [
        .prompted("if true then\r"), .continuing("x\u{3}"), .prompted(after: "^C", "6 * 7\r"),
        // A loop that LuaJIT has compiled runs no hooks.
        .prompted(after: "\n42", "if jit then jit.off() end io.write('go') io.flush() while true do end\r"),
        .interrupt(after: "\ngo"),
        .prompted(after: "interrupted!", "8 * 8\r"), .prompted(after: "\n64", "\u{4}"),
      ])
    #expect(session.status == 0, "\(session.shown)")
  }

  @Test("colours on a terminal, none with NO_COLOR")
  func colours() throws {
    let steps: [TerminalSession.Step] = [.prompted("error('red')\r"), .prompted(after: "main chunk", "\u{4}")]
    let coloured = try TerminalSession(workspace, steps).shown
    #expect(coloured.contains("\u{1B}[31mstdin:1: red"))
    let plain = try TerminalSession(workspace, environment: ["NO_COLOR": "1"], steps).shown
    #expect(plain.contains("\nstdin:1: red"))
    #expect(!plain.contains("\u{1B}[31m"))
    #expect(!plain.contains("\u{1B}[2m"))
  }

  @Test("a terminal that cannot move its cursor gets prompts and plain lines")
  func dumbTerminal() throws {
    let session = try TerminalSession(
      workspace, environment: ["TERM": "dumb"],
      [
        .after("> ", type: "_PROMPT = 'lua! '\n"), .after("\nlua! ", type: "1 + 1\n"),
        .after("\n2\r\nlua! ", type: "\u{4}"),
      ])
    #expect(session.status == 0, "\(session.shown)")
    #expect(!session.shown.contains("\u{1B}"))
  }
}
