/// What an engine can do and others cannot: the named differences between the Lua versions.
///
/// The same program gives the same result on every engine except for these.
public struct LuaCapabilities: OptionSet, Sendable, Hashable {
  /// A bit for each capability.
  public let rawValue: UInt32

  /// The capabilities of these bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Numbers have a 64-bit integer subtype. Without it, integers are exact up to 2^53.
  public static let integers = LuaCapabilities(rawValue: 1 << 0)
  /// `local x <close>` and `coroutine.close`.
  public static let toBeClosed = LuaCapabilities(rawValue: 1 << 1)
  /// Lua code may yield inside `pcall` and metamethods.
  public static let yieldAcrossPcall = LuaCapabilities(rawValue: 1 << 2)
  /// `__gc` works for tables.
  public static let tableFinalizers = LuaCapabilities(rawValue: 1 << 3)
  /// `goto` and labels.
  public static let goto = LuaCapabilities(rawValue: 1 << 4)
  /// The operators `//`, `&`, `|`, `~`, `<<`, `>>`.
  public static let integerOperators = LuaCapabilities(rawValue: 1 << 5)
  /// The metamethods `__pairs` and, for tables, `__len` are honoured by scripts.
  public static let pairsAndLengthMetamethods = LuaCapabilities(rawValue: 1 << 6)
  /// `setfenv` and `getfenv`; without it functions have the upvalue `_ENV`.
  public static let functionEnvironments = LuaCapabilities(rawValue: 1 << 7)
  /// The `utf8` library.
  public static let utf8Library = LuaCapabilities(rawValue: 1 << 8)
  /// The `bit` library.
  public static let bitLibrary = LuaCapabilities(rawValue: 1 << 9)
  /// A just-in-time compiler.
  public static let jit = LuaCapabilities(rawValue: 1 << 10)
  /// The `ffi` library and `cdata` values.
  public static let ffi = LuaCapabilities(rawValue: 1 << 11)
  /// Errors in finalizers are warnings. Without it they reach whoever allocates.
  public static let finalizerWarnings = LuaCapabilities(rawValue: 1 << 12)
  /// The `bit32` library. (Lua 5.3 may have it too, as it was built, among all libraries.)
  public static let bit32Library = LuaCapabilities(rawValue: 1 << 13)
  /// An error in a finalizer reaches whoever allocates as a text of Lua's about it, not as the error that it was.
  public static let finalizerErrorTexts = LuaCapabilities(rawValue: 1 << 14)
  /// An error without a value, `error()`, has a text of Lua's for one.
  public static let nilErrorTexts = LuaCapabilities(rawValue: 1 << 15)
  /// A generational garbage collector, ``LuaCollectorMode/generational(minorMultiplier:majorMultiplier:)``.
  public static let generationalCollector = LuaCapabilities(rawValue: 1 << 16)
}

extension LuaCapabilities: CustomStringConvertible {
  private static let names: [(LuaCapabilities, String)] = [
    (.integers, "integers"), (.toBeClosed, "toBeClosed"), (.yieldAcrossPcall, "yieldAcrossPcall"),
    (.tableFinalizers, "tableFinalizers"), (.goto, "goto"), (.integerOperators, "integerOperators"),
    (.pairsAndLengthMetamethods, "pairsAndLengthMetamethods"), (.functionEnvironments, "functionEnvironments"),
    (.utf8Library, "utf8Library"), (.bitLibrary, "bitLibrary"), (.jit, "jit"), (.ffi, "ffi"),
    (.finalizerWarnings, "finalizerWarnings"), (.bit32Library, "bit32Library"),
    (.finalizerErrorTexts, "finalizerErrorTexts"), (.nilErrorTexts, "nilErrorTexts"),
    (.generationalCollector, "generationalCollector"),
  ]

  /// The names of the capabilities, separated by commas.
  public var description: String {
    Self.names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
  }
}
