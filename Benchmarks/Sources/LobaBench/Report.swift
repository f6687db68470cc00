import Foundation

/// Prints measurements as they arrive.
enum Report: String, CaseIterable {
  case table, markdown, json

  func heading() {
    switch self {
    case .table:
      print(columns("case", "engine", "C ns", "Loba ns", "ratio", "middle half"))
    case .markdown:
      print("| case | engine | C ns | Loba ns | ratio | middle half |\n|---|---|---:|---:|---:|---:|")
    case .json: break
    }
  }

  func line(_ m: Measurement) {
    let ratio = number(m.ratio, 2), range = "\(number(m.low, 2))-\(number(m.high, 2))"
    switch self {
    case .table:
      let line = columns(m.name, m.engine, number(m.c), number(m.loba), ratio, range)
      print(colour(m.ratio).map { "\u{1B}[\($0)m\(line)\u{1B}[0m" } ?? line)
      fflush(nil)
    case .markdown:
      print("| \(m.name) | \(m.engine) | \(number(m.c)) | \(number(m.loba)) | \(ratio) | \(range) |")
    case .json: break
    }
  }

  func end(_ measurements: [Measurement]) throws {
    guard self == .json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(measurements), as: UTF8.self))
  }

  /// Yellow above 1.25 times plain C, red above 1.5, on terminals.
  private func colour(_ ratio: Double) -> Int? {
    guard isatty(1) == 1 else { return nil }
    return ratio > 1.5 ? 31 : ratio > 1.25 ? 33 : nil
  }

  /// Three digits, unless a number of decimals is asked for.
  private func number(_ value: Double, _ decimals: Int? = nil) -> String {
    String(format: "%.*f", decimals ?? (value < 100 ? 1 : 0), value)
  }

  private func columns(_ name: String, _ engine: String, _ rest: String...) -> String {
    let first = name.padding(toLength: 22, withPad: " ", startingAt: 0)
    let second = engine.padding(toLength: 8, withPad: " ", startingAt: 0)
    let others = rest.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }
    return ([first, second] + others).joined()
  }
}
