// Keys and elements of any type.
internal import Foundation

extension AnyHashable: LuaConstructible {
  /// Reads any value but nil, as the Swift type nearest to it: a boolean, an integer, a number, a text or, of bytes that are
  /// none, a ``LuaString``; a host object that is Hashable; a handle.
  public static func construct(from reader: LuaReader) throws -> AnyHashable {
    guard reader.slot.pointee.kind != .nil else { throw reader.mismatch(expected: "a value that can be a key") }
    let object = reader.hostValue(as: Any.self) ?? reader.hostObject
    if !reader.isNil, let object, let key = object as? any Hashable, canHash(type(of: object)) {
      return AnyHashable(key)
    }
    if let buffer = reader.anyBuffer { return AnyHashable(buffer) }
    return try reader.value().hashable
  }
}

extension LuaValue {
  /// The value as the Swift type nearest to it that can be a key.
  fileprivate var hashable: AnyHashable {
    switch self {
    case .boolean(let value): value
    case .integer(let value): value
    case .number(let value): value
    case .string(let string): string.text.map { AnyHashable($0) } ?? AnyHashable(string)
    default: handle.map { AnyHashable($0) } ?? AnyHashable(self)
    }
  }
}

extension LuaReader {
  /// - Throws: ``LuaError`` of kind `conversion` for a type whose values cannot be keys or elements.
  func expectKeys<Key>(of type: Key.Type) throws {
    guard canHash(type) else {
      throw conversionError("a \(type) cannot be hashed, and so be no key on this system")
    }
  }
}

/// Whether values of a type that is Hashable can be hashed: outside of Apple's systems, an `NSError` that is ends the process,
/// and so does what is made of one.
private func canHash(_ type: Any.Type) -> Bool {
  #if canImport(Darwin)
    return true
  #else
    return !(type is NSError.Type || type is any _BridgedStoredNSError.Type)
  #endif
}
