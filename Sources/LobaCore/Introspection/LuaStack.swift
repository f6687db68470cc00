internal import CLobaEngine

/// The calls that are under way, innermost first: ``LuaRuntime/stack``, ``LuaCoroutine/stack``.
///
/// ```swift
/// for frame in try lua.stack.prefix(10) { print(try frame.info) }
/// ```
///
/// It is a list of places: what is there is looked up when it is asked for, so that a stack of many thousand calls costs
/// nothing. A frame takes the longer to find the further out it is.
public struct LuaStack: RandomAccessCollection {
  private let runtime: LuaRuntime
  /// Kept as long as its levels are.
  private let coroutine: LuaCoroutine?
  private let raw: loba_stack

  init(_ runtime: LuaRuntime, _ coroutine: LuaCoroutine? = nil) throws {
    self.runtime = runtime
    self.coroutine = coroutine
    raw = try runtime.state.stack(ofThread: coroutine?.reference ?? 0)
  }

  /// 0, the innermost call.
  public var startIndex: Int { 0 }

  /// How many calls there are.
  public var endIndex: Int { Int(raw.count) }

  /// A call, by how many others are further in.
  public subscript(level: Int) -> LuaFrame {
    precondition(indices.contains(level), "LuaStack has no level \(level)")
    return LuaFrame(runtime, coroutine, runtime.state.frame(level, of: raw), level)
  }
}

@available(*, unavailable)
extension LuaStack: Sendable {}

extension LuaRuntime {
  /// The calls that are under way: in a host function, itself and what has called it; in a hook, what the hook has interrupted.
  /// Empty elsewhere.
  ///
  /// ```swift
  /// try lua.globals.set("whoCalls", to: lua.function { (lua: LuaRuntime) in try lua.stack[1].info.name })
  /// ```
  ///
  /// Of a coroutine only its own calls are there; who has resumed it has a stack of its own.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var stack: LuaStack {
    get throws { try LuaStack(self) }
  }

  /// The calls that are under way, as text: where ``stack`` is, without variables, good for good.
  ///
  /// - Throws: ``LuaError`` of kind `closed`.
  public func traceback() throws -> LuaTraceback { try state.traceback(ofThread: 0) }
}

extension LuaCoroutine {
  /// The calls that are under way in the coroutine: those that wait for it to be resumed, or those that an error has ended.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var stack: LuaStack {
    get throws { try LuaStack(runtime, self) }
  }

  /// The calls that are under way in the coroutine, as text.
  ///
  /// - Throws: ``LuaError`` of kind `closed`.
  public func traceback() throws -> LuaTraceback { try state.traceback(ofThread: reference) }
}
