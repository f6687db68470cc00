import Foundation

/// A table of measurements, printed line by line as they arrive.
struct Report {
  let isMarkdown: Bool
  /// The names of the other sides, in the order of their columns.
  let others: [String]

  func heading() {
    let titles = ["case", "engine", "C ns", "Loba ns", "ratio", "middle half"] + others
    line(titles)
    if isMarkdown { print("|---|---|" + String(repeating: "---:|", count: titles.count - 2)) }
  }

  func line(_ m: Measurement) {
    let numbers = [number(m.c), number(m.loba), number(m.ratio, 2), "\(number(m.low, 2))-\(number(m.high, 2))"]
    line([m.name, m.engine] + numbers + others.map { m.others[$0].map { number($0.ratio, 2) } ?? "" }, colour(m.ratio))
    fflush(nil)
  }

  private func line(_ columns: [String], _ colour: Int? = nil) {
    guard !isMarkdown else { return print("| \(columns.joined(separator: " | ")) |") }
    let line = columns.enumerated().map { i, text in
      let width = i == 0 ? 22 : i == 1 ? 8 : 12
      let space = String(repeating: " ", count: max(0, width - text.count))
      return i < 2 ? text + space : space + text
    }.joined()
    print(colour.map { "\u{1B}[\($0)m\(line)\u{1B}[0m" } ?? line)
  }

  /// Yellow above 1.25 times plain C, red above 1.5, on terminals.
  private func colour(_ ratio: Double) -> Int? {
    guard isatty(1) == 1 else { return nil }
    return ratio > 1.5 ? 31 : ratio > 1.25 ? 33 : nil
  }
}

/// Three digits, unless a number of decimals is asked for.
func number(_ value: Double, _ decimals: Int? = nil) -> String {
  String(format: "%.*f", decimals ?? (value < 100 ? 1 : 0), value)
}
