import Loba
import LobaConformance
import Testing

/// What every engine of the build owes of a part of the suite, and what it is excused from.
struct Owed {
  let required: [ConformanceCase]
  let excused: [ConformanceCase]

  init(_ part: ConformanceCase.Part) {
    let all = LuaEngines.available.flatMap { ConformanceSuite.cases([part], on: $0) }
    required = all.filter { $0.excuse == nil }
    excused = all.filter { $0.excuse != nil }
  }
}

@Suite struct ConformanceTests {
  private static let checks = Owed(.checks)
  private static let prepared = Owed(.prepared)

  @Test("conformance", arguments: checks.required)
  func conforms(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run()
  }

  @Test("conformance, prepared", arguments: prepared.required)
  func conformsPrepared(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run()
  }

  @Test("what is excused is printed with the reason")
  func excuses() {
    for excused in Self.checks.excused + Self.prepared.excused { print("skipped: \(excused): \(excused.excuse!)") }
    // What every engine is excused from is never run.
    if LuaEngines.available.count == LuaEngines.traits.count {
      let owed = Set(Self.checks.required.map(\.name))
      for check in ConformanceSuite.checks { #expect(owed.contains(check.description), "no engine owes it: \(check)") }
    }
  }

  @Test("everything that an engine owes has a name of its own", arguments: LuaEngines.available)
  func names(_ engine: any LuaEngine) {
    let names = ConformanceSuite.cases(on: engine).map(\.name)
    let repeated = Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
    #expect(repeated == [])
  }
}
