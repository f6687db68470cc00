// Values of any type.
internal import CLobaEngine

extension LuaRuntime {
  /// Reads the result of an operation that gives one slot.
  func read<T>(_ slot: loba_slot, _ status: Int32) throws -> T {
    try check(status)
    let mark = state.pointee.held_mark
    defer { if status == LOBA_HELD { state.op.pointee.release_held(state, mark) } }
    return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).read() }
  }

  /// Swift values as Lua values; those that write several are several.
  func values<each V>(_ values: repeat each V) throws -> LuaValues {
    var result = LuaValues()
    for value in repeat each values {
      if let value = value as? LuaValue {
        result.append(value)
      } else if let values = value as? LuaValues {
        result.append(contentsOf: values)
      } else {
        var writer = LuaWriter(state)
        defer { writer.finish() }
        try writer.write(value)
        for i in 0..<writer.count { result.append(try self.value(of: writer.slots[i])) }
      }
    }
    return result
  }

  /// A Swift value as a Lua value: what a script would be given.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it cannot be represented in Lua, or is not one value there.
  public func value<T>(_ value: T) throws -> LuaValue {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(value, as: "a value")
    return try self.value(of: writer.slots.pointee)
  }

  /// The value of a slot that has been written.
  private func value(of slot: loba_slot) throws -> LuaValue {
    if slot.tag == LOBA_REFERENCE {
      return try withSlot(of: slot.index) { try LuaReader(slot: $0, state: state).value() }
    }
    return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).value() }
  }

  func withSlot<R>(of value: LuaValue, _ body: (UnsafePointer<loba_slot>) throws -> R) throws -> R {
    try withSlot(of: value.handle!.reference, body)
  }

  /// Runs a body with a slot for the value of a reference.
  func withSlot<R>(of reference: loba_reference, _ body: (UnsafePointer<loba_slot>) throws -> R) throws -> R {
    guard !isClosed else { throw Self.closedError }
    var slot = loba_slot()
    try check(state.op.pointee.describe(state, reference, &slot))
    return try withUnsafePointer(to: slot, body)
  }

  func text(of slot: loba_slot) throws -> String {
    var result = loba_slot()
    let status = withUnsafePointer(to: slot) { state.op.pointee.to_text(state, $0, &result) }
    let text: LuaString = try read(result, status)
    return text.description
  }

  func index<K, T>(_ handle: LuaHandle, _ key: K) throws -> T {
    var slot = loba_slot()
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(key, as: "a key")
    let location = loba_location(reference: handle.reference, index: 0)
    let status = state.op.pointee.get(state, location, writer.slots, &slot, false)
    return try read(slot, status)
  }

  func callEach<each A, each R>(_ callee: LuaValue, _ arguments: repeat each A) throws -> (repeat each R) {
    guard let handle = callee.handle else { throw LuaError(message: "attempt to call a \(callee.type) value") }
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    var given: Int32 = 0
    let status = state.op.pointee.call(
      state, handle.reference, writer.slots, Int32(writer.count), LOBA_MULTIPLE_RESULTS, &given)
    return try writer.takeEach(status, given)
  }
}
