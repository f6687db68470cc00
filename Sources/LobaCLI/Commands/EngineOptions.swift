import ArgumentParser
import Loba

/// The options of every command that makes a runtime.
struct EngineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The engine to run on: \(EngineName.list). Default: \(LuaEngines.default?.identifier ?? "none").",
      valueName: "name"))
  var engine: EngineName?

  @Option(
    help: ArgumentHelp(
      "The most memory that Lua may use: bytes, or a number with K, M or G (powers of 1024).", valueName: "size"))
  var memoryLimit: MemorySize?

  func makeInterpreter() throws -> Interpreter {
    guard let engine = engine?.engine ?? LuaEngines.default else {
      throw ToolError(
        "this build has no engine: build it with at least one of the package traits "
          + LuaEngines.traits.joined(separator: ", "))
    }
    return try Interpreter(engine: engine, memoryLimit: memoryLimit?.bytes)
  }
}

/// An engine of the build, as it is named on the command line.
struct EngineName: ExpressibleByArgument {
  let engine: any LuaEngine

  /// Takes the identifier, and near spellings such as `lua5.4` and `Lua 5.4`.
  init?(argument: String) {
    let identifier = argument.lowercased().filter { !". -_".contains($0) }
    guard let engine = LuaEngines.named(identifier) else { return nil }
    self.engine = engine
  }

  static var allValueStrings: [String] { LuaEngines.available.map(\.identifier) }
  static var list: String { allValueStrings.isEmpty ? "none in this build" : allValueStrings.joined(separator: ", ") }
  static let defaultCompletionKind = CompletionKind.list(allValueStrings)

  var defaultValueDescription: String { engine.identifier }
}

/// A number of bytes such as `500000` or `64M`.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let factors = ["": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let number = Int(digits), number > 0,
      let factor = factors[argument.dropFirst(digits.count).uppercased()]
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}
