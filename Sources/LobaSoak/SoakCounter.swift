internal import Synchronization

/// Counts its trackers that are alive.
final class SoakCounter: Sendable {
  private let count = Atomic(0)

  var alive: Int { count.load(ordering: .relaxed) }

  fileprivate func add(_ change: Int) { count.add(change, ordering: .relaxed) }

  func makeTracker(_ number: Int = 0) -> SoakTracker { SoakTracker(self, number) }
}

/// An object whose life is counted, which is also an error that a host function can throw.
final class SoakTracker: Error {
  let number: Int
  private let counter: SoakCounter

  fileprivate init(_ counter: SoakCounter, _ number: Int) {
    self.number = number
    self.counter = counter
    counter.add(1)
  }

  deinit { counter.add(-1) }
}

/// What should not have come of a work.
struct SoakFailure: Error, CustomStringConvertible {
  let description: String
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw SoakFailure(description: message()) }
}
