#if Lua54
  internal import CLua54
  public import LobaCore

  /// Lua 5.4.
  public struct Lua54Engine: LuaCEngine {
    /// Names the engine; its library is opened when the first runtime is made.
    public init() {}

    /// `Lua 5.4`, as messages call it.
    public let name = "Lua 5.4"
    /// `lua54`, as command lines have it; hence the variable `LOBA_LUA54_LIBRARY`.
    public let identifier = "lua54"
    /// The version of the language: 5.4.
    public let version = (major: 5, minor: 4)
    /// The packages that have the library, for whom it is missing.
    public let packages = [
      "Debian, Ubuntu: apt install liblua5.4-0", "Fedora: dnf install lua-libs", "Arch: pacman -S lua",
      "macOS: brew install lua@5.4",
    ]

    /// What Lua 5.4 can do and not every engine can.
    public let capabilities: LuaCapabilities = [
      .integers, .toBeClosed, .yieldAcrossPcall, .tableFinalizers, .goto, .integerOperators,
      .pairsAndLengthMetamethods, .utf8Library, .finalizerWarnings, .generationalCollector,
    ]

    /// The operations, compiled against Lua 5.4's own headers.
    public var operations: LuaOperations { LuaOperations(loba_lua54_operations_table()) }
  }

  extension LuaEngine where Self == Lua54Engine {
    /// Lua 5.4.
    public static var lua54: Lua54Engine { Lua54Engine() }
  }
#endif
