internal import Synchronization

/// Counts objects that are alive, so that a check can show that none was leaked and none released too early.
final class LifetimeCounter: Sendable {
  private let count = Atomic(0)

  /// How many trackers of this counter exist.
  var alive: Int { count.load(ordering: .sequentiallyConsistent) }

  func makeTracker() -> LifetimeTracker { LifetimeTracker(self) }

  fileprivate func add(_ difference: Int) {
    count.add(difference, ordering: .sequentiallyConsistent)
  }
}

/// An object that its counter knows to be alive.
final class LifetimeTracker: Sendable {
  private let counter: LifetimeCounter

  fileprivate init(_ counter: LifetimeCounter) {
    self.counter = counter
    counter.add(1)
  }

  deinit {
    counter.add(-1)
  }

  /// Keeps the tracker alive up to here, and as a part of whatever closure calls it.
  func touch() {}
}
