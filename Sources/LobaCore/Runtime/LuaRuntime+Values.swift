// Values of any type.

extension LuaRuntime {
  /// Reads what an operation has given in one slot.
  func read<T>(_ result: (status: Status, slot: Slot)) throws -> T {
    try state.withResult(result.status, result.slot) { try LuaReader(slot: $0, state: state).read() }
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

  /// The text that `tostring` in Lua gives for a value, honouring `__tostring`: numbers as the engine writes them.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if the value cannot be given to Lua, and whatever the metamethod raises.
  public func tostring<T>(_ value: T) throws -> String {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(value, as: "a value")
    return try text(of: writer.slots.pointee)
  }

  /// The value of a slot that has been written.
  private func value(of slot: Slot) throws -> LuaValue {
    if let reference = slot.asReference {
      return try withSlot(of: reference) { try LuaReader(slot: $0, state: state).value() }
    }
    return try withUnsafePointer(to: slot) { try LuaReader(slot: $0, state: state).value() }
  }

  func withSlot<R>(of value: LuaValue, _ body: (UnsafePointer<Slot>) throws -> R) throws -> R {
    try withSlot(of: value.handle!.reference, body)
  }

  /// Runs a body with a slot for the value of a reference.
  func withSlot<R>(of reference: Reference, _ body: (UnsafePointer<Slot>) throws -> R) throws -> R {
    guard !isClosed else { throw Self.closedError }
    return try withUnsafePointer(to: state.slot(of: reference), body)
  }

  func text(of slot: Slot) throws -> String {
    let text: LuaString = try read(state.text(of: slot))
    return text.description
  }

  func index<K, T>(_ handle: LuaHandle, _ key: K) throws -> T {
    var slot = Slot.nil
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(key, as: "a key")
    let status = state.get(Location(handle.reference), writer.slots, isRaw: false, into: &slot)
    return try read((status, slot))
  }

}
