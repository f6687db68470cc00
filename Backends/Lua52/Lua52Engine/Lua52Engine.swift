#if Lua52
  internal import CLua52
  public import LobaCore

  /// Lua 5.2.
  public struct Lua52Engine: LuaEngine {
    public init() {}

    public let name = "Lua 5.2"
    public let identifier = "lua52"
    public let version = (major: 5, minor: 2)
    public let packages = ["Debian, Ubuntu: apt install liblua5.2-0", "Arch: pacman -S lua52"]

    public let capabilities: LuaCapabilities = [
      .yieldAcrossPcall, .tableFinalizers, .goto, .pairsAndLengthMetamethods, .bit32Library, .finalizerErrorTexts,
    ]

    public var operations: LuaOperations { LuaOperations(loba_lua52_operations_table()) }
  }

  extension LuaEngine where Self == Lua52Engine {
    /// Lua 5.2.
    public static var lua52: Lua52Engine { Lua52Engine() }
  }
#endif
