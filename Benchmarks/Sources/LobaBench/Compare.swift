import ArgumentParser
import CTwin
import Foundation
import Loba

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures Loba beside plain C, case by case, in one interleaved run.")

  @OptionGroup var filter: Filter
  @OptionGroup var others: Others
  @OptionGroup var output: Output

  @Option(help: "How many rounds; each runs C, Loba, and the other sides in turn.")
  var rounds = 41

  @Option(help: "How long one side of a round runs, in milliseconds.")
  var sample = 4

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
    let measurements = try output.read().map(show) ?? measure()
    try output.write(measurements, svg: RatioChart(measurements).svg)
  }

  private var cases: [Case] {
    get throws { try filter.selected(of: Case.all, name: \.name) }
  }

  private func measure() throws -> [Measurement] {
    let cases = try cases, engines = filter.engines
    let meter = Meter(rounds: rounds, sample: Double(sample) / 1000)
    let programs = try engines.map { engine in
      _ = try LuaRuntime(engine: engine)  // its library is open from here on
      return try others.start(on: engine)
    }
    let report = Report(isMarkdown: output.markdown, others: programs.first.map { $0.map(\.name) } ?? [])
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

  private func show(_ measurements: [Measurement]) -> [Measurement] {
    var others: [String] = []
    for name in measurements.flatMap(\.others.keys).sorted() where !others.contains(name) { others.append(name) }
    let report = Report(isMarkdown: output.markdown, others: others)
    report.heading()
    measurements.forEach(report.line)
    return measurements
  }

  private func runOnly(_ side: Side) throws {
    for test in try cases {
      for engine in filter.engines {
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
