/// A value for what Lua holds itself: unlike a handle it keeps no runtime alive.
final class KeptReference {
  let reference: Reference
  private weak var runtime: LuaRuntime?

  /// Takes over a reference.
  init(_ runtime: LuaRuntime, adopting reference: Reference) {
    self.runtime = runtime
    self.reference = reference
  }

  /// Whether the value is there still.
  var isPresent: Bool { runtime.map { !$0.isClosed } ?? false }

  /// The table that it is; nil if there is no runtime any more.
  var table: LuaTable? {
    get throws { try runtime?.table(of: reference) }
  }

  deinit {
    // Without a runtime its state is gone, and the value with it.
    if let runtime { runtime.state.release(reference) }
  }
}
