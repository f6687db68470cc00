// Strings as Lua source has them, on every engine.

extension LuaString {
  /// The words of Lua that cannot be names: in one engine or another.
  package static let keywords = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
  ]

  /// Whether it can be written as the name of a field.
  var isName: Bool { looksLikeName && !Self.keywords.contains(description) }

  /// Whether it is a name, or a keyword.
  var looksLikeName: Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    guard let first = bytes.first, isLetter(first) else { return false }
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) }
  }
}

/// A string literal for bytes. Text in UTF-8 stands as it is; what a terminal would obey is escaped, and any other byte.
///
/// - Parameter isASCII: Whether any byte is escaped that is not ASCII.
func quoted(_ bytes: ArraySlice<UInt8>, isASCII: Bool = false) -> String {
  func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\n"): return "\\n"
    case UInt8(ascii: "\r"): return "\\r"
    case UInt8(ascii: "\t"): return "\\t"
    case UInt8(ascii: "\""): return "\\\""
    case UInt8(ascii: "\\"): return "\\\\"
    case 0x20..<0x7F: return String(UnicodeScalar(byte))
    default:
      let digits = String(byte)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
  var result = "\""
  if !isASCII, let text = String(validating: bytes, as: UTF8.self) {
    for scalar in text.unicodeScalars {
      if scalar.value >= 0xA0 {
        result.unicodeScalars.append(scalar)
      } else {
        for byte in UTF8.encode(scalar)! { result += escaped(byte) }
      }
    }
  } else {
    for byte in bytes { result += escaped(byte) }
  }
  return result + "\""
}
