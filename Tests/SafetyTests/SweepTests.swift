import Loba
import LobaConformance
import Testing

@Suite struct SweepTests {
  @Test("a fault at every point", arguments: SafetyTests.owed(.sweeps))
  func sweep(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run { print($0) }
  }
}
