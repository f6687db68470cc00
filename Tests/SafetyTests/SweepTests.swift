import Loba
import LobaConformance
import Testing

@Suite struct SweepTests {
  @Test("every operation stands a fault at every point", arguments: Sweep.Fault.allCases)
  func sweep(_ fault: Sweep.Fault) {
    var reports: [Sweep.Report] = []
    for engine in LuaEngines.available { reports.append(Sweep(engine: engine, fault: fault).run()) }
    print(Sweep.table(reports))
    for failure in reports.flatMap(\.failures) { Issue.record("\(failure)") }
    #expect(reports.allSatisfy { $0.points > $0.operations })
  }
}
