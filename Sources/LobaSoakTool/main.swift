import Foundation
import Loba
import LobaSoak

// Does everything a million times on every engine of the build, or on those that are named; `--sample` for a hundredth.

var names = Array(CommandLine.arguments.dropFirst())
if names.contains("--help") || names.contains("-h") {
  print(
    """
    usage: loba-soak [--sample] [ENGINE…]

    Does everything a million times in one process, and shows that resident memory does not grow.

      loba-soak               on every engine of the build, some ten seconds each
      loba-soak --sample      a hundredth of it
      loba-soak lua54 luajit  on these: \(LuaEngines.available.map(\.identifier).joined(separator: ", "))

    The status is 1 if memory has grown, or something has not been let go of.
    """)
  exit(EXIT_SUCCESS)
}
let isFull = !names.contains("--sample")
names.removeAll { $0 == "--sample" }
let engines = names.isEmpty ? LuaEngines.available : names.compactMap { LuaEngines.named($0) }
guard engines.count == max(names.count, 1) || names.isEmpty else {
  print("loba-soak: there are \(LuaEngines.available.map(\.identifier)), and not all of \(names)")
  exit(2)
}

var report = SoakReport()
for engine in engines {
  report =
    report
    + Soak.run(on: engine, isFull: isFull) { work in
      FileHandle.standardError.write(Data("\(engine.name): \(work) …\n".utf8))
    }
}
print(report)
for failure in report.failures { print("failed: \(failure)") }
exit(report.failures.isEmpty ? EXIT_SUCCESS : EXIT_FAILURE)
