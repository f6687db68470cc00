// Optionals, arrays, dictionaries and sets: by value.
//
// These conform for every element type: an element is looked at when it is converted, as `Any` is, so that arrays of
// host objects work without a declaration. An element that cannot be converted throws.

extension Optional: LuaRepresentable, LuaConstructible {
  public func write(to writer: inout LuaWriter) throws {
    if let self { try writer.write(self) } else { writer.writeNil() }
  }

  public static func construct(from reader: LuaReader) throws -> Wrapped? {
    reader.isNil ? nil : try reader.read(as: Wrapped.self)
  }
}

extension Array: LuaRepresentable, LuaConstructible {
  public func write(to writer: inout LuaWriter) throws {
    try writer.write(owned: writer.runtime.makeArray(self))
  }

  public static func construct(from reader: LuaReader) throws -> [Element] {
    if Element.self == UInt8.self, let bytes = reader.bytes { return unsafeBitCast(Array<UInt8>(bytes), to: Self.self) }
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "\(Self.self)") }
    return try reader.runtime.readArray(reader)
  }
}

extension ArraySlice: LuaRepresentable {
  public func write(to writer: inout LuaWriter) throws { try Array(self).write(to: &writer) }
}

extension Dictionary: LuaRepresentable, LuaConstructible {
  public func write(to writer: inout LuaWriter) throws {
    try writer.write(owned: writer.runtime.makeDictionary(self))
  }

  public static func construct(from reader: LuaReader) throws -> [Key: Value] {
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "\(Self.self)") }
    return try reader.runtime.readDictionary(reader)
  }
}

/// A set is a table whose keys are the elements, as is usual in Lua.
extension Set: LuaRepresentable, LuaConstructible {
  public func write(to writer: inout LuaWriter) throws {
    let pairs = Dictionary(uniqueKeysWithValues: map { ($0, true) })
    try writer.write(owned: writer.runtime.makeDictionary(pairs))
  }

  public static func construct(from reader: LuaReader) throws -> Set<Element> {
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "\(Self.self)") }
    try reader.expectKeys(of: Element.self)
    var result = Self()
    var count = 0
    try reader.walk { key, value in
      if value.isNil { return }
      result.insert(try reader.annotate("an element") { try key.read(as: Element.self) })
      count += 1
    }
    if result.count < count { throw try reader.runtime.ambiguity(of: Element.self, in: reader) }
    return result
  }
}

extension LuaReader {
  /// Runs a conversion inside of this one, saying in errors where it was.
  func annotate<T>(_ what: @autoclosure () -> String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch {
      throw annotated(error, what())
    }
  }

  func annotated(_ error: any Error, _ what: String) -> any Error {
    guard let error = error as? LuaError, error.kind == .conversion else { return error }
    return LuaError(kind: .conversion, message: "\(place)\(what): \(error.message)")
  }

  /// Visits the entries of a table, raw; no Lua code runs meanwhile.
  func walk(_ body: (LuaReader, LuaReader) throws -> Void) throws {
    try runtime.walk(location, body)
  }
}
