public import CLobaEngine

/// Writes Swift values as Lua values into slots: the arguments of a call, or the results of a host function.
public struct LuaWriter {
  @usableFromInline let state: UnsafeMutablePointer<loba_state>
  @usableFromInline var slots: UnsafeMutablePointer<loba_slot>
  @usableFromInline var count: Int
  @usableFromInline var capacity: Int
  /// What `finish` has to undo.
  @usableFromInline var duties: Duties
  @usableFromInline var mark: loba_arena_mark
  /// How many values that write themselves are doing so.
  @usableFromInline var nesting = 0

  @usableFromInline
  struct Duties: OptionSet {
    @usableFromInline let rawValue: UInt8
    @inlinable init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable static var freeSlots: Duties { Duties(rawValue: 1) }
    @inlinable static var resetArena: Duties { Duties(rawValue: 2) }
    @inlinable static var releaseReferences: Duties { Duties(rawValue: 4) }
    /// The slots are a host call's results: the C side undoes everything.
    @inlinable static var isHostResult: Duties { Duties(rawValue: 8) }
  }

  /// For the arguments of an operation; `finish` must follow, writers in last-in-first-out order.
  @inlinable
  init(_ state: UnsafeMutablePointer<loba_state>) {
    self.state = state
    count = 0
    capacity = Int(LOBA_SLOT_FRAME)
    duties = []
    mark = loba_arena_mark()
    slots = state.pointee.slot_top
    if slots + Int(LOBA_SLOT_FRAME) <= state.pointee.slot_end {
      state.pointee.slot_top = slots + Int(LOBA_SLOT_FRAME)
    } else {
      allocateSlots()
    }
  }

  /// For the results of a host call.
  @inlinable
  init(results frame: UnsafeMutablePointer<loba_call_frame>) {
    state = frame.pointee.state
    slots = frame.pointee.results
    count = 0
    capacity = Int(LOBA_SLOT_FRAME)
    duties = .isHostResult
    mark = loba_arena_mark()
  }

  @inlinable
  mutating func finish() {
    if duties.isEmpty {
      state.pointee.slot_top = slots
    } else {
      finishSlowly()
    }
  }

  /// The runtime that the values are for.
  public var runtime: LuaRuntime { LuaRuntime.from(state) }

  /// Writes a value of any type.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it cannot be represented in Lua; of kind `foreignValue` for a
  ///   handle of another runtime.
  @inlinable
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
    } else {
      try writeOther(value)
    }
  }
}

// MARK: - One slot

extension LuaWriter {
  @inlinable
  var next: UnsafeMutablePointer<loba_slot> {
    mutating get {
      if count == capacity { growSlots() }
      count += 1
      return slots + (count - 1)
    }
  }

  @inlinable
  public mutating func writeNil() {
    next.pointee.tag = LOBA_NIL
  }

  @inlinable
  public mutating func write(boolean: Bool) {
    let slot = next
    slot.pointee.tag = LOBA_BOOLEAN
    slot.pointee.integer = boolean ? 1 : 0
  }

  @inlinable
  public mutating func write(number: Double) {
    let slot = next
    slot.pointee.tag = LOBA_NUMBER
    slot.pointee.number = number
  }

  /// - Throws: ``LuaError`` of kind `conversion` if the engine cannot hold the integer exactly.
  @inlinable
  public mutating func write(integer: Int64) throws {
    if integer.magnitude > state.pointee.integer_limit { return try write(large: integer) }
    let slot = next
    slot.pointee.tag = LOBA_INTEGER
    slot.pointee.integer = integer
  }

  @inlinable
  public mutating func write(text: String) throws {
    if state.pointee.has_foreign_text { return try write(foreign: text) }
    var text = text
    try text.withUTF8 { try write(bytes: $0) }
  }

  /// Writes a Lua string.
  @inlinable
  public mutating func write(bytes: UnsafeBufferPointer<UInt8>) throws {
    if bytes.count > 1024 { return try write(long: bytes) }
    keepArena()
    let copy = loba_arena_copy(state, bytes.baseAddress, bytes.count)
    let slot = next
    slot.pointee.tag = LOBA_STRING
    slot.pointee.bytes = copy
    slot.pointee.length = bytes.count
  }

