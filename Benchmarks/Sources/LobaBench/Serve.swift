import ArgumentParser
import CTwin
import Foundation
import Loba

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs Loba's side of the cases for another loba-bench, which asks line by line (OtherProgram).",
    shouldDisplay: false)

  @Argument(help: "The engine.")
  var engine: String

  func run() throws {
    twin_keep_memory()
    guard let engine = LuaEngines.named(engine) else { throw ValidationError("There is no engine '\(engine)'.") }
    var lua: LuaRuntime?
    var body: Case.Body?
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if words.first == "prepare", words.count == 2 {
        body = nil
        lua?.close()
        let runtime = try LuaRuntime(engine: engine)
        lua = runtime
        body = try Case.all.first { $0.name == words[1] }?.prepare(runtime)
        print(body == nil ? "no" : "ok")
      } else if words.first == "run", words.count == 2, let times = Int(words[1]), let body {
        let result = try time { try body(times) }
        print(UInt64(result.seconds * 1e9), result.sum)
      } else {
        print("?")
      }
      fflush(nil)
    }
  }
}
