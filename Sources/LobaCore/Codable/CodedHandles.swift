// What only Lua has, in types that are read from Lua: a function among the options of a table, say. It is itself for
// `LuaDecoder`, which never comes here; other decoders have nothing for it. They are not Encodable: to have an `encode(to:)`
// would hide the field `encode` of tables.

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

extension LuaValue: CodedAsItself, Decodable {
  /// - Throws: `DecodingError`: only a ``LuaDecoder`` has values of Lua's, and does not ask this.
  public init(from decoder: any Decoder) throws { throw notFromLua(Self.self, decoder) }
}

private func notFromLua(_ type: Any.Type, _ decoder: any Decoder) -> DecodingError {
  .typeMismatch(
    type, .init(codingPath: decoder.codingPath, debugDescription: "a \(type) comes from Lua alone, by a LuaDecoder"))
}
