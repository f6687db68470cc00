internal import CLobaEngine

/// A call that is under way, at a level of a ``LuaStack``.
///
/// A frame can be used as long as the call lasts. That of a running function is good until the host function or the hook
/// returns that has asked for it, that of a coroutine until the coroutine goes on. Afterwards what it is asked throws, and so
/// it does if something else runs at its place by then.
public struct LuaFrame {
  private let runtime: LuaRuntime
  private let coroutine: LuaCoroutine?
  private let raw: loba_frame
  /// How many calls were further in when the stack was asked for.
  public let level: Int

  init(_ runtime: LuaRuntime, _ coroutine: LuaCoroutine?, _ raw: loba_frame, _ level: Int) {
    self.runtime = runtime
    self.coroutine = coroutine
    self.raw = raw
    self.level = level
  }

  /// What is called, by which name, and the line where it is.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if the call has returned.
  public var info: LuaFrameInfo {
    get throws { try runtime.state.info(of: raw) }
  }

  /// The function that is called.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if the call has returned, or its function is gone: on Lua 5.1, with a tail call.
  public var function: LuaFunction {
    get throws {
      let reference = try runtime.state.function(of: raw)
      guard raw.function != nil else {
        runtime.state.release(reference)
        throw LuaError(kind: .runtime, message: "the function of this frame is gone: a tail call has replaced it")
      }
      return LuaFunction(runtime, adopting: reference)
    }
  }

  /// The local variables that are in scope, parameters among them, in their order. Functions of C and Swift have none.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if the call has returned.
  public var locals: [LuaVariable] {
    get throws { try variables.all() }
  }

  /// What the function was given for its `...`. Empty on Lua 5.1, which does not tell.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if the call has returned.
  public var variadicArguments: LuaValues {
    get throws { try variables.rest() }
  }

  /// The value of a local variable; of several of the name, of the innermost.
  ///
  /// ```swift
  /// let i: Int = try lua.stack[1].local("i")
  /// ```
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if there is none, or the call has returned; of kind `conversion` if the value is
  ///   not of the type.
  public func local<T>(_ name: String, as type: T.Type = T.self) throws -> T { try variables.get(name) }

  /// The value of a local variable by its number, from 1.
  ///
  /// - Throws: As the same by name.
  public func local<T>(_ index: Int, as type: T.Type = T.self) throws -> T { try variables.get(index) }

  /// Sets a local variable; of several of the name, the innermost.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if there is none, or the call has returned.
  public func setLocal<T>(_ name: String, to value: T) throws { try variables.set(name, to: value) }

  /// Sets a local variable by its number, from 1.
  ///
  /// - Throws: As the same by name.
  public func setLocal<T>(_ index: Int, to value: T) throws { try variables.set(index, to: value) }

  private var variables: LuaVariables { LuaVariables(runtime: runtime, owner: .frame(raw)) }
}

@available(*, unavailable)
extension LuaFrame: Sendable {}
