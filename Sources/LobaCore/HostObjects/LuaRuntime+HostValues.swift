internal import CLobaEngine

extension LuaRuntime {
  /// Gives Lua a Swift value by reference, whatever it is; it comes back as its own type.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func wrap<T>(_ value: T) throws -> LuaUserdata {
    let box = Unmanaged.passRetained(HostValue(value)).toOpaque()
    var userdata: loba_reference = 0
    try check(state.op.pointee.host_new(state, box, 0, &userdata))
    return LuaUserdata(self, adopting: userdata)
  }

  func writeHostValue<T>(_ value: T, to writer: inout LuaWriter) throws {
    throw LuaError(
      kind: .conversion,
      message: "a value of type \(type(of: value as Any)) cannot be given to Lua by value; wrap(_:) gives it by reference")
  }
}

extension LuaReader {
  /// The Swift value or error that a userdata holds, if it is of the type.
  func hostValue<T>(as type: T.Type) -> T? {
    guard let box = slot.pointee.pointer else { return nil }
    if slot.pointee.tag == LOBA_ERROR { return HostError.from(box).error as? T }
    return HostValue.from(box).value as? T
  }
}
