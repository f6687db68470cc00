import Loba
import LobaConformance
import Testing

@Suite struct SweepTests {
  @Test("a fault at every point", arguments: LuaEngines.available.flatMap { ConformanceSuite.cases([.sweeps], on: $0) })
  func sweep(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run { print($0) }
  }
}
