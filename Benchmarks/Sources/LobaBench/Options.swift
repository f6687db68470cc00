import ArgumentParser
import Foundation
import Loba

/// The work and the engines that options select.
struct Filter: ParsableArguments {
  @Option(help: "Only this engine: lua51, lua54 or luajit. May be repeated.")
  var engine: [String] = []

  @Option(help: "Only what has this in its name. May be repeated.")
  var filter: [String] = []

  func validate() throws {
    for name in engine where LuaEngines.named(name) == nil {
      throw ValidationError("There is no engine '\(name)'; there are \(LuaEngines.available.map(\.identifier)).")
    }
  }

  var engines: [any LuaEngine] {
    LuaEngines.available.filter { engine.isEmpty || engine.contains($0.identifier) }
  }

  /// What is selected of all there is.
  ///
  /// - Throws: `ValidationError` if that is nothing.
  func selected<Work>(of all: [Work], name: (Work) -> String) throws -> [Work] {
    let selected = all.filter { work in filter.isEmpty || filter.contains { name(work).contains($0) } }
    guard !selected.isEmpty else {
      throw ValidationError("There is nothing of such a name; there are \(all.map(name).joined(separator: ", ")).")
    }
    return selected
  }
}

/// Where measurements go, and whether they are made anew.
struct Output: ParsableArguments {
  @Flag(help: "Print a Markdown table.")
  var markdown = false

  @Option(help: "Write the measurements to this file as JSON.")
  var json: String?

  @Option(help: "Draw them as an SVG picture.")
  var plot: String?

  @Option(help: "Measure nothing: take the measurements of this JSON file.")
  var from: String?

  /// The measurements of a file, if one is given.
  func read<M: Decodable>(_ type: M.Type = M.self) throws -> M? {
    try from.map { try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: $0))) }
  }

  func write<M: Encodable>(_ measurements: M, svg: @autoclosure () -> String) throws {
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(measurements).write(to: URL(fileURLWithPath: json))
    }
    if let plot { try Data(svg().utf8).write(to: URL(fileURLWithPath: plot)) }
  }
}
