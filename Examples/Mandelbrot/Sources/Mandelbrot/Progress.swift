import Foundation

/// A progress bar on the terminal; nothing where standard error is no terminal.
struct Progress {
  private let title: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private let width = 30

  init(_ title: String) {
    self.title = title
  }

  func show(_ share: Double) {
    guard isShown else { return }
    let filled = Int(share * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    write("\r\(title) \(bar) \(Int(share * 100)) %")
  }

  func clear() {
    if isShown { write("\r\u{1B}[2K") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
