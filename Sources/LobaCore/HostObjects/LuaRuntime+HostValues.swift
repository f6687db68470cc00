internal import CLobaEngine

/// The ways to look at a host object: its own, or one that was asked for.
enum HostView: UInt64 {
  case natural = 0, attributes, items
}

extension LuaRuntime {
  /// Gives Lua a Swift value by reference, whatever it is; it comes back as its own type.
  ///
  /// The same object is the same Lua value every time. What scripts can do with it: the members of its registered class;
  /// the items of an array, dictionary or set, in place; else nothing but to pass it on.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func wrap<T>(_ value: T) throws -> LuaUserdata {
    LuaUserdata(self, adopting: try hostReference(value, view: .natural))
  }

  /// Gives Lua a value of a type that does not say how it is represented: an object of a registered class.
  func writeHostValue<T>(_ value: T, to writer: inout LuaWriter) throws {
    guard classes.entry(for: value) != nil else {
      throw LuaError(
        kind: .conversion,
        message: """
          a value of type \(type(of: value)) cannot be given to Lua: register(_:) its class, or give it by reference \
          with wrap(_:)
          """)
    }
    try writer.write(object: value)
  }

  func hostReference<T>(_ value: T, view: HostView) throws -> loba_reference {
    guard !isClosed else { throw Self.closedError }
    let identity = identity(of: value, view: view)
    var userdata: loba_reference = 0
    if identity != 0 {
      try check(state.op.pointee.object_find(state, identity, &userdata))
      if userdata != 0 { return userdata }
    }
    let metatable = try metatable(for: value, view: view)
    let box = Unmanaged.passRetained(HostBox(value)).toOpaque()
    try check(state.op.pointee.object_new(state, box, identity, metatable, &userdata))
    return userdata
  }

  /// A number for an object: its address, which is a multiple of 16, and the view. 0 for a value, which has none.
  private func identity<T>(of value: T, view: HostView) -> UInt64 {
    guard type(of: value) is AnyClass else { return 0 }
    let address = UInt64(UInt(bitPattern: Unmanaged.passUnretained(value as AnyObject).toOpaque()))
    return address | view.rawValue
  }

  private func metatable<T>(for value: T, view: HostView) throws -> loba_reference {
    if view != .items, let entry = classes.entry(for: value) { return entry.metatable }
    return try opaqueMetatable(for: "\(type(of: value))")
  }

  /// The metatable of values that nothing is known about.
  private func opaqueMetatable(for name: String) throws -> loba_reference {
    if let known = opaqueMetatables[name] { return known }
    let none = try newTable()
    let metatable = try keep(
      makeMetatable(name: name, values: none, getters: none, setters: none, index: nil, newIndex: nil))
    opaqueMetatables[name] = metatable
    return metatable
  }
}

extension LuaWriter {
  /// Writes a value by reference.
  mutating func write<T>(object value: T) throws {
    try write(owned: runtime.hostReference(value, view: .natural))
  }
}

extension LuaReader {
  /// The Swift value or error that a userdata holds, if it is of the type.
  func hostValue<T>(as type: T.Type) -> T? {
    guard let pointer = slot.pointee.pointer else { return nil }
    if slot.pointee.tag == LOBA_ERROR { return HostError.from(pointer).error as? T }
    let box = AnyHostBox.from(pointer)
    if let box = box as? HostBox<T> { return box.value }
    return box.anyValue as? T
  }

  /// The value in words, for error messages.
  var summary: String {
    guard let pointer = slot.pointee.pointer, slot.pointee.tag == LOBA_HOST || slot.pointee.tag == LOBA_ERROR else {
      return slot.pointee.summary
    }
    if slot.pointee.tag == LOBA_ERROR { return "a Swift error" }
    return "a \(Swift.type(of: AnyHostBox.from(pointer).anyValue))"
  }
}
