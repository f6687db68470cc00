public import CLobaEngine

/// One Lua value on its way to Swift. Good only inside the call that it is given to.
public struct LuaReader {
  @usableFromInline let slot: UnsafePointer<loba_slot>
  @usableFromInline let state: UnsafeMutablePointer<loba_state>
  /// For error messages: > 0 is the number of an argument, < 0 of a result, 0 neither.
  @usableFromInline let position: Int

  @inlinable
  init(slot: UnsafePointer<loba_slot>, state: UnsafeMutablePointer<loba_state>, position: Int = 0) {
    self.slot = slot
    self.state = state
    self.position = position
  }

  /// The runtime that the value belongs to.
  public var runtime: LuaRuntime { LuaRuntime.from(state) }

  public var type: LuaType { LuaType(tag: slot.pointee.tag) }

  /// Whether the value is nil, or `swift.none`, which stands for it.
  public var isNil: Bool { slot.pointee.tag == LOBA_NIL || (slot.pointee.tag == LOBA_HOST && isNone) }

  private var isNone: Bool { hostValue(as: LuaNone.self) != nil }

  /// The value of a slot that holds a number or a boolean of just this type, without touching memory; else nil.
  @inlinable @inline(__always)
  static func plain<T>(_ slot: loba_slot, as type: T.Type) -> T? {
    if T.self == Int.self {
      if slot.tag == LOBA_INTEGER { return unsafeBitCast(Int(slot.integer), to: T.self) }
    } else if T.self == Double.self {
      if slot.tag == LOBA_NUMBER { return unsafeBitCast(slot.number, to: T.self) }
      if slot.tag == LOBA_INTEGER, slot.integer.magnitude <= 1 << 53 {  // beyond, not every integer is a double
        return unsafeBitCast(Double(slot.integer), to: T.self)
      }
    } else if T.self == Bool.self {
      if slot.tag == LOBA_BOOLEAN { return unsafeBitCast(slot.integer != 0, to: T.self) }
    }
    return nil
  }

  /// Reads the value as a type.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it is not of that type.
  @inlinable @inline(__always)
  public func read<T>(as type: T.Type = T.self) throws -> T {
    if T.self == Int.self || T.self == Double.self || T.self == Bool.self {
      if let value = Self.plain(slot.pointee, as: type) { return value }
    } else if T.self == String.self {
      if slot.pointee.tag == LOBA_STRING { return unsafeBitCast(try text(), to: T.self) }
    } else if T.self == Void.self {
      return unsafeBitCast((), to: T.self)
    }
    return try readOther(as: type)
  }

  /// The text of a string.
  @inlinable
  func text() throws -> String {
    if state.pointee.has_foreign_text { return try foreignText() }
    return try Self.text(slot, state, position)
  }

  @usableFromInline
  static func text(
    _ slot: UnsafePointer<loba_slot>, _ state: UnsafeMutablePointer<loba_state>, _ position: Int
  ) throws -> String {
    let bytes = UnsafeBufferPointer(start: slot.pointee.bytes, count: slot.pointee.length)
    if let text = String(checked: bytes) { return text }
    throw LuaReader(slot: slot, state: state, position: position).undecodable(bytes)
  }

  /// The bytes of a string, or nil if it is not one.
  @inlinable
  public var bytes: UnsafeBufferPointer<UInt8>? {
    slot.pointee.tag == LOBA_STRING ? UnsafeBufferPointer(start: slot.pointee.bytes, count: slot.pointee.length) : nil
  }

  /// An error that says what was expected, what came, and where.
  public func mismatch(expected: String) -> LuaError {
    LuaError(kind: .conversion, message: "\(place)expected \(expected), got \(summary)")
  }

  var place: String {
    position > 0 ? "bad argument #\(position): " : position < 0 ? "result \(-position): " : ""
  }
}

extension LuaReader {
  @usableFromInline
  func foreignText() throws -> String {
    let bytes = UnsafeBufferPointer(start: slot.pointee.bytes, count: slot.pointee.length)
    guard let text = encoding.decode(bytes) else { throw undecodable(bytes) }
    return text
  }

