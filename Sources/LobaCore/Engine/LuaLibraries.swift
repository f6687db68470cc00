internal import CLobaEngine

/// Standard libraries that a runtime can open.
///
/// A library that the engine does not have is left out without a word: `.all` means all that there are.
public struct LuaLibraries: OptionSet, Sendable, Hashable {
  /// A bit for each library, as engines' C code has them.
  public let rawValue: UInt32

  /// The libraries of these bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The basic functions, `print`, `pcall` and so on. On Lua 5.1 and LuaJIT the coroutine library is part of it.
  public static let base = LuaLibraries(rawValue: LOBA_LIBRARY_BASE)
  /// `require` and `package`.
  public static let package = LuaLibraries(rawValue: LOBA_LIBRARY_PACKAGE)
  /// `coroutine`: coroutines are made, resumed and asked for their state.
  public static let coroutine = LuaLibraries(rawValue: LOBA_LIBRARY_COROUTINE)
  /// `table`: functions for lists.
  public static let table = LuaLibraries(rawValue: LOBA_LIBRARY_TABLE)
  /// `io`: files, and other programs' input and output. Gives scripts the file system.
  public static let io = LuaLibraries(rawValue: LOBA_LIBRARY_IO)
  /// `os`: time, the environment, removing and renaming files, running programs, and `os.exit`.
  public static let os = LuaLibraries(rawValue: LOBA_LIBRARY_OS)
  /// `string`, where the methods of strings are found as well: `s:upper()`.
  public static let string = LuaLibraries(rawValue: LOBA_LIBRARY_STRING)
  /// `math`: functions of numbers, and random numbers.
  public static let math = LuaLibraries(rawValue: LOBA_LIBRARY_MATH)
  /// From Lua 5.3 on.
  public static let utf8 = LuaLibraries(rawValue: LOBA_LIBRARY_UTF8)
  /// `debug`: looks into stacks, functions and metatables, changes them, and sets hooks.
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
