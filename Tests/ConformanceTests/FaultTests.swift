import Loba
import LobaConformance
import Testing

/// The conformance suite can fail: an engine with a fault does not pass it.
@Suite struct FaultTests {
  static let engine: any LuaEngine = LuaEngines.default!

  @Test("an engine with a fault does not pass", arguments: Fault.all)
  func fails(_ fault: Fault) throws {
    let faulty = FaultyEngine(Self.engine, fault)
    for check in ConformanceSuite.checks where check.excuse(for: faulty) == nil {
      do {
        try check.run(on: faulty)
      } catch {
        print("found by '\(check)': \(fault)")
        return
      }
    }
    Issue.record("No check has found the fault: \(fault)")
  }

  @Test("the same engine without a fault passes")
  func passes() throws {
    let engine = FaultyEngine(Self.engine, Fault(description: "none") { _ in })
    for check in ConformanceSuite.checks where check.excuse(for: engine) == nil { try check.run(on: engine) }
  }
}
