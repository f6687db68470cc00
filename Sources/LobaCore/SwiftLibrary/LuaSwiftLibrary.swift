/// The functions of the library `swift` that scripts see.
public struct LuaSwiftLibrary: OptionSet, Sendable, Hashable {
  /// A bit for each group of functions.
  public let rawValue: UInt32

  /// The functions of these bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// `swift.none`: a value that is not nil and stands for it.
  public static let none = LuaSwiftLibrary(rawValue: 1 << 0)
  /// `swift.iter`, `swift.iterex` and `swift.enumerate`: Swift sequences in `for` loops.
  public static let iteration = LuaSwiftLibrary(rawValue: 1 << 1)
  /// `swift.args{…}`: arguments for a function with named parameters.
  public static let args = LuaSwiftLibrary(rawValue: 1 << 2)
  /// `swift.as_attrgetter` and `swift.as_itemgetter`.
  public static let views = LuaSwiftLibrary(rawValue: 1 << 3)
  /// `swift.as_function`: a Lua function that calls a host object.
  public static let asFunction = LuaSwiftLibrary(rawValue: 1 << 4)
  /// `swift.builtins`: a table of functions.
  public static let builtins = LuaSwiftLibrary(rawValue: 1 << 5)
  /// `swift.eval`, if the configuration has an evaluator.
  public static let eval = LuaSwiftLibrary(rawValue: 1 << 6)
  /// `swift.set_overflow_handler` and `swift.get_overflow_handler`.
  public static let overflowHandler = LuaSwiftLibrary(rawValue: 1 << 7)
  /// `swift.extend`: classes in Lua that inherit from a registered one.
  public static let classes = LuaSwiftLibrary(rawValue: 1 << 8)

  /// Every function; ``eval`` only with an evaluator.
  public static let all = LuaSwiftLibrary(rawValue: (1 << 9) - 1)
}

/// What `swift.none` is in Swift. Where a Lua value is read as an `Optional` or as a ``LuaValue``, it is nil. Given to
/// Lua it is `swift.none`, also as a key, which nil cannot be.
public struct LuaNone: Sendable, Hashable, CustomStringConvertible {
  /// Stands for `swift.none`, as every value of this type does: all are equal.
  public init() {}

  /// `none`.
  public var description: String { "none" }
}

extension LuaNone: LuaRepresentable {
  /// Becomes the runtime's `swift.none`, also where the configuration does not show it to scripts.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws {
    try writer.write(owned: writer.runtime.noneValueReference())
  }
}

/// A host function that belongs to no runtime yet, for configurations.
public struct LuaHostFunction: Sendable {
  package let make: @Sendable (LuaRuntime) throws -> LuaFunction

  /// Describes a function that runs a closure: ``LuaRuntime`` makes one of it when it is needed.
  ///
  /// Arguments are read as those of ``LuaRuntime/function(_:)`` are. A tuple is several results, unless
  /// ``LuaConfiguration/unpacksReturnedTuples`` is false; a result that is not ``LuaRepresentable`` is given by
  /// reference, whether its type is registered or not.
  public init<each A, R>(_ body: @escaping @Sendable (repeat each A) throws -> R) {
    make = { runtime in
      try runtime.makeFunction { call in
        var arguments = HostArguments(call)
        let result = try body(repeat try arguments.next((each A).self))
        if R.self != Void.self { try call.returnValue(returned: result) }
      }
    }
  }
}
