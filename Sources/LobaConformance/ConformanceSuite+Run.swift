public import LobaCore

/// What an engine has made of everything that it owes.
public struct ConformanceReport: Sendable, CustomStringConvertible {
  /// The engine's name.
  public let engine: String
  /// How many checks and sweeps have held.
  public internal(set) var passed = 0
  /// What the engine is excused from, each with the reason.
  public internal(set) var excuses: [String] = []
  /// What did not hold, each with what went wrong.
  public internal(set) var failures: [String] = []

  /// The failures, and how many of what there are.
  public var description: String {
    let summary = "\(engine): \(passed) passed, \(failures.count) failed, \(excuses.count) excused by its capabilities"
    return (failures.map { "failed: \($0)" } + [summary]).joined(separator: "\n")
  }
}

extension ConformanceSuite {
  /// Puts an engine through everything that it owes: the checks, those of safety and of threads, the sweeps, and at last,
  /// since an engine that fails one may take the process with it, those that are better run in a process of their own.
  ///
  /// - Parameter progress: Told what is about to be run, so that the last line is what a process has died of.
  public static func run(on engine: any LuaEngine, progress: (String) -> Void = { _ in }) -> ConformanceReport {
    var report = ConformanceReport(engine: engine.name)
    report.add(checks + safety + threads, on: engine, progress)
    for fault in Sweep.Fault.allCases {
      progress("sweep: \(fault.rawValue)")
      let sweep = Sweep(engine: engine, fault: fault).run()
      report.passed += sweep.operations - sweep.failures.count
      report.failures += sweep.failures
    }
    report.add(isolated, on: engine, progress)
    return report
  }

  /// Puts an engine through some of the checks.
  public static func run(
    _ checks: [ConformanceCheck], on engine: any LuaEngine, progress: (String) -> Void = { _ in }
  ) -> ConformanceReport {
    var report = ConformanceReport(engine: engine.name)
    report.add(checks, on: engine, progress)
    return report
  }
}

extension ConformanceReport {
  fileprivate mutating func add(_ checks: [ConformanceCheck], on engine: any LuaEngine, _ progress: (String) -> Void) {
    for check in checks {
      if let excuse = check.excuse(for: engine) {
        excuses.append("\(check): \(excuse)")
        continue
      }
      progress("\(check)")
      do {
        try check.run(on: engine)
        passed += 1
      } catch {
        failures.append("\(check): \(error)")
      }
    }
  }
}
