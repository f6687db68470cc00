internal import Foundation
internal import LobaCore
internal import LobaSoak
internal import Synchronization

/// Whether this process does nothing else, so that its memory tells something.
private let isAlone = Mutex(false)

/// Runs a body many times. In a process that does nothing else, fails if memory grows by more than a bound between the
/// first part of the rounds and the end. A check beside the trackers, which count exactly.
func expectFlatMemory(
  rounds: Int, bound: Int = 8 << 20, file: StaticString = #fileID, line: UInt = #line, _ body: (Int) throws -> Void
) throws {
  let warm = Swift.max(1, rounds / 5)
  var before: Int?
  for round in 0..<rounds {
    if round == warm, isAlone.withLock({ $0 }) { before = residentMemory() }
    try body(round)
  }
  if let before, let after = residentMemory() {
    try expect(
      after - before < bound, "memory grew by \(after - before) bytes in \(rounds - warm) rounds", file: file,
      line: line)
  }
}

/// Whether long sweeps run in full.
let isFullSweep = fullSweep?.isEmpty == false

/// Whether that goes for the sweeps and the prepared checks of an engine too: `LOBA_FULL_SWEEP` may be a list of engines.
func sweepsInFull(_ engine: any LuaEngine) -> Bool {
  fullSweep == "1" || fullSweep?.split(separator: ",").contains { $0 == engine.identifier } == true
}

private let fullSweep = ProcessInfo.processInfo.environment["LOBA_FULL_SWEEP"]

/// A number of rounds: a tenth of it unless sweeps run in full.
func rounds(_ full: Int) -> Int { isFullSweep ? full : Swift.max(1, full / 10) }

/// What shows only in the memory of the process.
let memoryChecks: [ConformanceCheck] = [
  ConformanceCheck("memory", "what is done many times leaves the memory of the process as it was") { engine in
    isAlone.withLock { $0 = true }
    for check in errorIdentityChecks + hazardMemoryChecks where check.excuse(for: engine) == nil {
      do { try check.run(on: engine) } catch {
        throw ConformanceFailure(message: "\(check): \(error)", file: #fileID, line: #line)
      }
    }
  }
]
