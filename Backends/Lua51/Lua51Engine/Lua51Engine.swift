#if Lua51
  internal import CLua51
  public import LobaCore

  /// Lua 5.1.
  public struct Lua51Engine: LuaCEngine {
    /// Names the engine; its library is opened when the first runtime is made.
    public init() {}

    /// `Lua 5.1`, as messages call it.
    public let name = "Lua 5.1"
    /// `lua51`, as command lines have it; hence the variable `LOBA_LUA51_LIBRARY`.
    public let identifier = "lua51"
    /// The version of the language: 5.1.
    public let version = (major: 5, minor: 1)
    /// The packages that have the library, for whom it is missing.
    public let packages = [
      "Debian, Ubuntu: apt install liblua5.1-0", "Fedora: dnf install compat-lua-libs", "Arch: pacman -S lua51",
      "macOS: brew install lua@5.1",
    ]

    /// What Lua 5.1 can do and not every engine can.
    public let capabilities: LuaCapabilities = [.functionEnvironments]

    /// The operations, compiled against Lua 5.1's own headers.
    public var operations: LuaOperations { LuaOperations(loba_lua51_operations_table()) }
  }

  extension LuaEngine where Self == Lua51Engine {
    /// Lua 5.1.
    public static var lua51: Lua51Engine { Lua51Engine() }
  }
#endif