  /// - Throws: ``LuaError`` of kind `foreignValue` for a handle of another runtime.
  @inlinable
  mutating func write(handle: LuaHandle) throws {
    guard handle.state == state else { throw Self.foreignHandle(handle) }
    if duties.contains(.isHostResult) { return try write(copyOf: handle) }
    let slot = next
    slot.pointee.tag = LOBA_REFERENCE
    slot.pointee.index = handle.reference
    slot.pointee.length = 0
  }

  @inlinable
  mutating func keepArena() {
    if !duties.contains(.resetArena), !duties.contains(.isHostResult) {
      duties.insert(.resetArena)
      mark = loba_arena_now(state)
    }
  }
}

// MARK: - The uncommon cases

extension LuaWriter {
  @usableFromInline
  mutating func allocateSlots() {
    slots = .allocate(capacity: capacity)
    duties.insert(.freeSlots)
  }

  @usableFromInline
  mutating func growSlots() {
    let old = slots
    let bytes = capacity * 2 * MemoryLayout<loba_slot>.stride
    if duties.contains(.isHostResult) {
      slots = loba_arena_allocate(state, bytes).bindMemory(to: loba_slot.self, capacity: capacity * 2)
      slots.update(from: old, count: count)
    } else {
      slots = .allocate(capacity: capacity * 2)
      slots.update(from: old, count: count)
      if duties.contains(.freeSlots) {
        old.deallocate()
      } else {
        state.pointee.slot_top = old
        duties.insert(.freeSlots)
      }
    }
    capacity *= 2
  }

  @usableFromInline
  mutating func finishSlowly() {
    releaseReferences()
    if duties.contains(.resetArena) { loba_arena_reset(state, mark) }
    if duties.contains(.freeSlots) { slots.deallocate() } else { state.pointee.slot_top = slots }
  }

  func releaseReferences() {
    guard duties.contains(.releaseReferences) else { return }
    for i in 0..<count where slots[i].tag == LOBA_REFERENCE && slots[i].length == 1 {
      loba_release(state, slots[i].index)
    }
  }

  /// A slot that owns its reference: released by `finish`, or by the C side after a host call.
  mutating func write(owned reference: loba_reference) throws {
    guard reference != 0 else { throw runtime.memoryError() }
    let slot = next
    slot.pointee.tag = LOBA_REFERENCE
    slot.pointee.index = reference
    slot.pointee.length = 1
    duties.insert(.releaseReferences)
  }

  /// A handle that a value has made while it writes itself, and that may be gone when the slots are used.
  @usableFromInline
  mutating func write(temporary handle: LuaHandle) throws {
    guard handle.state == state else { throw Self.foreignHandle(handle) }
    try write(copyOf: handle)
  }

  /// Writes a value that may be gone when the slots are used.
  mutating func writeTemporary(_ value: some LuaRepresentable) throws {
    nesting += 2
    defer { nesting -= 2 }
    try value.write(to: &self)
  }

  @usableFromInline
  mutating func write(copyOf handle: LuaHandle) throws {
    guard state.pointee.current != nil else { throw LuaRuntime.closedError }
    try write(owned: state.op.pointee.copy_reference(state, handle.reference))
  }

  /// Long strings become Lua strings at once, so that they are copied only once.
  @usableFromInline
  mutating func write(long bytes: UnsafeBufferPointer<UInt8>) throws {
    var string: loba_reference = 0
    try runtime.check(state.op.pointee.string_new(state, bytes.baseAddress!, bytes.count, &string))
    try write(owned: string)
  }

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
  mutating func write(foreign text: String) throws {
    let bytes = try runtime.encode(text)
    try bytes.withUnsafeBufferPointer { try write(bytes: $0) }
  }

  @usableFromInline
  static func foreignHandle(_ handle: LuaHandle) -> LuaError {
    LuaError(
      kind: .foreignValue,
      message: "\(handle) belongs to another runtime (\(handle.runtime.engine.name)); copy its contents instead")
  }

  @usableFromInline
  mutating func writeOther<T>(_ value: T) throws {
    if let value = value as? any LuaRepresentable {
      nesting += 1
      defer { nesting -= 1 }
      try value.write(to: &self)
    } else {
      try runtime.writeHostValue(value, to: &self)
    }
  }
}
