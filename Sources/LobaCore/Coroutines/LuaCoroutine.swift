/// A coroutine of Lua's.
///
/// ```swift
/// let f: LuaFunction = try lua.eval("function(n) for i = 1, n do coroutine.yield(i) end end")
/// let co = try f.coroutine(4)
/// while let i: Int = try co.next() { print(i) }
/// ```
///
/// There is no plain `Sequence` here on purpose: an error inside the coroutine would vanish in it.
public final class LuaCoroutine: LuaHandle {
  /// What a coroutine is doing, by the names that `coroutine.status` gives.
  public enum Status: String, Sendable, Hashable {
    /// Not started, or waiting in a yield.
    case suspended
    /// The one that is running.
    case running
    /// Has resumed another coroutine.
    case normal
    /// Finished, failed or closed.
    case dead
  }

  /// The function, for starting again.
  private let function: LuaFunction?
  /// Kept for the first resume.
  ///
  /// Unchecked, as below: the accesses are short and call nothing, and checking them costs more than a resume does.
  @exclusivity(unchecked) @usableFromInline var firstArguments: LuaValues?

  init(running function: LuaFunction, arguments: LuaValues) throws {
    let thread = try function.state.newThread(running: function.reference)
    self.function = function
    firstArguments = arguments.isEmpty ? nil : arguments
    super.init(function.runtime, adopting: thread)
  }

  /// A coroutine that Lua has made. While it is not started, its function is known.
  init(_ runtime: LuaRuntime, arriving reference: Reference) throws {
    let (status, function) = runtime.state.function(ofThread: reference)
    self.function = function == 0 ? nil : LuaFunction(runtime, adopting: function)
    super.init(runtime, adopting: reference)
    if status.isError { throw runtime.makeError(status) }
  }

  /// The same where nothing can be thrown: without its function, it cannot be started again.
  required init(_ runtime: LuaRuntime, adopting reference: Reference) {
    let (_, function) = runtime.state.function(ofThread: reference)
    self.function = function == 0 ? nil : LuaFunction(runtime, adopting: function)
    super.init(runtime, adopting: reference)
  }

  /// What the coroutine is doing.
  public var status: Status { state.status(ofThread: reference) }

  /// Resumes the coroutine for the next value it yields, or returns at its end.
  ///
  /// - Returns: The value, or nil if it has ended without one, now or before.
  /// - Throws: What it raises; ``LuaError`` of kind `coroutine` if it is running.
  @inlinable
  public func next<T>(as type: T.Type = T.self) throws -> T? {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    return try resume(&writer, endsQuietly: true)
  }

  /// Resumes the coroutine for the next value, whatever it is.
  @_disfavoredOverload
  public func next() throws -> LuaValue? {
    try next(as: LuaValue.self)
  }

  /// Resumes the coroutine with values, which become the results of the yield that it waits in (or, if it has not been
  /// started, its arguments).
  ///
  /// - Returns: What it yields next, or returns.
  /// - Throws: What it raises; ``LuaError`` of kind `coroutine` if it is dead or running.
  @discardableResult
  public func send<each A, R>(_ values: repeat each A) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each values)
    return try resume(&writer, endsQuietly: false) ?? LuaReader.readNil(state, position: -1)
  }

  /// Resumes the coroutine with values, for whatever it yields or returns first.
  @_disfavoredOverload @discardableResult
  public func send<each A>(_ values: repeat each A) throws -> LuaValue {
    try send(repeat each values) as LuaValue
  }

  /// Resumes the coroutine until its end.
  ///
  /// - Returns: All that it yielded, and its return value if there was one.
  public func collect<T>(as type: T.Type = T.self) throws -> [T] {
    var result: [T] = []
    while let value: T = try next() { result.append(value) }
    return result
  }

  /// All that it yields, whatever it is.
  @_disfavoredOverload
  public func collect() throws -> [LuaValue] {
    try collect(as: LuaValue.self)
  }

  /// Makes a fresh coroutine of the same function, with these arguments.
  ///
  /// - Throws: ``LuaError`` of kind `coroutine` for one that Lua had started before Swift saw it.
  public func callAsFunction<each A>(_ arguments: repeat each A) throws -> LuaCoroutine {
    guard let function else {
      throw LuaError(
        kind: .coroutine, message: "this coroutine was started before it came to Swift: its function is not known")
    }
    return try function.coroutine(repeat each arguments)
  }

  /// Ends the coroutine; on engines that have them, its pending to-be-closed variables are closed.
  ///
  /// - Throws: What closing a variable raises; ``LuaError`` of kind `coroutine` if it is running.
  public func close() throws {
    try state.close(thread: reference)
  }
}

extension LuaCoroutine {
  @usableFromInline
  func writeFirstArguments(_ writer: inout LuaWriter) throws {
    if let arguments = firstArguments, writer.count == 0 { try writer.writeTemporary(arguments) }
  }

  /// nil if it has ended without a value.
  @inlinable
  func resume<R>(_ writer: inout LuaWriter, endsQuietly: Bool) throws -> R? {
    let isFirst = firstArguments != nil
    if isFirst { try writeFirstArguments(&writer) }
    let outcome = state.resume(reference, writer.slots, writer.count, results: resultCount(of: R.self))
    // For want of memory it may not have started.
    if isFirst, outcome.count >= 0 || !outcome.status.isError { firstArguments = nil }
    if outcome.status == .ok, outcome.count == 1 {
      return try LuaReader(slot: writer.slots, state: state, position: -1).read() as R
    }
    return try finishResume(&writer, outcome, endsQuietly: endsQuietly)
  }

  @usableFromInline
  func finishResume<R>(_ writer: inout LuaWriter, _ outcome: Outcome, endsQuietly: Bool) throws -> R? {
    if outcome.status == .dead, endsQuietly { return nil }
    if outcome.status == .ok, outcome.count == 0, R.self != LuaValues.self {
      if endsQuietly, self.status == .dead { return nil }
      return try LuaReader(slot: writer.slots, state: state, position: -1).read() as R
    }
    return try writer.readResult(of: outcome) as R
  }
}
