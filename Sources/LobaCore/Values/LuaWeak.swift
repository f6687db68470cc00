/// A handle that does not keep its runtime alive: for Swift objects that belong to a runtime and call back into it.
///
/// ```swift
/// final class Button {
///   var onClick: LuaWeak<LuaFunction>?
///   func click() throws { try onClick?.value?() }
/// }
/// ```
///
/// A ``LuaFunction`` in an object that scripts hold makes a circle: the runtime keeps the object, the object the function, and
/// the function the runtime. With this the runtime ends when nobody outside has it. The Lua value is kept alive as long as the
/// runtime is.
public final class LuaWeak<Handle: LuaHandle> {
  private weak let runtime: LuaRuntime?
  private let reference: Reference

  /// Makes a weak handle.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public init(_ handle: Handle) throws {
    reference = try handle.state.copy(of: handle.reference)
    runtime = handle.runtime
  }

  deinit {
    // Without the runtime there is nothing left to release.
    // The runtime is held until the reference is released: this may be the last that holds it.
    if let runtime { withExtendedLifetime(runtime) { runtime.state.release(reference) } }
  }

  /// The handle; nil once the runtime has ended or been closed.
  public var value: Handle? {
    guard let runtime, !runtime.isClosed, let copy = try? runtime.state.copy(of: reference) else { return nil }
    return Handle(runtime, adopting: copy)
  }
}

@available(*, unavailable)
extension LuaWeak: Sendable {}
