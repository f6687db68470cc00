internal import CLobaEngine

/// Standard libraries that a runtime can open.
///
/// A library that the engine does not have is left out without a word: `.all` means all that there are.
public struct LuaLibraries: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The basic functions, `print`, `pcall` and so on. On Lua 5.1 and LuaJIT the coroutine library is part of it.
  public static let base = LuaLibraries(rawValue: LOBA_LIBRARY_BASE)
  /// `require` and `package`.
  public static let package = LuaLibraries(rawValue: LOBA_LIBRARY_PACKAGE)
  public static let coroutine = LuaLibraries(rawValue: LOBA_LIBRARY_COROUTINE)
  public static let table = LuaLibraries(rawValue: LOBA_LIBRARY_TABLE)
  public static let io = LuaLibraries(rawValue: LOBA_LIBRARY_IO)
  public static let os = LuaLibraries(rawValue: LOBA_LIBRARY_OS)
  public static let string = LuaLibraries(rawValue: LOBA_LIBRARY_STRING)
  public static let math = LuaLibraries(rawValue: LOBA_LIBRARY_MATH)
  /// From Lua 5.3 on.
  public static let utf8 = LuaLibraries(rawValue: LOBA_LIBRARY_UTF8)
  public static let debug = LuaLibraries(rawValue: LOBA_LIBRARY_DEBUG)
  /// LuaJIT.
  public static let bit = LuaLibraries(rawValue: LOBA_LIBRARY_BIT)
  /// LuaJIT.
  public static let jit = LuaLibraries(rawValue: LOBA_LIBRARY_JIT)
  /// LuaJIT. Gives scripts the whole address space.
  public static let ffi = LuaLibraries(rawValue: LOBA_LIBRARY_FFI)
  /// Lua 5.2.
  public static let bit32 = LuaLibraries(rawValue: LOBA_LIBRARY_BIT32)

  /// Every library the engine has.
  public static let all = LuaLibraries(rawValue: LOBA_LIBRARY_ALL)
  /// Libraries that reach nothing outside the runtime but for what `print` writes.
  ///
  /// Without ``io``, as here, the base library has no `dofile` and no `loadfile`, and `load` takes source text only: a binary
  /// chunk can do anything to the process.
  public static let safe: LuaLibraries = [.base, .coroutine, .table, .string, .math, .utf8, .bit, .bit32]
}
