public import CLobaEngine

// Swift closures as Lua functions. One way for closures of one result, one for those that return a tuple; few
// parameters have overloads of their own, since a parameter pack costs a dozen nanoseconds a call.

extension LuaRuntime {
  /// Makes a Lua function of a Swift closure with any number of parameters.
  ///
  /// ```swift
  /// try lua.globals.set("add", to: lua.function { (a: Int, b: Int) in a + b })
  /// ```
  ///
  /// A missing argument is nil, and so an `Optional`; surplus arguments are ignored, unless the last parameter is
  /// ``LuaValues``, which takes them all. A tuple gives several results, as does ``LuaValues``. An error that the closure
  /// throws can be caught by `pcall`, as an object whose `tostring` describes it; uncaught, it comes out of the Swift
  /// call as itself.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  @inlinable
  public func function<each A, R: LuaRepresentable>(_ body: @escaping (repeat each A) throws -> R) throws -> LuaFunction
  {
    try makeFunction { frame in
      var arguments = HostArguments(frame)
      let result = try body(repeat try arguments.next((each A).self))
      try HostArguments.give(result, to: frame)
    }
  }

  /// Makes a Lua function of a closure that returns a tuple (several results), nothing, or a host object.
  @_disfavoredOverload
  public func function<each A, each R>(
    _ body: @escaping (repeat each A) throws -> (repeat each R)
  ) throws -> LuaFunction {
    try makeFunction { frame in
      var arguments = HostArguments(frame)
      let result = try body(repeat try arguments.next((each A).self))
      try HostArguments.giveEach(repeat each result, to: frame)
    }
  }

  /// Makes a Lua function of a closure without parameters.
  @inlinable
  public func function<R: LuaRepresentable>(_ body: @escaping () throws -> R) throws -> LuaFunction {
    try makeFunction { frame in try HostArguments.give(body(), to: frame) }
  }

  /// Makes a Lua function of a closure with one parameter.
  @inlinable
  public func function<A, R: LuaRepresentable>(_ body: @escaping (A) throws -> R) throws -> LuaFunction {
    try makeFunction { frame in
      let a: A = try HostArguments.read(0, of: frame)
      try HostArguments.give(body(a), to: frame)
    }
  }

  /// Makes a Lua function of a closure with two parameters.
  @inlinable
  public func function<A, B, R: LuaRepresentable>(_ body: @escaping (A, B) throws -> R) throws -> LuaFunction {
    try makeFunction { frame in
      let a: A = try HostArguments.read(0, of: frame)
      let b: B = try HostArguments.read(1, of: frame, isLeft: A.self != LuaValues.self)
      try HostArguments.give(body(a, b), to: frame)
    }
  }

  /// Makes a Lua function of a closure with three parameters.
  @inlinable
  public func function<A, B, C, R: LuaRepresentable>(_ body: @escaping (A, B, C) throws -> R) throws -> LuaFunction {
    try makeFunction { frame in
      let a: A = try HostArguments.read(0, of: frame)
      let b: B = try HostArguments.read(1, of: frame, isLeft: A.self != LuaValues.self)
      let c: C = try HostArguments.read(2, of: frame, isLeft: A.self != LuaValues.self && B.self != LuaValues.self)
      try HostArguments.give(body(a, b, c), to: frame)
    }
  }

  @usableFromInline
  func makeFunction(
    _ body: @escaping (UnsafeMutablePointer<loba_call_frame>) throws -> Void
  ) throws -> LuaFunction {
    try makeFunction(HostFunction(body))
  }

  func makeFunction(_ hostFunction: HostFunction) throws -> LuaFunction {
    let box = Unmanaged.passRetained(hostFunction).toOpaque()
    var function: loba_reference = 0
    try check(state.op.pointee.function_new(state, box, &function))
    return LuaFunction(self, adopting: function)
  }
}

/// Reads the arguments of a host call one after the other, and gives its results.
@usableFromInline
struct HostArguments {
  @usableFromInline let frame: UnsafeMutablePointer<loba_call_frame>
  @usableFromInline var index: Int
  /// How many of the values before the arguments messages do not count: 1 for the object of a method.
  @usableFromInline var uncounted: Int

