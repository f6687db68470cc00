internal import Foundation

/// An encoding of text: how a `String` becomes the bytes of a Lua string, and back.
public struct LuaTextEncoding: Sendable, Hashable {
  /// The raw value of Foundation's `String.Encoding`.
  public let rawValue: UInt

  /// Any encoding of Foundation's, by its raw value: `LuaTextEncoding(rawValue: String.Encoding.windowsCP1252.rawValue)`.
  public init(rawValue: UInt) {
    self.rawValue = rawValue
  }

  public static let utf8 = LuaTextEncoding(rawValue: String.Encoding.utf8.rawValue)
  public static let ascii = LuaTextEncoding(rawValue: String.Encoding.ascii.rawValue)
  public static let isoLatin1 = LuaTextEncoding(rawValue: String.Encoding.isoLatin1.rawValue)
  public static let isoLatin2 = LuaTextEncoding(rawValue: String.Encoding.isoLatin2.rawValue)
  public static let windowsCP1252 = LuaTextEncoding(rawValue: String.Encoding.windowsCP1252.rawValue)
  public static let utf16LittleEndian = LuaTextEncoding(rawValue: String.Encoding.utf16LittleEndian.rawValue)

  func encode(_ text: String) throws -> [UInt8] {
    if self == .utf8 { return Array(text.utf8) }
    guard let data = text.data(using: String.Encoding(rawValue: rawValue)) else {
      let shown = text.prefix(40)
      throw LuaError(
        kind: .conversion,
        message: "the text \"\(shown)\" has characters that \(String.Encoding(rawValue: rawValue)) does not have")
    }
    return Array(data)
  }

  func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    if self == .utf8 { return String(validating: bytes, as: UTF8.self) }
    return String(data: Data(buffer: bytes), encoding: String.Encoding(rawValue: rawValue))
  }
}

extension LuaRuntime {
  func sourceBytes(_ code: String) throws -> [UInt8] {
    try (configuration.sourceEncoding ?? configuration.stringEncoding).encode(code)
  }

  func encode(_ text: String) throws -> [UInt8] { try configuration.stringEncoding.encode(text) }

  func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String? { configuration.stringEncoding.decode(bytes) }
}
