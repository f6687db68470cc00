/// A table for what Lua holds itself: unlike a handle it keeps no runtime alive.
final class KeptTable {
  let reference: Reference
  private weak var runtime: LuaRuntime?

  /// Takes over a reference.
  init(_ runtime: LuaRuntime, adopting reference: Reference) {
    self.runtime = runtime
    self.reference = reference
  }

  /// The table; nil if there is no runtime any more.
  var table: LuaTable? {
    get throws { try runtime?.table(of: reference) }
  }

  deinit {
    // Without a runtime its state is gone, and the table with it.
    if let runtime { runtime.state.release(reference) }
  }
}
