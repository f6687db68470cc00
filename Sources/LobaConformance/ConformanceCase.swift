public import LobaCore
internal import LobaSoak

/// One thing that an engine owes, by name: a check, a check with prepared runtimes, a sweep, some rounds of the random tester.
public struct ConformanceCase: Sendable, CustomStringConvertible {
  /// The parts of the suite, in the order in which they are run.
  public enum Part: String, Sendable, CaseIterable {
    /// What every engine must do.
    case checks
    /// The same with hooks that call Swift, and with a busy collector.
    case prepared
    /// That the boundary holds: errors that stay themselves, and everything known to have broken other bindings.
    case safety
    /// What other threads may do: for ThreadSanitizer.
    case threads
    /// Faults at every point where they can happen.
    case sweeps
    /// Random calls and scripts.
    case random
    /// What is better run in a process of its own, since an engine that fails takes the process with it, and at the end in
    /// any case.
    case isolated
    /// Everything a million times: whatever is left behind adds up. To be run in a process of its own as well, whose memory
    /// tells.
    case soak
  }

  /// The engine that it is run on.
  public let engine: any LuaEngine
  /// What it is a part of.
  public let part: Part
  /// What must hold. No two cases of an engine have the same.
  public let name: String
  /// Why the engine need not pass; nil if it must.
  public let excuse: String?

  private let body: @Sendable ((String) -> Void) throws -> Void

  init(
    _ part: Part, _ name: String, on engine: any LuaEngine, excuse: String? = nil,
    _ body: @escaping @Sendable ((String) -> Void) throws -> Void
  ) {
    self.engine = engine
    self.part = part
    self.name = name
    self.excuse = excuse
    self.body = body
  }

  /// Runs it.
  ///
  /// - Parameter note: Told what a sweep or the random tester has done.
  /// - Throws: What did not hold.
  public func run(note: (String) -> Void = { _ in }) throws { try body(note) }

  /// The engine's name and the case's.
  public var description: String { "\(engine.name): \(name)" }
}

extension ConformanceSuite {
  /// Everything that an engine owes, or some parts of it: the one list of what there is to be run.
  ///
  /// - Parameter isFull: Whether everything is tried that can be, and not a sample. That takes hours. Nil: if the
  ///   environment has `LOBA_FULL_SWEEP`, which is 1, or a list of engines.
  public static func cases(
    _ parts: [ConformanceCase.Part] = ConformanceCase.Part.allCases, on engine: any LuaEngine, isFull: Bool? = nil
  ) -> [ConformanceCase] {
    parts.flatMap { part in
      switch part {
      case .checks: ConformanceSuite.checks.map { single($0, part, engine) }
      case .safety: ConformanceSuite.safety.map { single($0, part, engine) }
      case .threads: ConformanceSuite.threads.map { single($0, part, engine) }
      case .isolated: ConformanceSuite.isolated.map { single($0, part, engine) }
      case .prepared: prepared(engine, isFull: isFull ?? sweepsInFull(engine))
      case .sweeps: Sweep.Fault.allCases.map { swept($0, engine, isFull: isFull ?? sweepsInFull(engine)) }
      case .random: [random(engine)]
      case .soak: [soak(engine, isFull: isFull ?? false)]
      }
    }
  }

  private static func single(
    _ check: ConformanceCheck, _ part: ConformanceCase.Part, _ engine: any LuaEngine
  ) -> ConformanceCase {
    ConformanceCase(part, "\(check)", on: engine, excuse: check.excuse(for: engine)) { _ in try check.run(on: engine) }
  }

  /// Every seventh check that the engine owes, each preparation beginning with another; or all of them.
  private static func prepared(_ engine: any LuaEngine, isFull: Bool) -> [ConformanceCase] {
    let owed = checks.filter { $0.excuse(for: engine) == nil }
    return ConformancePreparation.all.enumerated().flatMap { offset, preparation in
      owed.enumerated().filter { isFull || $0.offset % 7 == offset }.map { _, check in
        ConformanceCase(
          .prepared, "\(check), \(preparation)", on: engine, excuse: check.excuse(from: preparation)
        ) { _ in try check.run(on: engine, preparing: preparation) }
      }
    }
  }

  private static func swept(_ fault: Sweep.Fault, _ engine: any LuaEngine, isFull: Bool) -> ConformanceCase {
    ConformanceCase(.sweeps, "every operation stands that \(fault.rawValue)", on: engine) { note in
      let report = Sweep(engine: engine, fault: fault, isFull: isFull).run()
      note(Sweep.table([report]))
      try expect(report.failures.isEmpty, report.failures.joined(separator: "\n"))
      try expect(report.points > report.operations, "the fault was never met")
    }
  }

  private static func soak(_ engine: any LuaEngine, isFull: Bool) -> ConformanceCase {
    ConformanceCase(.soak, "nothing is left of what is done many times", on: engine) { note in
      let report = Soak.run(on: engine, isFull: isFull)
      note("\(report)")
      try expect(report.failures.isEmpty, report.failures.joined(separator: "\n"))
    }
  }

  /// For two seconds. Longer runs, and such as say what a process has died of: ``random(on:seed:seconds:features:journal:)``.
  private static func random(_ engine: any LuaEngine) -> ConformanceCase {
    ConformanceCase(.random, "callbacks that do anything", on: engine) { note in
      let features = RandomFeatures.all.subtracting(.knownFaults(of: engine))
      let report = random(on: engine, seed: 1, seconds: 2, features: features)
      note("\(report)")
      try expect(report.failure == nil, "\(report)")
    }
  }
}
