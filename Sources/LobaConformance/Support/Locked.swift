internal import Foundation

/// A value behind a lock that ThreadSanitizer sees. (It does not see into a `Mutex` that is contended, and reports what that
/// guards.)
final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func withLock<R>(_ body: (inout Value) throws -> R) rethrows -> R {
    try lock.withLock { try body(&value) }
  }
}
