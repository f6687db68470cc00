/// A function of Lua's: written in Lua, in C, or a Swift closure given to Lua.
///
/// ```swift
/// let f: LuaFunction = try lua.eval("function(a, b) return a + b end")
/// let three: Int = try f(1, 2)
/// ```
public final class LuaFunction: LuaHandle {
  /// Calls the function with any number of arguments.
  ///
  /// The result type says how many results are taken: a tuple its elements, `Void` none, ``LuaValues`` all of them,
  /// anything else the first.
  ///
  /// - Throws: What the function raises; ``LuaError`` of kind `conversion` if an argument cannot be given to Lua or the
  ///   result is not of the type.
  @inlinable
  public func callAsFunction<each A, R: LuaConstructible>(_ arguments: repeat each A) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.call(reference)
  }

  /// Calls the function for its first result, whatever it is.
  @_disfavoredOverload @discardableResult
  public func callAsFunction<each A>(_ arguments: repeat each A) throws -> LuaValue {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.call(reference)
  }

  /// Calls the function for its first result, a host object.
  @_disfavoredOverload
  public func callAsFunction<each A, R: AnyObject>(_ arguments: repeat each A) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    return try writer.call(reference)
  }

  /// Calls the function for several results, as a tuple; for none, as `Void`; or for a host value that is no object.
  @inlinable @_disfavoredOverload
  public func callAsFunction<each A, each R>(_ arguments: repeat each A) throws -> (repeat each R) {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    repeat try writer.write(each arguments)
    var wanted: Int32 = 0
    for _ in repeat (each R).self { wanted += 1 }
    if wanted > LuaState.fewResults { wanted = LuaState.allResults }
    return try writer.readResults(of: state.call(reference, writer.slots, writer.count, results: wanted))
  }

  /// The function as a binary chunk, which ``LuaRuntime/compile(bytes:name:mode:)`` of the same engine can load.
  ///
  /// - Parameter stripping: Whether to leave out debug information (Lua 5.4; ignored elsewhere).
  /// - Throws: ``LuaError`` of kind `runtime` for a function that is not written in Lua.
  public func dump(stripping: Bool = false) throws -> LuaString {
    try runtime.read(state.dump(reference, stripping: stripping))
  }

  /// Makes a coroutine that runs the function.
  ///
  /// - Parameter arguments: Kept for the first resume.
  public func coroutine<each A>(_ arguments: repeat each A) throws -> LuaCoroutine {
    try LuaCoroutine(running: self, arguments: runtime.values(repeat each arguments))
  }
}

// Calls of few arguments, which are the most: a parameter pack costs a dozen nanoseconds.
extension LuaFunction {
  /// Calls the function without arguments.
  @inlinable
  public func callAsFunction<R: LuaConstructible>() throws -> R {
    let writer = LuaWriter(state)
    defer { writer.finish() }
    return try writer.call(reference)
  }

  /// Calls the function with one argument.
  @inlinable
  public func callAsFunction<A, R: LuaConstructible>(_ a: A) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(a)
    return try writer.call(reference)
  }

  /// Calls the function with two arguments.
  @inlinable
  public func callAsFunction<A, B, R: LuaConstructible>(_ a: A, _ b: B) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(a)
    try writer.write(b)
    return try writer.call(reference)
  }

  /// Calls the function with three arguments.
  @inlinable
  public func callAsFunction<A, B, C, R: LuaConstructible>(_ a: A, _ b: B, _ c: C) throws -> R {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(a)
    try writer.write(b)
    try writer.write(c)
    return try writer.call(reference)
  }
}
