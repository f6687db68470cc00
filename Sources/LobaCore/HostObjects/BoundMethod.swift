internal import CLobaEngine

/// A member function that brings its object along.
enum BoundMethod {
  /// A body that runs a method on the object that it holds. `view.method(…)` and `view:method(…)` mean the same: the
  /// object itself as the first argument is dropped (but not for a call of the object, whose arguments are all its own).
  static func body(
    of method: @escaping HostFunction.Body, on box: AnyHostBox, isCall: Bool = false
  ) -> HostFunction.Body {
    { frame in
      if !isCall, let first = firstBox(frame), first.isSame(as: box) { return try method(frame) }
      let state = frame.pointee.state
      let object = try LuaRuntime.from(state).hostReference(viewing: box, view: .natural)
      defer { loba_release(state, object) }
      let count = Int(frame.pointee.argument_count)
      let slots = loba_arena_allocate(state, (count + 1) * MemoryLayout<loba_slot>.stride)
        .bindMemory(to: loba_slot.self, capacity: count + 1)
      slots.initialize(to: loba_slot())
      (slots + 1).initialize(from: frame.pointee.arguments, count: count)
      try LuaRuntime.from(state).withSlot(of: object) { slots.pointee = $0.pointee }
      frame.pointee.arguments = slots
      frame.pointee.argument_count += 1
      try method(frame)
    }
  }

  private static func firstBox(_ frame: UnsafeMutablePointer<loba_call_frame>) -> AnyHostBox? {
    guard frame.pointee.argument_count > 0, frame.pointee.arguments.pointee.tag == LOBA_HOST else { return nil }
    return AnyHostBox.from(frame.pointee.arguments.pointee.pointer!)
  }
}
