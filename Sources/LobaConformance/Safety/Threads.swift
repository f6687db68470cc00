internal import Foundation
internal import Synchronization

/// Runs a body on a thread of its own with a stack of a size.
func onThread(stackSize: Int, _ body: @escaping @Sendable () throws -> Void) throws {
  final class Outcome: Sendable {
    let error = Mutex<(any Error)?>(nil)
    let done = DispatchSemaphore(value: 0)
  }
  let outcome = Outcome()
  let thread = Thread {
    do { try body() } catch { outcome.error.withLock { $0 = error } }
    outcome.done.signal()
  }
  thread.stackSize = stackSize
  thread.start()
  outcome.done.wait()
  if let error = outcome.error.withLock({ $0 }) { throw error }
}
