internal import LobaCore

/// A runtime and what is known about it, in one round of the random tester: a sequence of steps that all derive from one
/// seed. Callbacks of every kind come here (``disturb(_:_:)``) and do whatever the seed says, as deep as the budgets allow.
final class RandomWorld {
  let engine: any LuaEngine
  let features: RandomFeatures
  let lives = LifetimeCounter()
  private let journal: (String) -> Void
  private var random: SeededGenerator

  /// Kept alive by the round, and by its handles.
  private(set) var runtime: LuaRuntime?
  var errors = RandomErrors()
  var pools = RandomPools()
  let tasks = RandomTasks()
  /// What there is to do, each as often as it weighs.
  var actions: [RandomAction]?

  /// What went wrong first.
  private(set) var failure: String?
  private(set) var counts = RandomCounts()
  /// How many callbacks may yet do something in this step.
  private(set) var budget = 0
  private var depth = 0
  /// Nothing happens in callbacks meanwhile.
  private(set) var isQuiet = true
  private(set) var wasClosed = false
  /// Whether memory has been short at some time in this step.
  private(set) var wasMemoryDenied = false
  /// The same in this round: a coroutine may have kept the error.
  private(set) var wasMemoryEverDenied = false
  /// Whether the handler of an xpcall has failed in this step.
  var hasHandlerFailed = false {
    didSet { hasHandlerEverFailed = hasHandlerEverFailed || hasHandlerFailed }
  }
  /// The same in this round: a script may have kept the error, which it raises as one of its own.
  private(set) var hasHandlerEverFailed = false

  /// Whether there has been a limit in this step.
  var isLimited = false {
    didSet { wasEverLimited = wasEverLimited || isLimited }
  }
  /// The same in this round: a script may have kept the error.
  private(set) var wasEverLimited = false
  private var interruption: LuaInterruption?

  /// How often the classes have been registered.
  var registrations = 0

  static let stepBudget = 120
  static let depthLimit = 5

  init(engine: any LuaEngine, seed: UInt64, features: RandomFeatures, journal: @escaping (String) -> Void) {
    self.engine = engine
    self.features = features
    self.journal = journal
    random = SeededGenerator(seed: seed)
  }

  var lua: LuaRuntime { runtime! }

  func has(_ feature: RandomFeatures) -> Bool { features.isSuperset(of: feature) }

  // MARK: - The world of this thread

  /// A round runs on one thread from its beginning to its end, and nobody else sees its world.
  private struct Scope: @unchecked Sendable {
    unowned let world: RandomWorld
  }

  @TaskLocal private static var scope: Scope?

  /// The world of the round that is running: callbacks hold nothing, and so make no circles.
  static var current: RandomWorld? { scope?.world }

  func entered<R>(_ body: () throws -> R) rethrows -> R {
    try Self.$scope.withValue(Scope(world: self), operation: body)
  }

  // MARK: - Chance

  func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
  func flip() -> Bool { pick(2) == 0 }
  func chance(_ n: Int, in count: Int) -> Bool { pick(count) < n }
  func pick<C: RandomAccessCollection>(from all: C) -> C.Element {
    all[all.index(all.startIndex, offsetBy: pick(all.count))]
  }
  func makeToken() -> RandomToken { RandomToken(number: 1 + pick(2000)) }
  /// Any but a table, which a script may not put into a host collection.
  func makePlainToken() -> RandomToken {
    let token = makeToken()
    return token.kind == .table ? RandomToken(number: token.number + 1) : token
  }

  // MARK: - Notes

  func note(_ text: @autoclosure () -> String) {
    journal(String(repeating: "  ", count: depth) + text())
  }

  func fail(_ text: String) {
    guard failure == nil else { return }
    failure = text
    note("FAILED: \(text)")
  }

  // MARK: - The runtime

  func open(_ configuration: LuaConfiguration) throws {
    runtime = try LuaRuntime(engine: engine, configuration: configuration)
  }

  func closeRuntime() {
    wasClosed = true
    runtime?.close()
  }

  /// Lets the runtime go, and says whether it went.
  func release() -> Bool {
    pools = RandomPools()
    weak let last = runtime
    runtime = nil
    return last == nil
  }

  func keepAlive(_ handle: LuaHandle) { pools.kept.append(handle) }

  private func denyMemory() {
    wasMemoryDenied = true
    wasMemoryEverDenied = true
  }

