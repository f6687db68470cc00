internal import CLobaEngine

// What functions, levels of the stack and variables are, and hooks.

extension LuaState {
  /// What the engine tells of a function.
  func info(ofFunction function: Reference) throws -> LuaFunctionInfo {
    var info = loba_function_info()
    try check(op.pointee.function_info(pointer, function, &info))
    return LuaFunctionInfo(info)
  }

  /// A table with the lines that have code as keys; nil for a function that is not of Lua.
  func activeLines(ofFunction function: Reference) -> (Status, Slot) {
    var slot = Slot.nil
    let status = op.pointee.active_lines(pointer, function, &slot)
    return (Status(status), slot)
  }

  /// The levels of a coroutine or, for 0, those below the host call that runs.
  func stack(ofThread thread: Reference) throws -> loba_stack {
    var stack = loba_stack()
    try check(op.pointee.stack(pointer, thread, &stack))
    return stack
  }

  func traceback(ofThread thread: Reference) throws -> LuaTraceback {
    let trace = UnsafeMutablePointer<loba_traceback>.allocate(capacity: 1)
    defer { trace.deallocate() }
    trace.initialize(to: loba_traceback())
    try check(op.pointee.traceback(pointer, thread, trace))
    return LuaTraceback(trace)
  }

  /// A level of a stack, with what runs there now.
  func frame(_ level: Int, of stack: loba_stack) -> loba_frame {
    var frame = loba_frame(stack: stack, level: Int32(clamping: level), function: nil)
    frame.function = op.pointee.function_at(pointer, &frame)
    return frame
  }

  func info(of frame: loba_frame) throws -> LuaFrameInfo {
    var info = loba_function_info()
    try withUnsafePointer(to: frame) { try check(op.pointee.frame_info(pointer, $0, &info)) }
    return LuaFrameInfo(info)
  }

  /// A reference to nil for a function that is gone.
  func function(of frame: loba_frame) throws -> Reference {
    var function: Reference = 0
    try withUnsafePointer(to: frame) { try check(op.pointee.frame_function(pointer, $0, &function)) }
    return function
  }

  /// Runs a body with the value and the name of a variable; nil if there is none.
  func withVariable<R>(
    _ place: LuaVariable.Place, _ body: (_ value: LuaReader, _ name: String) throws -> R
  ) throws -> R? {
    let writer = LuaWriter(self)
    defer { writer.finish() }
    var count: Int32 = 0
    let status = place.withC { op.pointee.get_variable(pointer, $0, writer.slots, &count) }
    return try withResults(Outcome(status, count: count), in: writer.slots) { results in
      guard results.count == 2 else { return nil }
      return try body(results.first, String(decoding: results.slots[1].asBytes, as: UTF8.self))
    }
  }

  /// False if there is no such variable.
  func setVariable(_ place: LuaVariable.Place, to value: UnsafePointer<Slot>) throws -> Bool {
    var isSet = false
    try check(place.withC { op.pointee.set_variable(pointer, $0, value, &isSet) })
    return isSet
  }
}

// MARK: - Hooks

extension LuaState {
  func beginHook(_ function: HostFunction, for events: LuaHookEvents) throws {
    let box = Unmanaged.passRetained(function).toOpaque()
    try check(op.pointee.hook_begin(pointer, box, events.flags, Int32(clamping: events.interval)))
  }

  /// Ends the hook, if it is that of a function; of any for nil. False if there is none.
  @discardableResult
  func endHook(of function: HostFunction?) -> Bool {
    op.pointee.hook_end(pointer, function.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) })
  }

  func isHook(_ function: HostFunction) -> Bool {
    op.pointee.is_hook(pointer, Unmanaged.passUnretained(function).toOpaque())
  }
}
