internal import Foundation
public import LobaCore
internal import Synchronization

/// What a run of the random tester has done.
public struct RandomReport: Sendable, CustomStringConvertible {
  /// The engine's name.
  public let engine: String
  /// The seed of the first round; the others follow, each one more.
  public let seed: UInt64
  /// How many rounds were begun, each with a runtime of its own.
  public internal(set) var rounds = 0
  /// How many steps the rounds took: actions that no callback did.
  public internal(set) var steps = 0
  /// Actions, those in callbacks included.
  public internal(set) var actions = 0
  /// How many callbacks came, those in which nothing was done included.
  public internal(set) var callbacks = 0
  /// Actions that threw.
  public internal(set) var errors = 0
  /// What went wrong, with the seed of its round. The run ends there.
  public internal(set) var failure: String?

  /// The seed and the counts in one line, and the failure if there is one.
  public var description: String {
    "\(engine): seed \(seed), \(rounds) rounds, \(steps) steps, \(actions) actions, \(callbacks) callbacks, \(errors) errors"
      + (failure.map { "; \($0)" } ?? "")
  }
}

extension ConformanceSuite {
  /// Does random things to runtimes of an engine, in rounds: each a fresh runtime and a sequence of calls and generated
  /// scripts in which every callback may in turn do anything, down to closing the runtime, while memory runs short and
  /// errors fly. After every step the runtime must be as usable as before.
  ///
  /// Everything derives from the seed: round n of a run from `seed + n`, so that the seed of the round that failed, given
  /// with no time, repeats just that.
  ///
  /// - Parameters:
  ///   - seconds: For how long new rounds are begun. One is run in any case.
  ///   - features: What is done.
  ///   - journal: Told everything that is done, before it is done. A round begins with a line that names its seed.
  public static func random(
    on engine: any LuaEngine, seed: UInt64, seconds: Double, features: RandomFeatures = .all,
    journal: @escaping @Sendable (String) -> Void = { _ in }
  ) -> RandomReport {
    let report = Mutex(RandomReport(engine: engine.name, seed: seed))
    let end = ContinuousClock.now + .seconds(seconds)
    do {
      // Everything a round nests happens on a stack of known size.
      try onThread(stackSize: 16 << 20) {
        var number: UInt64 = 0
        repeat {
          let round = RandomRound(
            engine: engine, seed: seed &+ number, features: features.forRound(seed &+ number, on: engine), steps: 40,
            journal: journal)
          let (failure, counts) = round.run()
          number += 1
          report.withLock {
            $0.rounds += 1
            $0.steps += counts.steps
            $0.actions += counts.actions
            $0.callbacks += counts.callbacks
            $0.errors += counts.errors
            $0.failure = failure.map { "seed \(round.seed): \($0)" }
          }
          if failure != nil { break }
        } while ContinuousClock.now < end
      }
    } catch {
      report.withLock { $0.failure = "\(error)" }
    }
    return report.withLock { $0 }
  }
}

extension RandomFeatures {
  /// In one round of three memory is never short, so that everything must be collected in the end; on LuaJIT these leave out
  /// finalizers as well, which its compiler does not stand either. In every other round nothing waits, and the coroutine
  /// library is the engine's own.
  fileprivate func forRound(_ seed: UInt64, on engine: any LuaEngine) -> RandomFeatures {
    let features = seed % 2 == 0 ? self : subtracting(.waiting)
    guard seed % 3 == 0 else { return features }
    let spared = features.subtracting([.memoryLimits, .allocationFaults])
    return engine.capabilities.contains(.jit) ? spared.subtracting(.finalizers) : spared
  }
}
