internal import LobaCore
internal import Synchronization

/// Runs the tasks of a round on the round's own thread, one part of one of them at a time, when it is told to.
private final class RandomExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  var count: Int { jobs.withLock { $0.count } }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  func run(_ index: Int) {
    let job = jobs.withLock { $0.remove(at: index) }
    job.runSynchronously(on: asUnownedTaskExecutor())
  }
}

/// A call that waits, from its beginning to its end.
final class RandomTask {
  fileprivate(set) var isFinished = false
  fileprivate var task: Task<Void, Never>?
}

/// The tasks of a round. Which of them goes on, and when, is as random as what they do.
final class RandomTasks {
  fileprivate let executor = RandomExecutor()
  fileprivate var waiting: [UnsafeContinuation<Void, Never>] = []
  fileprivate var running: [RandomTask] = []
  /// Whether all have ended. What others work on they keep alive.
  var isIdle: Bool { running.isEmpty }
  /// Whether one has been cancelled.
  fileprivate(set) var wasCancelled = false
}

extension RandomWorld {
  /// What a task runs is not Sendable, and stays on the round's thread.
  private struct Carried: @unchecked Sendable {
    let world: RandomWorld
    let task: RandomTask
    let body: nonisolated(nonsending) (RandomWorld) async throws -> Void
  }

  /// Begins a task, and goes on with some, until this one has ended or for a while. What it throws is judged.
  func begin(
    _ name: String, allows: [LuaError.Kind] = [],
    _ body: nonisolated(nonsending) @escaping (RandomWorld) async throws -> Void
  ) {
    let task = RandomTask()
    let carried = Carried(world: self, task: task, body: body)
    tasks.running.append(task)
    task.task = Task(executorPreference: tasks.executor) {
      let action = RandomAction(name, allows: allows) { _ in }
      let world = carried.world
      do {
        try await carried.body(world)
        world.note("\(name) has ended")
      } catch {
        world.failed(action, error)
      }
      carried.task.isFinished = true
    }
    if flip() { finish(task) } else { goOn() }
  }

  /// Goes on with any tasks for a while.
  func goOn() {
    for _ in 0..<pick(8) where !turn() { break }
  }

  /// Goes on with any tasks until this one has ended, or all have.
  func finish(_ task: RandomTask? = nil) {
    var turns = 0
    while task.map({ !$0.isFinished }) ?? !tasks.running.isEmpty {
      turns += 1
      guard turns < 100_000, turn() else { return fail("a task does not end") }
    }
  }

  /// Cancels any of the tasks.
  func cancelTask() {
    guard !tasks.running.isEmpty else { return }
    tasks.wasCancelled = true
    pick(from: tasks.running).task?.cancel()
  }

  /// Waits for its turn: called in a task.
  nonisolated(nonsending) func wait() async {
    await withUnsafeContinuation { tasks.waiting.append($0) }
  }

  /// Goes on with one task up to where it waits next; false if there is none.
  private func turn() -> Bool {
    let ready = tasks.executor.count
    guard ready + tasks.waiting.count > 0 else { return false }
    let index = pick(ready + tasks.waiting.count)
    if index < ready {
      nested { tasks.executor.run(index) }
    } else {
      tasks.waiting.remove(at: index - ready).resume()
    }
    tasks.running.removeAll(where: \.isFinished)
    return true
  }
}
