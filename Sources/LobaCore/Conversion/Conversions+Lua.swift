// Loba's own types.

extension LuaValue: LuaConvertible {
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

  public static func construct(from reader: LuaReader) throws -> LuaValue { try reader.value() }
}

/// Spread: each element is a value of its own. As a result, all results of a call.
extension LuaValues: LuaConvertible {
  public static func construct(from reader: LuaReader) throws -> LuaValues { [try reader.value()] }

  public func write(to writer: inout LuaWriter) throws {
    for value in values { try writer.write(value) }
  }
}

extension LuaHandle: LuaRepresentable {
  /// As a part of a value that writes itself, which may let go of the handle at once.
  public func write(to writer: inout LuaWriter) throws { try writer.write(temporary: self) }
}

extension LuaTable: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaTable {
    guard reader.slot.pointee.kind == .table else { throw reader.mismatch(expected: "LuaTable") }
    return LuaTable(reader.runtime, adopting: try reader.makeReference())
  }
}

extension LuaFunction: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaFunction {
    guard reader.slot.pointee.kind == .function else { throw reader.mismatch(expected: "LuaFunction") }
    return LuaFunction(reader.runtime, adopting: try reader.makeReference())
  }
}

extension LuaCoroutine: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaCoroutine {
    guard reader.slot.pointee.kind == .thread else { throw reader.mismatch(expected: "LuaCoroutine") }
    return try LuaCoroutine(reader.runtime, arriving: try reader.makeReference())
  }
}

extension LuaUserdata: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaUserdata {
    switch reader.slot.pointee.kind {
    case .userdata, .host, .error, .other:
      return LuaUserdata(reader.runtime, adopting: try reader.makeReference())
    default: throw reader.mismatch(expected: "LuaUserdata")
    }
  }
}
