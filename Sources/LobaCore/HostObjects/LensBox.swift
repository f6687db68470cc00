/// A part of a host object as Lua holds it: reading it reads the object, and changing it changes the object.
///
/// It is a box like others, but what it holds is found by a key path in another box, which it keeps. So a script that says
/// `e.position.x = 9` gets such a part for `e.position`, and changes `e` by it: two calls into Swift.
final class LensBox<Root, Value>: AnyHostBox {
  private let parent: AnyHostBox
  private let path: WritableKeyPath<Root, Value>
  private let member: MemberName

  init(_ parent: AnyHostBox, _ path: WritableKeyPath<Root, Value>, _ member: MemberName) {
    self.parent = parent
    self.path = path
    self.member = member
  }

  private var present: Value? { (parent.anyValue as? Root)?[keyPath: path] }

  override var whole: AnyHostBox { parent.whole }
  override var anyValue: Any {
    if let present { return present }
    return (parent.anyValue as? ValueBeingChanged)?.part(Value.self) ?? ValueBeingChanged(type: Value.self)
  }
  override var valueType: Any.Type { Value.self }
  override var isContainer: Bool { Value.self is any HostItems.Type }
  override var hasItems: Bool { isContainer || Value.self is any RandomAccessCollection.Type }
  override var itemCount: Int { get throws { try copy().itemCount } }

  override func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    try copy().writeItem(key, to: &writer)
  }

  override func setItem(_ key: LuaReader, to value: LuaReader) throws {
    try requireUnchangingWhole()
    let copy = try copy()
    try copy.setItem(key, to: value)
    _ = try replace(with: copy.value)
  }

  override func replace(with value: Any) throws -> Any {
    guard let value = value as? Value else { throw wrongReplacement(value) }
    return try parent.change(Root.self, by: member) { root in
      let old = root[keyPath: path]
      root[keyPath: path] = value
      return old
    }
  }

  private func copy() throws -> HostBox<Value> {
    guard let value = present else { throw whole.conflict }
    return HostBox(value)
  }
}

extension LuaClass {
  /// Declares a property that scripts can read and set, by its key path.
  ///
  /// A structure that scripts read is a copy, as in Swift: `e.position.x = 9` changes the copy, and nobody sees it. With
  /// `writesThrough` scripts get a part of the object instead, of a registered type or a collection, and what they change of
  /// it is changed in the object, for as long as they hold it:
  ///
  /// ```swift
  /// try lua.register(LuaClass<Entity>("Entity") { $0.property("position", \.position, writesThrough: true) })
  /// try lua.execute("e.position.x = 9")
  /// ```
  ///
  /// Given to Swift, it is the value that it is then. While a member changes a part, no other part of the object can be
  /// changed: that throws ``LuaError`` of kind `runtime`, since one of the changes could be lost.
  ///
  /// - Parameters:
  ///   - name: What scripts call it.
  ///   - path: Where it is.
  ///   - writesThrough: Whether changes of its parts reach the object.
  @inlinable
  public mutating func property<V>(_ name: String, _ path: WritableKeyPath<T, V>, writesThrough: Bool = false) {
    property(name, get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
    if writesThrough { passThrough(name, path) }
  }

  @usableFromInline
  mutating func passThrough<V>(_ name: String, _ path: WritableKeyPath<T, V>) {
    let member = MemberName(name)
    description.getters[name] = MemberBody(((T) -> V).self) { call in
      let object: T = try call.object(of: member)
      guard let parent = try call.box, let part = try call.runtime.reference(to: LensBox(parent, path, member)) else {
        return try call.returnValue(object[keyPath: path])
      }
      try call.returning { try $0.write(owned: part) }
    }
  }
}

extension LuaRuntime {
  /// A userdata for a part of an object; nil if scripts can see nothing of it but as a whole.
  fileprivate func reference(to part: AnyHostBox) throws -> Reference? {
    try exclusively {
      let value = try part.presentValue()
      guard part.isContainer || classEntry(for: value) != nil else { return nil }
      return try hostReference(part, identity: 0, view: .natural)
    }
  }
}
