/// An application's own data, one value of each type: what host functions need and would otherwise have to capture.
///
/// ```swift
/// lua.context[World.self] = world
/// try lua.register(
///   LuaClass<Entity> { $0.method("neighbours") { entity, lua in lua.context[World.self]?.neighbours(of: entity) } })
/// ```
public struct LuaContext {
  private final class Storage { var values: [ObjectIdentifier: Any] = [:] }
  private let storage = Storage()

  init() {}

  func removeAll() {
    // Let go of outside of the access: it may run anything.
    var values: [ObjectIdentifier: Any] = [:]
    swap(&values, &storage.values)
  }

  /// The value of a type; nil if none has been set.
  public subscript<T>(type: T.Type) -> T? {
    get { storage.values[ObjectIdentifier(type)].map { $0 as! T } }
    nonmutating set {
      // Let go of outside of the access: it may run anything.
      let old = storage.values[ObjectIdentifier(type)]
      storage.values[ObjectIdentifier(type)] = newValue.map { $0 as Any }
      withExtendedLifetime(old) {}
    }
  }
}
