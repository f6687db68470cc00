// Puts Lua 5.3, an engine that Loba knows nothing of, through Loba's conformance suite.
import Foundation
import LobaConformance
import LobaCore
import Lua53Engine

let engine = Lua53Engine()
var passed = 0
var excused = 0
var failures: [String] = []
for check in ConformanceSuite.checks {
  if check.excuse(for: engine) != nil {
    excused += 1
    continue
  }
  do {
    try check.run(on: engine)
    passed += 1
  } catch {
    failures.append("\(check): \(error)")
  }
}
for failure in failures { print("failed: \(failure)") }
print("\(engine.name): \(passed) checks passed, \(failures.count) failed, \(excused) excused by its capabilities")
exit(failures.isEmpty ? 0 : 1)
