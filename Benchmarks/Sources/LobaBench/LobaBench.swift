import ArgumentParser
import CTwin
import Loba

@main
struct LobaBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loba-bench",
    abstract: "Measures Loba beside plain C, case by case, in one interleaved run.")

  @Option(help: "Only this engine: lua51, lua54 or luajit. May be repeated.")
  var engine: [String] = []

  @Option(help: "Only cases whose name contains this. May be repeated.")
  var filter: [String] = []

  @Option(help: "How many rounds; each runs C, then Loba.")
  var rounds = 41

  @Option(help: "How long one side of a round runs, in milliseconds.")
  var sample = 4

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  @Option(help: "Run one side only, without measuring, for a profiler: c or loba.")
  var side: Side?

  @Option(help: "With --side: how many operations.")
  var times = 100_000

  enum Side: String, ExpressibleByArgument { case c, loba }

  func validate() throws {
    guard rounds > 0, sample > 0, times > 0 else { throw ValidationError("Numbers must be positive.") }
    for name in engine where LuaEngines.named(name) == nil {
      throw ValidationError("There is no engine '\(name)'; there are \(LuaEngines.available.map(\.identifier)).")
    }
    guard !cases.isEmpty else {
      throw ValidationError("No case has such a name; there are \(Case.all.map(\.name).joined(separator: ", ")).")
    }
  }

  func run() throws {
    twin_keep_memory()
    if let side { return try runOnly(side) }
    let report: Report = json ? .json : markdown ? .markdown : .table
    let meter = Meter(rounds: rounds, sample: Double(sample) / 1000)
    var measurements: [Measurement] = []
    report.heading()
    for test in cases {
      for engine in engines {
        let measurement = try meter.measure(test, on: engine)
        measurements.append(measurement)
        report.line(measurement)
      }
    }
    try report.end(measurements)
  }

  private var cases: [Case] {
    Case.all.filter { test in filter.isEmpty || filter.contains { test.name.contains($0) } }
  }

  private var engines: [any LuaEngine] {
    LuaEngines.available.filter { engine.isEmpty || engine.contains($0.identifier) }
  }

  private func runOnly(_ side: Side) throws {
    for test in cases {
      for engine in engines {
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
