#if Lua51
  internal import CLua51
  public import LobaCore

  /// Lua 5.1.
  public struct Lua51Engine: LuaCEngine {
    public init() {}

    public let name = "Lua 5.1"
    public let identifier = "lua51"
    public let version = (major: 5, minor: 1)
    public let packages = [
      "Debian, Ubuntu: apt install liblua5.1-0", "Fedora: dnf install compat-lua-libs", "Arch: pacman -S lua51",
      "macOS: brew install lua@5.1",
    ]

    public let capabilities: LuaCapabilities = [.functionEnvironments]

    public var operations: LuaOperations { LuaOperations(loba_lua51_operations_table()) }
  }

  extension LuaEngine where Self == Lua51Engine {
    /// Lua 5.1.
    public static var lua51: Lua51Engine { Lua51Engine() }
  }
#endif
