// What scripts can do with the objects of a class. Members of few parameters have overloads of their own, and all are
// inlined where they are declared, so that they are made for just their types: looking types up at each call costs more than
// the call.

// MARK: - Properties

extension LuaClass {
  /// Declares a property that scripts can read.
  @inlinable
  public mutating func property<V>(_ name: String, get: @escaping (T) throws -> V) {
    let member = MemberName(name)
    description.forget(name)
    description.getters[name] = MemberBody(type(of: get)) { call in try call.returnValue(get(call.object(of: member))) }
  }

  /// Declares a property that scripts can read and set.
  ///
  /// While a structure is being set, nothing else can change it, as with ``mutatingMethod(_:_:)``.
  @inlinable
  public mutating func property<V>(
    _ name: String, get: @escaping (T) throws -> V, set: @escaping (inout T, V) throws -> Void
  ) {
    property(name, get: get)
    let member = MemberName(name)
    description.setters[name] = MemberBody(type(of: set)) { call in
      try call.changeObject(of: member, reading: { try call.newValue(of: member) as V }, set)
    }
  }

  /// Declares a constant that both the class and its objects show.
  public mutating func constant<V: Sendable>(_ name: String, _ value: V) {
    description.forget(name)
    description.constants[name] = ConstantMember(V.self) { try $0.writeOne(value, as: "a constant") }
  }
}

// MARK: - Methods

extension LuaClass {
  /// Declares a method.
  ///
  /// Scripts call it with a colon: `object:name(…)`. Without the object, or with something else in its place, it throws. A
  /// tuple gives several results. A parameter that is a ``LuaRuntime`` is the one that calls, and no argument.
  @inlinable
  public mutating func method<each A, R>(_ name: String, _ body: @escaping (T, repeat each A) throws -> R) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      try call.returnResult(body(object, repeat try arguments.next((each A).self)))
    }
  }

  /// Declares a method without parameters.
  @inlinable
  public mutating func method<R>(_ name: String, _ body: @escaping (T) throws -> R) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      try call.returnResult(body(call.object(of: member)))
    }
  }

  /// Declares a method with one parameter.
  @inlinable
  public mutating func method<A, R>(_ name: String, _ body: @escaping (T, A) throws -> R) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      try call.returnResult(body(object, a))
    }
  }

  /// Declares a method with two parameters.
  @inlinable
  public mutating func method<A, B, R>(_ name: String, _ body: @escaping (T, A, B) throws -> R) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      let b: B = try call.read(
        1 + HostCall.width(A.self), position: 1 + HostCall.width(A.self), isLeft: A.self != LuaValues.self)
      try call.returnResult(body(object, a, b))
    }
  }
}

// MARK: - Methods that change a value

extension LuaClass {
  /// Declares a method that changes a value in place, for structures.
  ///
  /// While the method runs, scripts read the old value, and nothing else can change it: that throws ``LuaError`` of kind
  /// `runtime`, since one of the changes would be lost.
  @inlinable
  public mutating func mutatingMethod<each A, R>(
    _ name: String, _ body: @escaping (inout T, repeat each A) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let result = try call.changeObject(
        of: member, reading: { (repeat try arguments.next((each A).self)) },
        { (object: inout T, arguments: (repeat each A)) in try body(&object, repeat each arguments) })
      try call.returnResult(result)
    }
  }

  /// Declares a method without parameters that changes a value in place.
  @inlinable
  public mutating func mutatingMethod<R>(_ name: String, _ body: @escaping (inout T) throws -> R) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      try call.returnResult(call.changeObject(of: member, reading: {}) { (object: inout T, _) in try body(&object) })
    }
  }

  /// Declares a method with one parameter that changes a value in place.
  @inlinable
  public mutating func mutatingMethod<A, R>(_ name: String, _ body: @escaping (inout T, A) throws -> R) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      try call.returnResult(call.changeObject(of: member, reading: { try call.read(1, position: 1) as A }, body))
    }
  }
}

// MARK: - The class itself, and operators

extension LuaClass {
  /// Declares how scripts make objects of one value.
  @inlinable
  public mutating func initializer<A>(_ body: @escaping (A) throws -> T) {
    description.initializer = MemberBody(type(of: body)) { call in try call.returnValue(object: body(call.read(0))) }
  }

