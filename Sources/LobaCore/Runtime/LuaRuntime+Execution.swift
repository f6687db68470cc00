/// Which kinds of chunks may be loaded.
public enum LuaChunkMode: String, Sendable, Hashable {
  /// Source text only. The default, since malformed binary chunks can crash any Lua.
  case text = "t"
  /// Binary chunks only, as ``LuaFunction/dump(stripping:)`` and `string.dump` make them.
  case binary = "b"
  /// Source text or binary chunks.
  case any = "bt"
}

// MARK: - eval: expressions

extension LuaRuntime {
  /// Evaluates a Lua expression (or several, separated by commas, for a tuple).
  ///
  /// ```swift
  /// let two: Int = try lua.eval("1 + 1")
  /// let three: Int = try lua.eval("... + 1", 2)
  /// ```
  ///
  /// - Parameters:
  ///   - expression: Lua source that stands where `return` could stand before it.
  ///   - arguments: What `...` is in the expression.
  ///   - name: The chunk's name, in Lua's conventions: `=name` as it is, `@file` for a file. Default: the source.
  ///   - mode: Which kind of chunk it may be.
  ///   - environment: What stands for the globals, see ``environment(inheriting:)``. Default: the globals.
  /// - Throws: ``LuaError`` of kind `syntax` if it does not compile, what it raises, and ``LuaError`` of kind
  ///   `conversion` if the result is not of the type.
  @inlinable
  public func eval<each A, R: LuaConstructible>(
    _ expression: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil, as type: R.Type = R.self
  ) throws -> R {
    try run(expression, isExpression: true, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Evaluates a Lua expression whose type is not known.
  @_disfavoredOverload
  public func eval<each A>(
    _ expression: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> LuaValue {
    try run(expression, isExpression: true, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Evaluates a Lua expression whose value is a host object. (A struct or enum is taken by the form for several results.)
  @_disfavoredOverload
  public func eval<each A, R: AnyObject>(
    _ expression: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> R {
    try run(expression, isExpression: true, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Evaluates several Lua expressions, separated by commas.
  @_disfavoredOverload
  public func eval<each A, each R>(
    _ expressions: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> (repeat each R) {
    try runEach(
      expressions, isExpression: true, name: name, mode: mode, environment: environment, repeat each arguments)
  }
}

// MARK: - execute: chunks

extension LuaRuntime {
  /// Runs a chunk of Lua and gives all that it returns.
  ///
  /// - Parameters:
  ///   - chunk: Lua source.
  ///   - arguments: What `...` is in the chunk.
  ///   - name: The chunk's name, in Lua's conventions: `=name` as it is, `@file` for a file. Default: the source.
  ///   - mode: Which kind of chunk it may be.
  ///   - environment: What stands for the globals, see ``environment(inheriting:)``. Default: the globals.
  /// - Throws: ``LuaError`` of kind `syntax` if it does not compile, and what it raises.
  @_disfavoredOverload @discardableResult
  public func execute<each A>(
    _ chunk: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> LuaValues {
    try run(chunk, isExpression: false, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Runs a chunk of Lua for its first result.
  @inlinable
  public func execute<each A, R: LuaConstructible>(
    _ chunk: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil, as type: R.Type = R.self
  ) throws -> R {
    try run(chunk, isExpression: false, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Runs a chunk of Lua for its first result, a host object.
  @_disfavoredOverload
  public func execute<each A, R: AnyObject>(
    _ chunk: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> R {
    try run(chunk, isExpression: false, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Runs a chunk of Lua for several results.
  @_disfavoredOverload
  public func execute<each A, each R>(
    _ chunk: String, _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> (repeat each R) {
    try runEach(chunk, isExpression: false, name: name, mode: mode, environment: environment, repeat each arguments)
  }

  /// Runs a chunk given as bytes, source text or, if the mode allows it, a binary chunk.
  @discardableResult
  public func execute<each A>(
    bytes: [UInt8], _ arguments: repeat each A, name: String? = nil, mode: LuaChunkMode = .text,
    environment: LuaTable? = nil
  ) throws -> LuaValues {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    try check(environment: environment)
    let outcome = bytes.withUnsafeBufferPointer {
      let source = LuaSource(bytes: $0, name: name, mode: mode, isExpression: false, environment: environment)
      return state.execute(source, writer.slots, writer.count, results: LuaState.allResults)
    }
    return try writer.readResult(of: outcome)
  }
}

// MARK: - compile

extension LuaRuntime {
  /// Compiles a chunk without running it.
  ///
  /// - Parameters:
  ///   - chunk: Lua source.
  ///   - name: The chunk's name, in Lua's conventions: `=name` as it is, `@file` for a file. Default: the source.
  ///   - mode: Which kind of chunk it may be.
  ///   - environment: What stands for the globals, see ``environment(inheriting:)``. Default: the globals.
  /// - Throws: ``LuaError`` of kind `syntax` if it does not compile, or is of a kind that the mode does not allow.
  public func compile(_ chunk: String, name: String? = nil, mode: LuaChunkMode = .text, environment: LuaTable? = nil)
    throws -> LuaFunction
  {
    try compile(bytes: sourceBytes(chunk), name: name ?? chunk, mode: mode, environment: environment)
  }

  /// Compiles a chunk given as bytes: source text, or a binary chunk.
  @inline(never)  // inlined, it makes the optimizer of Swift 6.3 crash
  public func compile(bytes: [UInt8], name: String? = nil, mode: LuaChunkMode = .text, environment: LuaTable? = nil)
    throws -> LuaFunction
  {
    try check(environment: environment)
    let function = try bytes.withUnsafeBufferPointer {
      try state.load(LuaSource(bytes: $0, name: name, mode: mode, isExpression: false, environment: environment))
    }
    return LuaFunction(self, adopting: function)
  }
}

// MARK: - What they share

extension LuaRuntime {
  @inlinable
  func run<each A, R>(
    _ code: String, isExpression: Bool, name: String?, mode: LuaChunkMode, environment: LuaTable?,
    _ arguments: repeat each A
  ) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.readResult(
      of:
        execute(code, isExpression, name, mode, environment, writer.slots, writer.count, resultCount(of: R.self)))
  }

  private func runEach<each A, each R>(
    _ code: String, isExpression: Bool, name: String?, mode: LuaChunkMode, environment: LuaTable?,
    _ arguments: repeat each A
  ) throws -> (repeat each R) {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.readResults(
      of:
        execute(code, isExpression, name, mode, environment, writer.slots, writer.count, LuaState.allResults))
  }

  /// Runs source text with arguments in slots, which its results take the place of.
  @usableFromInline
  func execute(
    _ code: String, _ isExpression: Bool, _ name: String?, _ mode: LuaChunkMode, _ environment: LuaTable?,
    _ slots: UnsafeMutablePointer<Slot>,
    _ count: Int, _ resultCount: Int32
  ) throws -> Outcome {
    try check(environment: environment)
    let outcome: Outcome
    if state.hasForeignText || configuration.sourceEncoding != nil {
      outcome = try sourceBytes(code).withUnsafeBufferPointer {
        let source = LuaSource(
          bytes: $0, name: name ?? code, mode: mode, isExpression: isExpression, environment: environment)
        return state.execute(source, slots, count, results: resultCount)
      }
    } else {
      outcome = code.withBytes {
        let source = LuaSource(bytes: $0, name: name, mode: mode, isExpression: isExpression, environment: environment)
        return state.execute(source, slots, count, results: resultCount)
      }
    }
    if isExpression, outcome.status == .syntaxError { throw noExpression(code, mode) }
    return outcome
  }

  /// The error of what has not compiled as an expression. If it is statements, it says so.
  private func noExpression(_ code: String, _ mode: LuaChunkMode) -> any Error {
    let error = makeError(.syntaxError)
    guard let error = error as? LuaError, error.kind == .syntax, (try? compile(code, mode: mode)) != nil else {
      return error
    }
    return LuaError(
      kind: .syntax, message: "\(error.message) (eval takes an expression; statements are for execute)")
  }
}
