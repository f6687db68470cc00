// What scripts can do with the objects of a class. Members of few parameters have overloads of their own, and all are
// inlined where they are declared, so that they are made for just their types: looking types up at each call costs more than
// the call.

// MARK: - Properties

extension LuaClass {
  /// Declares a property that scripts can read.
  @inlinable
  public mutating func property<V>(_ name: String, get: @escaping (T) throws -> V) {
    let member = MemberName(name)
    description.getters[name] = MemberBody { call in try call.returnValue(get(call.object(of: member))) }
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
    description.setters[name] = MemberBody { call in
      try call.changeObject(of: member, reading: { try call.newValue(of: member) as V }, set)
    }
  }

  /// Declares a constant that both the class and its objects show.
  public mutating func constant<V: Sendable>(_ name: String, _ value: V) {
    description.constants[name] = { try $0.writeOne(value, as: "a constant") }
  }
}

// MARK: - Methods

extension LuaClass {
  /// Declares a method.
  ///
  /// Scripts call it with a colon: `object:name(…)`. Without the object, or with something else in its place, it throws.
  @inlinable
  public mutating func method<each A, R: LuaRepresentable>(
    _ name: String, _ body: @escaping (T, repeat each A) throws -> R
  ) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      let object: T = try call.object(of: member)
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      try call.returnValue(body(object, repeat try arguments.next((each A).self)))
    }
  }

  /// Declares a method that returns a tuple (several results), nothing, or a host object.
  @inlinable @_disfavoredOverload
  public mutating func method<each A, each R>(
    _ name: String, _ body: @escaping (T, repeat each A) throws -> (repeat each R)
  ) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      let object: T = try call.object(of: member)
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let result = try body(object, repeat try arguments.next((each A).self))
      try call.returnEach(repeat each result)
    }
  }

  /// Declares a method without parameters.
  @inlinable
  public mutating func method<R: LuaRepresentable>(_ name: String, _ body: @escaping (T) throws -> R) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in try call.returnValue(body(call.object(of: member))) }
  }

  /// Declares a method with one parameter.
  @inlinable
  public mutating func method<A, R: LuaRepresentable>(_ name: String, _ body: @escaping (T, A) throws -> R) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      try call.returnValue(body(object, a))
    }
  }

  /// Declares a method with two parameters.
  @inlinable
  public mutating func method<A, B, R: LuaRepresentable>(_ name: String, _ body: @escaping (T, A, B) throws -> R) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      let b: B = try call.read(2, position: 2, isLeft: A.self != LuaValues.self)
      try call.returnValue(body(object, a, b))
    }
  }
}

// MARK: - Methods that change a value

extension LuaClass {
  /// Declares a method that changes a value in place, for structures.
  ///
  /// While the method runs, scripts read the old value, and nothing else can change it: that throws ``LuaError`` of kind
  /// `runtime`, since one of the changes would be lost.
  @inlinable @_disfavoredOverload
  public mutating func mutatingMethod<each A, each R>(
    _ name: String, _ body: @escaping (inout T, repeat each A) throws -> (repeat each R)
  ) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let result = try call.changeObject(
        of: member, reading: { (repeat try arguments.next((each A).self)) },
        { (object: inout T, arguments: (repeat each A)) in try body(&object, repeat each arguments) })
      try call.returnEach(repeat each result)
    }
  }

  /// Declares a method without parameters that changes a value in place.
  @inlinable
  public mutating func mutatingMethod<R: LuaRepresentable>(_ name: String, _ body: @escaping (inout T) throws -> R) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      try call.returnValue(call.changeObject(of: member, reading: {}) { (object: inout T, _) in try body(&object) })
    }
  }

  /// Declares a method with one parameter that changes a value in place.
  @inlinable
  public mutating func mutatingMethod<A, R: LuaRepresentable>(
    _ name: String, _ body: @escaping (inout T, A) throws -> R
  ) {
    let member = MemberName(name)
    description.methods[name] = MemberBody { call in
      try call.returnValue(call.changeObject(of: member, reading: { try call.read(1, position: 1) as A }, body))
    }
  }
}

// MARK: - The class itself, and operators

extension LuaClass {
  /// Declares how scripts make objects: `Name(…)` and `Name.new(…)`.
  @inlinable
  public mutating func initializer<each A>(_ body: @escaping (repeat each A) throws -> T) {
    description.initializer = MemberBody { call in
      var arguments = HostArguments(call)
      let object = try body(repeat try arguments.next((each A).self))
      try call.returnValue(object: object)
    }
  }

  /// Declares a function of the class itself: `Name.name(…)`.
  @inlinable
  public mutating func staticMethod<each A, each R>(
    _ name: String, _ body: @escaping (repeat each A) throws -> (repeat each R)
  ) {
    description.statics[name] = MemberBody { call in
      var arguments = HostArguments(call)
      let result = try body(repeat try arguments.next((each A).self))
      try call.returnEach(repeat each result)
    }
  }

  /// Declares what an operator does. The operands come as the parameters' types; for a binary operator either may be
  /// something else than an object of this class, so take a ``LuaValue`` where that is meant to work. (For
  /// ``LuaMetamethod/equal`` that is no error: what is no value of the parameter's type is not equal.)
  @inlinable @_disfavoredOverload
  public mutating func metamethod<each A, each R>(
    _ metamethod: LuaMetamethod, _ body: @escaping (repeat each A) throws -> (repeat each R)
  ) {
    description.metamethods[metamethod.field] = MemberBody { call in
      let operands: (repeat each A)
      do {
        var arguments = HostArguments(call)
        operands = (repeat try arguments.next((each A).self))
      } catch {
        return try call.returnUnequal(metamethod, error)
      }
      let result = try body(repeat each operands)
      // Lua wants three results of pairs, whatever is done with tuples elsewhere.
      try call.returnEach(repeat each result, isSpread: metamethod == .pairs)
    }
  }

  /// Declares what an operator of two operands does.
  @inlinable
  public mutating func metamethod<A, B, R: LuaRepresentable>(
    _ metamethod: LuaMetamethod, _ body: @escaping (A, B) throws -> R
  ) {
    description.metamethods[metamethod.field] = MemberBody { call in
      let a: A
      let b: B
      do {
        a = try call.read(0)
        b = try call.read(1, isLeft: A.self != LuaValues.self)
      } catch {
        return try call.returnUnequal(metamethod, error)
      }
      try call.returnValue(body(a, b))
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
