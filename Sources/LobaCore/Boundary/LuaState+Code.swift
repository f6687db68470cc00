public import CLobaEngine

// Running code: chunks, functions, coroutines.

extension LuaState {
  /// As many results as there are.
  @inlinable static var allResults: Int32 { LOBA_MULTIPLE_RESULTS }
  /// As many as slots of arguments always have room for.
  @inlinable static var fewResults: Int32 { LOBA_SLOT_FRAME }

  /// Calls a function with arguments in slots, which the results take the place of.
  @inlinable @inline(__always)
  func call(
    _ function: Reference, _ slots: UnsafeMutablePointer<Slot>, _ count: Int, results: Int32
  ) -> Outcome {
    var given: Int32 = 0
    let status = op.pointee.call(pointer, function, slots, Int32(count), results, &given)
    return Outcome(status, count: given)
  }

  /// Runs a chunk with arguments in slots, which the results take the place of.
  func execute(
    _ source: borrowing LuaSource, _ slots: UnsafeMutablePointer<Slot>, _ count: Int, results: Int32
  ) -> Outcome {
    var given: Int32 = 0
    let status = source.withC { op.pointee.execute(pointer, $0, slots, Int32(count), results, &given) }
    return Outcome(status, count: given)
  }

  /// Compiles a chunk: a function.
  func load(_ source: borrowing LuaSource) throws -> Reference {
    var function: Reference = 0
    try check(source.withC { op.pointee.load(pointer, $0, &function) })
    return function
  }

  /// Where functions of a list, or functions that they refer to, refer to tables that are keys, they get the values.
  func redirectUpvalues(of functions: Reference, by tables: Reference) throws {
    try check(op.pointee.redirect_upvalues(pointer, functions, tables))
  }

  /// A function as a binary chunk.
  func dump(_ function: Reference, stripping: Bool) -> (Status, Slot) {
    var slot = Slot.nil
    let status = op.pointee.dump(pointer, function, stripping, &slot)
    return (Status(status), slot)
  }
}

/// A chunk on its way to the engine.
struct LuaSource: ~Copyable {
  let bytes: UnsafeBufferPointer<UInt8>
  /// In Lua's conventions; nil for the source itself.
  let name: String?
  let mode: LuaChunkMode
  let isExpression: Bool
  /// What stands for the globals, a table of the same runtime.
  var environment: LuaTable?

  fileprivate borrowing func withC<R>(_ body: (UnsafePointer<loba_source>) throws -> R) rethrows -> R {
    func run(_ name: UnsafePointer<CChar>) throws -> R {
      try withUnsafePointer(to: 0 as UInt8) { empty in
        var source = loba_source(
          bytes: bytes.baseAddress ?? empty, length: bytes.count, name: name, mode: mode.flags,
          is_expression: isExpression, environment: environment?.reference ?? 0)
        return try body(&source)
      }
    }
    if let name { return try name.withCString(run) }
    if bytes.first == 0x1B { return try "=?".withCString(run) }
    // Lua shows the first line of the source as the name of a chunk that has none.
    let length = min(bytes.count, 200)
    return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { name in
      for i in 0..<length { name[i] = CChar(bitPattern: bytes[i]) }
      name[length] = 0
      return try run(name.baseAddress!)
    }
  }
}

extension LuaChunkMode {
  fileprivate var flags: UInt32 {
    switch self {
    case .text: LOBA_MODE_TEXT
    case .binary: LOBA_MODE_BINARY
    case .any: LOBA_MODE_ANY
    }
  }
}

// MARK: - Coroutines

extension LuaState {
  func newThread(running function: Reference) throws -> Reference {
    var thread: Reference = 0
    try check(op.pointee.thread_new(pointer, function, &thread))
    return thread
  }

  func status(ofThread thread: Reference) -> LuaCoroutine.Status {
    LuaCoroutine.Status(code: op.pointee.thread_status(pointer, thread))
  }

  /// The function of a coroutine that has not been started: a reference, or 0 of one that has.
  func function(ofThread thread: Reference) -> (Status, Reference) {
    var function: Reference = 0
    let status = op.pointee.thread_function(pointer, thread, &function)
    return (Status(status), function)
  }

  /// Resumes a coroutine with values in slots, which the results take the place of. The count is -1 if it fails and has not
  /// been started.
  @inlinable @inline(__always)
  func resume(
    _ thread: Reference, _ slots: UnsafeMutablePointer<Slot>, _ count: Int, results: Int32
  ) -> Outcome {
    var given: Int32 = -1
    let status = op.pointee.resume(pointer, thread, slots, Int32(count), results, &given)
    return Outcome(status, count: given)
  }

  /// Resumes a coroutine with an error, raised where it has yielded. A string has to be given by reference.
  func raise(
    _ error: UnsafePointer<Slot>, inThread thread: Reference, _ slots: UnsafeMutablePointer<Slot>, results: Int32
  ) -> Outcome {
    var given: Int32 = 0
    let status = op.pointee.thread_throw(pointer, thread, error, slots, results, &given)
    return Outcome(status, count: given)
  }

  func close(thread: Reference) throws {
    try check(op.pointee.thread_close(pointer, thread))
  }
}

extension LuaCoroutine.Status {
  init(code: Int32) {
    self =
      switch code {
      case LOBA_THREAD_SUSPENDED: .suspended
      case LOBA_THREAD_RUNNING: .running
      case LOBA_THREAD_NORMAL: .normal
      default: .dead
      }
  }
}
