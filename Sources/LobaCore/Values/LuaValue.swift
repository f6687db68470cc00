internal import Foundation

/// Any Lua value, when its type is not known.
///
/// On engines without integers (Lua 5.1, LuaJIT) a number with an integral value of up to 2^53 arrives as `integer`.
/// Values are equal as Lua's raw equality sees it: `1` and `1.0` are equal.
@dynamicMemberLookup
public enum LuaValue {
  /// Nil, or no value.
  case `nil`
  /// True or false.
  case boolean(Bool)
  /// An integer, or an integral number of an engine without integers.
  case integer(Int)
  /// Any other number: a float.
  case number(Double)
  /// A string, as its bytes.
  case string(LuaString)
  /// A table, by reference.
  case table(LuaTable)
  /// A function: of Lua, of C, or a Swift closure.
  case function(LuaFunction)
  /// A coroutine, of Lua's type `thread`.
  case coroutine(LuaCoroutine)
  /// A userdata: a Swift object given to Lua, a file, an object of a C module.
  case userdata(LuaUserdata)
  /// A light userdata: a plain address.
  case pointer(UInt)
  /// A value of a type that only one engine has, such as LuaJIT's `cdata`.
  case other(LuaUserdata)

  /// The type, by Lua's names: an integer is a `number`, a light userdata a `userdata`.
  public var type: LuaType {
    switch self {
    case .nil: .nil
    case .boolean: .boolean
    case .integer, .number: .number
    case .string: .string
    case .table: .table
    case .function: .function
    case .coroutine: .thread
    case .userdata, .pointer: .userdata
    case .other: .cdata
    }
  }

  /// Whether it is nil, as `swift.none` is once it has been read.
  public var isNil: Bool { if case .nil = self { true } else { false } }

  /// What Lua takes for true: everything but nil and false.
  public var isTruthy: Bool {
    switch self {
    case .nil, .boolean(false): false
    default: true
    }
  }

  /// The value as a Swift type.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it is not of that type.
  public func `as`<T>(_ type: T.Type = T.self) throws -> T {
    if T.self == LuaValue.self { return self as! T }
    if let runtime = handle?.runtime {
      return try runtime.withSlot(of: self) { try LuaReader(slot: $0, state: runtime.state).read(as: type) }
    }
    return try convertDetached(self, to: type)
  }

  /// The handle inside, for tables, functions, coroutines and userdata.
  public var handle: LuaHandle? {
    switch self {
    case .table(let handle): handle
    case .function(let handle): handle
    case .coroutine(let handle): handle
    case .userdata(let handle), .other(let handle): handle
    default: nil
    }
  }
}

@available(*, unavailable)
extension LuaValue: Sendable {}

extension LuaValue: Hashable {
  /// Whether the values are equal raw, as `rawequal` sees it: numbers by value, strings by their bytes, tables and
  /// other handles if they are to the same value. NaN equals nothing.
  public static func == (a: LuaValue, b: LuaValue) -> Bool {
    switch (a, b) {
    case (.nil, .nil): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Int(exactly: b) == a
    case (.string(let a), .string(let b)): a == b
    case (.pointer(let a), .pointer(let b)): a == b
    default:
      if let a = a.handle, let b = b.handle { a == b } else { false }
    }
  }

  /// Hashes what is compared: `1` and `1.0` alike.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .nil: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .number(let value):
      if let integer = Int(exactly: value) { hasher.combine(integer) } else { hasher.combine(value) }
    case .string(let value): hasher.combine(value)
    case .pointer(let value): hasher.combine(value)
    default: hasher.combine(handle!)
    }
  }
}

extension LuaValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
  /// Nil, of the literal `nil`.
  public init(nilLiteral: ()) { self = .nil }
  /// A boolean, of `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// An integer, of a literal such as `7`.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A float, of a literal such as `7.0`.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A string of the literal's UTF-8 bytes.
  public init(stringLiteral value: String) { self = .string(LuaString(value)) }
}

