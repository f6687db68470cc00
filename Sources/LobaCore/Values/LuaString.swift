/// A string of Lua's: any bytes, with no encoding implied.
public struct LuaString: Sendable, Hashable {
  public var bytes: [UInt8]

  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// The UTF-8 bytes of a text.
  public init(_ text: some StringProtocol) {
    bytes = Array(text.utf8)
  }

  /// The text, if the bytes are valid UTF-8.
  public var text: String? { String(validating: bytes, as: UTF8.self) }

  public var count: Int { bytes.count }
}

extension LuaString: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) {
    self.init(value)
  }
}

extension LuaString: CustomStringConvertible {
  /// The text; bytes that are not UTF-8 are shown as replacement characters.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension LuaString: Comparable {
  /// Compares bytes.
  public static func < (a: LuaString, b: LuaString) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }
}
