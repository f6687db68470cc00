import Foundation
import LobaConformance
import Testing

/// Keeps the documents and what is tested the same.
@Suite struct ExampleTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func lines(_ path: String) throws -> [String] {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8).components(separatedBy: "\n")
  }

  /// What lies between lines, without the indentation of the first of them.
  private func blocks(in lines: [String], from start: String, to end: String) -> [String] {
    var blocks: [String] = []
    var block: [String]?
    var indentation = 0
    for line in lines {
      let text = line.trimmingCharacters(in: .whitespaces)
      if block == nil, text == start {
        block = []
        indentation = line.count - line.drop { $0 == " " }.count
      } else if let finished = block, text == end {
        blocks.append(finished.joined(separator: "\n"))
        block = nil
      } else {
        block?.append(String(line.dropFirst(min(indentation, line.count - line.drop { $0 == " " }.count))))
      }
    }
    #expect(block == nil, "the last block has no end")
    return blocks
  }

  @Test("the examples of coming-from-lupa.md are those that run")
  func comingFromLupa() throws {
    let shown = blocks(in: try lines("docs/coming-from-lupa.md"), from: "```swift", to: "```")
    let run = blocks(
      in: try lines("Tests/DocumentationTests/ComingFromLupaTests.swift"), from: "// example", to: "// end")
    #expect(shown.count > 15)
    #expect(shown.count == run.count)
    for (shown, run) in zip(shown, run) { #expect(shown == run) }
  }

  /// The rows of the tables in parity.md: number, spelling, check.
  private func parityRows() throws -> [(number: String, check: String)] {
    try lines("docs/parity.md").filter { $0.hasPrefix("| 1.") || $0.hasPrefix("| 2.") }.map { line in
      let cells = line.replacingOccurrences(of: "\\|", with: "\u{0}").components(separatedBy: "|")
        .map { $0.replacingOccurrences(of: "\u{0}", with: "|").trimmingCharacters(in: .whitespaces) }
      return (cells[1], cells[cells.count - 2])
    }
  }

  @Test("parity.md has every row")
  func parityIsComplete() throws {
    let rows = try parityRows().map(\.number)
    let expected = (1...149).map { "1.\($0)" } + (1...35).map { "2.\($0)" }
    #expect(rows == expected)
  }

  @Test("parity.md names the checks that there are")
  func parityNamesChecks() throws {
    var checks: [String: [String]] = [:]
    for check in ConformanceSuite.checks where check.area.hasPrefix("parity ") {
      checks[String(check.area.dropFirst("parity ".count)), default: []].append(check.name)
    }
    let tests = try ["ParityTests", "SharingTests", "CModuleTests"].flatMap {
      try lines("Tests/ConformanceTests/\($0).swift")
    }
    for line in tests {
      guard let rest = line.components(separatedBy: "@Test(\"parity ").dropFirst().first,
        let name = rest.components(separatedBy: "\"").first,
        let colon = name.range(of: ": ")
      else { continue }
      checks[String(name[..<colon.lowerBound]), default: []].append(String(name[colon.upperBound...]))
    }
    #expect(checks.count > 150)
    for row in try parityRows() {
      let names = checks.removeValue(forKey: row.number) ?? []
      if names.isEmpty {
        #expect(row.check.hasPrefix("–"), "row \(row.number) has no check, and no word why")
      } else {
        #expect(row.check == names.joined(separator: "; "), "row \(row.number)")
      }
    }
    #expect(checks.isEmpty, "checks of rows that parity.md does not have: \(checks.keys.sorted())")
  }
}
