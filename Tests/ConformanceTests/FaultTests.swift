import Foundation
import Loba
import LobaConformance
import Testing

/// The conformance suite can fail: an engine with a fault does not pass it. Not under AddressSanitizer, since an engine
/// that does not close its states, for example, leaks them.
@Suite(.enabled(if: dlsym(nil, "__asan_init") == nil, "a faulty engine leaks")) struct FaultTests {
  static let engine = LuaEngines.default as! any LuaCEngine

  @Test("an engine with a fault does not pass", arguments: Fault.all)
  func fails(_ fault: Fault) throws {
    let faulty = FaultyEngine(Self.engine, fault)
    for check in ConformanceSuite.checks where check.area == fault.area && check.excuse(for: faulty) == nil {
      do {
        try check.run(on: faulty)
      } catch {
        print("found by '\(check)': \(fault)")
        return
      }
    }
    Issue.record("No check of \(fault.area) has found the fault: \(fault)")
  }

  @Test("the same engine without a fault passes")
  func passes() throws {
    let engine = FaultyEngine(Self.engine, Fault(area: "none", description: "none") { _ in })
    let areas = Set(Fault.all.map(\.area))
    for check in ConformanceSuite.checks where areas.contains(check.area) && check.excuse(for: engine) == nil {
      try check.run(on: engine)
    }
  }
}
