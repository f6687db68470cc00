/// A string of Lua's: any bytes. That they are text, and in which encoding, is for whoever reads them as such.
///
/// Two strings are equal if their bytes are.
public struct LuaString: Sendable {
  /// The bytes, of which any may be zero.
  public var bytes: [UInt8]
  /// The encoding of the runtime that the string comes from, as ``LuaTextEncoding`` has it in short, for ``text``.
  let encoding: UInt32

  /// Makes a string of bytes, whose ``text`` is UTF-8.
  public init(bytes: some Sequence<UInt8>) {
    self.init(bytes: bytes, encoding: LuaTextEncoding.utf8.code)
  }

  init(bytes: some Sequence<UInt8>, encoding: UInt32) {
    self.bytes = Array(bytes)
    self.encoding = encoding
  }

  /// The UTF-8 bytes of a text.
  public init(_ text: some StringProtocol) {
    self.init(bytes: text.utf8)
  }

  /// The text, if the bytes are valid in the encoding of the runtime that they come from; UTF-8 for a string that Swift
  /// has made.
  public var text: String? { bytes.withUnsafeBufferPointer { LuaTextEncoding(code: encoding).decode($0) } }

  /// The number of bytes, not of characters.
  public var count: Int { bytes.count }
}

extension LuaString: Hashable {
  /// Whether the bytes are the same, in whatever encoding they are text.
  public static func == (a: LuaString, b: LuaString) -> Bool { a.bytes == b.bytes }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(bytes.count)
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }  // all at once; an array combines one by one
  }
}

extension LuaString: ExpressibleByStringLiteral {
  /// The UTF-8 bytes of a literal.
  public init(stringLiteral value: String) {
    self.init(value)
  }
}

extension LuaString: CustomStringConvertible {
  /// The ``text``; of bytes that are none, what they are as UTF-8, with replacement characters.
  public var description: String { text ?? bytes.withUnsafeBufferPointer { String(repairing: $0) } }
}

extension LuaString: Comparable {
  /// Compares bytes.
  public static func < (a: LuaString, b: LuaString) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }
}
