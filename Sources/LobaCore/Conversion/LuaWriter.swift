public import CLobaEngine

/// Writes Swift values as Lua values into slots: the arguments of a call, or the results of a host function.
///
/// A type that writes itself (``LuaRepresentable``) calls one of the `write` methods, or ``writeNil()``, once.
///
/// The common path is inlined and keeps the writer in registers; so what is not inlined takes plain values there,
/// or a copy of the writer, never the writer itself, whose address would force all of it into memory.
public struct LuaWriter {
  @usableFromInline let state: LuaState
  @usableFromInline var slots: UnsafeMutablePointer<Slot>
  @usableFromInline var count: Int
  @usableFromInline var capacity: Int
  /// What `finish` has to undo.
  @usableFromInline var duties: Duties
  @usableFromInline var mark: loba_arena_mark
  /// What an exposed state's writers keep their bytes and references in: what the others share is not safe there.
  @usableFromInline var keeping: UnsafeMutablePointer<loba_keeping>?
  /// Where this writer's references begin among those that the state keeps for writers.
  @usableFromInline var owned: Int32
  /// How many values that write themselves are doing so. While there are none, what is written is what the caller of the
  /// API holds; what a value writes of its own may be gone as soon as it has done so.
  @usableFromInline var nesting = 0

  @usableFromInline
  struct Duties: OptionSet {
    @usableFromInline let rawValue: UInt8
    @inlinable init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable static var freeSlots: Duties { Duties(rawValue: 1) }
    @inlinable static var resetArena: Duties { Duties(rawValue: 2) }
    @inlinable static var releaseReferences: Duties { Duties(rawValue: 4) }
    @inlinable static var freeKeeping: Duties { Duties(rawValue: 16) }
    /// The slots are a host call's results: the C side undoes everything.
    @inlinable static var isHostResult: Duties { Duties(rawValue: 8) }
  }

  /// For the arguments of an operation; `finish` must follow, writers in last-in-first-out order.
  @inlinable
  init(_ state: LuaState) {
    self.state = state
    count = 0
    capacity = Int(LOBA_SLOT_FRAME)
    mark = loba_arena_mark()
    owned = 0
    if state.isExposed {
      slots = Self.allocateSlots()
      keeping = loba_keeping_new()
      duties = [.freeSlots, .freeKeeping]
      return
    }
    let top = state.pointer.pointee.slot_top
    if top + Int(LOBA_SLOT_FRAME) <= state.pointer.pointee.slot_end {
      state.pointer.pointee.slot_top = top + Int(LOBA_SLOT_FRAME)
      slots = top
      duties = []
    } else {
      slots = Self.allocateSlots()
      duties = .freeSlots
    }
  }

  /// For the results of a host call.
  @inlinable
  init(results call: HostCall) {
    state = call.state
    slots = call.frame.pointee.results
    count = 0
    capacity = Int(LOBA_SLOT_FRAME)
    duties = .isHostResult
    mark = loba_arena_mark()
    owned = 0
  }

  @inlinable @inline(__always)
  func finish() {
    if duties.isEmpty {
      state.pointer.pointee.slot_top = slots
    } else if duties == .resetArena {
      loba_arena_reset(loba_arguments(state.pointer), mark)
      state.pointer.pointee.slot_top = slots
    } else {
      Self.finishSlowly(state, slots, duties, mark, owned, keeping)
    }
  }

  /// The runtime that the values are for.
  public var runtime: LuaRuntime { LuaRuntime.from(state) }

  /// Writes a value of any type: one that is ``LuaRepresentable`` as it writes itself, one of a registered type by
  /// reference.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it cannot be represented in Lua; of kind `foreignValue` for a
  ///   handle of another runtime; what the value's own writing throws.
  @inlinable @inline(__always)
  public mutating func write<T>(_ value: T) throws {
    if T.self == Int.self {
      try write(integer: Int64(unsafeBitCast(value, to: Int.self)))
    } else if T.self == Double.self {
      write(number: unsafeBitCast(value, to: Double.self))
    } else if T.self == Bool.self {
      write(boolean: unsafeBitCast(value, to: Bool.self))
    } else if T.self == String.self {
      try write(text: unsafeBitCast(value, to: String.self))
    } else if T.self == LuaTable.self || T.self == LuaFunction.self {
      let handle = unsafeDowncast(value as AnyObject, to: LuaHandle.self)
      if nesting == 0 { try write(handle: handle) } else { try write(temporary: handle) }
    } else if !write(inPlace: value, asked: false) {
      try writeOther(value)
    }
  }

  /// Writes a value where there is a place for one: a key, the value of an entry, an element.
  ///
  /// - Throws: As ``write(_:)``; ``LuaError`` of kind `conversion` for a value that writes none or several.
  @inlinable @inline(__always)
  mutating func writeOne<T>(_ value: T, as role: StaticString) throws {
    let before = count
    try write(value)
    if count != before + 1 { throw Self.notOne(role) }
  }
}

