import CLua55
public import LobaCore

/// Lua 5.5.
public struct Lua55Engine: LuaEngine {
  public init() {}

  public let name = "Lua 5.5"
  public let identifier = "lua55"
  public let version = (major: 5, minor: 5)
  public let packages = ["Run check.sh, which builds it"]

  public let capabilities: LuaCapabilities = [
    .integers, .toBeClosed, .yieldAcrossPcall, .tableFinalizers, .goto, .integerOperators,
    .pairsAndLengthMetamethods, .utf8Library, .finalizerWarnings, .nilErrorTexts,
  ]

  public var operations: LuaOperations { LuaOperations(loba_lua55_operations_table()) }
}

extension LuaEngine where Self == Lua55Engine {
  /// Lua 5.5.
  public static var lua55: Lua55Engine { Lua55Engine() }
}
