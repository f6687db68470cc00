// What is there already, by its name: key paths, methods that are not applied, operators. Each is more special than the closures
// that it would pass for, and so preferred to them.

// MARK: - Properties

extension LuaClass {
  /// Declares a property that scripts can read by its key path; one that can be written to is for them to set as well.
  @inlinable @_disfavoredOverload
  public mutating func property<V>(_ name: String, _ path: KeyPath<T, V>) {
    property(name, get: { $0[keyPath: path] })
  }
}

// MARK: - Methods

extension LuaClass {
  /// Declares a method by its name: `$0.method("die", Entity.die)`.
  @inlinable
  public mutating func method<R>(_ name: String, _ method: @escaping (T) -> () throws -> R) {
    self.method(name) { (object: T) in try method(object)() }
  }

  /// Declares a method with one parameter by its name.
  @inlinable
  public mutating func method<A, R>(_ name: String, _ method: @escaping (T) -> (A) throws -> R) {
    self.method(name) { (object: T, a: A) in try method(object)(a) }
  }

  /// Declares a method with two parameters by its name.
  @inlinable
  public mutating func method<A, B, R>(_ name: String, _ method: @escaping (T) -> (A, B) throws -> R) {
    self.method(name) { (object: T, a: A, b: B) in try method(object)(a, b) }
  }

  /// Declares a method with three parameters by its name.
  @inlinable
  public mutating func method<A, B, C, R>(_ name: String, _ method: @escaping (T) -> (A, B, C) throws -> R) {
    self.method(name) { (object: T, a: A, b: B, c: C) in try method(object)(a, b, c) }
  }
}

// MARK: - Operators

extension LuaClass {
  /// Declares what an operator does by the operator: `$0.metamethod(.add, +)`.
  ///
  /// Of two operators of a name it is the one of two operands; see ``metamethod(_:prefix:)`` for the other.
  @inlinable
  public mutating func metamethod(_ metamethod: LuaMetamethod, _ operation: @escaping (T, T) throws -> T) {
    guard metamethod != .negate else {
      // Lua gives the operand twice, so nobody would notice.
      return unary(metamethod) { (_: T) -> T in
        throw LuaError(kind: .runtime, message: "__unm is declared by an operator of two operands: use prefix:")
      }
    }
    binary(metamethod, operation)
  }

  /// Declares a comparison by its operator: `$0.metamethod(.lessThan, <)`.
  @inlinable
  public mutating func metamethod(_ metamethod: LuaMetamethod, _ comparison: @escaping (T, T) throws -> Bool) {
    binary(metamethod, comparison)
  }

  /// Declares an operator of one operand by its name: `$0.metamethod(.negate, prefix: -)`.
  @inlinable
  public mutating func metamethod(_ metamethod: LuaMetamethod, prefix operation: @escaping (T) throws -> T) {
    unary(metamethod, operation)
  }
}
