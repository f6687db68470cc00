/// A type that says itself what scripts get of it; the macro `@LuaObject` of LobaMacros makes one of any type.
public protocol LuaObject {
  /// Registers the type, as a ``LuaClass``.
  static func register(in lua: LuaRuntime) throws
}

extension LuaRuntime {
  /// Makes a type known that says itself what scripts get of it.
  ///
  /// - Throws: As ``register(_:)`` of a ``LuaClass``.
  public func register(_ type: any LuaObject.Type) throws {
    try type.register(in: self)
  }

  /// The same for a superclass, unless it is known already.
  public func registerSuperclass<T: LuaObject>(_ type: T.Type) throws {
    if classes[T.self] == nil { try type.register(in: self) }
  }
}
