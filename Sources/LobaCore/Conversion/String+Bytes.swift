extension String {
  /// The UTF-8 bytes, borrowed: `withUTF8` needs a copy to mutate, which costs a retain and a release.
  @inlinable @inline(__always)
  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    if let result = try utf8.withContiguousStorageIfAvailable(body) { return result }
    return try String(decoding: Array(utf8), as: UTF8.self).utf8.withContiguousStorageIfAvailable(body)!
  }

  /// The text of UTF-8 bytes, nil if they are not valid.
  ///
  /// `String(validating:)` looks up metadata at each call, which costs more than a short string does. Repairing decoding
  /// does not, and has changed nothing if the bytes are ASCII, or come out as they went in.
  init?(checked bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= 4096 else {
      self.init(validating: bytes, as: UTF8.self)
      return
    }
    var text = String(decoding: bytes, as: UTF8.self)
    guard bytes.isASCII || text.withUTF8({ $0.elementsEqual(bytes) }) else { return nil }
    self = text
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether all bytes are ASCII: eight at a time, then the rest.
  fileprivate var isASCII: Bool {
    let raw = UnsafeRawBufferPointer(self)
    var bits: UInt64 = 0
    var offset = 0
    while offset + 8 <= count {
      bits |= raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < count {
      bits |= UInt64(raw[offset])
      offset += 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
  }
}
