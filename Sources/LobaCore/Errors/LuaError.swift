/// An error of Lua's, or of Loba's on the way to it.
///
/// An error that a host function throws is not turned into one: it comes out of the call as itself.
public struct LuaError: Error {
  /// What kind of error it is.
  public struct Kind: Hashable, Sendable {
    let name: String

    /// A chunk does not compile, or is of a mode that is not allowed.
    public static let syntax = Kind(name: "syntax")
    /// `error` was called, or an operation was applied to a value that it is not for.
    public static let runtime = Kind(name: "runtime")
    /// Memory is short, or its limit reached.
    public static let memory = Kind(name: "memory")
    /// A message handler failed.
    public static let handler = Kind(name: "handler")
    /// Calls are nested too deeply for this thread's stack.
    public static let stackOverflow = Kind(name: "stackOverflow")
    /// A value is not of the type that was asked for, or cannot be represented in Lua.
    public static let conversion = Kind(name: "conversion")
    /// A coroutine cannot be resumed or closed in the state it is in.
    public static let coroutine = Kind(name: "coroutine")
    /// The runtime is closed.
    public static let closed = Kind(name: "closed")
    /// A value belongs to another runtime.
    public static let foreignValue = Kind(name: "foreignValue")
    /// The runtime is in use by another thread.
    public static let wrongThread = Kind(name: "wrongThread")
    /// The engine's library cannot be used, or the configuration not be satisfied.
    public static let engine = Kind(name: "engine")
  }

  /// Immutable but for what a handle in `value` refers to. It makes the runtime one that other threads may reach: from then
  /// on its operations exclude each other; hence `@unchecked`.
  final class Storage: @unchecked Sendable {
    let kind: Kind
    let message: String
    /// nil for one that is the message as a string, which is made when it is asked for.
    let value: LuaValue?
    let traceback: LuaTraceback
    let underlying: (any Error)?

    init(kind: Kind, message: String, value: LuaValue?, traceback: LuaTraceback, underlying: (any Error)?) {
      self.kind = kind
      self.message = message
      self.value = value
      self.traceback = traceback
      self.underlying = underlying
      if let handle = value?.handle { handle.state.expose() }
    }
  }

  let storage: Storage

  /// What kind of error it is: `catch let error as LuaError where error.kind == .memory`.
  public var kind: Kind { storage.kind }

  /// The message, without a traceback. For an error value that is not a string: its `tostring`.
  public var message: String { storage.message }

  /// The error value as Lua raised it, which may be a table, nil or anything else.
  ///
  /// Where it is a table or another handle, and the error has come to a thread that is not the one that uses the runtime,
  /// operations of the two wait for each other; one that has waited for 0.2 seconds in vain throws an error of kind
  /// `wrongThread`, or, if it cannot throw, finds nothing.
  public var value: LuaValue { storage.value ?? .string(LuaString(storage.message)) }

  /// Where the error was raised: the levels of the stack, innermost first. Empty if it was not raised by Lua code.
  public var traceback: LuaTraceback { storage.traceback }

  /// The Swift error behind this one, if there is one.
  public var underlying: (any Error)? { storage.underlying }

  /// Makes an error, for example to be thrown by a host function.
  public init(
    kind: Kind = .runtime, message: String, value: LuaValue? = nil, traceback: LuaTraceback = LuaTraceback(),
    underlying: (any Error)? = nil
  ) {
    storage = Storage(kind: kind, message: message, value: value, traceback: traceback, underlying: underlying)
  }

  init(storage: Storage) {
    self.storage = storage
  }
}

extension LuaError.Kind: CustomStringConvertible {
  /// The kind's name in Swift: `runtime`.
  public var description: String { name }
}

extension LuaError: CustomStringConvertible {
  /// The message, and the traceback if there is one.
  public var description: String {
    traceback.isEmpty ? message : "\(message)\n\(traceback)"
  }
}
