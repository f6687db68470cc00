import ArgumentParser
import CTwin
import Foundation
import Loba

/// The cases and engines that options select.
struct Selection: ParsableArguments {
  @Option(help: "Only this engine: lua51, lua54 or luajit. May be repeated.")
  var engine: [String] = []

  @Option(help: "Only cases whose name contains this. May be repeated.")
  var filter: [String] = []

  func validate() throws {
    for name in engine where LuaEngines.named(name) == nil {
      throw ValidationError("There is no engine '\(name)'; there are \(LuaEngines.available.map(\.identifier)).")
    }
    guard !cases.isEmpty else {
      throw ValidationError("No case has such a name; there are \(Case.all.map(\.name).joined(separator: ", ")).")
    }
  }

  var cases: [Case] { Case.all.filter { test in filter.isEmpty || filter.contains { test.name.contains($0) } } }

  var engines: [any LuaEngine] {
    LuaEngines.available.filter { engine.isEmpty || engine.contains($0.identifier) }
  }
}

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures Loba beside plain C, case by case, in one interleaved run.")

  @OptionGroup var selection: Selection
  @OptionGroup var others: Others

  @Option(help: "How many rounds; each runs C, Loba, and the other sides in turn.")
  var rounds = 41

  @Option(help: "How long one side of a round runs, in milliseconds.")
  var sample = 4

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  @Option(help: "Write the measurements to this file as JSON.")
  var json: String?

  @Option(help: "Draw the ratios as an SVG picture.")
  var plot: String?

  @Option(help: "Measure nothing: take the measurements of this JSON file.")
  var from: String?

  @Option(help: "Run one side only, without measuring, for a profiler: c or loba.")
  var side: Side?

  @Option(help: "With --side: how many operations.")
  var times = 100_000

  enum Side: String, ExpressibleByArgument { case c, loba }

  func validate() throws {
    guard rounds > 0, sample > 0, times > 0 else { throw ValidationError("Numbers must be positive.") }
  }

  func run() throws {
    twin_keep_memory()
    if let side { return try runOnly(side) }
    let measurements = try from.map(read) ?? measure()
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(measurements).write(to: URL(fileURLWithPath: json))
    }
    if let plot { try Data(RatioChart(measurements).svg.utf8).write(to: URL(fileURLWithPath: plot)) }
  }

  private func measure() throws -> [Measurement] {
    let cases = selection.cases, engines = selection.engines
    let meter = Meter(rounds: rounds, sample: Double(sample) / 1000)
    let programs = try engines.map { engine in
      _ = try LuaRuntime(engine: engine)  // its library is open from here on
      return try others.start(on: engine)
    }
    let report = Report(isMarkdown: markdown, others: programs.first.map { $0.map(\.name) } ?? [])
    var measurements: [Measurement] = []
    var progress = Progress(of: cases.count * engines.count)
    report.heading()
    for test in cases {
      for (engine, programs) in zip(engines, programs) {
        progress.next(test.name, engine.name)
        let measurement = try meter.measure(test, on: engine, beside: programs)
        progress.clear()
        report.line(measurement)
        measurements.append(measurement)
      }
    }
    return measurements
  }

  private func read(_ path: String) throws -> [Measurement] {
    let measurements = try JSONDecoder().decode([Measurement].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    var others: [String] = []
    for name in measurements.flatMap(\.others.keys).sorted() where !others.contains(name) { others.append(name) }
    let report = Report(isMarkdown: markdown, others: others)
    report.heading()
    measurements.forEach(report.line)
    return measurements
  }

  private func runOnly(_ side: Side) throws {
    for test in selection.cases {
      for engine in selection.engines {
        let lua = try LuaRuntime(engine: engine)
        let sum =
          switch side {
          case .c: try Twin(test.name, on: engine).run(times)
          case .loba: try test.prepare(lua)(times)
          }
        print(test.name, engine.name, sum)
      }
    }
  }
}
