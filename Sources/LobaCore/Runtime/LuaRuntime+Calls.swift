public import CLobaEngine

/// How many results a Swift type takes: none, one, or all.
@inlinable @inline(__always)
func resultCount<R>(of type: R.Type) -> Int32 {
  R.self == Void.self ? 0 : R.self == LuaValues.self ? LOBA_MULTIPLE_RESULTS : 1
}

extension LuaWriter {
  /// Calls a function with what has been written, for one result.
  @inlinable @inline(__always)
  func call<R>(_ function: loba_reference) throws -> R {
    var given: Int32 = 0
    let status = state.op.pointee.call(state, function, slots, Int32(count), resultCount(of: R.self), &given)
    return try take(status, given)
  }

  /// Reads the result of an operation from the slots.
  @inlinable @inline(__always)
  func take<R>(_ status: Int32, _ given: Int32) throws -> R {
    if R.self != LuaValues.self {
      let reader = LuaReader(slot: slots, state: state, position: -1)
      if status == LOBA_OK { return try reader.read() }
      if status == LOBA_HELD, state.pointee.wide == nil {
        let mark = state.pointee.held_mark
        defer { state.op.pointee.release_held(state, mark) }
        return try reader.read()
      }
    }
    return try takeHeld(status, given)
  }

  @usableFromInline
  func takeHeld<R>(_ status: Int32, _ given: Int32) throws -> R {
    let runtime = self.runtime
    try runtime.check(status)
    return try releasingHeld(status) {
      if R.self == LuaValues.self { return try takeAll(given) as! R }
      return try LuaReader(slot: slots, state: state, position: -1).read()
    }
  }

  /// Runs a body that reads results, and lets go of them afterwards.
  func releasingHeld<R>(_ status: Int32, _ body: () throws -> R) rethrows -> R {
    guard status == LOBA_HELD else { return try body() }
    let mark = state.pointee.held_mark
    let wide = state.pointee.wide
    let wideCount = Int(state.pointee.wide_count)
    state.pointee.wide = nil
    defer {
      if let wide {
        for i in 0..<wideCount where wide[i].tag > LOBA_STRING && wide[i].tag != LOBA_POINTER {
          loba_release(state, loba_reference(truncatingIfNeeded: wide[i].length))
        }
        freeMemory(wide)
      }
      state.op.pointee.release_held(state, mark)
    }
    return try withWide(wide, body)
  }

  private func withWide<R>(_ wide: UnsafeMutablePointer<loba_slot>?, _ body: () throws -> R) rethrows -> R {
    let runtime = self.runtime
    let before = runtime.wideResults
    runtime.wideResults = wide
    defer { runtime.wideResults = before }
    return try body()
  }

  /// All results.
  private func takeAll(_ given: Int32) throws -> LuaValues {
    let source = runtime.wideResults ?? slots
    return LuaValues(
      try (0..<Int(given)).map { try LuaReader(slot: source + $0, state: state, position: -$0 - 1).value() })
  }

  /// Several results, each as a type of its own; missing ones are nil.
  mutating func takeEach<each R>(_ status: Int32, _ given: Int32) throws -> (repeat each R) {
    try runtime.check(status)
    return try releasingHeld(status) {
      let source = runtime.wideResults ?? slots
      // A tuple that came through Lua as one value.
      if given > 0, source.pointee.tag == LOBA_HOST,
        let tuple = LuaReader(slot: source, state: state).hostValue(as: (repeat each R).self)
      {
        return tuple
      }
      var index = 0
      func next<T>(_ type: T.Type) throws -> T {
        defer { index += 1 }
        if index < Int(given) {
          return try LuaReader(slot: source + index, state: state, position: -index - 1).read()
        }
        return try withUnsafePointer(to: loba_slot()) {
          try LuaReader(slot: $0, state: state, position: -index - 1).read()
        }
      }
      return (repeat try next((each R).self))
    }
  }
}

extension LuaRuntime {
  /// Calls any value that is held by a reference.
  func call<each A, R>(reference: loba_reference, _ arguments: repeat each A) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.call(reference)
  }
}
