// Swift closures as Lua functions. Few parameters have overloads of their own, since a parameter pack costs a dozen
// nanoseconds a call.

extension LuaRuntime {
  /// Makes a Lua function of a Swift closure with any number of parameters.
  ///
  /// ```swift
  /// try lua.globals.set("add", to: lua.function { (a: Int, b: Int) in a + b })
  /// ```
  ///
  /// A parameter that is a ``LuaRuntime`` is the one that calls, and no argument: a closure that captured it would
  /// keep it alive until it is closed.
  ///
  /// ```swift
  /// try lua.globals.set("pair", to: lua.function { (lua: LuaRuntime, a: Int) in try lua.table(a, a) })
  /// ```
  ///
  /// A missing argument is nil, and so an `Optional`; surplus arguments are ignored, unless the last parameter is
  /// ``LuaValues``, which takes them all. A tuple gives several results, as does ``LuaValues``. An error that the closure
  /// throws can be caught by `pcall`, as an object whose `tostring` describes it; uncaught, it comes out of the Swift
  /// call as itself.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  @inlinable
  public func function<each A, R>(_ body: @escaping (repeat each A) throws -> R) throws -> LuaFunction {
    try makeFunction(type(of: body)) { call in
      var arguments = HostArguments(call)
      let result = try body(repeat try arguments.next((each A).self))
      try call.returnResult(result)
    }
  }

  /// Makes a Lua function of a closure without parameters.
  @inlinable
  public func function<R>(_ body: @escaping () throws -> R) throws -> LuaFunction {
    try makeFunction(type(of: body)) { call in try call.returnResult(body()) }
  }

  /// Makes a Lua function of a closure with one parameter.
  @inlinable
  public func function<A, R>(_ body: @escaping (A) throws -> R) throws -> LuaFunction {
    try makeFunction(type(of: body)) { call in
      let a: A = try call.read(0)
      try call.returnResult(body(a))
    }
  }

  /// Makes a Lua function of a closure with two parameters.
  @inlinable
  public func function<A, B, R>(_ body: @escaping (A, B) throws -> R) throws -> LuaFunction {
    try makeFunction(type(of: body)) { call in
      let a: A = try call.read(0)
      let b: B = try call.read(HostCall.width(A.self), isLeft: A.self != LuaValues.self)
      try call.returnResult(body(a, b))
    }
  }

  /// Makes a Lua function of a closure with three parameters.
  @inlinable
  public func function<A, B, C, R>(_ body: @escaping (A, B, C) throws -> R) throws -> LuaFunction {
    try makeFunction(type(of: body)) { call in
      let a: A = try call.read(0)
      let b: B = try call.read(HostCall.width(A.self), isLeft: A.self != LuaValues.self)
      let c: C = try call.read(
        HostCall.width(A.self) + HostCall.width(B.self), isLeft: A.self != LuaValues.self && B.self != LuaValues.self)
      try call.returnResult(body(a, b, c))
    }
  }

  /// - Parameter type: The type of the closure that it is made of.
  @usableFromInline
  func makeFunction(_ type: Any.Type, _ body: @escaping (HostCall) throws -> Void) throws -> LuaFunction {
    try makeFunction(HostFunction(body, type: type))
  }

  func makeFunction(_ body: @escaping (HostCall) throws -> Void) throws -> LuaFunction {
    try makeFunction(HostFunction(body))
  }

  func makeFunction(_ function: HostFunction) throws -> LuaFunction {
    LuaFunction(self, adopting: try state.newFunction(function))
  }
}

/// Reads the arguments of a host call one after the other.
@usableFromInline
struct HostArguments {
  @usableFromInline let call: HostCall
  @usableFromInline var index: Int
  /// How many of the values before the arguments messages do not count: 1 for the object of a method.
  @usableFromInline var uncounted: Int

  @inlinable
  init(_ call: HostCall, from index: Int = 0, uncounted: Int = 0) {
    self.call = call
    self.index = index
    self.uncounted = uncounted
  }

  @inlinable
  mutating func next<T>(_ type: T.Type = T.self) throws -> T {
    if T.self == LuaRuntime.self { return unsafeBitCast(call.runtime, to: T.self) }
    let i = index
    index += 1
    if i < call.count, T.self != LuaValues.self { return try call.argument(i, position: i + 1 - uncounted).read() }
    return try nextSlowly(i)
  }

  /// A missing argument, or all that remain.
  @usableFromInline
  mutating func nextSlowly<T>(_ i: Int) throws -> T {
    if T.self == LuaValues.self {
      let values = try stride(from: i, to: call.count, by: 1).map {
        try call.argument($0, position: $0 + 1 - uncounted).value()
      }
      index = call.count
      return LuaValues(values) as! T
    }
    return try LuaReader.readNil(call.state, position: i + 1 - uncounted)
  }
}