// MARK: - One slot

extension LuaWriter {
  /// A slot for a value that needs nothing but a slot; nil for any other.
  @inlinable @inline(__always)
  static func immediateSlot<T>(_ value: T, _ state: LuaState) -> Slot? {
    if T.self == Int.self {
      let integer = unsafeBitCast(value, to: Int.self)
      return integer.magnitude <= state.integerLimit ? .integer(Int64(integer)) : nil
    }
    if T.self == Double.self { return .number(unsafeBitCast(value, to: Double.self)) }
    if T.self == Bool.self { return .boolean(unsafeBitCast(value, to: Bool.self)) }
    return nil
  }
}

extension LuaWriter {
  @inlinable @inline(__always)
  var next: UnsafeMutablePointer<Slot> {
    mutating get {
      if count == capacity {
        slots = Self.grownSlots(state, slots, count, duties)
        capacity *= 2
        if !duties.contains(.isHostResult) { duties.insert(.freeSlots) }
      }
      count += 1
      return slots + (count - 1)
    }
  }

  /// Writes nil, which is a value: an argument or a result that is there.
  @inlinable @inline(__always)
  public mutating func writeNil() {
    next.pointee.tag = LOBA_NIL
  }

  /// Writes a boolean.
  @inlinable @inline(__always)
  public mutating func write(boolean: Bool) {
    let slot = next
    slot.pointee.tag = LOBA_BOOLEAN
    slot.pointee.integer = boolean ? 1 : 0
  }

  /// Writes a number: a float where Lua has integers as well. NaN and the infinities are numbers.
  @inlinable @inline(__always)
  public mutating func write(number: Double) {
    let slot = next
    slot.pointee.tag = LOBA_NUMBER
    slot.pointee.number = number
  }

  /// Writes an integer; on an engine without them, a number.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if the engine cannot hold the integer exactly, unless the runtime's
  ///   overflow handler or ``LuaConfiguration/integerOverflow`` gives something else for it.
  @inlinable @inline(__always)
  public mutating func write(integer: Int64) throws {
    if integer.magnitude > state.integerLimit {
      var copy = self
      defer { self = copy }
      return try copy.write(large: integer)
    }
    let slot = next
    slot.pointee.tag = LOBA_INTEGER
    slot.pointee.integer = integer
  }

  /// Writes a text as a string, in the encoding of the runtime's texts.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a character that the encoding does not have; of kind `memory` or
  ///   `closed`.
  @inlinable @inline(__always)
  public mutating func write(text: String) throws {
    if state.hasForeignText {
      let bytes = try Self.encoded(text, state)
      return try bytes.withUnsafeBufferPointer { try write(bytes: $0) }
    }
    try text.withBytes { try write(bytes: $0) }
  }

  /// Writes a string of these bytes, which are copied: any bytes, text or not.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  @inlinable @inline(__always)
  public mutating func write(bytes: UnsafeBufferPointer<UInt8>) throws {
    if bytes.count > 1024 { return try write(owned: state.newString(bytes)) }
    let copy = loba_arena_copy(arena, bytes.baseAddress, bytes.count)
    let slot = next
    slot.pointee.tag = LOBA_STRING
    slot.pointee.bytes = copy
    slot.pointee.length = bytes.count
  }

  /// - Throws: ``LuaError`` of kind `foreignValue` for a handle of another runtime.
  @inlinable @inline(__always)
  mutating func write(handle: LuaHandle) throws {
    guard handle.state == state else { throw Self.foreignHandle(handle) }
    if duties.contains(.isHostResult) { return try write(owned: state.copy(of: handle.reference)) }
    let slot = next
    slot.pointee.tag = LOBA_REFERENCE
    slot.pointee.index = handle.reference
    slot.pointee.length = 0
  }

  /// Where bytes are kept for the slots.
  @inlinable @inline(__always)
  var arena: UnsafeMutablePointer<loba_arena> {
    mutating get {
      if duties.contains(.isHostResult) { return loba_results(state.pointer) }
      if let keeping { return loba_keeping_bytes(keeping) }
      if !duties.contains(.resetArena) {
        duties.insert(.resetArena)
        mark = loba_arena_now(loba_arguments(state.pointer))
      }
      return loba_arguments(state.pointer)
    }
  }
}

// MARK: - The uncommon cases

extension LuaWriter {
  @usableFromInline
  static func allocateSlots() -> UnsafeMutablePointer<Slot> {
    .allocate(capacity: Int(LOBA_SLOT_FRAME))
  }