  @inlinable
  init(_ frame: UnsafeMutablePointer<loba_call_frame>, from index: Int = 0, uncounted: Int = 0) {
    self.frame = frame
    self.index = index
    self.uncounted = uncounted
  }

  /// One argument, of few: without an index in memory. It is not left if a ``LuaValues`` before it has taken all.
  @inlinable @inline(__always)
  static func read<T>(
    _ i: Int, of frame: UnsafeMutablePointer<loba_call_frame>, isLeft: Bool = true
  ) throws -> T {
    if isLeft, i < Int(frame.pointee.argument_count), T.self != LuaValues.self {
      return try LuaReader(slot: frame.pointee.arguments + i, state: frame.pointee.state, position: i + 1).read()
    }
    var arguments = HostArguments(frame, from: isLeft ? i : Int(frame.pointee.argument_count))
    return try arguments.nextSlowly(arguments.index)
  }

  @inlinable
  mutating func next<T>(_ type: T.Type = T.self) throws -> T {
    let i = index
    index += 1
    if i < Int(frame.pointee.argument_count), T.self != LuaValues.self {
      return try LuaReader(
        slot: frame.pointee.arguments + i, state: frame.pointee.state, position: i + 1 - uncounted
      ).read()
    }
    return try nextSlowly(i)
  }

  /// A missing argument, or all that remain.
  @usableFromInline
  mutating func nextSlowly<T>(_ i: Int) throws -> T {
    let count = Int(frame.pointee.argument_count)
    let state = frame.pointee.state
    if T.self == LuaValues.self {
      let values = try stride(from: i, to: count, by: 1).map {
        try LuaReader(slot: frame.pointee.arguments + $0, state: state, position: $0 + 1 - uncounted).value()
      }
      index = count
      return LuaValues(values) as! T
    }
    return try withUnsafePointer(to: loba_slot()) {
      try LuaReader(slot: $0, state: state, position: i + 1 - uncounted).read()
    }
  }

  /// Writes the results of a host call. What has been written is let go of if the rest cannot be.
  @inlinable @inline(__always)
  static func giving(
    _ frame: UnsafeMutablePointer<loba_call_frame>, _ write: (inout LuaWriter) throws -> Void
  ) throws {
    var writer = LuaWriter(results: frame)
    do { try write(&writer) } catch { throw writer.withdraw(error) }
    frame.pointee.results = writer.slots
    frame.pointee.result_count = Int32(writer.count)
  }

  @inlinable @inline(__always)
  static func give<R>(_ result: R, to frame: UnsafeMutablePointer<loba_call_frame>) throws {
    if R.self == Void.self { return }
    try giving(frame) { try $0.write(result) }
  }

  /// One result of any type.
  static func give<R>(any result: R, to frame: UnsafeMutablePointer<loba_call_frame>) throws {
    try giving(frame) { try $0.write(result) }
  }

  /// One result by reference.
  static func give<R>(object: R, to frame: UnsafeMutablePointer<loba_call_frame>) throws {
    try giving(frame) { try $0.write(object: object) }
  }

  /// The elements of a tuple as results of their own; or the tuple as one opaque value, if the configuration says so.
  static func giveEach<each R>(
    _ results: repeat each R, to frame: UnsafeMutablePointer<loba_call_frame>, isSpread: Bool = false
  ) throws {
    var count = 0
    for _ in repeat (each R).self { count += 1 }
    if count == 0 { return }
    try giving(frame) { writer in
      if count > 1, !isSpread, !writer.runtime.configuration.unpacksReturnedTuples {
        try writer.write(object: (repeat each results))
      } else {
        repeat try writer.write(each results)
      }
    }
  }

  /// What a function of unknown result type has returned.
  static func give(returned result: Any, to frame: UnsafeMutablePointer<loba_call_frame>) throws {
    try giving(frame) { writer in
      if writer.runtime.configuration.unpacksReturnedTuples, let parts = tupleParts(of: result) {
        for part in parts { try writer.write(item: part) }
      } else {
        try writer.write(item: result)
      }
    }
  }
}

extension LuaWriter {
  /// Lets go of the results written before one that could not be.
  @usableFromInline
  func withdraw(_ error: any Error) -> any Error {
    for i in 0..<count where slots[i].tag == LOBA_REFERENCE && slots[i].length == 1 {
      loba_release(state, slots[i].index)
    }
    return error
  }
}
