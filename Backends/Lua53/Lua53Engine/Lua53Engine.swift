#if Lua53
  internal import CLua53
  public import LobaCore

  /// Lua 5.3.
  public struct Lua53Engine: LuaEngine {
    public init() {}

    public let name = "Lua 5.3"
    public let identifier = "lua53"
    public let version = (major: 5, minor: 3)
    public let packages = [
      "Debian, Ubuntu: apt install liblua5.3-0", "Arch: pacman -S lua53", "macOS: brew install lua@5.3",
    ]

    public let capabilities: LuaCapabilities = [
      .integers, .yieldAcrossPcall, .tableFinalizers, .goto, .integerOperators, .pairsAndLengthMetamethods,
      .utf8Library, .finalizerErrorTexts,
    ]

    public var operations: LuaOperations { LuaOperations(loba_lua53_operations_table()) }
  }

  extension LuaEngine where Self == Lua53Engine {
    /// Lua 5.3.
    public static var lua53: Lua53Engine { Lua53Engine() }
  }
#endif
