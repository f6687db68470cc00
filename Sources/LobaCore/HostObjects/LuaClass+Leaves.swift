// Members that compiled code calls directly: over numbers and booleans, and without use of the runtime, as
// `LuaRuntime.leaf(_:)` says.

// MARK: - Properties

extension LuaClass {
  /// Declares a property that scripts can read, a number or a boolean, whose closure does not use the runtime.
  ///
  /// It is what ``property(_:get:)`` declares, but for this promise; code that LuaJIT has compiled calls it directly. See
  /// ``LuaRuntime/leaf(_:)``.
  @inlinable @inline(__always)
  public mutating func leafProperty<V: LuaLeafValue>(_ name: String, get: @escaping (T) throws -> V) {
    let member = MemberName(name)
    description.forget(name)
    description.getters[name] = MemberBody(type(of: get)) { call in
      let object: T = try call.object(of: member)
      try call.returnValue(call.state.inLeaf { try get(object) })
    }
    description.leaves.getters[name] = LeafBody(member: get)
  }

  /// Declares a property that scripts can read and set, a number or a boolean, whose closures do not use the runtime.
  @inlinable @inline(__always)
  public mutating func leafProperty<V: LuaLeafValue>(
    _ name: String, get: @escaping (T) throws -> V, set: @escaping (inout T, V) throws -> Void
  ) {
    leafProperty(name, get: get)
    let member = MemberName(name)
    description.setters[name] = MemberBody(type(of: set)) { call in
      let state = call.state
      try call.changeObject(of: member, reading: { try call.newValue(of: member) as V }) { object, value in
        try state.inLeaf { try set(&object, value) }
      }
    }
    description.leaves.setters[name] = LeafBody(changing: { (object: inout T, value: V) in
      LeafNothing(try set(&object, value))
    })
  }
}

// MARK: - Methods

extension LuaClass {
  /// Declares a method over numbers and booleans that does not use the runtime.
  ///
  /// It is what ``method(_:_:)`` declares, but for this promise; code that LuaJIT has compiled calls it directly. See
  /// ``LuaRuntime/leaf(_:)``.
  @inlinable @inline(__always)
  public mutating func leafMethod<R: LuaLeafValue>(
    _ name: String, _ body: @escaping (T) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      try call.returnValue(call.state.inLeaf { try body(object) })
    }
    description.leaves.methods[name] = LeafBody(member: body)
  }

  /// Declares a leaf method with one parameter.
  @inlinable @inline(__always)
  public mutating func leafMethod<A: LuaLeafValue, R: LuaLeafValue>(
    _ name: String, _ body: @escaping (T, A) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      try call.returnValue(call.state.inLeaf { try body(object, a) })
    }
    description.leaves.methods[name] = LeafBody(member: body)
  }

  /// Declares a leaf method with two parameters.
  @inlinable @inline(__always)
  public mutating func leafMethod<A: LuaLeafValue, B: LuaLeafValue, R: LuaLeafValue>(
    _ name: String, _ body: @escaping (T, A, B) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      let b: B = try call.read(2, position: 2)
      try call.returnValue(call.state.inLeaf { try body(object, a, b) })
    }
    description.leaves.methods[name] = LeafBody(member: body)
  }

  /// Declares a leaf method with three parameters.
  @inlinable @inline(__always)
  public mutating func leafMethod<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, R: LuaLeafValue>(
    _ name: String, _ body: @escaping (T, A, B, C) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let object: T = try call.object(of: member)
      let a: A = try call.read(1, position: 1)
      let b: B = try call.read(2, position: 2)
      let c: C = try call.read(3, position: 3)
      try call.returnValue(call.state.inLeaf { try body(object, a, b, c) })
    }
    description.leaves.methods[name] = LeafBody(member: body)
  }

  /// Declares a leaf method without parameters and without a result.
  @inlinable @inline(__always)
  public mutating func leafMethod(_ name: String, _ body: @escaping (T) throws -> Void) {
    leafMethod(name) { (object: T) in LeafNothing(try body(object)) }
  }

  /// Declares a leaf method with one parameter and without a result.
  @inlinable @inline(__always)
  public mutating func leafMethod<A: LuaLeafValue>(_ name: String, _ body: @escaping (T, A) throws -> Void) {
    leafMethod(name) { (object: T, a: A) in LeafNothing(try body(object, a)) }
  }

  /// Declares a leaf method with two parameters and without a result.
  @inlinable @inline(__always)
  public mutating func leafMethod<A: LuaLeafValue, B: LuaLeafValue>(
    _ name: String, _ body: @escaping (T, A, B) throws -> Void
  ) {
    leafMethod(name) { (object: T, a: A, b: B) in LeafNothing(try body(object, a, b)) }
  }

  /// Declares a leaf method with three parameters and without a result.
  @inlinable @inline(__always)
  public mutating func leafMethod<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue>(
    _ name: String, _ body: @escaping (T, A, B, C) throws -> Void
  ) {
    leafMethod(name) { (object: T, a: A, b: B, c: C) in LeafNothing(try body(object, a, b, c)) }
  }
}

