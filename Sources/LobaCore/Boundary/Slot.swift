public import CLobaEngine

/// One value on its way over the boundary: what it is, and its payload or where it lies.
///
/// The rules of `loba_slot` hold: what comes from Lua is good until the operation that gave it is let go of; what is given
/// to Lua points to memory that Swift keeps until the operation returns.
@usableFromInline typealias Slot = loba_slot

/// Keeps a Lua value alive for Swift. A plain number: whoever has it releases it. 0 is none.
@usableFromInline typealias Reference = loba_reference

/// Where a table lies: a reference, or a place on Lua's stack.
@usableFromInline typealias Location = loba_location

extension loba_location {
  @inlinable
  init(_ reference: Reference) {
    self.init(reference: reference, index: 0)
  }

  /// Of a slot that came from Lua.
  init(of slot: Slot) {
    self =
      slot.index != 0
      ? Location(reference: 0, index: slot.index) : Location(Reference(truncatingIfNeeded: slot.length))
  }
}

/// What a slot holds: one of Lua's types, or what exists only at the boundary.
@usableFromInline
struct SlotKind: Equatable {
  @usableFromInline let tag: UInt32

  @inlinable @inline(__always)
  init(_ tag: UInt32) {
    self.tag = tag
  }

  @inlinable static var `nil`: SlotKind { SlotKind(LOBA_NIL) }
  @inlinable static var boolean: SlotKind { SlotKind(LOBA_BOOLEAN) }
  /// Also an integral number of an engine without integers.
  @inlinable static var integer: SlotKind { SlotKind(LOBA_INTEGER) }
  @inlinable static var number: SlotKind { SlotKind(LOBA_NUMBER) }
  @inlinable static var string: SlotKind { SlotKind(LOBA_STRING) }
  @inlinable static var table: SlotKind { SlotKind(LOBA_TABLE) }
  @inlinable static var function: SlotKind { SlotKind(LOBA_FUNCTION) }
  /// A userdata that is not Loba's.
  @inlinable static var userdata: SlotKind { SlotKind(LOBA_USERDATA) }
  @inlinable static var thread: SlotKind { SlotKind(LOBA_THREAD) }
  /// A light userdata.
  @inlinable static var pointer: SlotKind { SlotKind(LOBA_POINTER) }
  /// A userdata that holds a Swift value.
  @inlinable static var host: SlotKind { SlotKind(LOBA_HOST) }
  /// A userdata that holds a Swift error.
  @inlinable static var error: SlotKind { SlotKind(LOBA_ERROR) }
  /// Anything else, for example LuaJIT's cdata.
  @inlinable static var other: SlotKind { SlotKind(LOBA_OTHER) }
  /// A userdata that is a Swift value.
  @inlinable static var value: SlotKind { SlotKind(LOBA_VALUE) }
  /// To Lua only: the value of a reference.
  @inlinable static var reference: SlotKind { SlotKind(LOBA_REFERENCE) }
}

// MARK: - Reading

extension loba_slot {
  @inlinable @inline(__always)
  var kind: SlotKind { SlotKind(tag) }

  @inlinable var asBoolean: Bool { integer != 0 }
  @inlinable var asInteger: Int64 { integer }
  @inlinable var asNumber: Double { number }
  @inlinable var asPointer: UnsafeMutableRawPointer? { pointer }

  /// The bytes of a string.
  @inlinable
  var asBytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: length) }

  /// The reference of a slot that has been written, if it holds one.
  var asReference: Reference? { kind == .reference ? index : nil }

  /// The value in words, for error messages: `number 1`, `table`.
  var summary: String {
    switch kind {
    case .nil: "nil"
    case .boolean: asBoolean ? "true" : "false"
    case .integer: "number \(integer)"
    case .number: "number \(number)"
    default: LuaType(kind).rawValue
    }
  }
}

// MARK: - Writing

extension loba_slot {
  @inlinable @inline(__always)
  static var `nil`: Slot { Slot() }

  @inlinable @inline(__always)
  init(kind: SlotKind) {
    self.init()
    tag = kind.tag
  }

  @inlinable @inline(__always)
  static func boolean(_ value: Bool) -> Slot {
    var slot = Slot(kind: .boolean)
    slot.integer = value ? 1 : 0
    return slot
  }

  @inlinable @inline(__always)
  static func integer(_ value: Int64) -> Slot {
    var slot = Slot(kind: .integer)
    slot.integer = value
    return slot
  }

  @inlinable @inline(__always)
  static func number(_ value: Double) -> Slot {
    var slot = Slot(kind: .number)
    slot.number = value
    return slot
  }

  static func pointer(_ value: UnsafeMutableRawPointer?) -> Slot {
    var slot = Slot(kind: .pointer)
    slot.pointer = value
    return slot
  }

  /// Bytes that stay where they are until the operation returns.
  @inlinable @inline(__always)
  static func string(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Slot {
    var slot = Slot(kind: .string)
    slot.bytes = bytes
    slot.length = count
    return slot
  }

  /// - Parameter isOwned: Whether it is a host call's result and the reference is let go of once it has been pushed.
  @inlinable @inline(__always)
  static func reference(_ reference: Reference, isOwned: Bool = false) -> Slot {
    var slot = Slot(kind: .reference)
    slot.index = reference
    slot.length = isOwned ? 1 : 0
    return slot
  }

  /// The reference that is let go of with the slot, if there is one.
  var ownedReference: Reference? { kind == .reference && length == 1 ? index : nil }
}
