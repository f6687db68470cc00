// What only Lua has, in types that are Codable: a function among the options of a table, say. It is itself for `LuaDecoder` and
// `LuaEncoder`, which never come here; other coders have nothing for it.

extension LuaHandle: Encodable {
  /// - Throws: `EncodingError`: only a ``LuaEncoder`` has something for a value of Lua's, and does not ask this.
  public func encode(to encoder: any Encoder) throws { throw notForLua(self, encoder) }
}

extension LuaFunction: CodedAsItself, Decodable {
  /// - Throws: `DecodingError`: only a ``LuaDecoder`` has functions of Lua's, and does not ask this.
  public convenience init(from decoder: any Decoder) throws { throw notFromLua(Self.self, decoder) }
}

extension LuaTable: CodedAsItself, Decodable {
  /// - Throws: `DecodingError`: only a ``LuaDecoder`` has tables of Lua's, and does not ask this.
  public convenience init(from decoder: any Decoder) throws { throw notFromLua(Self.self, decoder) }
}

extension LuaCoroutine: CodedAsItself, Decodable {
  /// - Throws: `DecodingError`: only a ``LuaDecoder`` has coroutines, and does not ask this.
  public convenience init(from decoder: any Decoder) throws { throw notFromLua(Self.self, decoder) }
}

extension LuaUserdata: CodedAsItself, Decodable {
  /// - Throws: `DecodingError`: only a ``LuaDecoder`` has userdata, and does not ask this.
  public convenience init(from decoder: any Decoder) throws { throw notFromLua(Self.self, decoder) }
}

extension LuaValue: CodedAsItself, Codable {
  /// - Throws: `DecodingError`: only a ``LuaDecoder`` has values of Lua's, and does not ask this.
  public init(from decoder: any Decoder) throws { throw notFromLua(Self.self, decoder) }

  /// - Throws: `EncodingError`: only a ``LuaEncoder`` has something for a value of Lua's, and does not ask this.
  public func encode(to encoder: any Encoder) throws { throw notForLua(self, encoder) }
}

private func notFromLua(_ type: Any.Type, _ decoder: any Decoder) -> DecodingError {
  .typeMismatch(
    type, .init(codingPath: decoder.codingPath, debugDescription: "a \(type) comes from Lua alone, by a LuaDecoder"))
}

private func notForLua(_ value: Any, _ encoder: any Encoder) -> EncodingError {
  let type = type(of: value)
  return .invalidValue(
    value, .init(codingPath: encoder.codingPath, debugDescription: "a \(type) is for Lua alone, by a LuaEncoder"))
}
