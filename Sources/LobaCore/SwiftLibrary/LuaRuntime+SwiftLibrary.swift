extension LuaRuntime {
  /// Makes the global `swift`. The library itself is made when a script first looks into it: most never do, and it would
  /// cost more than all the rest of a new runtime.
  func openSwiftLibrary() throws {
    let library = try newTable()
    let metatable = try newTable(hash: 2)
    let own = try keep(library)
    var isFilled = false
    try metatable.rawSet(
      "__index",
      to: makeFunction { call in
        let runtime = call.runtime
        var arguments = HostArguments(call)
        let library: LuaTable = try arguments.next()
        let key: LuaValue = try arguments.next()
        guard try library == runtime.table(of: own) else {
          throw LuaError(kind: .conversion, "this is no table but the library's own to fill")
        }
        if !isFilled {
          try runtime.fillSwiftLibrary(library)
          try library.setMetatable(nil)  // last: what fails half-way is done again
          isFilled = true
        }
        let value: LuaValue = try library.rawGet(key)
        // Read back, none would be nil.
        let isNone = value.isNil && key == "none" && runtime.configuration.swiftLibrary.contains(.none)
        try call.returnValue(any: isNone ? .userdata(runtime.noneValue()) : value)
      })
    try metatable.rawSet("__metatable", to: false)
    try library.setMetatable(metatable)
    try globals.rawSet("swift", to: library)
  }

  /// What the configuration lets scripts see.
  private func fillSwiftLibrary(_ library: LuaTable) throws {
    let parts = configuration.swiftLibrary
    if parts.contains(.none) { try library.rawSet("none", to: noneValue()) }
    if parts.contains(.iteration) { try addIteration(to: library) }
    if parts.contains(.args) { try library.rawSet("args", to: makeFunction(ArgumentPack.make)) }
    if parts.contains(.views) {
      try library.rawSet("as_attrgetter", to: makeFunction { try Self.view($0, .attributes, "as_attrgetter") })
      try library.rawSet("as_itemgetter", to: makeFunction { try Self.view($0, .items, "as_itemgetter") })
    }
    if parts.contains(.asFunction) { try library.rawSet("as_function", to: makeFunction(Self.asFunction)) }
    if parts.contains(.builtins) { try library.rawSet("builtins", to: makeBuiltins()) }
    if parts.contains(.eval), configuration.evaluator != nil {
      try library.rawSet("eval", to: makeFunction(Self.evaluate))
    }
    if parts.contains(.classes) { try addExtend(to: library) }
    if parts.contains(.overflowHandler) {
      try library.rawSet("set_overflow_handler", to: makeFunction(Self.setOverflowHandler))
      try library.rawSet("get_overflow_handler", to: function { [unowned self] in try overflowHandler })
    }
  }

  /// `swift.none`, one value for the whole runtime.
  func noneValue() throws -> LuaUserdata { LuaUserdata(self, adopting: try noneValueReference()) }

  func noneValueReference() throws -> Reference {
    guard !isClosed else { throw Self.closedError }
    return try exclusively {
      if noneReference == 0 {
        let none = try hostReference(LuaNone(), view: .attributes)
        // A finalizer may have needed it meanwhile.
        if noneReference == 0 { noneReference = none } else { state.release(none) }
      }
      return try state.copy(of: noneReference)
    }
  }

  private static func view(
    _ call: HostCall, _ view: LuaObjectView, _ name: String
  ) throws {
    let reader = try argument(call, of: name)
    guard let box = try reader.hostBox else {
      throw LuaError(kind: .conversion, "swift.\(name) needs a host object, got \(reader.summary)")
    }
    if view == .items, !box.hasItems {
      throw LuaError(
        kind: .conversion,
        "swift.\(name): a \(box.valueType) has no items: it is no collection with positions or keys")
    }
    try call.returning { try $0.write(owned: $0.runtime.hostReference(viewing: box, view: view)) }
  }

  /// The first argument, which must be there.
  static func argument(_ call: HostCall, of name: String) throws -> LuaReader {
    guard call.count > 0 else {
      throw LuaError(kind: .conversion, "swift.\(name) needs an argument")
    }
    return call.argument(0)
  }

  /// A function that calls an object, for libraries that want a function: `table.sort(t, swift.as_function(object))`.
  private static func asFunction(_ call: HostCall) throws {
    let reader = try argument(call, of: "as_function")
    let runtime = call.runtime
    if reader.type == .function { return try call.returnValue(any: reader.value()) }
    guard let box = try reader.hostBox else {
      throw LuaError(kind: .conversion, "swift.as_function needs a host object, got \(reader.summary)")
    }
    try call.returnValue(any: runtime.function(calling: box, for: "as_function"))
  }

  /// A function that stands for an object, for a function of the library.
  func function(calling box: AnyHostBox, for name: String) throws -> LuaFunction {
    let description = classEntry(for: try box.presentValue())?.description
    let member = LuaMetamethod.call.field
    guard let description, let call = description.metamethods[member] else {
      throw LuaError(
        kind: .conversion,
        "swift.\(name): a \(box.valueType) cannot be called: its class declares no metamethod for it")
    }
    let body = BoundMethod.body(of: call.run, on: box, isCall: true)
    return try makeFunction(HostFunction(body, name: description.fullName(of: member), subject: box))
  }

  private static func evaluate(_ call: HostCall) throws {
    let runtime = call.runtime
    guard let evaluator = runtime.configuration.evaluator else { return }
    let text = try argument(call, of: "eval").read(as: String.self)
    try call.returnValue(returned: evaluator(text, runtime))
  }
}
