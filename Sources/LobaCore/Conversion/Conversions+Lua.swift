// Loba's own types.
internal import CLobaEngine
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension LuaValue: LuaConvertible {
  public func write(to writer: inout LuaWriter) throws {
    switch self {
    case .nil: writer.writeNil()
    case .boolean(let value): writer.write(boolean: value)
    case .integer(let value): try writer.write(integer: Int64(value))
    case .number(let value): writer.write(number: value)
    case .string(let value): try value.write(to: &writer)
    case .pointer(let value):
      let slot = writer.next
      slot.pointee.tag = LOBA_POINTER
      slot.pointee.pointer = UnsafeMutableRawPointer(bitPattern: value)
    default: try handle!.write(to: &writer)
    }
  }

  public static func construct(from reader: LuaReader) throws -> LuaValue { try reader.value() }
}

/// Spread: each element is a value of its own. As a result, all results of a call.
extension LuaValues: LuaConvertible {
  public static func construct(from reader: LuaReader) throws -> LuaValues { [try reader.value()] }

  public func write(to writer: inout LuaWriter) throws {
    for value in values { try value.write(to: &writer) }
  }
}

extension LuaHandle: LuaRepresentable {
  /// Its own writing is the first level; one below it, whoever writes may let go of the handle at once.
  public func write(to writer: inout LuaWriter) throws {
    if writer.nesting <= 1 { try writer.write(handle: self) } else { try writer.write(temporary: self) }
  }
}

extension LuaTable: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaTable {
    guard reader.slot.pointee.tag == LOBA_TABLE else { throw reader.mismatch(expected: "LuaTable") }
    return LuaTable(reader.runtime, adopting: try reader.makeReference())
  }
}

extension LuaFunction: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaFunction {
    guard reader.slot.pointee.tag == LOBA_FUNCTION else { throw reader.mismatch(expected: "LuaFunction") }
    return LuaFunction(reader.runtime, adopting: try reader.makeReference())
  }
}

extension LuaCoroutine: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaCoroutine {
    guard reader.slot.pointee.tag == LOBA_THREAD else { throw reader.mismatch(expected: "LuaCoroutine") }
    return try LuaCoroutine(reader.runtime, arriving: try reader.makeReference())
  }
}

extension LuaUserdata: LuaConstructible {
  public static func construct(from reader: LuaReader) throws -> LuaUserdata {
    switch reader.slot.pointee.tag {
    case LOBA_USERDATA, LOBA_HOST, LOBA_ERROR, LOBA_OTHER:
      return LuaUserdata(reader.runtime, adopting: try reader.makeReference())
    default: throw reader.mismatch(expected: "LuaUserdata")
    }
  }
}

/// A state that belongs to no runtime, for reading values that need none.
///
/// Sendable in effect: it is never written to.
nonisolated(unsafe) private let noState: UnsafeMutablePointer<loba_state> = {
  let state = UnsafeMutablePointer<loba_state>.allocate(capacity: 1)
  memset(state, 0, MemoryLayout<loba_state>.size)
  return state
}()

/// Converts a value that holds no handle.
func convertPlain<T>(_ value: LuaValue, to type: T.Type) throws -> T {
  var slot = loba_slot()
  switch value {
  case .boolean(let value):
    slot.tag = LOBA_BOOLEAN
    slot.integer = value ? 1 : 0
  case .integer(let value):
    slot.tag = LOBA_INTEGER
    slot.integer = Int64(value)
  case .number(let value):
    slot.tag = LOBA_NUMBER
    slot.number = value
  case .string(let string):
    return try string.bytes.withUnsafeBufferPointer { bytes in
      slot.tag = LOBA_STRING
      slot.bytes = bytes.baseAddress
      slot.length = bytes.count
      return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: noState).read(as: type) }
    }
  case .pointer(let value):
    slot.tag = LOBA_POINTER
    slot.pointer = UnsafeMutableRawPointer(bitPattern: value)
  default: break
  }
  return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: noState).read(as: type) }
}
