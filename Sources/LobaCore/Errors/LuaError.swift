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
    /// A limit has ended the call, or somebody has interrupted it: ``LuaError/limit`` says what.
    public static let limit = Kind(name: "limit")
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
    /// A message, as it is or in parts.
    enum Words {
      case text(String)
      indirect case parts(MessageParts)
    }

    let kind: Kind
    let words: Words
    /// nil for one that is the message as a string, which is made when it is asked for.
    let value: LuaValue?
    let traceback: LuaTraceback
    let underlying: (any Error)?
    let limit: LuaLimit?

    init(
      kind: Kind, message: Words, value: LuaValue?, traceback: LuaTraceback, underlying: (any Error)?,
      limit: LuaLimit? = nil
    ) {
      self.limit = limit
      self.kind = kind
      words = message
      self.value = value
      self.traceback = traceback
      self.underlying = underlying
      if let handle = value?.handle { handle.state.expose() }
    }

    var message: String {
      switch words {
      case .text(let text): text
      case .parts(let parts): parts.message()
      }
    }
  }

  let storage: Storage

  /// What kind of error it is: `catch let error as LuaError where error.kind == .memory`.
  public var kind: Kind { storage.kind }

  /// The message, without a traceback. For an error value that is not a string: its `tostring`.
  ///
  /// Those of Lua's own begin with the place, the chunk and the line, and so do those of conversions in host functions that
  /// a script has called: `zombie.lua:10: bad argument #1 to 'Entity.damage': expected Int, got string "much"`.
  public var message: String { storage.message }

  /// The error value as Lua raised it, which may be a table, nil or anything else.
  ///
  /// Where it is a table or another handle, and the error has come to a thread that is not the one that uses the runtime,
  /// operations of the two wait for each other; one that has waited for 0.2 seconds in vain throws an error of kind
  /// `wrongThread`, or, if it cannot throw, finds nothing.
  public var value: LuaValue { storage.value ?? .string(LuaString(storage.message)) }

  /// Where the error was raised: the levels of the stack, innermost first. Empty if no Lua code had to do with it.
  public var traceback: LuaTraceback { storage.traceback }

  /// The Swift error behind this one, if there is one.
  public var underlying: (any Error)? { storage.underlying }

  /// What has ended the call, of an error of kind ``Kind/limit``; nil for any other.
  public var limit: LuaLimit? { storage.limit }

  /// Whether it is that of a chunk that is not finished: the end of the source came as a surprise, and with more of it
  /// the chunk may compile.
  ///
  /// A console asks for another line then.
  public var isIncompleteInput: Bool {
    kind == .syntax && (message.hasSuffix("<eof>") || message.hasSuffix("'<eof>'"))
  }

  /// Makes an error, for example to be thrown by a host function.
  public init(
    kind: Kind = .runtime, message: String, value: LuaValue? = nil, traceback: LuaTraceback = LuaTraceback(),
    underlying: (any Error)? = nil
  ) {
    storage = Storage(kind: kind, message: .text(message), value: value, traceback: traceback, underlying: underlying)
  }

  /// Makes an error for a host function to throw, whose message begins with the place in the script that has called it:
  /// `build.lua:3: there is no rule 'al'`, as that of Lua's own `error` does.
  ///
  /// It is looked up when the function throws it, and there is none if no script has called.
  public init(placed message: String, kind: Kind = .runtime, underlying: (any Error)? = nil) {
    self.init(kind: kind, message, about: .none, underlying: underlying)
  }

  /// The error of a call that a limit has ended. The message begins with the place, as those of Lua's own do.
  init(limit: LuaLimit, place: LuaTraceback) {
    let line = place.frames.first { $0.line != nil }
    let prefix = line.map { "\($0.source):\($0.line ?? 0): " } ?? place.place
    storage = Storage(
      kind: .limit, message: .text(prefix + limit.description), value: nil, traceback: place,
      underlying: limit == .cancellation ? CancellationError() : nil, limit: limit)
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
