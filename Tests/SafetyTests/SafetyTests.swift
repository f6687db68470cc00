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
  func isSafeAlone(_ testCase: SafetyCase) async {
    let identifier = testCase.engine.identifier
    let name = "\(testCase.check)"
    await #expect(processExitsWith: .success) { [identifier = identifier as String, name = name as String] in
      let check = try #require(ConformanceSuite.isolated.first { "\($0)" == name })
      try check.run(on: #require(LuaEngines.named(identifier)))
    }
  }
}
