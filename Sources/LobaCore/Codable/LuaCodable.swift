/// A type whose values become in Lua what they are encoded to.
///
/// A type that is `Encodable` needs only to say so: then its values can be arguments, results, fields and elements.
///
/// ```swift
/// struct Event: Codable { var name: String; var when: Date }
///
/// extension Event: LuaCodable {}
///
/// try lua.globals.set("schedule", to: lua.function { (event: Event, days: Double) in
///   Event(name: event.name, when: event.when + days * 86400)
/// })
/// let moved: Event = try lua.eval("schedule({name = 'x', when = os.time()}, 7)")
/// let all: [Event] = try lua.eval("{{name = 'a', when = 0}, {name = 'b', when = 1.5}}")
/// try lua.execute("schedule({name = 'x'}, 7)")
/// // throws: … bad argument #1 to 'schedule': expected Event, but there is no field 'when'
/// ```
///
/// A value is a copy in Lua, a table of fields for most types; see ``LuaEncoder``. A type with raw values, such as an
/// enumeration of names, is its raw value.
public protocol LuaEncodable: Encodable, LuaRepresentable, LuaCoding {}

/// A type whose values are decoded from what they are in Lua: see ``LuaEncodable`` and ``LuaDecoder``.
public protocol LuaDecodable: Decodable, LuaConstructible, LuaCoding {}

/// A `Codable` type that goes both ways: `extension Event: LuaCodable {}`.
public typealias LuaCodable = LuaEncodable & LuaDecodable

/// How a type is coded that is coded by itself.
public protocol LuaCoding {
  /// The options for values that are passed as this type. Inside of another value, those for that value hold.
  static var luaCodingOptions: LuaCodingOptions { get }
}

extension LuaCoding {
  /// The usual ones.
  public static var luaCodingOptions: LuaCodingOptions { LuaCodingOptions() }
}

extension LuaEncodable {
  /// Becomes what the value is encoded to.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if a part of it cannot be represented in Lua, with the path to it; of kind
  ///   `memory` or `closed`; what the value's own encoding throws.
  public func write(to writer: inout LuaWriter) throws {
    do {
      let encoder = LuaEncoder(writer.runtime, options: Self.luaCodingOptions)
      try writer.writeTemporary(encoder.encode(self))
    } catch let error as EncodingError {
      throw LuaError(error, of: Self.self, Self.luaCodingOptions.keys)
    }
  }
}

extension LuaDecodable {
  /// Decodes a value.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` that says what is missing or of another type, and where; its `underlying`
  ///   is the `DecodingError`. What a metamethod raises; what the type's own decoding throws.
  public static func construct(from reader: LuaReader) throws -> Self {
    do {
      return try LuaDecoder(options: Self.luaCodingOptions).decode(Self.self, from: reader.value())
    } catch let error as DecodingError {
      let words = error.words(Self.luaCodingOptions.keys)
      throw reader.conversionError("expected \(Self.self), but \(words)", underlying: error)
    }
  }
}

// MARK: - Raw values

extension LuaEncodable where Self: RawRepresentable, RawValue: LuaRepresentable {
  /// Becomes the raw value.
  ///
  /// - Throws: As the type of the raw value.
  public func write(to writer: inout LuaWriter) throws { try rawValue.write(to: &writer) }
}

extension LuaDecodable where Self: RawRepresentable, RawValue: LuaConstructible {
  /// Reads a raw value.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for one that is not of the type; it names those that are, if the type is
  ///   `CaseIterable`.
  public static func construct(from reader: LuaReader) throws -> Self { try Self(rawValueFrom: reader) }
}

// MARK: - Errors in words

extension LuaError {
  fileprivate init(_ error: EncodingError, of type: Any.Type, _ keys: LuaCodingOptions.Keys) {
    let words = error.words(keys)
    self.init(kind: .conversion, "a \(type) cannot be given to Lua: \(words)", about: .none, underlying: error)
  }
}

extension EncodingError {
  /// What was wrong and where, as the end of a sentence.
  fileprivate func words(_ keys: LuaCodingOptions.Keys) -> String {
    switch self {
    case .invalidValue(_, let context): placed(context.debugDescription, at: context.codingPath, keys)
    @unknown default: "\(self)"
    }
  }
}

extension DecodingError {
  /// What was wrong and where, as the end of a sentence.
  fileprivate func words(_ keys: LuaCodingOptions.Keys) -> String {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      placed(context.debugDescription, at: context.codingPath, keys)
    @unknown default: "\(self)"
    }
  }
}

private func placed(_ text: String, at path: [any CodingKey], _ keys: LuaCodingOptions.Keys) -> String {
  path.isEmpty ? text : "at '\(path.luaText(keys))': \(text)"
}

extension [any CodingKey] {
  /// The path as Lua code has it after the value: `part.list[2]`. A long one is shortened.
  func luaText(_ keys: LuaCodingOptions.Keys) -> String {
    let shown = prefix(12).map { key in
      if key is LuaCodingKey, let index = key.intValue { return "[\(index + 1)]" }
      // Those of dictionaries, which are Swift's own, are texts.
      let isField = !(key is LuaCodingKey) && "\(type(of: key))" != "_DictionaryCodingKey"
      let name = isField ? keys.name(of: key.stringValue) : key.stringValue
      return LuaString(name).looksLikeName ? ".\(name)" : "[\"\(name)\"]"
    }
    let text = shown.joined() + (count > shown.count ? "…" : "")
    return text.hasPrefix(".") ? String(text.dropFirst()) : text
  }
}
