/// Reads a line from a terminal and lets a person edit it.
final class LineEditor {
  enum Outcome {
    case line(String)
    case interrupted
    case end
  }

  private let terminal: Terminal
  private let keys: KeyReader
  private let history: History
  private let complete: (String) -> Completion
  private var buffer = LineBuffer()
  private var view: LineView
  /// The place in the history, its count being the line that is being written; edits of old lines last for this line.
  private var place = 0
  private var edited: [Int: String] = [:]
  private var lastWasTab = false

  /// - Parameter complete: What the text before the cursor can go on with.
  init(terminal: Terminal, history: History, complete: @escaping (String) -> Completion) {
    self.terminal = terminal
    self.history = history
    self.complete = complete
    keys = KeyReader { terminal.readByte(within: $0) }
    view = LineView(prompt: "")
  }

  func readLine(prompt: String) -> Outcome {
    buffer.replace(with: "")
    place = history.entries.count
    edited.removeAll()
    view = LineView(prompt: prompt)
    return terminal.withRawMode {
      show()
      while let key = keys.next() {
        if let outcome = handle(key) { return outcome }
        lastWasTab = key == .tab
        show()
      }
      return finish(.end)
    }
  }

  private func handle(_ key: Key) -> Outcome? {
    switch key {
    case .enter: return finish(.line(buffer.text))
    case .interrupt: return finish(.interrupted, mark: "^C")
    case .endOfInput:
      if buffer.isEmpty { return .end }
      _ = buffer.apply(.delete)
    case .up: recall(place - 1)
    case .down: recall(place + 1)
    case .tab: completeWord()
    case .clearScreen:
      terminal.write("\u{1B}[H\u{1B}[2J")
      view.forget()
    case .suspend:
      terminal.suspend()
      view.forget()
    default: _ = buffer.apply(key)
    }
    return nil
  }

  private func show() {
    terminal.write(view.update(buffer, columns: terminal.columns))
  }

  /// Leaves the cursor on a line of its own below the text.
  private func finish(_ outcome: Outcome, mark: String = "") -> Outcome {
    _ = buffer.apply(.end)
    show()
    terminal.write(mark + "\n")
    return outcome
  }

  private func recall(_ index: Int) {
    guard (0...history.entries.count).contains(index) else { return }
    edited[place] = buffer.text
    place = index
    buffer.replace(with: edited[index] ?? (index < history.entries.count ? history.entries[index] : ""))
  }

  private func completeWord() {
    let before = buffer.textBeforeCursor
    if before.allSatisfy(\.isWhitespace) {
      buffer.insert("  ")
      return
    }
    let completion = complete(before)
    if !completion.insertion.isEmpty {
      buffer.insert(completion.insertion)
    } else if completion.candidates.count > 1, lastWasTab {
      let list = Columns.layOut(completion.candidates, width: terminal.columns)
      terminal.write(view.moveBelow() + list)
      view.forget()
    }
  }
}
