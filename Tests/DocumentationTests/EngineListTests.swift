import Foundation
import Loba
import Testing

/// The engines are listed where each list is of another kind: the manifest's, which makes targets of it; the one of the
/// module Loba, whose imports are conditional; folders; documents. They are the same.
@Suite struct EngineListTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// What stands between quotation marks.
  private func quoted(_ text: some StringProtocol, _ mark: String = "\"") -> [String] {
    text.components(separatedBy: mark).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  private let expected = LuaEngines.traits.sorted()

  @Test("the manifest and the folders of the backends")
  func manifest() throws {
    let lines = try text("Package.swift").components(separatedBy: "\n")
    let list = try #require(lines.first { $0.hasPrefix("let engines = [") })
    #expect(quoted(list) == expected)
    let traits = lines.compactMap { line in
      line.contains(".trait(name: ") && line.contains("(needs the headers of ") ? quoted(line)[0] : nil
    }
    #expect(traits == expected)
    let folders = try FileManager.default.contentsOfDirectory(
      at: Self.root.appendingPathComponent("Backends"), includingPropertiesForKeys: nil)
    #expect(folders.map(\.lastPathComponent).sorted() == expected)
  }

  @Test("the module Loba imports and makes each")
  func module() throws {
    let source = try text("Sources/Loba/Loba.swift")
    for trait in expected {
      #expect(source.contains("#if \(trait)\n  @_exported public import \(trait)Engine\n#endif"))
      #expect(source.contains("#if \(trait)\n      engines.append(\(trait)Engine())\n    #endif"))
    }
  }

  @Test("the tables of the documents", arguments: ["README.md", "docs/engines.md"])
  func documents(_ path: String) throws {
    let document = try text(path)
    for trait in expected {
      let header = "`\(trait)`"
      #expect(document.contains(header), "\(path) has no \(header)")
    }
    for engine in LuaEngines.available { #expect(document.contains(engine.name), "\(path) has no \(engine.name)") }
  }

  @Test("the capabilities of each engine as docs/engines.md tells them")
  func capabilities() throws {
    let rows = try text("docs/engines.md").components(separatedBy: "\n").filter { $0.hasPrefix("|") }.map { line in
      line.replacingOccurrences(of: "\\|", with: "/").components(separatedBy: "|").dropFirst().dropLast()
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let head = try #require(rows.first { $0[0] == "capability" })
    for engine in LuaEngines.available {
      let column = try #require(head.firstIndex(of: engine.name), "no column for \(engine.name)")
      let told = rows.filter { $0.count == head.count && $0[column] == "✓" }.map { quoted($0[0], "`").first ?? "" }
      #expect(told.sorted() == engine.capabilities.description.components(separatedBy: ", ").sorted())
    }
  }
}
