/// What a hook is for: ``LuaRuntime/hook(_:_:)``.
///
/// ```swift
/// try lua.hook([.call, .return]) { event in … }
/// try lua.hook(.count(1000)) { event in … }
/// ```
public struct LuaHookEvents: Sendable, Hashable {
  let flags: Int32
  /// Instructions between two events.
  let interval: Int

  /// A function is called.
  public static let call = LuaHookEvents(flags: 1, interval: 0)
  /// A function is about to return. LuaJIT does not tell it of functions that are not written in Lua.
  public static let `return` = LuaHookEvents(flags: 2, interval: 0)
  /// A line of a script is about to be executed, or the same again after a jump back.
  public static let line = LuaHookEvents(flags: 4, interval: 0)

  /// So many instructions have been executed, by whichever coroutine; at least 1.
  public static func count(_ instructions: Int) -> LuaHookEvents { LuaHookEvents(flags: 8, interval: instructions) }
}

extension LuaHookEvents: ExpressibleByArrayLiteral {
  /// All of these; of two counts, the shorter.
  public init(arrayLiteral elements: LuaHookEvents...) {
    let intervals = elements.filter { $0.flags & 8 != 0 }.map(\.interval)
    self.init(flags: elements.reduce(0) { $0 | $1.flags }, interval: intervals.min() ?? 0)
  }
}

/// What has happened, as a hook is told: ``LuaRuntime/hook(_:_:)``.
public struct LuaHookEvent {
  /// What has happened.
  public enum Kind: Sendable, Hashable {
    /// A function is called; the same by a tail call, after which its caller does not return (on Lua 5.1 and LuaJIT a `call`).
    case call, tailCall
    /// A function is about to return.
    case `return`
    /// A line is about to be executed.
    case line
    /// As many instructions have been executed as were asked for.
    case count
  }

  /// What has happened.
  public let kind: Kind
  /// The line that is being executed; nil of a function that is not written in Lua.
  public let line: Int?
  /// The runtime that it has happened in.
  public let runtime: LuaRuntime

  /// The calls that are under way; the first is that which the event is about.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public var stack: LuaStack {
    get throws { try runtime.stack }
  }

  init(_ call: HostCall) {
    kind =
      switch call.arguments[0].asInteger {
      case 1: .call
      case 2: .return
      case 4: .line
      case 8: .count
      default: .tailCall
      }
    let line = Int(call.arguments[1].asInteger)
    self.line = line > 0 ? line : nil
    runtime = call.runtime
  }
}

@available(*, unavailable)
extension LuaHookEvent: Sendable {}

/// A hook that has been set: ``LuaRuntime/hook(_:_:)``.
public final class LuaHook {
  private let runtime: LuaRuntime
  private let function: HostFunction

  init(_ runtime: LuaRuntime, _ function: HostFunction) {
    self.runtime = runtime
    self.function = function
  }

  /// Whether the hook is still set.
  public var isActive: Bool { !runtime.isClosed && runtime.state.isHook(function) }

  /// Removes the hook. Nothing happens if it is not set any more.
  public func remove() {
    runtime.state.endHook(of: function)
  }
}

@available(*, unavailable)
extension LuaHook: Sendable {}

extension LuaRuntime {
  /// Has a closure called whenever something happens in a script: for debuggers and profilers.
  ///
  /// ```swift
  /// var lines: [Int: Int] = [:]
  /// let hook = try lua.hook(.line) { event in lines[event.line ?? 0, default: 0] += 1 }
  /// try lua.execute(script)
  /// hook.remove()
  /// ```
  ///
  /// A runtime has one such hook: another takes its place. It is for all coroutines, also those that are made later. The
  /// closure may do what a host function may; what it runs in Lua has no events. If it throws, the script ends with that
  /// error, unless it catches it by `pcall`.
  ///
  /// It lives beside ``LuaLimits``, which hold for what it runs, too. A script's own `debug.sethook` fails while there is
  /// one; what the main program had set before rests, and is there again afterwards. Finalizers have no events, nor has what
  /// is nested too deeply for Swift to be called.
  ///
  /// On LuaJIT the compiler is off as long as there is a hook.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if a count is less than 1; of kind `memory` or `closed`.
  @discardableResult
  public func hook(_ events: LuaHookEvents, _ body: @escaping (LuaHookEvent) throws -> Void) throws -> LuaHook {
    if events.flags & 8 != 0, events.interval < 1 {
      throw LuaError(kind: .runtime, message: "a hook cannot count \(events.interval) instructions: at least 1")
    }
    let function = HostFunction(
      { call in
        // Always in a box: what the script catches is the error, not its value, and comes out as itself.
        do { try body(LuaHookEvent(call)) } catch { call.fail(with: error) }
      }, spreadsPacks: false)
    try state.beginHook(function, for: events)
    return LuaHook(self, function)
  }

  /// Removes the hook, whoever has set it; not that of a script's `debug.sethook`.
  public func removeHook() {
    state.endHook(of: nil)
  }
}
