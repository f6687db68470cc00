import Foundation
import Loba
import LobaConformance
import Testing

/// The random tester, in a process of its own per engine: a crash is a failure that names its seed.
///
/// `LOBA_RANDOM_SECONDS` says how long, for all engines together; `LOBA_RANDOM_FIRST` the seed of the first round, 1 unless
/// said, or `random`; `LOBA_RANDOM_SEED` repeats a round (with
/// `Scripts/test.sh random`, exactly: that also takes away what else differs from run to run); `LOBA_RANDOM_FEATURES` is
/// `all` or a list as in `all,-closing`.
@Suite struct RandomTests {
  @Test("callbacks that do anything", arguments: LuaEngines.available)
  func anything(_ engine: any LuaEngine) async throws {
    let environment = ProcessInfo.processInfo.environment
    let identifier = engine.identifier
    let features = environment["LOBA_RANDOM_FEATURES"] ?? "\(RandomFeatures.all.subtracting(.knownFaults(of: engine)))"
    let given = environment["LOBA_RANDOM_SECONDS"].flatMap(Double.init)
    let repeated = environment["LOBA_RANDOM_SEED"].flatMap(UInt64.init)
    // Always the same rounds unless a seed is asked for: what passes once is to pass again.
    let first = environment["LOBA_RANDOM_FIRST"]
    let seed = repeated ?? (first == "random" ? .random(in: 1...1_000_000_000) : first.flatMap(UInt64.init) ?? 1)
    let seconds = (given ?? (repeated == nil ? 6 : 0)) / Double(LuaEngines.available.count)
    print("random: \(engine.name): begins with seed \(seed)")
    let path = FileManager.default.temporaryDirectory.appending(path: "loba-random-\(UUID().uuidString)").path
    defer { for end in [".journal", ".report"] { try? FileManager.default.removeItem(atPath: path + end) } }
    await #expect(processExitsWith: .success) {
      [
        identifier = identifier as String, features = features as String, path = path as String, seed = seed as UInt64,
        seconds = seconds as Double
      ] in
      let engine = try #require(LuaEngines.named(identifier))
      let features = try #require(RandomFeatures(names: features))
      forgetThrownErrors()
      // A round that hangs is a failure as well.
      _ = alarm(UInt32(seconds) + 120)
      let journal = Journal(path + ".journal")
      let report = ConformanceSuite.random(
        on: engine, seed: seed, seconds: seconds, features: features, journal: { journal.write($0) })
      try "\(report)".write(toFile: path + ".report", atomically: true, encoding: .utf8)
      exit(EXIT_SUCCESS)
    }
    let report = try? String(contentsOfFile: path + ".report", encoding: .utf8)
    print("random: \(report ?? "\(engine.name): the process has ended")")
    guard report?.contains("; seed") ?? true else { return }
    let lines = (try? String(contentsOfFile: path + ".journal", encoding: .utf8))?.split(separator: "\n") ?? []
    Issue.record(
      """
      \(report ?? "the process has ended")
      \(lines.first ?? "no round has begun"); to repeat it: LOBA_RANDOM_SEED=(its seed) Scripts/test.sh random
      the last that was done:
      \(lines.suffix(40).joined(separator: "\n"))
      """)
  }
}

/// What a round does, in a file that is there when the process is not any more.
private final class Journal: Sendable {
  private let descriptor: Int32

  init(_ path: String) {
    descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0o600)
  }

  /// A round begins with a line that names its seed; what was before is forgotten.
  func write(_ line: String) {
    if line.contains(", seed ") { ftruncate(descriptor, 0) }
    var text = line + "\n"
    text.withUTF8 { _ = Foundation.write(descriptor, $0.baseAddress!, $0.count) }
  }
}
