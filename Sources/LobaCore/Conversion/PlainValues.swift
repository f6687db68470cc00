internal import CLobaEngine
internal import Synchronization

// Values that belong to no runtime: numbers, booleans, strings and pointers that a program keeps as LuaValue.

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
      let state = PlainState.of(string.encoding).pointer
      return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).read(as: type) }
    }
  case .pointer(let value):
    slot.tag = LOBA_POINTER
    slot.pointer = UnsafeMutableRawPointer(bitPattern: value)
  default: break
  }
  return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: PlainState.utf8.pointer).read(as: type) }
}

/// A state that belongs to no runtime, for reading values that need none: one for each encoding of texts. A type that asks
/// its reader for the runtime gets a closed one.
///
/// Sendable in effect: once made, a state is neither written to nor freed.
private struct PlainState: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<loba_state>

  static let utf8 = PlainState(LuaTextEncoding.utf8.code)
  private static let others = Mutex<[UInt32: PlainState]>([:])

  static func of(_ encoding: UInt32) -> PlainState {
    if encoding == LuaTextEncoding.utf8.code { return utf8 }
    return others.withLock { states in
      if let known = states[encoding] { return known }
      let state = PlainState(encoding)
      states[encoding] = state
      return state
    }
  }

  private init(_ encoding: UInt32) {
    pointer = loba_state_new(loba_closed_operations(), HostCallbacks.table)
    pointer.pointee.has_foreign_text = encoding != LuaTextEncoding.utf8.code
    pointer.pointee.text_encoding = encoding
  }
}
