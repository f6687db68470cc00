internal import Synchronization

// Values that belong to no runtime: numbers, booleans, strings and pointers that a program keeps as LuaValue.

/// Converts a value that holds no handle.
func convertDetached<T>(_ value: LuaValue, to type: T.Type) throws -> T {
  let slot: Slot
  switch value {
  case .boolean(let value): slot = .boolean(value)
  case .integer(let value): slot = .integer(Int64(value))
  case .number(let value): slot = .number(value)
  case .pointer(let value): slot = .pointer(UnsafeMutableRawPointer(bitPattern: value))
  case .string(let string):
    return try string.bytes.withUnsafeBufferPointer { bytes in
      let state = DetachedState.of(LuaTextEncoding(code: string.encoding)).state
      return try withUnsafePointer(to: .string(bytes.baseAddress, bytes.count)) {
        try LuaReader(slot: $0, state: state).read(as: type)
      }
    }
  default: slot = Slot.nil
  }
  return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: DetachedState.utf8.state).read(as: type) }
}

/// A state that belongs to no runtime, for reading values that need none: one for each encoding of texts. A type that asks
/// its reader for the runtime gets a closed one.
///
/// Sendable in effect: once made, a state is neither written to nor freed.
private struct DetachedState: @unchecked Sendable {
  let state: LuaState

  static let utf8 = DetachedState(.utf8)
  private static let others = Mutex<[UInt32: DetachedState]>([:])

  static func of(_ encoding: LuaTextEncoding) -> DetachedState {
    if encoding == .utf8 { return utf8 }
    return others.withLock { states in
      if let known = states[encoding.code] { return known }
      let state = DetachedState(encoding)
      states[encoding.code] = state
      return state
    }
  }

  private init(_ encoding: LuaTextEncoding) {
    state = LuaState(closedWith: encoding)
  }
}
