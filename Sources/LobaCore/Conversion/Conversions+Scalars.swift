// Numbers, booleans, strings and bytes.

extension Bool: LuaConvertible {
  public func write(to writer: inout LuaWriter) { writer.write(boolean: self) }

  public static func construct(from reader: LuaReader) throws -> Bool {
    guard reader.slot.pointee.kind == .boolean else { throw reader.mismatch(expected: "Bool") }
    return reader.slot.pointee.asBoolean
  }
}

extension FixedWidthInteger {
  public func write(to writer: inout LuaWriter) throws {
    if let integer = Int64(exactly: self) {
      try writer.write(integer: integer)
    } else {
      try writer.write(overflowing: self)
    }
  }

  /// Reads an integer, or a float with an integral value; both must fit.
  public static func construct(from reader: LuaReader) throws -> Self {
    let slot = reader.slot.pointee
    let value: Self? =
      switch slot.kind {
      case .integer: Self(exactly: slot.asInteger)
      case .number: Self(exactly: slot.asNumber)
      default: nil
      }
    guard let value else { throw reader.mismatch(expected: "\(Self.self)") }
    return value
  }
}

extension Int: LuaConvertible {}
extension Int8: LuaConvertible {}
extension Int16: LuaConvertible {}
extension Int32: LuaConvertible {}
extension Int64: LuaConvertible {}
extension UInt: LuaConvertible {}
extension UInt8: LuaConvertible {}
extension UInt16: LuaConvertible {}
extension UInt32: LuaConvertible {}
extension UInt64: LuaConvertible {}

extension BinaryFloatingPoint {
  public func write(to writer: inout LuaWriter) { writer.write(number: Double(self)) }

  /// Reads a number: an integral one if this type holds it exactly, a fraction as the nearest that this type has.
  public static func construct(from reader: LuaReader) throws -> Self {
    let slot = reader.slot.pointee
    let value: Self? =
      switch slot.kind {
      case .integer: Self(exactly: slot.asInteger)
      case .number: Self(nearestTo: slot.asNumber)
      default: throw reader.mismatch(expected: "\(Self.self)")
      }
    guard let value else { throw reader.mismatch(expected: "a number that \(Self.self) can hold") }
    return value
  }

  /// The nearest number of this type; nil if more would be lost than digits of a fraction.
  private init?(nearestTo number: Double) {
    self.init(number)
    guard number.isFinite else { return }
    let isIntegral = number.rounded(.towardZero) == number
    if isInfinite || (isZero && !number.isZero) || (isIntegral && Double(self) != number) { return nil }
  }
}

extension Double: LuaConvertible {}
extension Float: LuaConvertible {}

extension String: LuaConvertible {
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: self) }

  public static func construct(from reader: LuaReader) throws -> String {
    guard reader.slot.pointee.kind == .string else { throw reader.mismatch(expected: "String") }
    return try reader.text()
  }
}

extension Substring: LuaRepresentable {
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: String(self)) }
}

extension Character: LuaRepresentable {
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: String(self)) }
}

extension LuaString: LuaConvertible {
  public func write(to writer: inout LuaWriter) throws {
    try bytes.withUnsafeBufferPointer { try writer.write(bytes: $0) }
  }

  public static func construct(from reader: LuaReader) throws -> LuaString {
    guard let string = reader.string else { throw reader.mismatch(expected: "LuaString") }
    return string
  }
}
