import Foundation
import Loba
import LobaConformance
import Testing

@Suite struct SafetyTests {
  /// What the engines of the build owe of a part of the suite.
  static func owed(_ part: ConformanceCase.Part) -> [ConformanceCase] {
    forgetThrownErrors()
    return LuaEngines.available.flatMap { ConformanceSuite.cases([part], on: $0) }.filter { $0.excuse == nil }
  }

  @Test("safety", arguments: owed(.safety))
  func isSafe(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run()
  }

  @Test("threads", arguments: owed(.threads))
  func threads(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run()
  }

  /// A sample. All of it, and what it leaves in memory: `Scripts/test.sh soak`.
  @Test("a soak", arguments: owed(.soak))
  func soaks(_ conformanceCase: ConformanceCase) throws {
    try conformanceCase.run { print($0) }
  }

  @Test("in a process of its own", arguments: owed(.isolated))
  func isSafeAlone(_ conformanceCase: ConformanceCase) async throws {
    // Found again by name in the process that runs it.
    let identifier = conformanceCase.engine.identifier
    let name = conformanceCase.name
    // What the process says is lost: thrown from it, an error would only be a signal.
    let report = FileManager.default.temporaryDirectory.appending(path: "loba-safety-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: report) }
    await #expect(processExitsWith: .success) {
      [identifier = identifier as String, name = name as String, report = report as String] in
      let engine = try #require(LuaEngines.named(identifier))
      let conformanceCase = try #require(ConformanceSuite.cases([.isolated], on: engine).first { $0.name == name })
      forgetThrownErrors()
      do {
        try conformanceCase.run()
      } catch {
        try "\(error)".write(toFile: report, atomically: true, encoding: .utf8)
        exit(EXIT_FAILURE)
      }
    }
    if let error = try? String(contentsOfFile: report, encoding: .utf8) { Issue.record("\(error)") }
  }
}

/// Swift Testing keeps a backtrace of every error that is thrown: in a process that throws a million of them, that is most
/// of what it does, and what would be measured.
func forgetThrownErrors() {
  for hook in ["_swift_willThrow", "_swift_willThrowTypedImpl"] {
    dlsym(dlopen(nil, RTLD_NOW), hook)?.assumingMemoryBound(to: UInt.self).pointee = 0
  }
}
