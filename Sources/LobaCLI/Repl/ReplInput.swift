import Loba

/// Where the REPL's lines come from: an editor on a terminal, else standard input as it is.
final class ReplInput {
  struct Line {
    var bytes: [UInt8]
    /// Ctrl-C: forget the line and what it continues.
    var isDropped = false
    var isEmpty: Bool { bytes.isEmpty }
  }

  private let lua: LuaRuntime
  private let editor: LineEditor?
  private let history: History?
  let isInteractive: Bool

  static func best(for lua: LuaRuntime) -> ReplInput { ReplInput(lua) }

  private init(_ lua: LuaRuntime) {
    self.lua = lua
    let terminal = Terminal.standard
    isInteractive = terminal.isInteractive
    guard terminal.canEdit else {
      editor = nil
      history = nil
      return
    }
    let history = History(file: History.defaultFile)
    self.history = history
    let completer = Completer(lua)
    editor = LineEditor(terminal: terminal, history: history) { completer.complete($0) }
  }

  /// Reads a line. Nil at the end of the input.
  func line(continuing: Bool) -> Line? {
    let prompt = prompt(continuing: continuing)
    guard let editor else {
      if isInteractive { Console.write(Array(prompt.utf8), to: 1) }
      return Console.readLine().map { Line(bytes: $0) }
    }
    switch editor.readLine(prompt: prompt) {
    case .line(let text):
      history?.add(text)
      return Line(bytes: Array(text.utf8))
    case .interrupted: return Line(bytes: [], isDropped: true)
    case .end: return nil
    }
  }

  private func prompt(continuing: Bool) -> String {
    let text: LuaString? = try? lua.globals.rawGet(continuing ? "_PROMPT2" : "_PROMPT")
    return text?.description ?? (continuing ? ">> " : "> ")
  }
}