// MARK: - Methods that change a value

extension LuaClass {
  /// Declares a method over numbers and booleans that changes a value in place, as ``mutatingMethod(_:_:)`` does, and does
  /// not use the runtime.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<R: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let state = call.state
      let result = try call.changeObject(of: member, reading: {}) { object, _ in
        try state.inLeaf { try body(&object) }
      }
      try call.returnValue(result)
    }
    description.leaves.methods[name] = LeafBody(changing: body)
  }

  /// Declares a leaf method with one parameter that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<A: LuaLeafValue, R: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T, A) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let state = call.state
      let result = try call.changeObject(of: member, reading: { try call.read(1, position: 1) as A }) { object, value in
        try state.inLeaf { try body(&object, value) }
      }
      try call.returnValue(result)
    }
    description.leaves.methods[name] = LeafBody(changing: body)
  }

  /// Declares a leaf method with two parameters that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<A: LuaLeafValue, B: LuaLeafValue, R: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T, A, B) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let state = call.state
      let result = try call.changeObject(
        of: member, reading: { (try call.read(1, position: 1) as A, try call.read(2, position: 2) as B) }
      ) { object, values in
        try state.inLeaf { try body(&object, values.0, values.1) }
      }
      try call.returnValue(result)
    }
    description.leaves.methods[name] = LeafBody(changing: body)
  }

  /// Declares a leaf method with three parameters that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, R: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T, A, B, C) throws -> R
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body)) { call in
      let state = call.state
      let result = try call.changeObject(
        of: member,
        reading: {
          (try call.read(1, position: 1) as A, try call.read(2, position: 2) as B, try call.read(3, position: 3) as C)
        }
      ) { object, values in
        try state.inLeaf { try body(&object, values.0, values.1, values.2) }
      }
      try call.returnValue(result)
    }
    description.leaves.methods[name] = LeafBody(changing: body)
  }

  /// Declares a leaf method without parameters and without a result that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod(
    _ name: String, _ body: @escaping (inout T) throws -> Void
  ) {
    leafMutatingMethod(name) { (object: inout T) in
      LeafNothing(try body(&object))
    }
  }

  /// Declares a leaf method with one parameter and without a result that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<A: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T, A) throws -> Void
  ) {
    leafMutatingMethod(name) { (object: inout T, a: A) in
      LeafNothing(try body(&object, a))
    }
  }

  /// Declares a leaf method with two parameters and without a result that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<A: LuaLeafValue, B: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T, A, B) throws -> Void
  ) {
    leafMutatingMethod(name) { (object: inout T, a: A, b: B) in
      LeafNothing(try body(&object, a, b))
    }
  }

  /// Declares a leaf method with three parameters and without a result that changes a value in place.
  @inlinable @inline(__always)
  public mutating func leafMutatingMethod<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue>(
    _ name: String, _ body: @escaping (inout T, A, B, C) throws -> Void
  ) {
    leafMutatingMethod(name) { (object: inout T, a: A, b: B, c: C) in
      LeafNothing(try body(&object, a, b, c))
    }
  }
}
