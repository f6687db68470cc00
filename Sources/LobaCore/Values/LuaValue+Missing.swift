internal import CLobaEngine

// A nil does not say where it comes from, and `try lua.globals.nofunc(1)` is to say which function there is not. So the
// name of a member that is nil is noted for its thread; which costs nothing where there is something.

extension LuaValue {
  /// The value of a member; notes the name if it is nil.
  static func noting(_ name: String, _ value: LuaValue) -> LuaValue {
    if case .nil = value { name.withBytes { loba_note_missing($0.baseAddress, $0.count) } }
    return value
  }

  /// The error of a call of what cannot be called. Of a nil, it tells the member that was nil last, once.
  var uncallable: LuaError {
    let text = "attempt to call a \(type) value"
    guard case .nil = self else { return LuaError(message: text) }
    let name = String(cString: loba_missing())
    loba_note_missing(nil, 0)
    return LuaError(message: name.isEmpty ? text : "\(text) ('\(name)' is nil)")
  }
}
