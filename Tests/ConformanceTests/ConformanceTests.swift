import Loba
import LobaConformance
import Testing

/// A check on an engine: one test case, named by both.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  let check: ConformanceCheck
  let engine: any LuaEngine

  var testDescription: String { "\(engine.name): \(check)" }

  static let all = LuaEngines.available.flatMap { engine in
    ConformanceSuite.checks.map { ConformanceCase(check: $0, engine: engine) }
  }

  static let required = all.filter { $0.check.excuse(for: $0.engine) == nil }
  static let excused = all.filter { $0.check.excuse(for: $0.engine) != nil }
}

@Suite struct ConformanceTests {
  @Test("conformance", arguments: ConformanceCase.required)
  func conforms(_ testCase: ConformanceCase) throws {
    try testCase.check.run(on: testCase.engine)
  }

  @Test("what an engine is excused from is printed with the reason")
  func excuses() {
    for testCase in ConformanceCase.excused {
      print("skipped: \(testCase.check): \(testCase.check.excuse(for: testCase.engine)!)")
    }
    #expect(ConformanceCase.all.count == ConformanceCase.required.count + ConformanceCase.excused.count)
  }
}