  /// Declares how scripts make objects of two values.
  @inlinable
  public mutating func initializer<A, B>(_ body: @escaping (A, B) throws -> T) {
    description.initializer = MemberBody(type(of: body)) { call in
      let a: A = try call.read(0)
      let b: B = try call.read(HostCall.width(A.self), isLeft: A.self != LuaValues.self)
      try call.returnValue(object: body(a, b))
    }
  }

  /// Declares how scripts make objects of three values.
  @inlinable
  public mutating func initializer<A, B, C>(_ body: @escaping (A, B, C) throws -> T) {
    description.initializer = MemberBody(type(of: body)) { call in
      let a: A = try call.read(0)
      let b: B = try call.read(HostCall.width(A.self), isLeft: A.self != LuaValues.self)
      let c: C = try call.read(
        HostCall.width(A.self) + HostCall.width(B.self), isLeft: A.self != LuaValues.self && B.self != LuaValues.self)
      try call.returnValue(object: body(a, b, c))
    }
  }

  /// Declares how scripts make objects: `Name(…)` and `Name.new(…)`.
  @inlinable
  public mutating func initializer<each A>(_ body: @escaping (repeat each A) throws -> T) {
    description.initializer = MemberBody(type(of: body)) { call in
      var arguments = HostArguments(call)
      let object = try body(repeat try arguments.next((each A).self))
      try call.returnValue(object: object)
    }
  }

  /// Declares a function of the class itself: `Name.name(…)`.
  @inlinable
  public mutating func staticMethod<each A, R>(_ name: String, _ body: @escaping (repeat each A) throws -> R) {
    description.statics[name] = MemberBody(type(of: body)) { call in
      var arguments = HostArguments(call)
      try call.returnResult(body(repeat try arguments.next((each A).self)))
    }
  }

  /// Declares what an operator does. The operands come as the parameters' types; for a binary operator either may be
  /// something else than an object of this class, so take a ``LuaValue`` where that is meant to work. (For
  /// ``LuaMetamethod/equal`` that is no error: what is no value of the parameter's type is not equal.)
  @inlinable
  public mutating func metamethod<each A, R>(
    _ metamethod: LuaMetamethod, _ body: @escaping (repeat each A) throws -> R
  ) {
    description.metamethods[metamethod.field] = MemberBody(type(of: body)) { call in
      let operands: (repeat each A)
      do {
        var arguments = HostArguments(call)
        operands = (repeat try arguments.next((each A).self))
      } catch {
        return try call.returnUnequal(metamethod, error)
      }
      let result = try body(repeat each operands)
      // Lua wants three results of pairs, whatever is done with tuples elsewhere.
      try call.returnResult(result, isSpread: metamethod == .pairs)
    }
  }

  /// Declares what an operator of one operand does.
  @inlinable
  public mutating func metamethod<A, R>(_ metamethod: LuaMetamethod, _ body: @escaping (A) throws -> R) {
    unary(metamethod, body)
  }

  /// Declares what an operator of two operands does.
  @inlinable
  public mutating func metamethod<A, B, R>(
    _ metamethod: LuaMetamethod, _ body: @escaping (A, B) throws -> R
  ) {
    binary(metamethod, body)
  }

  @inlinable
  mutating func unary<A, R>(_ metamethod: LuaMetamethod, _ body: @escaping (A) throws -> R) {
    description.metamethods[metamethod.field] = MemberBody(type(of: body)) { call in
      try call.returnResult(body(call.read(0)), isSpread: metamethod == .pairs)
    }
  }

  @inlinable
  mutating func binary<A, B, R>(_ metamethod: LuaMetamethod, _ body: @escaping (A, B) throws -> R) {
    description.metamethods[metamethod.field] = MemberBody(type(of: body)) { call in
      let a: A
      let b: B
      do {
        a = try call.read(0)
        b = try call.read(1, isLeft: A.self != LuaValues.self)
      } catch {
        return try call.returnUnequal(metamethod, error)
      }
      try call.returnResult(body(a, b), isSpread: metamethod == .pairs)
    }
  }
}

extension HostCall {
  /// Of operands that are not of the types wanted: they are not equal. For any other metamethod that is an error.
  ///
  /// Lua 5.4 asks if either operand is of the class; Lua 5.1 and LuaJIT only if both are.
  @usableFromInline
  func returnUnequal(_ metamethod: LuaMetamethod, _ error: any Error) throws {
    guard metamethod == .equal, let error = error as? LuaError, error.kind == .conversion else { throw error }
    try returnValue(false)
  }
}
