// Functions of Lua's that stand for host functions: what waits, and what compiled code calls directly. A table in Lua
// tells which host function it is, for type stubs.

extension LuaRuntime {
  /// Notes that a function of Lua's stands for a host function.
  func note(_ function: LuaFunction, standsFor host: LuaFunction) throws {
    if standInsReference == 0 {
      let reference = try state.newWeakTable(hasWeakKeys: true)
      // A finalizer may have needed one meanwhile.
      if standInsReference == 0 { standInsReference = reference } else { state.release(reference) }
    }
    try table(of: standInsReference).rawSet(function, to: host)
  }

  /// The host function that a function is or stands for; nil if it is Lua's or C's own.
  func hostFunction(of function: LuaFunction) throws -> HostFunction? {
    if let host = state.hostFunction(at: function.location) { return host }
    guard standInsReference != 0 else { return nil }
    let host = try table(of: standInsReference).rawGet(function, as: LuaValue.self)
    guard case .function(let host) = host else { return nil }
    return state.hostFunction(at: host.location)
  }
}
