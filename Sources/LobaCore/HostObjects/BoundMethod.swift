/// A member function that brings its object along.
enum BoundMethod {
  /// A body that runs a method on the object that it holds. `view.method(…)` and `view:method(…)` mean the same: the
  /// object itself as the first argument is dropped (but not for a call of the object, whose arguments are all its own).
  static func body(
    of method: @escaping HostFunction.Body, on box: AnyHostBox, isCall: Bool = false
  ) -> HostFunction.Body {
    { call in
      if !isCall, let first = try call.box, first.isSame(as: box) { return try method(call) }
      let state = call.state
      let object = try call.runtime.hostReference(viewing: box, view: .natural)
      defer { state.release(object) }
      try method(call.with([state.slot(of: object)] + call.slots))
    }
  }

  fileprivate static func key(_ name: String, _ box: AnyHostBox) -> String {
    "\(UInt(bitPattern: box.identity)) \(name)"
  }
}

extension LuaRuntime {
  /// The function that stands for a method of an object: the same one as long as Lua has it, so that two are equal if
  /// they are the same method of the same object.
  ///
  /// Lua keeps it in a table with weak values. Its key is made of an address, which is the object's for as long as the
  /// function is there, since the function keeps the object.
  func boundMethod(_ name: String, of box: AnyHostBox, _ make: () -> HostFunction) throws -> LuaFunction {
    if boundMethodsReference == 0 {
      let reference = try state.newWeakTable(hasWeakKeys: false)
      // A finalizer may have needed one meanwhile.
      if boundMethodsReference == 0 { boundMethodsReference = reference } else { state.release(reference) }
    }
    let methods = try table(of: boundMethodsReference)
    let key = BoundMethod.key(name, box)
    // One that a finalizer has brought back has lost its object.
    if let known = try methods.rawGet(key, as: LuaFunction?.self), known.hasHostFunction { return known }
    let function = try makeFunction(make())
    try methods.rawSet(key, to: function)
    return function
  }

  /// The methods of a class are others from now on.
  func forgetBoundMethods() {
    state.release(boundMethodsReference)
    boundMethodsReference = 0
  }
}

extension LuaFunction {
  /// Whether it is a host function whose closure is there.
  fileprivate var hasHostFunction: Bool {
    state.hostFunction(at: Location(reference)) != nil
  }
}
