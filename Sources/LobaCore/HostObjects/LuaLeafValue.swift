public import CLobaEngine

/// A type that leaves take and give: a number or a boolean. Only Loba's own conform.
public protocol LuaLeafValue: LuaRepresentable, LuaConstructible, Sendable {
  /// How compiled code sees the type: `n` for a number, `b` for a boolean.
  static var leafKind: Character { get }
  /// The value of a number (of a boolean 1 or 0); nil if reading it as any argument is read has something else to say.
  init?(leaf number: Double)
  /// The number that the value becomes; nil if it cannot be exact.
  var leafNumber: Double? { get }
}

extension Bool: LuaLeafValue {
  /// A boolean.
  public static var leafKind: Character { "b" }

  /// True for 1.
  @inlinable @inline(__always)
  public init?(leaf number: Double) {
    self = number != 0
  }

  /// 1 or 0.
  @inlinable public var leafNumber: Double? { self ? 1 : 0 }
}

extension FixedWidthInteger {
  /// A number.
  public static var leafKind: Character { "n" }

  /// The integer, if the number is one that fits.
  @inlinable @inline(__always)
  public init?(leaf number: Double) {
    var integer: Int64 = 0
    if loba_exact_integer(number, &integer) {
      self.init(exactly: integer)
    } else {
      self.init(exactly: number)
    }
  }

  /// The number, if a double holds it exactly.
  @inlinable public var leafNumber: Double? {
    let limit: Int64 = 1 << 53
    guard let integer = Int64(exactly: self), integer >= -limit, integer <= limit else { return nil }
    return Double(integer)
  }
}

extension BinaryFloatingPoint {
  /// A number.
  public static var leafKind: Character { "n" }

  /// The nearest number of this type; nil if more would be lost than digits of a fraction.
  @inlinable @inline(__always)
  public init?(leaf number: Double) {
    if Self.self == Double.self {
      self.init(number)
    } else {
      self.init(nearestTo: number)
    }
  }

  /// The number.
  @inlinable public var leafNumber: Double? { Double(self) }
}

extension Double: LuaLeafValue {}
extension Float: LuaLeafValue {}
extension Int: LuaLeafValue {}
extension Int8: LuaLeafValue {}
extension Int16: LuaLeafValue {}
extension Int32: LuaLeafValue {}
extension Int64: LuaLeafValue {}
extension UInt: LuaLeafValue {}
extension UInt8: LuaLeafValue {}
extension UInt16: LuaLeafValue {}
extension UInt32: LuaLeafValue {}
extension UInt64: LuaLeafValue {}
