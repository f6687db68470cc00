#if LuaJIT
  internal import CLuaJIT
  public import LobaCore

  /// LuaJIT.
  public struct LuaJITEngine: LuaCEngine {
    /// Names the engine; its library is opened when the first runtime is made.
    public init() {}

    /// `LuaJIT`, as messages call it.
    public let name = "LuaJIT"
    /// `luajit`, as command lines have it; hence the variable `LOBA_LUAJIT_LIBRARY`.
    public let identifier = "luajit"
    /// The version of the language: 5.1, with some of what later ones have.
    public let version = (major: 5, minor: 1)
    /// The packages that have the library, for whom it is missing.
    public let packages = [
      "Debian, Ubuntu: apt install libluajit-5.1-2", "Fedora: dnf install luajit", "Arch: pacman -S luajit",
      "macOS: brew install luajit",
    ]

    /// What LuaJIT can do and not every engine can.
    public let capabilities: LuaCapabilities = [
      .yieldAcrossPcall, .goto, .functionEnvironments, .bitLibrary, .jit, .ffi,
    ]

    /// The operations, compiled against LuaJIT's own headers.
    public var operations: LuaOperations { LuaOperations(loba_luajit_operations_table()) }
  }

  extension LuaEngine where Self == LuaJITEngine {
    /// LuaJIT.
    public static var luaJIT: LuaJITEngine { LuaJITEngine() }
  }
#endif
