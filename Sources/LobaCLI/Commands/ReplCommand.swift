import ArgumentParser
import Loba

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Reads Lua line by line, runs it and prints the results.",
    usage: "loba repl [OPTIONS]",
    discussion: """
      An expression prints its values; a statement that is not finished is continued on the next line. On a terminal \
      lines can be edited (arrows, Home, End, Ctrl-A/E/B/F/K/U/W/Y/T/L), completed (Tab) and fetched from the history \
      (up, down). Ctrl-C drops a line or stops what runs, Ctrl-D ends.

      The history is kept in $XDG_STATE_HOME/loba/history, in ~/.local/state/loba/history where that folder exists, \
      or else in ~/.loba_history. The globals _PROMPT and _PROMPT2 replace the prompts.
      """)

  @OptionGroup var options: EngineOptions

  func run() throws {
    try Report.errors {
      let interpreter = try options.makeInterpreter()
      defer { interpreter.close() }
      try interpreter.setArguments(ProcessArguments(programArgumentCount: 0))
      try interpreter.runInitialisation()
      Repl(interpreter).run()
    }
  }
}