extension LuaValue: CustomStringConvertible {
  /// The value much as `tostring` shows it: no metamethod is asked, and a float has all its digits.
  public var description: String {
    switch self {
    case .nil: "nil"
    case .boolean(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .string(let value): String(describing: value)
    case .pointer(let value): "userdata: 0x\(String(value, radix: 16))"
    case .other(let handle): String(describing: handle).replacing("userdata", with: "cdata")
    default: String(describing: handle!)
    }
  }
}

extension LuaValue {
  /// The text that `tostring` in Lua gives for the value, honouring `__tostring`.
  ///
  /// A number belongs to no runtime, and is written as Lua 5.4 writes it: `1.0`, and `0.1` for 0.1 + 1e-17. As the engine
  /// writes it, ``LuaRuntime/tostring(_:)`` does.
  ///
  /// - Throws: Whatever the metamethod raises.
  public func tostring() throws -> String {
    switch self {
    case .number(let number):
      let text = String(format: "%.14g", number)
      return text.allSatisfy { $0.isNumber || $0 == "-" } ? text + ".0" : text
    case .string(let string): return string.description
    default: return try handle?.tostring() ?? description
    }
  }

  /// A field of the value, as Lua's `value.name` gives it: `try globals.string.upper("abc")`.
  ///
  /// - Throws: What indexing raises; ``LuaError`` of kind `runtime` if the value cannot be indexed.
  @_disfavoredOverload
  public subscript(dynamicMember name: String) -> LuaValue {
    get throws { try Self.noting(name, self[name]) }
  }

  /// A field of the value, as a type: `let width: Int = try globals.config.window.width`.
  ///
  /// - Throws: What indexing raises; ``LuaError`` of kind `runtime` if the value cannot be indexed, of kind `conversion` if
  ///   the field is not of the type.
  public subscript<T>(dynamicMember name: String) -> T {
    get throws {
      if case .table(let table) = self { return try table[name] }
      return try (self[name] as LuaValue).as()
    }
  }

  /// Not there: what sets a field can fail.
  @available(*, unavailable, message: "what sets a field throws: 'try table.set(\"name\", to: value)' of a LuaTable")
  @_disfavoredOverload
  public subscript<T>(dynamicMember name: StaticString) -> T {
    get { fatalError() }
    nonmutating set { fatalError() }
  }

  /// An entry of the value, as Lua's `value[key]` gives it.
  public subscript<K>(_ key: K) -> LuaValue {
    get throws {
      switch self {
      case .table(let table): return try table[key]
      case .userdata(let handle), .other(let handle): return try handle[key]
      default: throw LuaError(message: "attempt to index a \(type) value (key '\(key)')")
      }
    }
  }

  /// Calls the value.
  ///
  /// - Throws: What the function raises; ``LuaError`` of kind `runtime` if the value cannot be called.
  public func callAsFunction<each A, R: LuaConstructible>(_ arguments: repeat each A) throws -> R {
    try callable(repeat each arguments)
  }

  /// Calls the value for its first result.
  @_disfavoredOverload @discardableResult
  public func callAsFunction<each A>(_ arguments: repeat each A) throws -> LuaValue {
    try callable(repeat each arguments)
  }

  /// Calls the value for its first result, a host object.
  @_disfavoredOverload
  public func callAsFunction<each A, R: AnyObject>(_ arguments: repeat each A) throws -> R {
    try callable(repeat each arguments)
  }

  /// Calls the value for several results, as a tuple; for none, as `Void`; or for a host value that is no object.
  @_disfavoredOverload
  public func callAsFunction<each A, each R>(_ arguments: repeat each A) throws -> (repeat each R) {
    guard let handle else { throw uncallable }
    return try handle.runtime.callEach(self, repeat each arguments)
  }

  private func callable<each A, R>(_ arguments: repeat each A) throws -> R {
    if case .function(let function) = self { return try function(repeat each arguments) }
    guard let handle else { throw uncallable }
    return try handle.runtime.call(reference: handle.reference, repeat each arguments)
  }
}
