import CLua55
public import LobaCore

/// Lua 5.5.
public struct Lua55Engine: LuaCEngine {
  /// Names the engine; its library is opened when the first runtime is made.
  public init() {}

  /// `Lua 5.5`, as messages call it.
  public let name = "Lua 5.5"
  /// `lua55`, as command lines have it; hence the variable `LOBA_LUA55_LIBRARY`.
  public let identifier = "lua55"
  /// The version of the language: 5.5.
  public let version = (major: 5, minor: 5)
  /// How to come by the library, for whom it is missing.
  public let packages = ["Run check.sh, which builds it"]

  /// What Lua 5.5 can do and not every engine can.
  public let capabilities: LuaCapabilities = [
    .integers, .toBeClosed, .yieldAcrossPcall, .tableFinalizers, .goto, .integerOperators,
    .pairsAndLengthMetamethods, .utf8Library, .finalizerWarnings, .nilErrorTexts,
    .generationalCollector,
  ]

  /// The operations, compiled against Lua 5.5's own headers.
  public var operations: LuaOperations { LuaOperations(loba_lua55_operations_table()) }
}

extension LuaEngine where Self == Lua55Engine {
  /// Lua 5.5.
  public static var lua55: Lua55Engine { Lua55Engine() }
}
