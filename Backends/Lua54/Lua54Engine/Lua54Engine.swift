#if Lua54
  internal import CLua54
  public import LobaCore

  /// Lua 5.4.
  public struct Lua54Engine: LuaCEngine {
    public init() {}

    public let name = "Lua 5.4"
    public let identifier = "lua54"
    public let version = (major: 5, minor: 4)
    public let packages = [
      "Debian, Ubuntu: apt install liblua5.4-0", "Fedora: dnf install lua-libs", "Arch: pacman -S lua",
      "macOS: brew install lua@5.4",
    ]

    public let capabilities: LuaCapabilities = [
      .integers, .toBeClosed, .yieldAcrossPcall, .tableFinalizers, .goto, .integerOperators,
      .pairsAndLengthMetamethods, .utf8Library, .finalizerWarnings,
    ]

    public var operations: LuaOperations { LuaOperations(loba_lua54_operations_table()) }
  }

  extension LuaEngine where Self == Lua54Engine {
    /// Lua 5.4.
    public static var lua54: Lua54Engine { Lua54Engine() }
  }
#endif
