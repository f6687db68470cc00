import ArgumentParser
import CTwin
import Foundation
import Loba

/// How one kind of work grows on one engine.
struct GrowthMeasurement: Codable {
  let name: String
  let engine: String
  let sizes: [Int]
  /// Nanoseconds per item, at each size.
  let times: [Double]

  /// The exponent of the time in the size, by least squares over the logarithms: 1 is proportional.
  var exponent: Double {
    let points = zip(sizes, times).map { (x: log(Double($0)), y: log(Double($0) * $1)) }
    let x = points.map(\.x).reduce(0, +) / Double(points.count), y = points.map(\.y).reduce(0, +) / Double(points.count)
    return points.map { ($0.x - x) * ($0.y - y) }.reduce(0, +) / points.map { ($0.x - x) * ($0.x - x) }.reduce(0, +)
  }

  /// How many times as long ten times the work takes, at worst.
  var worst: Double { zip(times.dropFirst(), times).map { $0 / $1 * 10 }.max() ?? 10 }
}

struct Growth: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Measures how the time grows with the amount of work: ten times as much should take at most 11 times as long.")

  @OptionGroup var filter: Filter
  @OptionGroup var output: Output

  @Option(help: "How long each size is measured, in milliseconds; one run at least.")
  var sample = 300

  @Flag(help: "Measure nothing: run each size between marks, for a profiler that counts instructions (count.sh).")
  var marks = false

  func run() throws {
    twin_keep_memory()
    if marks { return try runMarked() }
    let kept: [GrowthMeasurement]? = try output.read()
    kept?.forEach(line)
    let measurements = try kept ?? measure()
    try output.write(measurements, svg: GrowthChart(measurements).svg)
  }

  private var cases: [GrowthCase] {
    get throws { try filter.selected(of: GrowthCase.all, name: \.name) }
  }

  /// Each line tells a kind of work, an engine and a size. In its course `twin_mark` is called twice: before a run that is
  /// not the first, and after it. The largest sizes would take a profiler long.
  private func runMarked() throws {
    for work in try cases {
      for engine in filter.engines {
        for size in work.sizes where size <= 10_000 {
          let lua = try LuaRuntime(engine: engine)
          let body = try work.prepare(lua, size)
          try body()
          try lua.collectGarbage()
          twin_mark()
          try body()
          twin_mark()
          print(work.name, engine.identifier, size, separator: "\t")
        }
      }
    }
  }

  private func measure() throws -> [GrowthMeasurement] {
    let cases = try cases
    var progress = Progress(of: cases.count * filter.engines.count)
    var measurements: [GrowthMeasurement] = []
    for work in cases {
      for engine in filter.engines {
        progress.next(work.name, engine.name)
        let times = try work.sizes.map { size in try nanoseconds(work, size, on: engine) / Double(size) }
        let measurement = GrowthMeasurement(name: work.name, engine: engine.name, sizes: work.sizes, times: times)
        progress.clear()
        if measurements.isEmpty { heading() }
        line(measurement)
        measurements.append(measurement)
      }
    }
    return measurements
  }

  /// The fastest of several runs: what the machine does besides makes a run slower, never faster.
  private func nanoseconds(_ work: GrowthCase, _ size: Int, on engine: any LuaEngine) throws -> Double {
    let lua = try LuaRuntime(engine: engine)
    let body = try work.prepare(lua, size)
    var best = Double.infinity, spent = 0.0, runs = 0
    while runs < 3 || spent * 1000 < Double(sample) {
      try lua.collectGarbage()  // of the run before
      let seconds = try time {
        try body()
        return 0
      }.seconds
      // The first run also makes the memory that the others use again.
      if runs > 0 { best = min(best, seconds) }
      spent += seconds
      runs += 1
    }
    return best * 1e9
  }

  private func heading() {
    if output.markdown {
      print("| work | engine | sizes | ns per item | exponent | 10 x the work |\n|---|---|---|---|---:|---:|")
    } else {
      print("work                            engine    ns per item, at 1, 10 and 100 times    exponent   10 x the work")
    }
  }

  private func line(_ m: GrowthMeasurement) {
    let times = m.times.map { number($0) }, exponent = number(m.exponent, 2), worst = "\(number(m.worst, 1)) x"
    if output.markdown {
      let sizes = "\(m.sizes.first ?? 0) to \(m.sizes.last ?? 0)"
      print("| \(m.name) | \(m.engine) | \(sizes) | \(times.joined(separator: ", ")) | \(exponent) | \(worst) |")
    } else {
      func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
      }
      print(pad(m.name, 32) + pad(m.engine, 10) + pad(times.joined(separator: "  "), 40) + pad(exponent, 11) + worst)
    }
    fflush(nil)
  }
}
