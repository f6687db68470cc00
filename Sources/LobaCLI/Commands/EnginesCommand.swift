import ArgumentParser
import Loba

struct EnginesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engines",
    abstract: "Lists the engines of this build, with their libraries and what they can do.")

  func run() throws {
    let engines = LuaEngines.available
    if engines.isEmpty {
      Console.output(
        "This build has no engine. The package traits \(LuaEngines.traits.joined(separator: ", ")) enable them.")
    }
    for (index, engine) in engines.enumerated() {
      Console.output("\(engine.identifier)\(index == 0 ? " (default)" : "")")
      do {
        let lua = try LuaRuntime(engine: engine)
        Console.output("  release       \(lua.release)")
        Console.output("  library       \(engine.libraryPath ?? "?")\(engine.isStatic ? " (linked statically)" : "")")
        lua.close()
      } catch {
        let text = (error as? LuaError)?.message ?? "\(error)"
        for line in text.split(separator: "\n") { Console.output("  \(line)") }
      }
      Console.output("  capabilities  \(engine.capabilities)")
    }
  }
}
