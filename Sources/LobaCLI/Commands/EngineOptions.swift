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

  @Flag(
    help: ArgumentHelp(
      "For programs that nobody has read: no files, no processes, no modules; and 64M of memory and 5 seconds, unless "
        + "more is allowed."))
  var sandbox = false

  func makeInterpreter() throws -> Interpreter {
    guard let engine = engine?.engine ?? LuaEngines.default else {
      throw ToolError(
        "this build has no engine: build it with at least one of the package traits "
          + LuaEngines.traits.joined(separator: ", "))
    }
    return try Interpreter(engine: engine, memoryLimit: memoryLimit?.bytes, isSandbox: sandbox)
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

/// A time such as `2`, `0.5` or `200ms`.
struct TimeLimit: ExpressibleByArgument, CustomStringConvertible {
  let duration: Duration
  let description: String

  static let ofSandbox = TimeLimit(argument: "5")!

  init?(argument: String) {
    let isMilliseconds = argument.hasSuffix("ms")
    let digits = isMilliseconds ? argument.dropLast(2) : argument.hasSuffix("s") ? argument.dropLast() : argument[...]
    guard let number = Double(digits), number > 0, number < 1e9 else { return nil }
    duration = isMilliseconds ? .milliseconds(number) : .seconds(number)
    description = isMilliseconds ? argument : "\(digits) s"
  }
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
