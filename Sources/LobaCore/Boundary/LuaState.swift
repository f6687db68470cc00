public import CLobaEngine

/// A Lua state of an engine, with what Loba keeps beside it. Opaque: engines make it, runtimes use it.
///
/// Its methods are the operations: one whole step each, protected where anything in it can raise an error. Where they give
/// a ``Status`` or an ``Outcome``, what they have given may lie on Lua's stack, for ``withResults(_:in:_:)`` to read; the
/// rest throw what they fail with.
public struct LuaState: Hashable {
  @usableFromInline let pointer: UnsafeMutablePointer<loba_state>

  @inlinable @inline(__always)
  init(_ pointer: UnsafeMutablePointer<loba_state>) {
    self.pointer = pointer
  }

  @inlinable @inline(__always)
  var op: UnsafePointer<loba_operations> { pointer.pointee.operations }
}

@available(*, unavailable)
extension LuaState: Sendable {}

// MARK: - Life

extension LuaState {
  /// A state that is closed, until an engine opens it.
  init(operations: UnsafePointer<loba_operations>) {
    self.init(loba_state_new(operations, HostCallbacks.table))
  }

  /// A state that is closed for good: what stands behind a value that belongs to no runtime.
  init(closedWith encoding: LuaTextEncoding) {
    self.init(operations: loba_closed_operations())
    pointer.pointee.integer_limit = .max  // whatever is asked for, the answer is that the runtime is closed
    setTextEncoding(encoding)
  }

  /// The runtime that the state belongs to; nil of one that belongs to none.
  var owner: LuaRuntime? {
    get { pointer.pointee.context.map { Unmanaged<LuaRuntime>.fromOpaque($0).takeUnretainedValue() } }
    nonmutating set { pointer.pointee.context = newValue.map { Unmanaged.passUnretained($0).toOpaque() } }
  }

  func open(_ libraries: LuaLibraries, allowsCModules: Bool) -> Status {
    Status(op.pointee.open(pointer, libraries.rawValue, allowsCModules))
  }

  func close() {
    op.pointee.close(pointer)
  }

  /// Frees a closed state. No reference may be released afterwards.
  func free() {
    loba_state_free(pointer)
  }

  @usableFromInline var isClosed: Bool { loba_is_closed(pointer) }
  /// How many calls from Lua into Swift are under way.
  var depth: Int32 { loba_depth(pointer) }
  /// For tests: whether no operation is under way, no result held and no slot frame handed out.
  var isIdle: Bool { loba_is_idle(pointer) }
  /// For tests: how many values lie on Lua's current stack; -1 when closed.
  var stackTop: Int { Int(op.pointee.stack_top(pointer)) }
}

// MARK: - Settings

extension LuaState {
  /// Whether texts have an encoding other than UTF-8.
  @inlinable var hasForeignText: Bool { pointer.pointee.has_foreign_text }
  var textEncoding: LuaTextEncoding { LuaTextEncoding(code: pointer.pointee.text_encoding) }

  func setTextEncoding(_ encoding: LuaTextEncoding) {
    pointer.pointee.has_foreign_text = encoding != .utf8
    pointer.pointee.text_encoding = encoding.code
  }

  /// Integers of up to this magnitude are exact in this engine.
  @inlinable var integerLimit: UInt64 { pointer.pointee.integer_limit }

  /// Whether compiled code may call leaves directly; to be said before the state is opened.
  var hasFastLane: Bool {
    get { pointer.pointee.has_fast_lane }
    nonmutating set { pointer.pointee.has_fast_lane = newValue }
  }

  /// Whether library functions count their steps; to be said before the state is opened.
  var isBounded: Bool {
    get { pointer.pointee.is_bounded }
    nonmutating set { pointer.pointee.is_bounded = newValue }
  }

  /// Whether the engine's own warnings go to the runtime; to be said before the state is opened.
  var takesWarnings: Bool {
    get { pointer.pointee.takes_warnings }
    nonmutating set { pointer.pointee.takes_warnings = newValue }
  }

  /// Makes scripts' weak tables strong where they could hold up the collector; to be said before the state is opened.
  func hideWeakModes() {
    // None is 0: there are strings that end with it.
    pointer.pointee.mode_bytes = (0..<8).reduce(0) { bytes, _ in bytes << 8 | .random(in: 1...255) }
  }

  /// Whether a script has made argument packs, which calls have to look for.
  var hasArgumentPacks: Bool {
    get { pointer.pointee.has_argument_packs }
    nonmutating set { pointer.pointee.has_argument_packs = newValue }
  }
}

// MARK: - Memory