  /// Makes room for this many slots, before the first is written.
  mutating func reserve(_ capacity: Int) {
    if duties.contains(.freeSlots) { slots.deallocate() } else { state.pointer.pointee.slot_top = slots }
    duties.insert(.freeSlots)
    slots = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  /// Twice as many slots as there are, which are full.
  @usableFromInline
  static func grownSlots(
    _ state: LuaState, _ old: UnsafeMutablePointer<Slot>, _ count: Int, _ duties: Duties
  ) -> UnsafeMutablePointer<Slot> {
    let slots: UnsafeMutablePointer<Slot>
    if duties.contains(.isHostResult) {
      slots = loba_arena_allocate(loba_results(state.pointer), count * 2 * MemoryLayout<Slot>.stride)
        .bindMemory(to: Slot.self, capacity: count * 2)
      slots.update(from: old, count: count)
    } else {
      slots = .allocate(capacity: count * 2)
      slots.update(from: old, count: count)
      if duties.contains(.freeSlots) { old.deallocate() } else { state.pointer.pointee.slot_top = old }
    }
    return slots
  }

  @usableFromInline
  static func finishSlowly(
    _ state: LuaState, _ slots: UnsafeMutablePointer<Slot>, _ duties: Duties,
    _ mark: loba_arena_mark, _ owned: Int32, _ keeping: UnsafeMutablePointer<loba_keeping>?
  ) {
    if let keeping { loba_keeping_free(keeping, state.pointer) }
    if duties.contains(.releaseReferences) {
      loba_disown(state.pointer, owned)
    }
    if duties.contains(.resetArena) { loba_arena_reset(loba_arguments(state.pointer), mark) }
    if duties.contains(.freeSlots) { slots.deallocate() } else { state.pointer.pointee.slot_top = slots }
  }

  /// Lets go of the results written before one that could not be.
  ///
  /// - Parameter isResult: Whether the error is about the result of a function, and is to say so.
  @usableFromInline
  func withdrawn(_ error: any Error, isResult: Bool) -> any Error {
    for i in 0..<count {
      if let reference = slots[i].ownedReference { state.release(reference) }
    }
    guard isResult, let error = error as? LuaError else { return error }
    return error.about(.result)
  }

  /// A slot with a reference of its own: released by `finish`, or by the C side after a host call. Who is to be
  /// released is not left in the slots, since a call writes its results over its arguments.
  @inlinable @inline(__always)
  mutating func write(owned reference: Reference) throws {
    let slot = next
    slot.pointee.tag = LOBA_REFERENCE
    slot.pointee.index = reference
    if duties.contains(.isHostResult) {
      slot.pointee.length = 1
      return
    }
    slot.pointee.length = 0
    if let keeping { return loba_keeping_add(keeping, reference) }
    let mark = loba_own(state.pointer, reference)
    if !duties.contains(.releaseReferences) {
      duties.insert(.releaseReferences)
      owned = mark
    }
  }

  /// A handle that a value has made while it writes itself, and that may be gone when the slots are used.
  @usableFromInline
  mutating func write(temporary handle: LuaHandle) throws {
    guard handle.state == state else { throw Self.foreignHandle(handle) }
    try write(owned: state.copy(of: handle.reference))
  }

  /// Writes a value that may be gone when the slots are used.
  mutating func writeTemporary(_ value: some LuaRepresentable) throws {
    nesting += 1
    defer { nesting -= 1 }
    try value.write(to: &self)
  }

  /// An integer beyond those that the engine is known to hold.
  @usableFromInline
  mutating func write(large integer: Int64) throws {
    let double = Double(integer)
    if Int64(exactly: double) == integer {
      write(number: double)
    } else {
      try write(overflowing: integer)
    }
  }

  @usableFromInline
  static func encoded(_ text: String, _ state: LuaState) throws -> [UInt8] {
    try LuaRuntime.from(state).encode(text)
  }

  @usableFromInline
  static func foreignHandle(_ handle: LuaHandle) -> LuaError {
    LuaError(
      kind: .foreignValue,
      message: "\(handle) belongs to another runtime (\(handle.runtime.engine.name)); copy its contents instead")
  }

  @usableFromInline
  static func notOne(_ role: StaticString) -> LuaError {
    LuaError(kind: .conversion, "several values, or none, cannot be \(role)")
  }

  @usableFromInline
  mutating func writeOther<T>(_ value: T) throws {
    if T.self == LuaValue.self {
      let value = unsafeBitCast(value, to: LuaValue.self)
      if nesting == 0, let handle = value.handle { return try write(handle: handle) }
      try value.write(to: &self)
    } else if T.self == LuaValues.self {
      try unsafeBitCast(value, to: LuaValues.self).write(to: &self)
    } else if nesting == 0, T.self == LuaUserdata.self || T.self == LuaCoroutine.self || T.self == LuaHandle.self {
      try write(handle: unsafeDowncast(value as AnyObject, to: LuaHandle.self))
    } else if let value = value as? any LuaRepresentable {
      nesting += 1
      defer { nesting -= 1 }
      try value.write(to: &self)
    } else {
      try runtime.writeHostValue(value, to: &self)
    }
  }
}
