// What a class leaves to scripts, and enumerations.

extension LuaClass {
  /// Whether scripts may add methods and constants to the class: `function Creature:howl() … end`. All its objects have them,
  /// and those of classes that inherit from it.
  ///
  /// What is declared stays what it is: to put something in its place is an error. What a script adds is lost when the type is
  /// registered again.
  public var isExtensible: Bool {
    get { description.isExtensible }
    set { description.isExtensible = newValue }
  }

  /// Declares that scripts may give an object fields of their own, which are kept in a dictionary of the object's:
  /// `fox.mood = "sly"`. A field that is not there is nil, and nil takes one away.
  ///
  /// ```swift
  /// final class Creature {
  ///   var fields: [String: Any] = [:]
  /// }
  /// let creature = LuaClass<Creature>("Creature") { $0.fields(\.fields) }
  /// ```
  ///
  /// Scripts can store numbers, strings and booleans; in a dictionary of `Any` host objects as well. A table would keep the
  /// runtime alive for ever, and is refused with an error of kind `conversion`.
  @inlinable
  public mutating func fields<V>(_ path: ReferenceWritableKeyPath<T, [String: V]>) {
    metamethod(.index) { (object: T, name: String) in object[keyPath: path][name] }
    description.metamethods[LuaMetamethod.newIndex.field] = MemberBody(((T, String, V?) -> Void).self) { call in
      let object: T = try call.read(0)
      let name: String = try call.read(1)
      let value: V? = try call.readForStorage(2, of: name)
      // What was there goes last: its `deinit` may look at the fields.
      let last = object[keyPath: path][name]
      object[keyPath: path][name] = value
      withExtendedLifetime(last) {}
    }
  }
}

extension HostCall {
  /// Reads what a script wants to have stored in the host; nil is none.
  @usableFromInline
  func readForStorage<V>(_ index: Int, of name: String) throws -> V? {
    guard index < count, !argument(index).isNil else { return nil }
    return try Self.named("the new value of '\(name)'") {
      let value: V = try argument(index).read()
      try argument(index).refuseHandle(in: value)
      return value
    }
  }
}

extension LuaClass where T: CaseIterable & Sendable {
  /// Declares the cases of an enumeration as constants of its class: `Colour.red`. A case with a payload is made by a
  /// function: `$0.staticMethod("circle", Shape.circle)`.
  public mutating func cases() {
    for value in T.allCases { constant("\(value)", value) }
  }
}
