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
  /// The other sides that were measured, by name.
  let others: [String: Other]

  struct Other: Codable {
    let time: Double
    /// To plain C.
    let ratio: Double
  }
}

struct Meter {
  var rounds: Int
  /// How long one side of one round takes, in seconds. Short, so that all sides of a round meet the same noise.
  var sample: Double

  func measure(_ test: Case, on engine: any LuaEngine, beside others: [OtherProgram] = []) throws -> Measurement {
    let lua = try LuaRuntime(engine: engine)
    let body = try test.prepare(lua)
    let twin = try Twin(test.name, on: engine)
    let c: Run = { times in time { twin.run(times) } }
    let loba: Run = { times in try time { try body(times) } }
    let present = try others.filter { try $0.prepare(test.name) }
    let expected = try c(1).sum
    for (name, run) in [("Loba", loba)] + present.map({ ($0.name, $0.run) }) {
      let sum = try run(1).sum
      guard sum == expected else {
        throw Failure("\(test.name) on \(engine.name): C computes \(expected), \(name) \(sum)")
      }
    }
    // C and Loba do the same number of operations; the others as many as they have time for.
    let times = try timesFor(c, loba)
    let timesOfOthers = try present.map { other in try timesFor(other.run) }
    var perOperation: [[Double]] = Array(repeating: [], count: 2 + present.count)
    for _ in 0..<rounds {
      let first = try c(times), second = try loba(times)
      guard first.sum == second.sum else { throw Failure("\(test.name) on \(engine.name): the results differ") }
      perOperation[0].append(first.seconds / Double(times))
      perOperation[1].append(second.seconds / Double(times))
      for (i, other) in present.enumerated() {
        let run = try other.run(timesOfOthers[i])
        perOperation[2 + i].append(run.seconds / Double(timesOfOthers[i]))
      }
    }
    func ratios(_ i: Int) -> [Double] { zip(perOperation[i], perOperation[0]).map { $0 / $1 }.sorted() }
    let medians = perOperation.map { median($0) * 1e9 / Double(test.units) }
    let ratio = ratios(1)
    return Measurement(
      name: test.name, engine: engine.name, c: medians[0], loba: medians[1], ratio: median(ratio),
      low: ratio[ratio.count / 4], high: ratio[ratio.count * 3 / 4],
      others: Dictionary(
        uniqueKeysWithValues: present.enumerated().map { i, other in
          (other.name, Measurement.Other(time: medians[2 + i], ratio: median(ratios(2 + i))))
        }))
  }

  private typealias Run = (Int) throws -> (sum: Int64, seconds: Double)

  /// How many operations take about one sample's time, for the slowest of the sides.
  private func timesFor(_ runs: Run...) throws -> Int {
    var times = 1
    while true {
      let seconds = try runs.map { try $0(times) }
      guard Set(seconds.map(\.sum)).count == 1 else { throw Failure("the results differ") }
      if seconds.map(\.seconds).max()! * 2 > sample { return times }
      times *= 2
    }
  }
}

func time(_ body: () throws -> Int64) rethrows -> (sum: Int64, seconds: Double) {
  let start = twin_now()
  let sum = try body()
  return (sum, Double(twin_now() - start) / 1e9)
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted(), middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
