public import CLobaEngine

/// How an operation has ended.
@usableFromInline
struct Status: Equatable {
  @usableFromInline let code: Int32

  @inlinable @inline(__always)
  init(_ code: Int32) {
    self.code = code
  }

  @inlinable static var ok: Status { Status(LOBA_OK) }
  /// Success; the results lie on Lua's stack until they are let go of.
  @inlinable static var held: Status { Status(LOBA_HELD) }
  @inlinable static var syntaxError: Status { Status(LOBA_ERROR_SYNTAX) }
  @inlinable static var memoryError: Status { Status(LOBA_ERROR_MEMORY) }
  /// An error while handling an error.
  @inlinable static var handlerError: Status { Status(LOBA_ERROR_HANDLER) }
  /// A limit has ended the call.
  static var limit: Status { Status(LOBA_ERROR_LIMIT) }
  @inlinable static var closed: Status { Status(LOBA_ERROR_CLOSED) }
  /// In use by another thread.
  @inlinable static var wrongThread: Status { Status(LOBA_ERROR_THREAD) }
  /// Too many nested calls, or the thread's stack is nearly used up.
  @inlinable static var stackOverflow: Status { Status(LOBA_ERROR_STACK) }
  /// The coroutine has ended, and so cannot be resumed.
  @inlinable static var dead: Status { Status(LOBA_ERROR_DEAD) }
  /// The coroutine is running, and so can be neither resumed nor closed.
  static var running: Status { Status(LOBA_ERROR_RUNNING) }
  /// The coroutine has resumed another, likewise.
  static var normal: Status { Status(LOBA_ERROR_NORMAL) }
  /// The call of a frame has returned.
  static var returned: Status { Status(LOBA_ERROR_RETURNED) }
  /// The error that was thrown into a coroutine, which nothing there has caught.
  @inlinable static var uncaught: Status { Status(LOBA_ERROR_ITSELF) }

  @inlinable var isError: Bool { code >= LOBA_ERROR_RUNTIME }

  /// Whether an error's value is held, as results are.
  var isHeldError: Bool { (LOBA_ERROR_RUNTIME...LOBA_ERROR_LIMIT).contains(code) }
}

/// What an operation has given: how it ended, and how many values.
@usableFromInline
struct Outcome {
  @usableFromInline let status: Status
  @usableFromInline let count: Int

  @inlinable @inline(__always)
  init(_ status: Int32, count: Int32 = 1) {
    self.status = Status(status)
    self.count = Int(count)
  }
}

/// The values that an operation has given, good for the time of ``LuaState/withResults(_:in:_:)``.
@usableFromInline
struct Results {
  @usableFromInline let slots: UnsafePointer<Slot>
  @usableFromInline let count: Int
  @usableFromInline let state: LuaState

  @inlinable @inline(__always)
  init(_ slots: UnsafePointer<Slot>, count: Int, state: LuaState) {
    self.slots = slots
    self.count = count
    self.state = state
  }

  /// The first result; the operation has filled its slot with nil if there is none.
  @inlinable
  var first: LuaReader { LuaReader(slot: slots, state: state, position: -1) }

  /// One result, or nil if there are not so many, as a type.
  @usableFromInline
  func read<T>(_ index: Int, as type: T.Type) throws -> T {
    guard index < count else { return try LuaReader.readNil(state, position: -index - 1) }
    return try LuaReader(slot: slots + index, state: state, position: -index - 1).read()
  }

  /// The first result, or all of them as ``LuaValues``.
  func oneOrAll<R>() throws -> R { R.self == LuaValues.self ? try all() as! R : try read(0, as: R.self) }

  /// Several results, each as a type of its own; missing ones are nil.
  @usableFromInline
  func each<each R>() throws -> (repeat each R) {
    // A tuple that came through Lua as one value.
    if count > 0, slots.pointee.kind == .host,
      let tuple = LuaReader(slot: slots, state: state).hostValue(as: (repeat each R).self)
    {
      return tuple
    }
    var index = -1
    func next<T>(_ type: T.Type) throws -> T {
      index += 1
      return try read(index, as: type)
    }
    return (repeat try next((each R).self))
  }

  /// All results.
  @usableFromInline
  func all() throws -> LuaValues {
    LuaValues(try (0..<count).map { try LuaReader(slot: slots + $0, state: state, position: -$0 - 1).value() })
  }
}

extension LuaState {
  /// Runs a body that reads what an operation has given, and lets go of it afterwards: the one place that does.
  ///
  /// - Throws: What the operation has failed with, and what the body throws.
  @inlinable @inline(__always)
  func withResults<R>(
    _ outcome: Outcome, in slots: UnsafePointer<Slot>, _ body: (Results) throws -> R
  ) throws -> R {
    if outcome.status == .ok { return try body(Results(slots, count: outcome.count, state: self)) }
    if outcome.status == .held, !hasWideResults {
      let mark = heldMark
      defer { releaseHeld(mark) }
      return try body(Results(slots, count: outcome.count, state: self))
    }
    return try withWideResults(outcome, body)
  }

  /// The same for an operation that has given one value.
  @inlinable @inline(__always)
  func withResult<R>(_ status: Status, _ slot: Slot, _ body: (UnsafePointer<Slot>) throws -> R) throws -> R {
    if status.isError { throw makeError(status) }
    let mark = heldMark
    defer { if status == .held { releaseHeld(mark) } }
    return try withUnsafePointer(to: slot, body)
  }

  @inlinable var hasWideResults: Bool { pointer.pointee.wide != nil }
  @inlinable var heldMark: Int32 { pointer.pointee.held_mark }

  @inlinable
  func releaseHeld(_ mark: Int32) {
    op.pointee.release_held(pointer, mark)
  }

  /// More results than the caller's slots have room for; or an error.
  @usableFromInline
  func withWideResults<R>(_ outcome: Outcome, _ body: (Results) throws -> R) throws -> R {
    guard !outcome.status.isError, let wide = pointer.pointee.wide else { throw makeError(outcome.status) }
    let mark = heldMark
    let wideCount = Int(pointer.pointee.wide_count)
    pointer.pointee.wide = nil
    defer {
      // Each value that lies in Lua has a reference of its own here.
      for i in 0..<wideCount where wide[i].tag > LOBA_STRING && wide[i].tag != LOBA_POINTER {
        release(Reference(truncatingIfNeeded: wide[i].length))
      }
      freeMemory(wide)
      releaseHeld(mark)
    }
    return try body(Results(wide, count: outcome.count, state: self))
  }

  /// Throws what an operation has failed with.
  @inlinable
  func check(_ status: Int32) throws {
    if status >= LOBA_ERROR_RUNTIME { throw makeError(Status(status)) }
  }

  @usableFromInline
  func makeError(_ status: Status) -> any Error { LuaRuntime.from(self).makeError(status) }
}
