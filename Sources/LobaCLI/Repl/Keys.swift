/// What a person can do to a line.
enum Key: Equatable {
  case character(Unicode.Scalar)
  case enter, tab, escape
  case left, right, wordLeft, wordRight, home, end
  case up, down
  case backspace, delete, killToEnd, killToStart, killWord, killNextWord, yank, transpose
  case clearScreen, interrupt, endOfInput, suspend
  case unknown
}

/// Makes keys of the bytes that terminals send.
struct KeyReader {
  /// The next byte; with a time limit in milliseconds, nil also if none has come by then.
  let nextByte: (Int32?) -> UInt8?

  /// How long the rest of an escape sequence may take, in milliseconds.
  private static let patience: Int32 = 50

  /// The next key; nil at the end of the input.
  func next() -> Key? {
    guard let byte = nextByte(nil) else { return nil }
    switch byte {
    case 0x1B: return escapeSequence()
    case 0x7F: return .backspace
    case 0..<0x20: return Self.control(UInt8(ascii: "@") + byte)
    case 0x80...: return multiByte(byte)
    default: return .character(Unicode.Scalar(byte))
    }
  }

  private static func control(_ letter: UInt8) -> Key {
    switch Character(Unicode.Scalar(letter)) {
    case "A": .home
    case "B": .left
    case "C": .interrupt
    case "D": .endOfInput
    case "E": .end
    case "F": .right
    case "H": .backspace
    case "I": .tab
    case "J", "M": .enter
    case "K": .killToEnd
    case "L": .clearScreen
    case "N": .down
    case "P": .up
    case "T": .transpose
    case "U": .killToStart
    case "W": .killWord
    case "Y": .yank
    case "Z": .suspend
    default: .unknown
    }
  }

  private func multiByte(_ first: UInt8) -> Key {
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    var bytes = [first]
    while bytes.count < length, let byte = nextByte(Self.patience) { bytes.append(byte) }
    return .character(String(decoding: bytes, as: UTF8.self).unicodeScalars.first!)
  }

  private func escapeSequence() -> Key {
    guard let introducer = nextByte(Self.patience) else { return .escape }
    switch introducer {
    case UInt8(ascii: "b"): return .wordLeft
    case UInt8(ascii: "f"): return .wordRight
    case UInt8(ascii: "d"): return .killNextWord
    case 0x7F: return .killWord
    case UInt8(ascii: "["), UInt8(ascii: "O"): break
    default: return .unknown
    }
    // Parameters, then one final byte.
    var parameters: [UInt8] = []
    while let byte = nextByte(Self.patience) {
      if (0x40...0x7E).contains(byte) { return Self.sequence(String(decoding: parameters, as: UTF8.self), byte) }
      parameters.append(byte)
    }
    return .unknown
  }

  private static func sequence(_ parameters: String, _ final: UInt8) -> Key {
    let withModifier = parameters.contains(";")
    switch (Character(Unicode.Scalar(final)), parameters.prefix { $0 != ";" }) {
    case ("A", _): return .up
    case ("B", _): return .down
    case ("C", _): return withModifier ? .wordRight : .right
    case ("D", _): return withModifier ? .wordLeft : .left
    case ("H", _), ("~", "1"), ("~", "7"): return .home
    case ("F", _), ("~", "4"), ("~", "8"): return .end
    case ("~", "3"): return .delete
    default: return .unknown
    }
  }
}
