// Puts Lua 5.3, an engine that Loba knows nothing of, through Loba's conformance suite.
import Foundation
import LobaConformance
import Lua53Engine

let report = ConformanceSuite.run(ConformanceSuite.checks, on: Lua53Engine())
print(report)
exit(report.failures.isEmpty ? 0 : 1)
