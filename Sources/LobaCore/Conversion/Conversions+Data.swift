public import struct Foundation.Data

/// Bytes: a Lua string, whatever is in it.
extension Data: LuaConvertible {
  /// Becomes a string of the same bytes.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws { try LuaString(bytes: Array(self)).write(to: &writer) }

  /// Reads the bytes of a string.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value: a number is no string here, nor is a table of
  ///   bytes.
  public static func construct(from reader: LuaReader) throws -> Data {
    guard let bytes = reader.bytes else { throw reader.mismatch(expected: "Data") }
    return Data(buffer: bytes)
  }
}
