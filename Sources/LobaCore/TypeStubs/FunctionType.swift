/// A function type: what it takes and gives.
///
/// Read from Swift's metadata, whose layout is a part of its stable ABI, as a ``TupleType`` is.
struct FunctionType {
  private let metadata: UnsafePointer<UInt>

  /// Nil for a type that is no function.
  init?(_ type: Any.Type) {
    metadata = unsafeBitCast(type, to: UnsafePointer<UInt>.self)
    guard metadata.pointee == 0x302 else { return nil }
  }

  // Kind, flags, the type of the result; then the type of each parameter.
  private var flags: UInt { metadata[1] }

  /// The types of the parameters; of one that is `inout`, the type of what it changes.
  var parameters: [Any.Type] {
    (0..<Int(flags & 0xFFFF)).map { unsafeBitCast(metadata[3 + $0], to: Any.Type.self) }
  }

  var result: Any.Type { unsafeBitCast(metadata[2], to: Any.Type.self) }

  /// Whether it waits.
  var isAsync: Bool { flags & 0x2000_0000 != 0 }
}
