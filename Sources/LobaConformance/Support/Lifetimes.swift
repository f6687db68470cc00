internal import LobaCore

/// Counts objects that are alive, to prove that Lua lets go of what it was given.
final class LifetimeCounter: Sendable {
  /// How many objects of each number there are.
  private let objects = Locked<[Int: Int]>([:])

  /// How many of its trackers are alive.
  var alive: Int { objects.withLock { $0.values.reduce(0, +) } }

  /// Their numbers.
  var numbersAlive: [Int] { objects.withLock { $0.keys.sorted() } }

  fileprivate func add(_ change: Int, number: Int) {
    objects.withLock {
      let count = $0[number, default: 0] + change
      $0[number] = count == 0 ? nil : count
    }
  }

  /// A new object.
  func makeTracker(_ number: Int = 0) -> LifetimeTracker { LifetimeTracker(self, number) }
}

/// An object whose life is counted. Also an error, and so something that a host function can throw.
final class LifetimeTracker: Error, Equatable, Sendable {
  let number: Int
  private let tracker: LifetimeCounter

  fileprivate init(_ tracker: LifetimeCounter, _ number: Int) {
    self.tracker = tracker
    self.number = number
    tracker.add(1, number: number)
  }

  deinit { tracker.add(-1, number: number) }

  /// Keeps the tracker alive up to here, and as a part of whatever closure calls it.
  func touch() {}

  static func == (a: LifetimeTracker, b: LifetimeTracker) -> Bool { a === b }
}

/// Fails unless every object of the tracker is gone after the body, in which all runtimes must end.
func expectReleased(
  file: StaticString = #fileID, line: UInt = #line, _ body: (LifetimeCounter) throws -> Void
) throws {
  let tracker = LifetimeCounter()
  try body(tracker)
  try expectEqual(tracker.alive, 0, "host objects are still alive", file: file, line: line)
}

/// Fails unless the body throws the tracker of this number. Other errors pass.
func expectTracker(_ number: Int, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as LifetimeTracker {
    return try expectEqual(error.number, number, file: file, line: line)
  }
  throw ConformanceFailure(message: "nothing was thrown instead of tracker \(number)", file: file, line: line)
}

/// Runs a body with a runtime, then checks that the runtime works, that Lua's stack is where it was, and that closing it
/// releases every object.
func withRuntime(
  _ engine: any LuaEngine, configuration: LuaConfiguration = .standard, file: StaticString = #fileID,
  line: UInt = #line, _ body: (LuaRuntime, LifetimeCounter) throws -> Void
) throws {
  try expectReleased(file: file, line: line) { tracker in
    let lua = try LuaRuntime.forCheck(engine, configuration)
    defer { lua.close() }
    try body(lua, tracker)
    try expectIntact(lua, file: file, line: line)
  }
}

/// Fails unless the runtime works and nothing lies on its stack.
func expectIntact(_ lua: LuaRuntime, file: StaticString = #fileID, line: UInt = #line) throws {
  try expectUsable(lua, file: file, line: line)
  try expectEqual(lua.stackTop, 0, "Lua's stack has moved", file: file, line: line)
  try expect(lua.isIdle, "an operation did not end", file: file, line: line)
}
