/// One Lua value on its way to Swift. Good only inside the call that it is given to.
///
/// A type that reads itself (``LuaConstructible``) asks for the ``type``, reads the value as types that exist already
/// (``read(as:)``), a table as ``LuaTable`` to read its entries, and refuses the rest (``mismatch(expected:)``).
public struct LuaReader {
  @usableFromInline let slot: UnsafePointer<Slot>
  @usableFromInline let state: LuaState
  /// For error messages: > 0 is the number of an argument, < 0 of a result, 0 neither.
  @usableFromInline let position: Int

  @inlinable
  init(slot: UnsafePointer<Slot>, state: LuaState, position: Int = 0) {
    self.slot = slot
    self.state = state
    self.position = position
  }

  /// The runtime that the value belongs to; a closed one for a value that belongs to none, such as
  /// `LuaValue.integer(1)`.
  public var runtime: LuaRuntime { LuaRuntime.from(state) }

  /// The value's type, by Lua's names. `swift.none` is a `userdata`, though it ``isNil``.
  public var type: LuaType { LuaType(slot.pointee.kind) }

  /// Whether the value is nil, or `swift.none`, which stands for it.
  public var isNil: Bool { slot.pointee.kind == .nil || (slot.pointee.kind == .host && isNone) }

  private var isNone: Bool { hostValue(as: LuaNone.self) != nil }

  /// The value of a slot that holds a number or a boolean of just this type, without touching memory; else nil.
  @inlinable @inline(__always)
  static func immediate<T>(_ slot: Slot, as type: T.Type) -> T? {
    if T.self == Int.self {
      if slot.kind == .integer { return unsafeBitCast(Int(slot.asInteger), to: T.self) }
    } else if T.self == Double.self {
      if slot.kind == .number { return unsafeBitCast(slot.asNumber, to: T.self) }
      if slot.kind == .integer, slot.asInteger.magnitude <= 1 << 53 {  // beyond, not every integer is a double
        return unsafeBitCast(Double(slot.asInteger), to: T.self)
      }
    } else if T.self == Bool.self {
      if slot.kind == .boolean { return unsafeBitCast(slot.asBoolean, to: T.self) }
    }
    return nil
  }

  /// Reads the value as a type: one that is ``LuaConstructible``, or that of the host object that it is; as `Any` the
  /// Swift type nearest to it.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it is not of that type; what the type's own reading throws.
  @inlinable @inline(__always)
  public func read<T>(as type: T.Type = T.self) throws -> T {
    if T.self == Int.self || T.self == Double.self || T.self == Bool.self {
      if let value = Self.immediate(slot.pointee, as: type) { return value }
    } else if T.self == String.self {
      if slot.pointee.kind == .string { return unsafeBitCast(try text(), to: T.self) }
    } else if T.self == LuaValue.self {
      return unsafeBitCast(try value(), to: T.self)
    } else if T.self == Void.self {
      return unsafeBitCast((), to: T.self)
    } else if let value = boxedValue(as: type) {
      return value
    }
    return try readOther(as: type)
  }

  /// The value of a box of just this type; nil for anything else, which may be the type all the same.
  @inlinable @inline(__always)
  func boxedValue<T>(as type: T.Type) -> T? {
    if InPlace.isPossible(T.self), slot.pointee.kind == .value { return InPlace(slot).value(as: type) }
    guard T.self != AnyHashable.self, slot.pointee.kind == .host, let box = state.hostBox(of: slot) else { return nil }
    return Unmanaged<AnyHostBox>.fromOpaque(box)._withUnsafeGuaranteedRef {
      guard Swift.type(of: $0) == HostBox<T>.self, !$0.isTakenOut else { return nil }
      return unsafeDowncast($0, to: HostBox<T>.self).stored
    }
  }

  /// Reads nil as a type.
  static func readNil<T>(_ state: LuaState, position: Int) throws -> T {
    try withUnsafePointer(to: Slot.nil) { try LuaReader(slot: $0, state: state, position: position).read() }
  }

  /// The text of a string.
  @inlinable
  func text() throws -> String {
    if state.hasForeignText { return try foreignText() }
    return try Self.text(slot, state, position)
  }

  @usableFromInline
  static func text(
    _ slot: UnsafePointer<Slot>, _ state: LuaState, _ position: Int
  ) throws -> String {
    let bytes = slot.pointee.asBytes
    if let text = String(checked: bytes) { return text }
    throw LuaReader(slot: slot, state: state, position: position).undecodable(bytes)
  }

