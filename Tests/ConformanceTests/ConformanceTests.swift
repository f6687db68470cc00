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
    // What every engine is excused from is never run.
    let owed = Set(ConformanceCase.required.map(\.check.description))
    if LuaEngines.available.count == 3 {
      for check in ConformanceSuite.checks { #expect(owed.contains(check.description), "no engine owes it: \(check)") }
    }
  }

  @Test("every check has a name of its own")
  func names() {
    let names =
      (ConformanceSuite.checks + ConformanceSuite.safety + ConformanceSuite.threads + ConformanceSuite.isolated)
      .map(\.description)
    let repeated = Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
    #expect(repeated == [])
  }
}
