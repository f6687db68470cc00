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
  /// The text of bytes that may be none, with replacement characters, as repairing decoding gives it. That takes 35 ns for
  /// each byte that is wrong, and who sends a script to be run can make them all wrong.
  init(repairing bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count > 4096 else {
      self.init(decoding: bytes, as: UTF8.self)
      return
    }
    self.init(unsafeUninitializedCapacity: bytes.count * 3) { buffer in
      var (read, written) = (0, 0)
      while read < bytes.count {
        let sequence = utf8Sequence(bytes[read...])
        if sequence.isValid {
          for i in 0..<sequence.length { buffer[written + i] = bytes[read + i] }
          written += sequence.length
        } else {
          (buffer[written], buffer[written + 1], buffer[written + 2]) = (0xef, 0xbf, 0xbd)
          written += 3
        }
        read += sequence.length
      }
      return written
    }
  }
}

/// What bytes begin with: a scalar, or as much of one as there is.
@inline(__always)
private func utf8Sequence(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (length: Int, isValid: Bool) {
  let first = bytes[bytes.startIndex]
  if first < 0x80 { return (1, true) }
  let (length, second): (Int, ClosedRange<UInt8>)
  switch first {
  case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
  case 0xe0: (length, second) = (3, 0xa0...0xbf)
  case 0xed: (length, second) = (3, 0x80...0x9f)
  case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
  case 0xf0: (length, second) = (4, 0x90...0xbf)
  case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
  case 0xf4: (length, second) = (4, 0x80...0x8f)
  default: return (1, false)
  }
  var found = 1
  while found < length, bytes.startIndex + found < bytes.endIndex {
    let allowed = found == 1 ? second : 0x80...0xbf
    guard allowed.contains(bytes[bytes.startIndex + found]) else { break }
    found += 1
  }
  return (found, found == length)
}
