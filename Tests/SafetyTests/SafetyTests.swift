import Foundation
import Loba
import LobaConformance
import Testing

/// A safety check on an engine, found again by name in the process that runs it.
struct SafetyCase: Sendable, CustomTestStringConvertible {
  let check: ConformanceCheck
  let engine: any LuaEngine

  var testDescription: String { "\(engine.name): \(check)" }

  static func all(_ checks: [ConformanceCheck]) -> [SafetyCase] {
    LuaEngines.available.flatMap { engine in
      checks.filter { $0.excuse(for: engine) == nil }.map { SafetyCase(check: $0, engine: engine) }
    }
  }
}

@Suite struct SafetyTests {
  @Test("safety", arguments: SafetyCase.all(ConformanceSuite.safety))
  func isSafe(_ testCase: SafetyCase) throws {
    try testCase.check.run(on: testCase.engine)
  }

  @Test("threads", arguments: SafetyCase.all(ConformanceSuite.threads))
  func threads(_ testCase: SafetyCase) throws {
    try testCase.check.run(on: testCase.engine)
  }

  @Test("in a process of its own", arguments: SafetyCase.all(ConformanceSuite.isolated))
  func isSafeAlone(_ testCase: SafetyCase) async throws {
    let identifier = testCase.engine.identifier
    let name = "\(testCase.check)"
    // What the process says is lost: thrown from it, an error would only be a signal.
    let report = FileManager.default.temporaryDirectory.appending(path: "loba-safety-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: report) }
    await #expect(processExitsWith: .success) {
      [identifier = identifier as String, name = name as String, report = report as String] in
      let check = try #require(ConformanceSuite.isolated.first { "\($0)" == name })
      let engine = try #require(LuaEngines.named(identifier))
      forgetThrownErrors()
      do {
        try check.run(on: engine)
      } catch {
        try "\(error)".write(toFile: report, atomically: true, encoding: .utf8)
        exit(EXIT_FAILURE)
      }
    }
    if let error = try? String(contentsOfFile: report, encoding: .utf8) { Issue.record("\(error)") }
  }
}

/// Swift Testing keeps a backtrace of every error that is thrown: in a process that throws a million of them, that is what
/// would be measured.
func forgetThrownErrors() {
  for hook in ["_swift_willThrow", "_swift_willThrowTypedImpl"] {
    dlsym(dlopen(nil, RTLD_NOW), hook)?.assumingMemoryBound(to: UInt.self).pointee = 0
  }
}
