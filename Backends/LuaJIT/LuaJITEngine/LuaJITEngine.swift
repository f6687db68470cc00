#if LuaJIT
  internal import CLuaJIT
  public import LobaCore

  /// LuaJIT.
  public struct LuaJITEngine: LuaCEngine {
    public init() {}

    public let name = "LuaJIT"
    public let identifier = "luajit"
    public let version = (major: 5, minor: 1)
    public let packages = [
      "Debian, Ubuntu: apt install libluajit-5.1-2", "Fedora: dnf install luajit", "Arch: pacman -S luajit",
      "macOS: brew install luajit",
    ]

    public let capabilities: LuaCapabilities = [
      .yieldAcrossPcall, .goto, .functionEnvironments, .bitLibrary, .jit, .ffi,
    ]

    public var operations: LuaOperations { LuaOperations(loba_luajit_operations_table()) }
  }

  extension LuaEngine where Self == LuaJITEngine {
    /// LuaJIT.
    public static var luaJIT: LuaJITEngine { LuaJITEngine() }
  }
#endif
