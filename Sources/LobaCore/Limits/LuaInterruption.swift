internal import CLobaEngine

/// Stops what runs in a runtime, from any thread: ``LuaRuntime/interruption``.
///
/// ```swift
/// let interruption = try lua.interruption
/// onControlC { interruption.interrupt() }
/// try lua.execute(source)  // throws a LuaError of kind limit
/// ```
public final class LuaInterruption: Sendable {
  /// Sendable in effect: it is changed by atomic operations only.
  nonisolated(unsafe) private let pointer: UnsafeMutablePointer<loba_interruption>

  /// Takes over a reference.
  init(adopting pointer: UnsafeMutablePointer<loba_interruption>) {
    self.pointer = pointer
  }

  deinit {
    loba_interruption_release(pointer)
  }

  /// Ends the call that is under way, within some milliseconds, with an error of kind ``LuaError/Kind/limit`` that scripts
  /// cannot catch. If there is none, that is the fate of the next one: so nothing is lost if the call has not begun yet.
  ///
  /// A host function that runs is not interrupted; the script that has called it ends when it returns.
  public func interrupt() {
    loba_interruption_request(pointer, true)
  }

  /// Takes an ``interrupt()`` back that has not ended a call yet.
  public func withdraw() {
    loba_interruption_request(pointer, false)
  }

  /// Whether there was an ``interrupt()`` that has not ended a call yet.
  public var isPending: Bool { loba_interruption_is_requested(pointer) }
}
