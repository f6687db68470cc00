import Foundation

/// Says on standard error how far a long run is: on a terminal in one line that changes, else in a line per step.
struct Progress {
  let total: Int
  private var done = 0
  private var last = ""
  private let start = Date()
  private let isTerminal = isatty(2) == 1

  init(of total: Int) { self.total = total }

  /// What comes next. Steps of the same title are one line where lines stay.
  mutating func next(_ title: String, _ detail: String) {
    let elapsed = Date().timeIntervalSince(start)
    if isTerminal {
      let left = done == 0 ? "" : ", about \(minutes(elapsed / Double(done) * Double(total - done))) left"
      say("\r\u{1B}[K\(done + 1)/\(total)  \(title), \(detail)\(left)")
    } else if title != last {
      say("\(minutes(elapsed))  \(done + 1)/\(total)  \(title)\n")
    }
    last = title
    done += 1
  }

  /// Takes the line away, before anything else is printed.
  func clear() {
    if isTerminal { say("\r\u{1B}[K") }
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private func minutes(_ seconds: Double) -> String { String(format: "%d:%02d", Int(seconds) / 60, Int(seconds) % 60) }
}
