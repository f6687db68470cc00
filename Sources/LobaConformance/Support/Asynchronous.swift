internal import Dispatch
internal import LobaCore
internal import Synchronization

/// Where the tasks of checks run: on a queue of their own, since whoever runs a check may hold all threads that tasks have.
private final class QueueExecutor: TaskExecutor {
  /// One after the other.
  static let serial = QueueExecutor([])
  /// On several threads.
  static let concurrent = QueueExecutor(.concurrent)
  private let queue: DispatchQueue

  init(_ attributes: DispatchQueue.Attributes) {
    queue = DispatchQueue(label: "tasks of checks", attributes: attributes)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Runs a body that waits, and throws what it throws.
func waiting(onSeveralThreads isConcurrent: Bool = false, _ body: @escaping @Sendable () async throws -> Void) throws {
  let outcome = Mutex<Result<Void, any Error>?>(nil)
  let end = DispatchSemaphore(value: 0)
  Task.detached(executorPreference: isConcurrent ? QueueExecutor.concurrent : .serial) {
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    outcome.withLock { $0 = result }
    end.signal()
  }
  end.wait()
  try outcome.withLock { $0! }.get()
}

extension Area {
  /// A check that waits, with a runtime that has all libraries.
  func waits(
    _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
    _ body: @escaping @Sendable (LuaRuntime) async throws -> Void
  ) -> ConformanceCheck {
    engine(sentence, requires: requires, excludes: excludes) { engine in
      try waiting {
        let lua = try LuaRuntime.forCheck(engine)
        defer { lua.close() }
        try await body(lua)
        guard !lua.isClosed else { return }
        try lua.collectGarbage()
        try expectUsable(lua)
      }
    }
  }
}