extension LuaState {
  var memoryUsed: Int { Int(pointer.pointee.memory_used) }

  /// Whether memory has been denied last because keys of tables collide.
  var keysCollide: Bool { pointer.pointee.keys_collide }

  /// In bytes; nil for no limit.
  var memoryLimit: Int? {
    let limit = loba_memory_limit(pointer)
    return limit == 0 ? nil : Int(clamping: limit)
  }

  /// The limit for opening the state.
  func setFirstMemoryLimit(_ limit: Int?) {
    pointer.pointee.memory_limit = limit.map { max(1, $0) } ?? 0
  }

  func setMemoryLimit(_ limit: Int?) throws {
    try check(op.pointee.limit_memory(pointer, limit.map { max(1, $0) } ?? 0))
  }

  /// For tests: lets this many growing allocations succeed, and none after them. Negative: all succeed.
  func failAllocations(after count: Int) {
    pointer.pointee.allocations_left = Int64(count)
  }

  /// For tests: how many allocations have asked for more memory while they were counted.
  var allocationCount: Int { Int(pointer.pointee.allocation_count) }
}

// MARK: - Threads

extension LuaState {
  /// Whether other threads may hold handles of the runtime.
  @inlinable var isExposed: Bool { pointer.pointee.is_exposed }

  /// From now on every operation claims the state.
  func expose() {
    loba_expose(pointer)
  }

  /// False if another thread is using the state.
  func claim() -> Bool { loba_claim(pointer) }

  func unclaim() {
    loba_unclaim(pointer)
  }

  /// Bytes left on this thread's stack below the caller.
  static var stackLeft: Int { loba_stack_left() }
}

// MARK: - References

extension LuaState {
  /// Lets go of a reference; the only operation for any thread at any time.
  @inlinable
  func release(_ reference: Reference) {
    loba_release(pointer, reference)
  }

  /// Another reference to the same value.
  @usableFromInline
  func copy(of reference: Reference) throws -> Reference {
    let copy = op.pointee.copy_reference(pointer, reference)
    guard copy != 0 else { throw LuaRuntime.from(self).memoryError() }
    return copy
  }

  /// A reference to what a slot that came from Lua holds.
  func makeReference(to slot: Slot) throws -> Reference {
    guard slot.index != 0 else { return try copy(of: Reference(truncatingIfNeeded: slot.length)) }
    let reference = op.pointee.reference(pointer, slot.index)
    guard reference != 0 else { throw LuaRuntime.from(self).memoryError() }
    return reference
  }

  /// The address that tells the value from others, also after the state has been closed.
  func identity(of reference: Reference) -> UnsafeRawPointer? { op.pointee.identity(pointer, reference) }

  /// Whether two references are to the same value; no metamethod is asked.
  func isSame(_ a: Reference, _ b: Reference) -> Bool { op.pointee.raw_equal(pointer, a, b) }

  /// A slot for the value of a reference; strings in it are good while the reference is.
  func slot(of reference: Reference) throws -> Slot {
    var slot = Slot.nil
    try check(op.pointee.describe(pointer, reference, &slot))
    return slot
  }
}

// MARK: - What is on its way

extension LuaState {
  /// Room for slots that a host call passes on, until it returns.
  func allocateSlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
    loba_arena_allocate(loba_arguments(pointer), max(1, count) * MemoryLayout<Slot>.stride)
      .bindMemory(to: Slot.self, capacity: count)
  }

  /// A string slot with a copy of bytes that is there until the host call that passes it on returns.
  func stringSlot(_ bytes: UnsafeBufferPointer<UInt8>) -> Slot {
    .string(loba_arena_copy(loba_arguments(pointer), bytes.baseAddress, bytes.count), bytes.count)
  }

  /// The value that an operation has failed with, held like results.
  var failure: Slot { pointer.pointee.failure }

  /// Puts the traceback of an operation's failure aside, and gives it. Good until the next failure.
  func keepTraceback() -> UnsafePointer<loba_traceback>? { loba_keep_traceback(pointer) }

  /// What has been put aside last.
  var keptTraceback: LuaTraceback { LuaTraceback(pointer.pointee.kept_traceback.map { UnsafePointer($0) }) }

  func forgetTraceback() { pointer.pointee.traceback?.pointee.count = 0 }

  /// The error of Swift's that the failure's value stands for, if a host function has raised it: the caller's from now on.
  func takePassingError() -> PassingError? {
    guard let trace = pointer.pointee.traceback, let box = trace.pointee.error else { return nil }
    trace.pointee.error = nil
    return Unmanaged<PassingError>.fromOpaque(box).takeRetainedValue()
  }
}
