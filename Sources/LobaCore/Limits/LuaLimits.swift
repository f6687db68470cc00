/// How far scripts may go: what ends a call that does not end by itself.
///
/// For every call of a runtime (``LuaConfiguration/limits``), or for all that is called in a block
/// (``LuaRuntime/withLimits(_:_:)``):
///
/// ```swift
/// try lua.withLimits(LuaLimits(instructions: 1_000_000, deadline: .milliseconds(50))) {
///   try handler(event)
/// }
/// ```
///
/// A limit of instructions or time that strikes ends the call with an error of kind ``LuaError/Kind/limit``, which scripts
/// cannot catch; ``LuaError/limit`` says which it was. The runtime can be used afterwards.
public struct LuaLimits: Sendable, Hashable {
  /// The most instructions of Lua's virtual machine that may be executed; nil for no limit.
  ///
  /// They are counted for a runtime, however many coroutines share them; exactly in the main program, in coroutines to within
  /// a hundred or so for each that is made. Library functions that work long count what they do.
  public var instructions: Int?

  /// The time that may pass, from the beginning of the call or block; nil for no limit. Time that a host function takes
  /// counts, but it is not interrupted.
  public var deadline: Duration?

  /// The most nested calls from Lua into Swift; nil for 190, which is also the most.
  ///
  /// The call that is too deep fails with an error that scripts can catch.
  public var depth: Int?

  /// The most coroutines of scripts' making that can be alive at a time; nil for no limit. Those that Swift makes are not
  /// counted.
  ///
  /// Making one too many fails, with an error that scripts can catch.
  public var coroutines: Int?

  /// Makes limits; nil is none.
  public init(instructions: Int? = nil, deadline: Duration? = nil, depth: Int? = nil, coroutines: Int? = nil) {
    self.instructions = instructions
    self.deadline = deadline
    self.depth = depth
    self.coroutines = coroutines
  }

  /// No limits: a runtime that is configured with these is prepared for such as are set later.
  public static let none = LuaLimits()
}

/// What has ended a call: see ``LuaError/limit``.
public enum LuaLimit: Sendable, Hashable {
  /// All instructions that were allowed have been executed.
  case instructions
  /// The time that was allowed has passed.
  case deadline
  /// ``LuaInterruption/interrupt()`` was called.
  case interruption
  /// The task that made the call has been cancelled.
  case cancellation
}

extension LuaLimit: CustomStringConvertible {
  /// What there is to tell: `the deadline has passed`.
  public var description: String {
    switch self {
    case .instructions: "the limit of instructions is reached"
    case .deadline: "the deadline has passed"
    case .interruption: "interrupted"
    case .cancellation: "the task has been cancelled"
    }
  }
}
