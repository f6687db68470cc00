// Loba's own types.

extension LuaValue: LuaConvertible {
  /// Becomes the value that it is.
  ///
  /// - Throws: ``LuaError`` of kind `foreignValue` for a table or another handle of another runtime; of kind
  ///   `conversion` for an integer that the engine cannot hold exactly; of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws {
    switch self {
    case .nil: writer.writeNil()
    case .boolean(let value): writer.write(boolean: value)
    case .integer(let value): try writer.write(integer: Int64(value))
    case .number(let value): writer.write(number: value)
    case .string(let value): try value.write(to: &writer)
    case .pointer(let value):
      writer.next.pointee = .pointer(UnsafeMutableRawPointer(bitPattern: value))
    default: try handle!.write(to: &writer)
    }
  }

  /// Reads any value; `swift.none` is nil.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if there is none for a handle to the value.
  public static func construct(from reader: LuaReader) throws -> LuaValue { try reader.value() }
}

/// Spread: each element is a value of its own. As a result, all results of a call.
extension LuaValues: LuaConvertible {
  /// Reads the one value that is there. All results of a call, and the arguments that remain to a host function, are
  /// gathered where they are asked for, not here.
  ///
  /// - Throws: As ``LuaValue``.
  public static func construct(from reader: LuaReader) throws -> LuaValues { [try reader.value()] }

  /// Writes each element as a value of its own: as many arguments or results of a call, none for an empty list. Where
  /// one value is wanted, such as a key or an element of a table, several are refused, and so are none.
  ///
  /// - Throws: As ``LuaValue``.
  public func write(to writer: inout LuaWriter) throws {
    for value in values { try writer.write(value) }
  }
}

extension LuaHandle: LuaRepresentable {
  /// Becomes the value itself, not a copy. The handle may be let go of at once.
  ///
  /// - Throws: ``LuaError`` of kind `foreignValue` for a handle of another runtime; of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(temporary: self) }
}

extension LuaTable: LuaConstructible {
  /// Reads a table: a handle to it, not a copy.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, nil included; of kind `memory`.
  public static func construct(from reader: LuaReader) throws -> LuaTable {
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "LuaTable") }
    return LuaTable(reader.runtime, adopting: try reader.makeReference())
  }
}

extension LuaFunction: LuaConstructible {
  /// Reads a function, whether of Lua, of C or a Swift closure. What can be called without being one, by `__call`, is
  /// refused: read it as ``LuaValue``, and call that.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, nil included; of kind `memory`.
  public static func construct(from reader: LuaReader) throws -> LuaFunction {
    guard reader.slot.pointee.kind == .function else { throw reader.mismatch(expected: "LuaFunction") }
    return LuaFunction(reader.runtime, adopting: try reader.makeReference())
  }
}

extension LuaCoroutine: LuaConstructible {
  /// Reads a coroutine (`thread` in Lua), in whatever state it is.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, nil included; of kind `memory`.
  public static func construct(from reader: LuaReader) throws -> LuaCoroutine {
    guard reader.slot.pointee.kind == .thread else { throw reader.mismatch(expected: "LuaCoroutine") }
    return try LuaCoroutine(reader.runtime, arriving: try reader.makeReference())
  }
}

extension LuaUserdata: LuaConstructible {
  /// Reads a userdata: a Swift object or error, `swift.none`, what C has made, or a `cdata`. A light userdata is
  /// refused: it is a `pointer` as ``LuaValue``.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, nil included; of kind `memory`.
  public static func construct(from reader: LuaReader) throws -> LuaUserdata {
    switch reader.slot.pointee.kind {
    case .userdata, .host, .value, .error, .other:
      return LuaUserdata(reader.runtime, adopting: try reader.makeReference())
    default: throw reader.mismatch(expected: "LuaUserdata")
    }
  }
}
