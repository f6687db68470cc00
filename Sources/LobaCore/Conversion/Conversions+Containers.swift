// Optionals, arrays, dictionaries and sets: by value.
//
// These conform for every element type: an element is looked at when it is converted, as `Any` is, so that arrays of
// host objects work without a declaration. An element that cannot be converted throws.

extension Optional: LuaRepresentable, LuaConstructible {
  /// Becomes what the wrapped value does; without one, nil.
  ///
  /// - Throws: What the wrapped value throws.
  public func write(to writer: inout LuaWriter) throws {
    if let self { try writer.write(self) } else { writer.writeNil() }
  }

  /// Reads nil and `swift.none` as nil, anything else as the wrapped type.
  ///
  /// - Throws: What the wrapped type throws: a value that does not fit does not become nil.
  public static func construct(from reader: LuaReader) throws -> Wrapped? {
    reader.isNil ? nil : try reader.read(as: Wrapped.self)
  }
}

extension Array: LuaRepresentable, LuaConstructible {
  /// Becomes a table with the elements at the indices from 1 on; a nil leaves a hole. Bytes as well: what is to be a
  /// string in Lua is a ``LuaString`` or Foundation's `Data`.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` that names the first element that cannot be given to Lua, or is none
  ///   or several values there; of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws {
    try writer.write(owned: writer.runtime.makeArray(self))
  }

  /// Reads the elements of a table from index 1 to its raw length, or the bytes of a string as `[UInt8]`.
  ///
  /// No metamethod is asked. Entries under other keys are left out; a hole is read as nil, which not every type can be.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a value that is no table, for the first element that is not of the
  ///   type, and for a table that has more holes than elements, and more than 1,024.
  public static func construct(from reader: LuaReader) throws -> [Element] {
    if Element.self == UInt8.self, let bytes = reader.bytes { return unsafeBitCast(Array<UInt8>(bytes), to: Self.self) }
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "\(Self.self)") }
    return try reader.runtime.readArray(reader)
  }
}

extension ArraySlice: LuaRepresentable {
  /// Becomes a table as an `Array` does: the first element is at index 1, whatever its index in the slice.
  ///
  /// - Throws: As `Array`.
  public func write(to writer: inout LuaWriter) throws { try Array(self).write(to: &writer) }
}

extension Dictionary: LuaRepresentable, LuaConstructible {
  /// Becomes a table with the same entries; one whose value is nil is left out.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a key or a value that cannot be given to Lua, or is none or
  ///   several values there, and for keys that are one in Lua, as 1 and 1.0 are; of kind `runtime` for a key that is
  ///   nil or NaN; of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws {
    try writer.write(owned: writer.runtime.makeDictionary(self))
  }

  /// Reads all entries of a table, elements of a list under their indices. No metamethod is asked.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a value that is no table, for a key or a value that is not of the
  ///   type, and for two keys of the table that are equal as the type.
  public static func construct(from reader: LuaReader) throws -> [Key: Value] {
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "\(Self.self)") }
    return try reader.runtime.readDictionary(reader)
  }
}

/// A set is a table whose keys are the elements, as is usual in Lua.
extension Set: LuaRepresentable, LuaConstructible {
  /// Becomes a table in which every element is a key, with the value true.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for an element that cannot be given to Lua, or is none or several
  ///   values there, and for elements that are one in Lua; of kind `runtime` for one that is nil or NaN; of kind
  ///   `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws {
    let pairs = Dictionary(uniqueKeysWithValues: map { ($0, true) })
    try writer.write(owned: writer.runtime.makeDictionary(pairs))
  }

  /// Reads the keys of a table, whatever their values: that of `{a = false}` is in the set, but for a value of
  /// `swift.none`. No metamethod is asked. The keys of a list are its indices, not its elements.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a value that is no table, for a key that is not of the type, and
  ///   for two keys that are equal as the type.
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

  @usableFromInline
  func annotated(_ error: any Error, _ what: String) -> any Error {
    guard let error = error as? LuaError, error.kind == .conversion else { return error }
    return conversionError("\(what): \(error.message)", underlying: error.underlying)
  }

  /// Visits the entries of a table, raw; no Lua code runs meanwhile.
  func walk(_ body: (LuaReader, LuaReader) throws -> Void) throws {
    try runtime.walk(location, body)
  }
}
