internal import CLobaEngine

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
    if bytes.count > 4096 {
      self.init(validating: bytes, as: UTF8.self)
      return
    }
    if bytes.count <= 15, let base = bytes.baseAddress {  // a string without memory of its own, the quickest way to it
      self.init(unsafeUninitializedCapacity: bytes.count) { buffer in
        buffer.baseAddress!.initialize(from: base, count: bytes.count)
        return bytes.count
      }
    } else {
      self.init(decoding: bytes, as: UTF8.self)
    }
    guard loba_is_ascii(bytes.baseAddress, bytes.count) || withBytes({ $0.elementsEqual(bytes) }) else { return nil }
  }
}
