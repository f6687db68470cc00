internal import LobaCore
internal import Synchronization

/// Something that a program does so often that whatever it leaves behind adds up.
struct SoakWork: Sendable {
  let name: String
  /// How often it is done in a full run.
  let count: Int
  /// In how many portions, each followed by a collection. Memory is compared from one portion to another.
  let portions: Int
  /// Whether it leaves something behind, on purpose: the proof that a leak would be seen.
  let leaks: Bool
  /// Makes what does it so many times.
  let prepare: @Sendable (SoakBench) throws -> (Int) throws -> Void

  init(
    _ name: String, count: Int = 1_000_000, portions: Int = 10, leaks: Bool = false,
    _ prepare: @escaping @Sendable (SoakBench) throws -> (Int) throws -> Void
  ) {
    self.name = name
    self.count = count
    self.portions = portions
    self.leaks = leaks
    self.prepare = prepare
  }

  /// In a sample, a hundredth of it is done.
  func portion(isFull: Bool) -> Int { max(1, (isFull ? count : count / 100) / portions) }

  static let all: [SoakWork] = soakCalls + soakErrors + soakLifetimes + soakPlugins + [leak]

  /// An object of the smallest size for each of a million.
  private static let leak = SoakWork("(a leak, on purpose)", leaks: true) { _ in
    { count in for _ in 0..<count { leaked.withLock { $0.append(SoakLeak()) } } }
  }
}

/// Kept where the optimizer sees that somebody has it.
private let leaked = Mutex<[SoakLeak]>([])

private final class SoakLeak: Sendable {}

/// What a work is given: an engine, a runtime, and a counter of what is alive.
struct SoakBench {
  let engine: any LuaEngine
  let lua: LuaRuntime
  let counter: SoakCounter

  /// A function of a script.
  func script(_ source: String) throws -> LuaFunction { try lua.eval(source) }
}
