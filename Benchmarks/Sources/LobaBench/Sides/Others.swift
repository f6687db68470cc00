import ArgumentParser
import Foundation
import Loba

/// The sides besides plain C and Loba, each a program of its own.
struct Others: ParsableArguments {
  @Option(help: "The folder of Benchmarks/programs.sh: measures C linked with the static library as well.")
  var programs: String?

  @Flag(help: "With --programs: measures the second, independent C program of the main cases as well.")
  var check = false

  @Option(help: "A loba-bench that was built with LOBA_STATIC: measures its Loba as well, on its engine.")
  var staticLoba: String?

  @Option(help: "A Python that has Lupa (Benchmarks/lupa/setup.sh): measures Lupa as well.")
  var lupa: String?

  static let staticC = "C static", secondC = "C again", staticLoba = "Loba static", lupa = "Lupa"

  func validate() throws {
    guard !check || programs != nil else { throw ValidationError("--check needs --programs.") }
  }

  /// Those of an engine that can be started.
  func start(on engine: any LuaEngine) throws -> [OtherProgram] {
    signal(SIGPIPE, SIG_IGN)
    var others: [OtherProgram] = []
    if let programs {
      let folder = URL(fileURLWithPath: programs)
      for (name, kind) in [(Self.staticC, "static"), (Self.secondC, "plain")] where kind == "static" || check {
        others.append(try OtherProgram(name, folder.appendingPathComponent("\(kind)-\(engine.identifier)").path))
      }
    }
    if let staticLoba { others.append(try OtherProgram(Self.staticLoba, staticLoba, ["serve", engine.identifier])) }
    if let lupa {
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../lupa/cases.py").standardizedFileURL.path
      others.append(try OtherProgram(Self.lupa, lupa, [script, engine.identifier]))
    }
    return others
  }
}