  /// The bytes of a string, or nil if it is not one. Good as long as the reader is.
  @inlinable
  public var bytes: UnsafeBufferPointer<UInt8>? {
    slot.pointee.kind == .string ? slot.pointee.asBytes : nil
  }

  /// An error of kind `conversion` that says what was expected, what came, and where: `bad argument #1: expected Point,
  /// got string "x"`.
  ///
  /// - Parameter expected: The name of the type, or the values that there could have been, in words.
  public func mismatch(expected: String) -> LuaError {
    conversionError("expected \(expected), got \(summary)")
  }
}

extension LuaReader {
  @usableFromInline
  func foreignText() throws -> String {
    let bytes = slot.pointee.asBytes
    guard let text = encoding.decode(bytes) else { throw undecodable(bytes) }
    return text
  }

  /// The encoding of the runtime's texts.
  private var encoding: LuaTextEncoding { state.textEncoding }

  /// The bytes of a string, with the encoding of its text.
  var string: LuaString? { bytes.map { LuaString(bytes: $0, encoding: encoding.code) } }

  @usableFromInline
  func undecodable(_ bytes: UnsafeBufferPointer<UInt8>) -> LuaError {
    conversionError(
      "the string (\(bytes.count) bytes) is not valid text in the runtime's encoding, from byte "
        + "\(encoding.decodableLength(of: bytes)) on; read it as LuaString or [UInt8] for its bytes")
  }

  /// Types that are found by looking: those that conform, and host objects.
  @usableFromInline
  func readOther<T>(as type: T.Type) throws -> T {
    if T.self == LuaValue.self, slot.pointee.kind != .host { return unsafeBitCast(try value(), to: T.self) }
    if T.self != AnyHashable.self, let value = hostValue(as: type) { return value }
    if let type = type as? any LuaConstructible.Type { return try construct(type) }
    if slot.pointee.kind == .function, let value = subject(as: type) { return value }
    if type != Any.self, let value = try standIn(as: type) { return value }
    if type == Any.self { return try (hostObject ?? anyValue()) as! T }
    throw conversionError("expected \(runtime.scriptsName(of: type)), got \(summary)\(advice(for: type))")
  }

  /// How such a value is read as a type that says nothing of Lua, if it can be.
  private func advice(for type: Any.Type) -> String {
    switch slot.pointee.kind {
    case .table where type is any Decodable.Type && !runtime.isRegistered(type):
      " (declare 'extension \(type): LuaCodable {}', or use LuaDecoder)"
    case .function where FunctionType(type) != nil: " (read a LuaFunction, and take its closure())"
    default: ""
    }
  }

  private func construct<C: LuaConstructible, T>(_ type: C.Type) throws -> T {
    unsafeBitCast(try C.construct(from: self), to: T.self)
  }

  /// The box of a host object or an error; nil for any other value, and if Lua has let go of it meanwhile.
  var box: UnsafeMutableRawPointer? { state.box(of: slot) }

  /// Where a table lies, for operations that read it in place.
  var location: Location { Location(of: slot.pointee) }

  /// A reference of its own to the value.
  func makeReference() throws -> Reference { try state.makeReference(to: slot.pointee) }

  /// The value, whatever it is; `swift.none` is nil.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if there is none for a handle to the value.
  @inline(__always)
  public func value() throws -> LuaValue {
    switch slot.pointee.kind {
    case .integer: .integer(Int(slot.pointee.asInteger))
    case .number: .number(slot.pointee.asNumber)
    default: try otherValue()
    }
  }

  private func otherValue() throws -> LuaValue {
    switch slot.pointee.kind {
    case .nil: .nil
    case .boolean: .boolean(slot.pointee.asBoolean)
    case .string: .string(string!)
    case .table: .table(LuaTable(runtime, adopting: try makeReference()))
    case .function: .function(LuaFunction(runtime, adopting: try makeReference()))
    case .thread: .coroutine(try LuaCoroutine(runtime, arriving: try makeReference()))
    case .pointer: .pointer(UInt(bitPattern: slot.pointee.asPointer))
    case .other: .other(LuaUserdata(runtime, adopting: try makeReference()))
    default: isNil ? .nil : .userdata(LuaUserdata(runtime, adopting: try makeReference()))
    }
  }

  /// The value as the Swift type nearest to it.
  func anyValue() throws -> Any {
    if let buffer = anyBuffer { return buffer }
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
