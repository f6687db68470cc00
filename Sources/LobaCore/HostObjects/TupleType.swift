/// A tuple type: how many elements, of which types, and where in a tuple they are.
///
/// Read from Swift's metadata, whose layout is a part of its stable ABI: a mirror would cost more than all the rest of a
/// call.
@usableFromInline
struct TupleType {
  private let metadata: UnsafePointer<UInt>

  /// Nil for a type that is no tuple; `Void` is one without elements.
  init?(_ type: Any.Type) {
    guard Self.isOne(type) else { return nil }
    metadata = unsafeBitCast(type, to: UnsafePointer<UInt>.self)
  }

  @inlinable @inline(__always)
  static func isOne(_ type: Any.Type) -> Bool { unsafeBitCast(type, to: UnsafePointer<UInt>.self).pointee == 0x301 }

  /// Kind, number of elements and labels; then type and offset of each.
  var count: Int { Int(metadata[1]) }

  func type(_ index: Int) -> Any.Type { unsafeBitCast(metadata[3 + 2 * index], to: Any.Type.self) }

  /// In bytes. (Of the word only the low half is sure to be written.)
  func offset(_ index: Int) -> Int { Int(UInt32(truncatingIfNeeded: metadata[4 + 2 * index])) }

  /// Writes the elements of a tuple of this type.
  func write<T>(_ tuple: T, to writer: inout LuaWriter) throws {
    func write<E>(_ type: E.Type, _ place: UnsafeRawPointer, _ writer: inout LuaWriter) throws {
      try writer.write(place.assumingMemoryBound(to: E.self).pointee)
    }
    try withUnsafeBytes(of: tuple) { bytes in
      guard let start = bytes.baseAddress else { return }
      for i in 0..<count { try write(type(i), start + offset(i), &writer) }
    }
  }
}
