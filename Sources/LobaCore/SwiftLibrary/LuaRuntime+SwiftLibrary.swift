internal import CLobaEngine

extension LuaRuntime {
  /// Makes the global `swift`. The library itself is made when a script first looks into it: most never do, and it would
  /// cost more than all the rest of a new runtime.
  func openSwiftLibrary() throws {
    let library = try newTable()
    let metatable = try newTable(hash: 1)
    try metatable.rawSet(
      "__index",
      to: makeFunction { frame in
        let runtime = LuaRuntime.from(frame.pointee.state)
        var arguments = HostArguments(frame)
        let library: LuaTable = try arguments.next()
        let key: LuaValue = try arguments.next()
        try library.setMetatable(nil)
        try runtime.fillSwiftLibrary(library)
        let value: LuaValue = try library.rawGet(key)
        // Read back, none would be nil.
        let isNone = value.isNil && key == "none" && runtime.configuration.swiftLibrary.contains(.none)
        try HostArguments.give(any: isNone ? .userdata(runtime.noneValue()) : value, to: frame)
      })
    try library.setMetatable(metatable)
    try globals.rawSet("swift", to: library)
  }

  /// What the configuration lets scripts see.
  private func fillSwiftLibrary(_ library: LuaTable) throws {
    let parts = configuration.swiftLibrary
    if parts.contains(.none) { try library.rawSet("none", to: noneValue()) }
    if parts.contains(.iteration) { try addIteration(to: library) }
    if parts.contains(.args) { try library.rawSet("args", to: makeFunction(LuaArgumentPack.make)) }
    if parts.contains(.views) {
      try library.rawSet("as_attrgetter", to: makeFunction { try Self.view($0, .attributes, "as_attrgetter") })
      try library.rawSet("as_itemgetter", to: makeFunction { try Self.view($0, .items, "as_itemgetter") })
    }
    if parts.contains(.asFunction) { try library.rawSet("as_function", to: makeFunction(Self.asFunction)) }
    if parts.contains(.builtins) { try library.rawSet("builtins", to: makeBuiltins()) }
    if parts.contains(.eval), configuration.evaluator != nil {
      try library.rawSet("eval", to: makeFunction(Self.evaluate))
    }
    if parts.contains(.overflowHandler) {
      try library.rawSet("set_overflow_handler", to: makeFunction(Self.setOverflowHandler))
    }
  }

  /// `swift.none`, one value for the whole runtime.
  func noneValue() throws -> LuaUserdata {
    if noneReference == 0 { noneReference = try hostReference(LuaNone(), view: .attributes) }
    return LuaUserdata(self, adopting: state.op.pointee.copy_reference(state, noneReference))
  }

  private static func view(
    _ frame: UnsafeMutablePointer<loba_call_frame>, _ view: HostView, _ name: String
  ) throws {
    let reader = try argument(frame, of: name)
    guard reader.slot.pointee.tag == LOBA_HOST else {
      throw LuaError(kind: .conversion, message: "swift.\(name) needs a host object, got \(reader.summary)")
    }
    let box = AnyHostBox.from(reader.slot.pointee.pointer!)
    if view == .items, !box.hasItems {
      throw LuaError(
        kind: .conversion, message: "swift.\(name): a \(type(of: box.anyValue)) has no items: it is no array, dictionary or set")
    }
    var writer = LuaWriter(results: frame)
    try writer.write(owned: LuaRuntime.from(frame.pointee.state).hostReference(viewing: box, view: view))
    writer.giveResults(to: frame)
  }

  /// The first argument, which must be there.
  static func argument(_ frame: UnsafeMutablePointer<loba_call_frame>, of name: String) throws -> LuaReader {
    guard frame.pointee.argument_count > 0 else {
      throw LuaError(kind: .conversion, message: "swift.\(name) needs an argument")
    }
    return LuaReader(slot: frame.pointee.arguments, state: frame.pointee.state, position: 1)
  }

  /// A function that calls an object, for libraries that want a function: `table.sort(t, swift.as_function(object))`.
  private static func asFunction(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let reader = try argument(frame, of: "as_function")
    let runtime = LuaRuntime.from(frame.pointee.state)
    if reader.type == .function { return try HostArguments.give(any: reader.value(), to: frame) }
    guard reader.slot.pointee.tag == LOBA_HOST else {
      throw LuaError(kind: .conversion, message: "swift.as_function needs a host object, got \(reader.summary)")
    }
    // Made in Lua, so that the function holds the object as a Lua value: a handle in a Swift closure would keep the
    // runtime alive.
    let make: LuaFunction = try runtime.eval("function(o) return function(...) return o(...) end end", name: "=swift")
    try HostArguments.give(any: make(reader.value()) as LuaFunction, to: frame)
  }

  private static func evaluate(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let runtime = LuaRuntime.from(frame.pointee.state)
    guard let evaluator = runtime.configuration.evaluator else { return }
    let text = try argument(frame, of: "eval").read(as: String.self)
    var writer = LuaWriter(results: frame)
    try writer.write(item: evaluator(text, runtime))
    writer.giveResults(to: frame)
  }

  private static func setOverflowHandler(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let runtime = LuaRuntime.from(frame.pointee.state)
    let reader = LuaReader(slot: frame.pointee.arguments, state: frame.pointee.state, position: 1)
    if frame.pointee.argument_count == 0 || reader.isNil { return try runtime.setOverflowHandler(nil) }
    guard reader.type == .function else {
      throw LuaError(
        kind: .conversion, message: "swift.set_overflow_handler needs a function or nil, got \(reader.summary)")
    }
    try runtime.setOverflowHandler(reader.read(as: LuaFunction.self))
  }

  /// Sets the function that is called with an integer that the engine cannot hold (as text, so that nothing is lost) and
  /// gives the value to use instead; nil for the configuration's policy.
  public func setOverflowHandler(_ function: LuaFunction?) throws {
    loba_release(state, overflowReference)
    overflowReference = 0
    overflowHandler = nil
    guard let function else { return }
    // By reference: a handle kept by the runtime would keep the runtime alive.
    overflowReference = try keep(function)
    overflowHandler = { [unowned self] integer in
      let function = LuaFunction(self, adopting: state.op.pointee.copy_reference(state, overflowReference))
      return try function(String(describing: integer)) as LuaValue
    }
  }
}
