import Foundation
import Loba
import LobaConformance
import Testing

/// A check on an engine whose runtimes are prepared.
struct PreparedCase: Sendable, CustomTestStringConvertible {
  let conformance: ConformanceCase
  let preparation: ConformancePreparation

  var testDescription: String { "\(conformance.testDescription), \(preparation)" }
  var excuse: String? { conformance.check.excuse(from: preparation) }

  /// Every seventh check, each preparation beginning with another; with `LOBA_FULL_SWEEP=1` all of them.
  static let all = ConformancePreparation.all.enumerated().flatMap { offset, preparation in
    ConformanceCase.required.enumerated()
      .filter { isFull || $0.offset % 7 == offset }
      .map { PreparedCase(conformance: $0.element, preparation: preparation) }
  }

  private static let isFull = ProcessInfo.processInfo.environment["LOBA_FULL_SWEEP"] == "1"
}

@Suite struct PreparedTests {
  @Test("conformance, prepared", arguments: PreparedCase.all.filter { $0.excuse == nil })
  func conforms(_ testCase: PreparedCase) throws {
    try testCase.conformance.check.run(on: testCase.conformance.engine, preparing: testCase.preparation)
  }

  @Test("what a preparation is not for is printed with the reason")
  func excuses() {
    for check in ConformanceSuite.checks {
      for preparation in ConformancePreparation.all {
        if let excuse = check.excuse(from: preparation) { print("skipped \(preparation): \(check): \(excuse)") }
      }
    }
  }
}
