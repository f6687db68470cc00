public import LobaCore

/// What an engine has made of what it owes.
public struct ConformanceReport: Sendable, CustomStringConvertible {
  /// The engine's name.
  public let engine: String
  /// How many cases have held, by part of the suite.
  public private(set) var passed: [ConformanceCase.Part: Int] = [:]
  /// What the engine is excused from, each with the reason.
  public private(set) var excuses: [String] = []
  /// What did not hold, each with what went wrong.
  public private(set) var failures: [String] = []

  init(engine: String) { self.engine = engine }

  mutating func run(_ conformanceCase: ConformanceCase, _ progress: (String) -> Void) {
    if let excuse = conformanceCase.excuse { return excuses.append("\(conformanceCase.name): \(excuse)") }
    progress("\(conformanceCase.part.rawValue): \(conformanceCase.name)")
    do {
      try conformanceCase.run(note: progress)
      passed[conformanceCase.part, default: 0] += 1
    } catch {
      failures.append("\(conformanceCase.name): \(error)")
    }
  }

  /// The failures, and how many of what there are.
  public var description: String {
    let parts = ConformanceCase.Part.allCases.compactMap { part in passed[part].map { "\($0) \(part.rawValue)" } }
    let total = passed.values.reduce(0, +)
    return
      (failures.map { "failed: \($0)" } + [
        "\(engine): \(total) passed (\(parts.joined(separator: ", "))), \(failures.count) failed, \(excuses.count) excused"
      ]).joined(separator: "\n")
  }
}

extension ConformanceSuite {
  /// Puts an engine through everything that it owes, or some parts of it.
  ///
  /// - Parameter progress: Told what is about to be run, so that the last line is what a process has died of, and what
  ///   sweeps and the random tester have done.
  public static func run(
    _ parts: [ConformanceCase.Part] = ConformanceCase.Part.allCases, on engine: any LuaEngine,
    progress: (String) -> Void = { _ in }
  ) -> ConformanceReport {
    var report = ConformanceReport(engine: engine.name)
    for conformanceCase in cases(parts, on: engine) { report.run(conformanceCase, progress) }
    return report
  }
}
