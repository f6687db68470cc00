import CTwin
import Loba

/// What one case took on one engine, in nanoseconds per operation.
struct Measurement: Codable {
  let name: String
  let engine: String
  /// Medians over the rounds.
  let c: Double
  let loba: Double
  /// The median of the rounds' ratios: both sides of a round see the same neighbours on the machine.
  let ratio: Double
  /// The lowest and highest of the middle half of the ratios.
  let low: Double
  let high: Double
}

struct Meter {
  var rounds: Int
  /// How long one side of one round takes, in seconds. Short, so that both sides of a round meet the same noise.
  var sample: Double

  func measure(_ test: Case, on engine: any LuaEngine) throws -> Measurement {
    let lua = try LuaRuntime(engine: engine)
    let body = try test.prepare(lua)
    let twin = try Twin(test.name, on: engine)
    // Both sides do the same number of operations.
    var times = 1
    while true {
      let both = (time { twin.run(times) }, try time { try body(times) })
      guard both.0.sum == both.1.sum else {
        throw Failure("\(test.name) on \(engine.name): C computes \(both.0.sum), Loba \(both.1.sum)")
      }
      if max(both.0.seconds, both.1.seconds) * 2 > sample { break }
      times *= 2
    }
    var c: [Double] = [], loba: [Double] = []
    for _ in 0..<rounds {
      let first = time { twin.run(times) }, second = try time { try body(times) }
      guard first.sum == second.sum else { throw Failure("\(test.name) on \(engine.name): the results differ") }
      let operations = Double(times * test.units) / 1e9
      c.append(first.seconds / operations)
      loba.append(second.seconds / operations)
    }
    let ratios = zip(loba, c).map { $0 / $1 }.sorted()
    return Measurement(
      name: test.name, engine: engine.name, c: median(c), loba: median(loba), ratio: median(ratios),
      low: ratios[ratios.count / 4], high: ratios[ratios.count * 3 / 4])
  }

  private func time(_ body: () throws -> Int64) rethrows -> (sum: Int64, seconds: Double) {
    let start = twin_now()
    let sum = try body()
    return (sum, Double(twin_now() - start) / 1e9)
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted(), middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
