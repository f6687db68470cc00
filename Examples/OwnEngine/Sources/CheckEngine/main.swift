// Puts Lua 5.5, an engine that Loba knows nothing of, through everything that an engine owes, or the parts of it that are
// named.
import Foundation
import LobaConformance
import Lua55Engine

let isVerbose = CommandLine.arguments.contains("--verbose")
let named = CommandLine.arguments.compactMap(ConformanceCase.Part.init)
let report = ConformanceSuite.run(named.isEmpty ? ConformanceCase.Part.allCases : named, on: Lua55Engine()) { line in
  if isVerbose { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
for excuse in report.excuses { print("excused: \(excuse)") }
print(report)
exit(report.failures.isEmpty ? 0 : 1)
