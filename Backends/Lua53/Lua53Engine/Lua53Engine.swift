#if Lua53
  internal import CLua53
  public import LobaCore

  /// Lua 5.3.
  public struct Lua53Engine: LuaCEngine {
    /// Names the engine; its library is opened when the first runtime is made.
    public init() {}

    /// `Lua 5.3`, as messages call it.
    public let name = "Lua 5.3"
    /// `lua53`, as command lines have it; hence the variable `LOBA_LUA53_LIBRARY`.
    public let identifier = "lua53"
    /// The version of the language: 5.3.
    public let version = (major: 5, minor: 3)
    /// The packages that have the library, for whom it is missing.
    public let packages = [
      "Debian, Ubuntu: apt install liblua5.3-0", "Arch: pacman -S lua53", "macOS: brew install lua@5.3",
    ]

    /// What Lua 5.3 can do and not every engine can.
    public let capabilities: LuaCapabilities = [
      .integers, .yieldAcrossPcall, .tableFinalizers, .goto, .integerOperators, .pairsAndLengthMetamethods,
      .utf8Library, .finalizerErrorTexts,
    ]

    /// The operations, compiled against Lua 5.3's own headers.
    public var operations: LuaOperations { LuaOperations(loba_lua53_operations_table()) }
  }

  extension LuaEngine where Self == Lua53Engine {
    /// Lua 5.3.
    public static var lua53: Lua53Engine { Lua53Engine() }
  }
#endif
