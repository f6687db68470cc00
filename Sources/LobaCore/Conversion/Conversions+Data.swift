public import struct Foundation.Data

/// Bytes: a Lua string, whatever is in it.
extension Data: LuaConvertible {
  public func write(to writer: inout LuaWriter) throws { try LuaString(bytes: Array(self)).write(to: &writer) }

  public static func construct(from reader: LuaReader) throws -> Data {
    guard let bytes = reader.bytes else { throw reader.mismatch(expected: "Data") }
    return Data(buffer: bytes)
  }
}