  /// Memory is short from now on; nil for no longer.
  func setMemoryLimit(_ bytes: Int?) {
    if bytes != nil { denyMemory() }
    lua.memoryLimit = bytes
  }

  /// Ends the call that is under way, or the next of this step.
  func interrupt() throws {
    let interruption = try lua.interruption
    self.interruption = interruption
    isLimited = true
    interruption.interrupt()
  }

  func failAllocations(after count: Int) {
    if count >= 0 { denyMemory() }
    lua.failAllocations(after: count)
  }

  /// Runs a body in which callbacks do nothing and memory is plenty.
  func quietly<R>(_ body: () throws -> R) rethrows -> R {
    let before = isQuiet
    isQuiet = true
    defer { isQuiet = before }
    interruption?.withdraw()
    if let runtime {
      runtime.memoryLimit = nil
      runtime.failAllocations(after: -1)
    }
    return try body()
  }
}

// MARK: - Doing

extension RandomWorld {
  /// One step at the outermost level; callbacks may do something meanwhile.
  func step(_ action: RandomAction) {
    budget = Self.stepBudget
    wasMemoryDenied = false
    hasHandlerFailed = false
    isLimited = false
    counts.steps += 1
    isQuiet = false
    do {
      try perform(action)
    } catch {
      drop(error)
    }
    isQuiet = true
  }

  /// Runs an action, and judges what it throws.
  private func perform(_ action: RandomAction) throws {
    counts.actions += 1
    note(action.name)
    let depth = depth
    do {
      try action.body(self)
      checkFrames(depth, action)
    } catch {
      checkFrames(depth, action)
      judged(error, from: action)
      throw error
    }
  }

  private func judged(_ error: any Error, from action: RandomAction) {
    counts.errors += 1
    note("\(action.name) threw \(Self.summary(of: error))")
    judge(error, from: action)
  }

  /// What a task has done has thrown an error, which ends here.
  func failed(_ action: RandomAction, _ error: any Error) {
    judged(error, from: action)
    drop(error)
  }

  /// Runs a part of a task, in which callbacks are nested as in any other.
  func nested(_ body: () -> Void) {
    let before = depth
    body()
    if depth != before { fail("a task has jumped over \(depth - before) callbacks") }
  }

  /// Every callback that has begun must have ended: an error of Lua's that jumps over Swift's frames leaves them behind.
  private func checkFrames(_ depth: Int, _ action: RandomAction) {
    if self.depth != depth { fail("\(action.name) has jumped over \(self.depth - depth) callbacks") }
  }

  private static func summary(of error: any Error) -> String {
    if let number = RandomErrors.number(of: error) { return "E\(number)" }
    if let error = error as? LuaError { return "\(error.kind): \(error.message)" }
    return "\(type(of: error))"
  }

  /// What every callback calls: anything can happen here.
  func disturb(_ place: String, _ feature: RandomFeatures) throws {
    counts.callbacks += 1
    guard !isQuiet, failure == nil, has(feature), budget > 0, depth < Self.depthLimit, runtime != nil else { return }
    budget -= 1
    guard chance(2, in: 3) else { return }
    note("in \(place)")
    depth += 1
    defer { depth -= 1 }
    for _ in 0..<(1 + pick(2)) {
      do {
        try perform(pick(from: RandomAction.all(for: self)))
      } catch {
        guard chance(1, in: 3) else {
          drop(error)
          continue
        }
        pass(error)
        throw error
      }
    }
    guard chance(1, in: 6) else { return }
    let error = makeError()
    note("throws E\(RandomErrors.number(of: error) ?? 0)")
    throw error
  }

  /// The same where nothing can be thrown.
  func disturbQuietly(_ place: String, _ feature: RandomFeatures) {
    do { try disturb(place, feature) } catch { drop(error) }
  }
}

/// How much has been done.
struct RandomCounts {
  var steps = 0
  var actions = 0
  var callbacks = 0
  var errors = 0
}

/// What the round holds on to, in no order that it knows of.
struct RandomPools {
  var tables: [(table: LuaTable, token: RandomToken)] = []
  var functions: [LuaFunction] = []
  var coroutines: [LuaCoroutine] = []
  var userdata: [(userdata: LuaUserdata, object: RandomObject)] = []
  var buffers: [LuaBuffer<Int>] = []
  var values: [LuaValue] = []
  var kept: [LuaHandle] = []
  /// The hook that is set, if one is, is the last.
  var hooks: [LuaHook] = []
  var frames: [RandomFrame] = []
}
