internal import Foundation

/// An encoding of text: how a `String` becomes the bytes of a Lua string, and back.
public struct LuaTextEncoding: Sendable, Hashable {
  /// The raw value of Foundation's `String.Encoding`.
  public let rawValue: UInt

  /// Any encoding of Foundation's, by its raw value: `LuaTextEncoding(rawValue: String.Encoding.windowsCP1252.rawValue)`.
  public init(rawValue: UInt) {
    self.rawValue = rawValue
  }

  /// The encoding of a code: see ``code``.
  init(code: UInt32) { self.init(rawValue: UInt(code)) }

  /// The raw value as strings carry it: in half a word, which holds that of every encoding there is. 0 is none.
  var code: UInt32 { UInt32(exactly: rawValue) ?? 0 }

  /// UTF-8, which has every character.
  public static let utf8 = LuaTextEncoding(rawValue: String.Encoding.utf8.rawValue)
  /// ASCII: 128 characters of one byte each.
  public static let ascii = LuaTextEncoding(rawValue: String.Encoding.ascii.rawValue)
  /// ISO 8859-1, for Western Europe: one byte for each character, and every byte is one.
  public static let isoLatin1 = LuaTextEncoding(rawValue: String.Encoding.isoLatin1.rawValue)
  /// ISO 8859-2, for Central Europe: one byte for each character.
  public static let isoLatin2 = LuaTextEncoding(rawValue: String.Encoding.isoLatin2.rawValue)
  /// Windows-1252, for Western Europe: one byte for each character.
  public static let windowsCP1252 = LuaTextEncoding(rawValue: String.Encoding.windowsCP1252.rawValue)
  /// UTF-16 with the low byte first, and without a byte order mark.
  public static let utf16LittleEndian = LuaTextEncoding(rawValue: String.Encoding.utf16LittleEndian.rawValue)

  func encode(_ text: String) throws -> [UInt8] {
    if self == .utf8 { return Array(text.utf8) }
    guard let data = text.data(using: String.Encoding(rawValue: rawValue)) else {
      let shown = text.prefix(40)
      throw LuaError(
        kind: .conversion,
        "the text \"\(shown)\" has characters that \(String.Encoding(rawValue: rawValue)) does not have")
    }
    return Array(data)
  }

  /// What cannot fail: other characters stand for those that the encoding does not have.
  func encodeAsFarAsPossible(_ text: String) -> [UInt8] {
    if self == .utf8 { return Array(text.utf8) }
    return text.data(using: String.Encoding(rawValue: rawValue), allowLossyConversion: true).map(Array.init) ?? []
  }

  func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    if self == .utf8 { return String(checked: bytes) }
    // Foundation leaves out the end of a text that stops in the middle of a unit.
    guard bytes.count.isMultiple(of: unitSize) else { return nil }
    return String(data: Data(buffer: bytes), encoding: String.Encoding(rawValue: rawValue))
  }

  /// How many bytes a code unit has.
  private var unitSize: Int {
    switch String.Encoding(rawValue: rawValue) {
    case .utf16, .utf16BigEndian, .utf16LittleEndian: 2
    case .utf32, .utf32BigEndian, .utf32LittleEndian: 4
    default: 1
    }
  }

  /// How many bytes from the first on are text, for messages about bytes that are not: found by halving, since Foundation
  /// does not tell.
  func decodableLength(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    // A prefix may end within a character, of which no encoding has longer ones than this.
    func textLength(upTo end: Int) -> Int? {
      (max(0, end - 3)...end).last { decode(UnsafeBufferPointer(rebasing: bytes[..<$0])) != nil }
    }
    var good = 0
    var bad = bytes.count
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      if textLength(upTo: middle) == nil { bad = middle } else { good = middle }
    }
    return textLength(upTo: good) ?? 0
  }
}

extension LuaRuntime {
  func sourceBytes(_ code: String) throws -> [UInt8] {
    try (configuration.sourceEncoding ?? configuration.stringEncoding).encode(code)
  }

  func encode(_ text: String) throws -> [UInt8] { try configuration.stringEncoding.encode(text) }
}
