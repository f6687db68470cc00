// Numbers, booleans, strings and bytes.
internal import CLobaEngine

extension Bool: LuaConvertible {
  public func write(to writer: inout LuaWriter) { writer.write(boolean: self) }

  public static func construct(from reader: LuaReader) throws -> Bool {
    guard reader.slot.pointee.tag == LOBA_BOOLEAN else { throw reader.mismatch(expected: "Bool") }
    return reader.slot.pointee.integer != 0
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
      switch slot.tag {
      case LOBA_INTEGER: Self(exactly: slot.integer)
      case LOBA_NUMBER: Self(exactly: slot.number)
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

  public static func construct(from reader: LuaReader) throws -> Self {
    let slot = reader.slot.pointee
    switch slot.tag {
    case LOBA_INTEGER: return Self(slot.integer)
    case LOBA_NUMBER: return Self(slot.number)
    default: throw reader.mismatch(expected: "\(Self.self)")
    }
  }
}

extension Double: LuaConvertible {}
extension Float: LuaConvertible {}

extension String: LuaConvertible {
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: self) }

  public static func construct(from reader: LuaReader) throws -> String {
    guard reader.slot.pointee.tag == LOBA_STRING else { throw reader.mismatch(expected: "String") }
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
    guard let bytes = reader.bytes else { throw reader.mismatch(expected: "LuaString") }
    return LuaString(bytes: bytes)
  }
}
