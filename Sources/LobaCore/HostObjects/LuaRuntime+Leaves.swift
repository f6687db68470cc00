// Leaves: closures over numbers and booleans that do not use the runtime. Few parameters have overloads of their own, as
// functions have, so that each is made for just its types.

extension LuaRuntime {
  /// Makes a Lua function of a closure over numbers and booleans that does not use the runtime.
  ///
  /// ```swift
  /// try lua.globals.set("mix", to: lua.leaf { (a: Double, b: Double, t: Double) in a + (b - a) * t })
  /// ```
  ///
  /// It is what ``function(_:)`` makes, but for one promise: the closure does not use the runtime, nor anything that belongs
  /// to it. (What it tries throws; what cannot throw finds nothing.) So code that LuaJIT has compiled calls it directly: ten
  /// times faster than a function, where the call is in a loop that is compiled. In code that is not, it is slower than a
  /// function. On other engines it is a function. See ``LuaConfiguration/usesFastLane``.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  @inlinable @inline(__always)
  public func leaf<R: LuaLeafValue>(_ body: @escaping () throws -> R) throws -> LuaFunction {
    try makeLeaf(type(of: body), { call in try call.returnValue(call.state.inLeaf(body)) }, LeafBody(body))
  }

  /// Makes a Lua function of a leaf with one parameter.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, R: LuaLeafValue>(
    _ body: @escaping (A) throws -> R
  ) throws -> LuaFunction {
    try makeLeaf(
      type(of: body),
      { call in
        let a: A = try call.read(0)
        try call.returnValue(call.state.inLeaf { try body(a) })
      }, LeafBody(body))
  }

  /// Makes a Lua function of a leaf with two parameters.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, B: LuaLeafValue, R: LuaLeafValue>(
    _ body: @escaping (A, B) throws -> R
  ) throws -> LuaFunction {
    try makeLeaf(
      type(of: body),
      { call in
        let a: A = try call.read(0)
        let b: B = try call.read(1)
        try call.returnValue(call.state.inLeaf { try body(a, b) })
      }, LeafBody(body))
  }

  /// Makes a Lua function of a leaf with three parameters.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, R: LuaLeafValue>(
    _ body: @escaping (A, B, C) throws -> R
  ) throws -> LuaFunction {
    try makeLeaf(
      type(of: body),
      { call in
        let a: A = try call.read(0)
        let b: B = try call.read(1)
        let c: C = try call.read(2)
        try call.returnValue(call.state.inLeaf { try body(a, b, c) })
      }, LeafBody(body))
  }

  /// Makes a Lua function of a leaf with four parameters.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, D: LuaLeafValue, R: LuaLeafValue>(
    _ body: @escaping (A, B, C, D) throws -> R
  ) throws -> LuaFunction {
    try makeLeaf(
      type(of: body),
      { call in
        let a: A = try call.read(0)
        let b: B = try call.read(1)
        let c: C = try call.read(2)
        let d: D = try call.read(3)
        try call.returnValue(call.state.inLeaf { try body(a, b, c, d) })
      }, LeafBody(body))
  }

  @usableFromInline
  func makeLeaf(_ type: Any.Type, _ body: @escaping HostFunction.Body, _ leaf: LeafBody) throws -> LuaFunction {
    let function = HostFunction(body, type: type)
    let ordinary = try makeFunction(function)
    guard let leaf = try makeLeaf(of: function, as: ordinary, leaf) else { return ordinary }
    try note(leaf, standsFor: ordinary)
    return leaf
  }

  /// A function by which compiled code calls a leaf directly; nil where it cannot.
  ///
  /// - Parameters:
  ///   - function: What does the same as any host function.
  ///   - metatable: Of the object that the leaf is a member of; 0 for none.
  func makeLeaf(
    of function: HostFunction, as ordinary: LuaFunction, _ leaf: LeafBody, isMethod: Bool = false,
    metatable: Reference = 0
  ) throws -> LuaFunction? {
    guard state.hasFastLane else { return nil }
    let after = try makeFunction(HostFunction(after: leaf, of: function))
    return try state.newLeaf(
      leaf.signature, isMethod: isMethod, slow: ordinary.reference, after: after.reference, metatable: metatable
    ).map { LuaFunction(self, adopting: $0) }
  }
}

// MARK: - Leaves without a result

extension LuaRuntime {
  /// Makes a Lua function of a leaf without parameters and no result.
  @inlinable @inline(__always)
  public func leaf(_ body: @escaping () throws -> Void) throws -> LuaFunction {
    try leaf { LeafNothing(try body()) }
  }

  /// Makes a Lua function of a leaf with one parameter and no result.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue>(_ body: @escaping (A) throws -> Void) throws -> LuaFunction {
    try leaf { (a: A) in LeafNothing(try body(a)) }
  }

  /// Makes a Lua function of a leaf with two parameters and no result.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, B: LuaLeafValue>(_ body: @escaping (A, B) throws -> Void) throws -> LuaFunction {
    try leaf { (a: A, b: B) in LeafNothing(try body(a, b)) }
  }

  /// Makes a Lua function of a leaf with three parameters and no result.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue>(_ body: @escaping (A, B, C) throws -> Void) throws
    -> LuaFunction
  {
    try leaf { (a: A, b: B, c: C) in LeafNothing(try body(a, b, c)) }
  }

  /// Makes a Lua function of a leaf with four parameters and no result.
  @inlinable @inline(__always)
  public func leaf<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, D: LuaLeafValue>(
    _ body: @escaping (A, B, C, D) throws -> Void
  ) throws -> LuaFunction {
    try leaf { (a: A, b: B, c: C, d: D) in LeafNothing(try body(a, b, c, d)) }
  }
}
