// Numbers, booleans, strings and bytes.

extension Bool: LuaConvertible {
  /// Becomes a boolean.
  public func write(to writer: inout LuaWriter) { writer.write(boolean: self) }

  /// Reads a boolean.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value: nil is not false, and nothing else is true.
  public static func construct(from reader: LuaReader) throws -> Bool {
    guard reader.slot.pointee.kind == .boolean else { throw reader.mismatch(expected: "Bool") }
    return reader.slot.pointee.asBoolean
  }
}

extension FixedWidthInteger {
  /// Becomes an integer; on an engine without them a number, if that holds it exactly.
  ///
  /// What cannot be held exactly goes to the runtime's overflow handler (``LuaRuntime/setOverflowHandler(_:)``), or
  /// else to ``LuaConfiguration/integerOverflow``. So does what has more than 64 bits, the sign included.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for such an integer, unless one of them gives something else for it;
  ///   what a handler raises or throws.
  public func write(to writer: inout LuaWriter) throws {
    if let integer = Int64(exactly: self) {
      try writer.write(integer: integer)
    } else {
      try writer.write(overflowing: self)
    }
  }

  /// Reads an integer, or a float with an integral value; both must fit.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value: a fraction is not rounded, digits in a string are
  ///   no number.
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
  /// Becomes a number, as a `Double`: a float where Lua has integers as well, also if its value is integral.
  public func write(to writer: inout LuaWriter) { writer.write(number: Double(self)) }

  /// Reads a number: an integral one if this type holds it exactly, a fraction as the nearest that this type has.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, for an integral number that would change, and for
  ///   one that would become infinite, or 0.
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
  @usableFromInline
  init?(nearestTo number: Double) {
    self.init(number)
    guard number.isFinite else { return }
    let isIntegral = number.rounded(.towardZero) == number
    if isInfinite || (isZero && !number.isZero) || (isIntegral && Double(self) != number) { return nil }
  }
}

extension Double: LuaConvertible {}
extension Float: LuaConvertible {}

extension String: LuaConvertible {
  /// Becomes a string, in the encoding of the runtime's texts: UTF-8, unless the configuration has another.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a character that the encoding does not have; of kind `memory` or
  ///   `closed`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: self) }

  /// Reads a string whose bytes are text in the encoding of the runtime.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, numbers included, and for bytes that are no text,
  ///   with the place where they begin.
  public static func construct(from reader: LuaReader) throws -> String {
    guard reader.slot.pointee.kind == .string else { throw reader.mismatch(expected: "String") }
    return try reader.text()
  }
}

extension Substring: LuaRepresentable {
  /// Becomes a string, as a `String` of the same text does.
  ///
  /// - Throws: As `String`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: String(self)) }
}

extension Character: LuaRepresentable {
  /// Becomes a string of this one character, which may be several bytes.
  ///
  /// - Throws: As `String`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: String(self)) }
}

extension LuaString: LuaConvertible {
  /// Becomes a string of the same bytes, whatever the encoding of the runtime.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws {
    try bytes.withUnsafeBufferPointer { try writer.write(bytes: $0) }
  }

  /// Reads a string, whatever its bytes.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, numbers included.
  public static func construct(from reader: LuaReader) throws -> LuaString {
    guard let string = reader.string else { throw reader.mismatch(expected: "LuaString") }
    return string
  }
}
