/// What scripts may do with the objects of a Swift type: its members by name.
///
/// ```swift
/// try lua.register(LuaClass<Account>("Account") {
///   $0.initializer { (start: Int) in Account(start) }
///   $0.property("balance", get: { $0.balance }, set: { $0.balance = $1 })
///   $0.method("deposit") { (account, amount: Int) in try account.deposit(amount) }
/// })
/// ```
///
/// Scripts then write `local a = Account(10)`, `a.balance`, `a:deposit(5)`. Only declared members can be reached; any other
/// name is an error.
public struct LuaClass<T> {
  @usableFromInline typealias Body = (HostCall) throws -> Void

  /// The name of the class: of the global that makes objects, and in messages.
  public let name: String
  @usableFromInline var description: ClassDescription

  /// Describes a class.
  public init(_ name: String, _ build: (inout LuaClass<T>) -> Void = { _ in }) {
    self.name = name
    description = ClassDescription(name: name, type: T.self) { $0 is T }
    build(&self)
  }

  /// Describes a class that has all members of a registered superclass, and more.
  ///
  /// - Parameter superclass: A type that is registered before this one.
  public init<Super>(_ name: String, inheriting superclass: Super.Type, _ build: (inout LuaClass<T>) -> Void = { _ in })
  {
    self.init(name, build)
    description.superclass = superclass
  }
}

/// A class in terms that need no generics: what is registered.
@usableFromInline
struct ClassDescription {
  @usableFromInline typealias Body = (HostCall) throws -> Void

  let name: String
  let type: Any.Type
  let matches: (Any) -> Bool
  var superclass: Any.Type?
  @usableFromInline var methods: [String: Body] = [:]
  /// Methods that look at argument packs themselves.
  var packMethods: Set<String> = []
  @usableFromInline var constants: [String: (inout LuaWriter) throws -> Void] = [:]
  @usableFromInline var getters: [String: Body] = [:]
  @usableFromInline var setters: [String: Body] = [:]
  @usableFromInline var statics: [String: Body] = [:]
  @usableFromInline var metamethods: [String: Body] = [:]
  /// Those of the superclass's that the class does not have itself.
  var inheritedMetamethods: Set<String> = []
  @usableFromInline var initializer: Body?

  init(name: String, type: Any.Type, matches: @escaping (Any) -> Bool) {
    self.name = name
    self.type = type
    self.matches = matches
  }

  /// With what is inherited added.
  func inheriting(_ other: ClassDescription) -> ClassDescription {
    var result = self
    result.packMethods.formUnion(other.packMethods.subtracting(methods.keys))
    result.methods.merge(other.methods) { own, _ in own }
    result.constants.merge(other.constants) { own, _ in own }
    result.getters.merge(other.getters) { own, _ in own }
    result.setters.merge(other.setters) { own, _ in own }
    result.inheritedMetamethods = Set(other.metamethods.keys).subtracting(metamethods.keys)
    result.metamethods.merge(other.metamethods) { own, _ in own }
    return result
  }
}

// MARK: - Members

extension LuaClass {
  /// Declares how scripts make objects: `Name(…)` and `Name.new(…)`.
  public mutating func initializer<each A>(_ body: @escaping (repeat each A) throws -> T) {
    description.initializer = { call in
      var arguments = HostArguments(call)
      let object = try body(repeat try arguments.next((each A).self))
      try call.returnValue(object: object)
    }
  }

  /// Declares a property that scripts can read.
  public mutating func property<V>(_ name: String, get: @escaping (T) throws -> V) {
    description.getters[name] = { call in
      var arguments = HostArguments(call)
      try call.returnValue(any: get(try arguments.nextSelf(of: name)))
    }
  }

  /// Declares a property that scripts can read and set.
  ///
  /// While a structure is being set, nothing else can change it, as with ``mutatingMethod(_:_:)``.
  public mutating func property<V>(
    _ name: String, get: @escaping (T) throws -> V, set: @escaping (inout T, V) throws -> Void
  ) {
    property(name, get: get)
    description.setters[name] = { call in
      var arguments = HostArguments(call, from: 1, uncounted: 2)
      try HostArguments(call).changeSelf(
        of: name, reading: { try HostArguments.named("'\(name)'") { try arguments.next(V.self) } }, set)
    }
  }

  /// Declares a method.
  ///
  /// Scripts call it with a colon: `object:name(…)`. Without the object, or with something else in its place, it throws.
  public mutating func method<each A, R: LuaRepresentable>(
    _ name: String, _ body: @escaping (T, repeat each A) throws -> R
  ) {
    description.methods[name] = { call in
      var arguments = HostArguments(call)
      let object: T = try arguments.nextSelf(of: name)
      try call.returnValue(body(object, repeat try arguments.next((each A).self)))
    }
  }

  /// Declares a method that returns a tuple (several results), nothing, or a host object.
  @_disfavoredOverload
  public mutating func method<each A, each R>(
    _ name: String, _ body: @escaping (T, repeat each A) throws -> (repeat each R)
  ) {
    description.methods[name] = { call in
      var arguments = HostArguments(call)
      let object: T = try arguments.nextSelf(of: name)
      let result = try body(object, repeat try arguments.next((each A).self))
      try call.returnEach(repeat each result)
    }
  }

  /// Declares a method that changes a value in place, for structures.
  ///
  /// While the method runs, scripts read the old value, and nothing else can change it: that throws ``LuaError`` of kind
  /// `runtime`, since one of the changes would be lost.
  public mutating func mutatingMethod<each A, each R>(
    _ name: String, _ body: @escaping (inout T, repeat each A) throws -> (repeat each R)
  ) {
    description.methods[name] = { call in
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let result = try HostArguments(call).changeSelf(
        of: name, reading: { (repeat try arguments.next((each A).self)) },
        { (object: inout T, arguments: (repeat each A)) in try body(&object, repeat each arguments) })
      try call.returnEach(repeat each result)
    }
  }

  /// Declares a function of the class itself: `Name.name(…)`.
  public mutating func staticMethod<each A, each R>(
    _ name: String, _ body: @escaping (repeat each A) throws -> (repeat each R)
  ) {
    description.statics[name] = { call in
      var arguments = HostArguments(call)
      let result = try body(repeat try arguments.next((each A).self))
      try call.returnEach(repeat each result)
    }
  }

  /// Declares a constant that both the class and its objects show.
  public mutating func constant<V: Sendable>(_ name: String, _ value: V) {
    description.constants[name] = { try $0.writeOne(value, as: "a constant") }
  }

  /// Declares what an operator does. The operands come as the parameters' types; for a binary operator either may be
  /// something else than an object of this class, so take a ``LuaValue`` where that is meant to work. (For
  /// ``LuaMetamethod/equal`` that is no error: what is no value of the parameter's type is not equal.)
  public mutating func metamethod<each A, each R>(
    _ metamethod: LuaMetamethod, _ body: @escaping (repeat each A) throws -> (repeat each R)
  ) {
    description.metamethods[metamethod.field] = { call in
      let operands: (repeat each A)
      do {
        var arguments = HostArguments(call)
        operands = (repeat try arguments.next((each A).self))
      } catch let error as LuaError where error.kind == .conversion && metamethod == .equal {
        // Lua 5.4 asks if either operand is of the class; Lua 5.1 and LuaJIT only if both are.
        return try call.returnValue(any: false)
      }
      let result = try body(repeat each operands)
      // Lua wants three results of pairs, whatever is done with tuples elsewhere.
      try call.returnEach(repeat each result, isSpread: metamethod == .pairs)
    }
  }
}