  /// The encoding of the runtime's texts.
  private var encoding: LuaTextEncoding { LuaTextEncoding(code: state.pointee.text_encoding) }

  /// The bytes of a string, with the encoding of its text.
  var string: LuaString? { bytes.map { LuaString(bytes: $0, encoding: state.pointee.text_encoding) } }

  @usableFromInline
  func undecodable(_ bytes: UnsafeBufferPointer<UInt8>) -> LuaError {
    LuaError(
      kind: .conversion,
      message: "\(place)the string (\(bytes.count) bytes) is not valid text in the runtime's encoding, from byte "
        + "\(encoding.decodableLength(of: bytes)) on; read it as LuaString or [UInt8] for its bytes")
  }

  /// Types that are found by looking: those that conform, and host objects.
  @usableFromInline
  func readOther<T>(as type: T.Type) throws -> T {
    if T.self != AnyHashable.self, let value = hostValue(as: type) { return value }
    if let type = type as? any LuaConstructible.Type { return try construct(type) }
    if slot.pointee.tag == LOBA_FUNCTION, let value = subject(as: type) { return value }
    if type == Any.self { return try (hostBox?.anyValue ?? anyValue()) as! T }
    throw mismatch(expected: "\(type)")
  }

  private func construct<C: LuaConstructible, T>(_ type: C.Type) throws -> T {
    unsafeBitCast(try C.construct(from: self), to: T.self)
  }

  /// The box that a host object's or an error's slot stands for; nil for any other value, and if Lua has let go of it since
  /// the slot was read: a script can call `__gc` itself.
  var box: UnsafeMutableRawPointer? {
    guard slot.pointee.tag == LOBA_HOST || slot.pointee.tag == LOBA_ERROR else { return nil }
    if slot.pointee.length == state.pointee.released_boxes, slot.pointee.index != 0 { return slot.pointee.pointer }
    return state.op.pointee.host_box(state, slot)
  }

  /// Where a table lies, for operations that read it in place.
  var location: loba_location {
    slot.pointee.index != 0
      ? loba_location(reference: 0, index: slot.pointee.index)
      : loba_location(reference: loba_reference(truncatingIfNeeded: slot.pointee.length), index: 0)
  }

  /// A reference of its own to the value.
  func makeReference() throws -> loba_reference {
    let reference =
      slot.pointee.index != 0
      ? state.op.pointee.reference(state, slot.pointee.index)
      : state.op.pointee.copy_reference(state, loba_reference(truncatingIfNeeded: slot.pointee.length))
    guard reference != 0 else { throw runtime.memoryError() }
    return reference
  }

  /// The value, whatever it is.
  @inline(__always)
  public func value() throws -> LuaValue {
    switch slot.pointee.tag {
    case LOBA_INTEGER: .integer(Int(slot.pointee.integer))
    case LOBA_NUMBER: .number(slot.pointee.number)
    default: try otherValue()
    }
  }

  private func otherValue() throws -> LuaValue {
    switch slot.pointee.tag {
    case LOBA_NIL: .nil
    case LOBA_BOOLEAN: .boolean(slot.pointee.integer != 0)
    case LOBA_STRING: .string(string!)
    case LOBA_TABLE: .table(LuaTable(runtime, adopting: try makeReference()))
    case LOBA_FUNCTION: .function(LuaFunction(runtime, adopting: try makeReference()))
    case LOBA_THREAD: .coroutine(try LuaCoroutine(runtime, arriving: try makeReference()))
    case LOBA_POINTER: .pointer(UInt(bitPattern: slot.pointee.pointer))
    case LOBA_OTHER: .other(LuaUserdata(runtime, adopting: try makeReference()))
    default: isNil ? .nil : .userdata(LuaUserdata(runtime, adopting: try makeReference()))
    }
  }

  /// The value as the Swift type nearest to it.
  func anyValue() throws -> Any {
    switch try value() {
    case .nil: return LuaValue.nil
    case .boolean(let value): return value
    case .integer(let value): return value
    case .number(let value): return value
    case .string(let value): return value.text ?? value
    case .table(let value): return value
    case .function(let value): return value
    case .coroutine(let value): return value
    case .pointer(let value): return value
    case .userdata(let value), .other(let value): return value
    }
  }
}
