#if Lua52
  internal import CLua52
  public import LobaCore

  /// Lua 5.2.
  public struct Lua52Engine: LuaCEngine {
    /// Names the engine; its library is opened when the first runtime is made.
    public init() {}

    /// `Lua 5.2`, as messages call it.
    public let name = "Lua 5.2"
    /// `lua52`, as command lines have it; hence the variable `LOBA_LUA52_LIBRARY`.
    public let identifier = "lua52"
    /// The version of the language: 5.2.
    public let version = (major: 5, minor: 2)
    /// The packages that have the library, for whom it is missing.
    public let packages = ["Debian, Ubuntu: apt install liblua5.2-0", "Arch: pacman -S lua52"]

    /// What Lua 5.2 can do and not every engine can.
    public let capabilities: LuaCapabilities = [
      .yieldAcrossPcall, .tableFinalizers, .goto, .pairsAndLengthMetamethods, .bit32Library, .finalizerErrorTexts,
    ]

    /// The operations, compiled against Lua 5.2's own headers.
    public var operations: LuaOperations { LuaOperations(loba_lua52_operations_table()) }
  }

  extension LuaEngine where Self == Lua52Engine {
    /// Lua 5.2.
    public static var lua52: Lua52Engine { Lua52Engine() }
  }
#endif
