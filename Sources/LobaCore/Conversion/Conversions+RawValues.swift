// Types with raw values: by their raw value.

extension LuaRepresentable where Self: RawRepresentable, RawValue: LuaRepresentable {
  /// Becomes the raw value: `enum Heading: String, LuaConvertible { case north, south }` is a name in Lua.
  ///
  /// - Throws: As the type of the raw value.
  public func write(to writer: inout LuaWriter) throws { try rawValue.write(to: &writer) }
}

extension LuaConstructible where Self: RawRepresentable, RawValue: LuaConstructible {
  /// Reads a raw value.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for one that is not of the type; it names those that are, if the type is
  ///   `CaseIterable`.
  public static func construct(from reader: LuaReader) throws -> Self { try Self(rawValueFrom: reader) }
}

extension RawRepresentable where RawValue: LuaConstructible {
  init(rawValueFrom reader: LuaReader) throws {
    let raw: RawValue
    do {
      raw = try reader.read()
    } catch let error as LuaError where error.kind == .conversion {
      throw Self.mismatch(reader)
    }
    guard let value = Self(rawValue: raw) else { throw Self.mismatch(reader) }
    self = value
  }

  private static func mismatch(_ reader: LuaReader) -> LuaError {
    guard let type = Self.self as? any CaseIterable.Type else { return reader.mismatch(expected: "\(Self.self)") }
    let names = type.rawValueNames
    let list = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    let text = reader.bytes.map { String(decoding: $0.prefix(100), as: UTF8.self) }
    let hint = text.flatMap { nearest(to: $0, in: names) }.map { "; did you mean '\($0)'?" } ?? ""
    return reader.conversionError("expected \(Self.self) (\(list)), got \(reader.summary)\(hint)")
  }
}

extension CaseIterable {
  /// The raw values of all cases, as text.
  fileprivate static var rawValueNames: [String] {
    allCases.map { value in (value as? any RawRepresentable).map { "\($0.rawValue)" } ?? "\(value)" }
  }
}
