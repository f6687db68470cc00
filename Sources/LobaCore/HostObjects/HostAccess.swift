/// Access to members and items where the configuration wants to be asked.
enum HostAccess {
  /// Reads a member or item. The key comes second among the arguments.
  ///
  /// - Parameter open: Gives what has a key, if that is left to it.
  static func read(
    _ call: HostCall, _ box: AnyHostBox, _ runtime: LuaRuntime,
    _ open: (LuaReader) throws -> Void
  ) throws {
    let key = call.argument(1)
    switch runtime.configuration.memberAccess {
    case .open: try open(key)
    case .handlers(let get, _):
      let value = try get(box.presentValue(), key.value())
      try call.returning { try $0.write(item: value) }
    case .filter(let filter):
      let name = try filter(box.presentValue(), key.value(), false)
      try name.withReader(in: runtime) { try open($0) }
    }
  }

  /// Writes a member or item. Key and value come second and third among the arguments.
  static func write(
    _ call: HostCall, _ box: AnyHostBox, _ runtime: LuaRuntime,
    _ open: (_ key: LuaReader, _ value: LuaReader) throws -> Void
  ) throws {
    let key = call.argument(1)
    let value = call.argument(2)
    switch runtime.configuration.memberAccess {
    case .open: try open(key, value)
    case .handlers(_, let set): try set(box.presentValue(), key.value(), value.value())
    case .filter(let filter):
      let name = try filter(box.presentValue(), key.value(), true)
      try name.withReader(in: runtime) { try open($0, value) }
    }
  }

  /// A call of an object, which a filter is asked about.
  static func asking(_ access: LuaMemberAccess, _ body: @escaping HostFunction.Body) -> HostFunction.Body {
    guard case .filter(let filter) = access else { return body }
    return { call in
      _ = try filter(HostItemView.subject(call).box.presentValue(), "__call", false)
      try body(call)
    }
  }

  /// `__index` of a registered class whose members are asked about, or of its attribute view, whose methods are bound to
  /// the object.
  static func index(_ call: HostCall, binding: Bool) throws {
    let (box, runtime) = try HostItemView.subject(call)
    try read(call, box, runtime) { key in
      let name = try memberName(key, of: box, runtime)
      guard let entry = runtime.classEntry(for: try box.presentValue()) else { throw missing(name, box, runtime) }
      if let getter = entry.description.getters[name] {
        return try LuaError.naming(entry.description.fullName(of: name)) { try getter.run(call.prefix(1)) }
      }
      if binding, let method = entry.description.methods[name] {
        // Made where it is needed only: most often it is there.
        func function() -> HostFunction {
          entry.description.hostFunction(BoundMethod.body(of: method.run, on: box), name)
        }
        let isAsync = entry.description.asyncMethods.contains(name)
        let bound = try isAsync ? runtime.makeAsync(function()) : runtime.boundMethod(name, of: box, function)
        return try call.returning { try $0.write(bound) }
      }
      let value: LuaValue = try runtime.table(of: entry.tables.members).rawGet(name)
      if value.isNil {
        guard let fallback = entry.description.fallback(.index) else { throw missing(name, box, runtime) }
        return try fallback.run(call)
      }
      try call.returning { try $0.write(value) }
    }
  }

  /// `__newindex` of a registered class whose members are asked about.
  static func newIndex(_ call: HostCall) throws {
    let (box, runtime) = try HostItemView.subject(call)
    try write(call, box, runtime) { key, _ in
      let name = try memberName(key, of: box, runtime)
      guard let entry = runtime.classEntry(for: try box.presentValue()) else {
        throw missing(name, box, runtime, settable: true)
      }
      guard let setter = entry.description.setters[name] else {
        guard let fallback = entry.description.fallback(.newIndex),
          try runtime.table(of: entry.tables.members).rawGet(name) as LuaValue == .nil
        else { throw missing(name, box, runtime, settable: true) }
        return try fallback.run(call)
      }
      try LuaError.naming(entry.description.fullName(of: name)) {
        try setter.run(call.with([call.slots[0], call.slots[2]]))
      }
    }
  }

  private static func memberName(_ key: LuaReader, of box: AnyHostBox, _ runtime: LuaRuntime) throws -> String {
    guard key.bytes != nil else {
      let type = runtime.scriptsName(of: box.valueType)
      throw LuaError(kind: .runtime, "\(type) has no member for a key of type \(key.type)")
    }
    return try key.read()
  }

  /// The same error as where nobody is asked, which is Lua's own.
  private static func missing(
    _ name: String, _ box: AnyHostBox, _ runtime: LuaRuntime, settable: Bool = false
  ) -> LuaError {
    let type = runtime.scriptsName(of: box.valueType)
    return LuaError(kind: .runtime, "\(type) has no \(settable ? "settable " : "")member '\(name)'")
  }
}

extension LuaValue {
  /// Runs a body with a reader for the value.
  func withReader<R>(in runtime: LuaRuntime, _ body: (LuaReader) throws -> R) throws -> R {
    var writer = LuaWriter(runtime.state)
    defer { writer.finish() }
    try writer.write(self)
    if let reference = writer.slots.pointee.asReference {
      return try runtime.withSlot(of: reference) {
        try body(LuaReader(slot: $0, state: runtime.state))
      }
    }
    return try body(LuaReader(slot: writer.slots, state: runtime.state))
  }
}
