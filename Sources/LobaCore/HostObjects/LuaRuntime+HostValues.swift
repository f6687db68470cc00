/// What scripts see of a host object as its fields.
public enum LuaObjectView: UInt64, Sendable, Hashable {
  /// The declared members of its class, or of a collection without any its items.
  case natural = 0
  /// The declared members of its class, whatever it is.
  case attributes
  /// The items of a collection, also if its type has declared members.
  case items
}

extension LuaRuntime {
  /// Gives Lua a Swift value by reference, whatever it is; it comes back as its own type.
  ///
  /// The same object is the same Lua value every time. What scripts can do with it: the members of its registered class;
  /// the items of an array, dictionary or set, in place; else nothing but to pass it on.
  ///
  /// Scripts cannot store a handle (a table, a function, a coroutine, a userdata) in a collection, which would keep the
  /// runtime alive for ever: they get a ``LuaError`` of kind `conversion`. Nor can they use a collection while its own keys
  /// are being compared or hashed for a change: that is one of kind `runtime`.
  ///
  /// - Parameter view: What scripts see as its fields.
  /// - Throws: ``LuaError`` of kind `memory` or `closed`; of kind `conversion` for items of a value that has none.
  public func wrap<T>(_ value: T, as view: LuaObjectView = .natural) throws -> LuaUserdata {
    guard view != .items || HostBox(value).hasItems else {
      throw LuaError(
        kind: .conversion,
        "a \(type(of: value as Any)) has no items: it is no collection with positions or keys")
    }
    return LuaUserdata(self, adopting: try hostReference(value, view: view))
  }

  /// Gives Lua a value by reference whose declared members scripts see as fields.
  @available(*, deprecated, message: "use wrap(_:as:) with .attributes")
  public func asAttributes<T>(_ value: T) throws -> LuaUserdata { try wrap(value, as: .attributes) }

  /// Gives Lua a collection by reference whose items scripts see as fields.
  @available(*, deprecated, message: "use wrap(_:as:) with .items")
  public func asItems<T>(_ value: T) throws -> LuaUserdata { try wrap(value, as: .items) }

  /// Gives Lua a value of a type that does not say how it is represented: one of a registered type.
  func writeHostValue<T>(_ value: T, to writer: inout LuaWriter) throws {
    guard !isClosed else { throw Self.closedError }
    if T.self == Void.self { return writer.writeNil() }  // of `object?.method()`
    guard try exclusively({ classEntry(for: value) != nil }) else {
      throw LuaError(
        kind: .conversion,
        "a value of type \(type(of: value as Any)) cannot be given to Lua: \(Self.advice(for: value))")
    }
    try writer.write(object: value)
    state.rememberAlways(T.self)
  }

  /// How a value is given to Lua whose type says nothing of it.
  private static func advice(for value: Any) -> String {
    let type = type(of: value)
    if FunctionType(type) != nil {
      return "a closure is given where its type is known, by set(\"name\") { … } or function { … }"
    }
    if TupleType.isOne(type) { return "a tuple is several values; give a table(…) of them, or an array" }
    if value is LuaRuntime { return "a closure whose first parameter is a LuaRuntime gets the one that calls it" }
    let byReference = "register(_:) its class, or give it by reference with wrap(_:)"
    return value is any Encodable
      ? "declare 'extension \(type): LuaCodable {}' and it is a table, or \(byReference)" : byReference
  }

  func hostReference<T>(_ value: T, view: LuaObjectView) throws -> Reference {
    guard !isClosed else { throw Self.closedError }
    return try exclusively {
      let identity = identity(of: value, view: view)
      if identity == 0, view == .natural, let place = try newValue(value) { return place }
      if identity != 0, let known = try state.findObject(identity) { return known }
      return try hostReference(HostBox(value), identity: identity, view: view)
    }
  }

  /// A userdata that is the value, if it is of a registered type whose values can be.
  private func newValue<T>(_ value: T) throws -> Reference? {
    let type = type(of: value as Any)
    guard let entry = classEntry(for: value), entry.description.type == type else { return nil }
    let metatable = entry.tables.values
    if metatable == 0 { return nil }
    // What is known of it may be but `Any`.
    func make<V>(_ type: V.Type) throws -> Reference {
      state.remember(type, metatable: metatable)
      return try state.newValue(value as! V, metatable: metatable)
    }
    return try _openExistential(type, do: make)
  }

  /// Another view of what a userdata holds: the same box, so that changes are seen through both.
  func hostReference(viewing box: AnyHostBox, view: LuaObjectView) throws -> Reference {
    if view == .natural, let userdata = try box.reference(in: self) { return userdata }
    let identity = UInt64(UInt(bitPattern: box.identity)) | view.rawValue
    return try exclusively { try state.findObject(identity) ?? hostReference(box, identity: identity, view: view) }
  }

  func hostReference(_ box: AnyHostBox, identity: UInt64, view: LuaObjectView) throws -> Reference {
    let metatable = try metatable(for: box, view: view)
    return try state.newObject(box, identity: identity, metatable: metatable)
  }

  /// A number for an object: its address, which is a multiple of 16, and the view. 0 for a value, which has none.
  private func identity<T>(of value: T, view: LuaObjectView) -> UInt64 {
    guard type(of: value as Any) is AnyClass else { return 0 }
    let address = UInt64(UInt(bitPattern: Unmanaged.passUnretained(value as AnyObject).toOpaque()))
    return address | view.rawValue
  }

  private func metatable(for box: AnyHostBox, view: LuaObjectView) throws -> Reference {
    let value = try box.presentValue()
    if view == .items || (view == .natural && box.isContainer) { return try itemsMetatable(for: "\(type(of: value))") }
    if let entry = classEntry(for: value) {
      return view == .attributes ? try attributesMetatable(of: entry) : entry.tables.metatable
    }
    if view == .natural, box.hasItems { return try itemsMetatable(for: "\(type(of: value))") }
    return try undeclaredMetatable(for: "\(type(of: value))", isMirror: configuration.reflection == .mirror)
  }

  /// The metatable of values of an undeclared type: no members, or what a mirror shows of them.
  private func undeclaredMetatable(for name: String, isMirror: Bool) throws -> Reference {
    if let known = undeclaredMetatables[name] { return known }
    let none = try newTable()
    var index: LuaUserdata?
    var newIndex: LuaUserdata?
    if isMirror { index = try makeAccessor(HostMirror.index) }
    if case .open = configuration.memberAccess {
    } else {
      // Also where there are no members, somebody wants to be asked.
      index = try index ?? makeAccessor { try HostAccess.index($0, binding: false) }
      newIndex = try makeAccessor(HostAccess.newIndex)
    }
    let metatable = try keep(
      makeMetatable(name: name, members: none, setters: none, index: index, newIndex: newIndex))
    return keepUndeclaredMetatable(metatable, for: name)
  }

  /// The metatable of the item view of a type.
  private func itemsMetatable(for name: String) throws -> Reference {
    let key = "items of \(name)"
    if let known = undeclaredMetatables[key] { return known }
    let none = try newTable()
    let handle = try makeMetatable(
      name: name, members: none, setters: none, index: makeAccessor(HostItemView.index),
      newIndex: makeAccessor(HostItemView.newIndex))
    try handle.rawSet("__len", to: makeFunction(HostItemView.length))
    try handle.rawSet("__pairs", to: makeFunction(HostItemView.pairs))
    return keepUndeclaredMetatable(try keep(handle), for: key)
  }

  /// The first that is made is the one for all, and a finalizer may have made one while another was being made.
  private func keepUndeclaredMetatable(_ metatable: Reference, for key: String) -> Reference {
    if let known = undeclaredMetatables[key] {
      state.release(metatable)
      return known
    }
    undeclaredMetatables[key] = metatable
    return metatable
  }
}

extension LuaWriter {
  /// Writes a value by reference.
  @usableFromInline
  mutating func write<T>(object value: T) throws {
    if write(inPlace: value, asked: true) { return }
    try write(owned: runtime.hostReference(value, view: .natural))
  }

  /// Writes a value of unknown type that may be missing.
  mutating func write(item value: Any?) throws {
    if let value { try write(present: value) } else { writeNil() }
  }

  private mutating func write(present value: Any) throws { try write(item: value) }

  /// Writes a value that comes out of a host object: by value if it can be, else by reference.
  mutating func write<T>(item value: T) throws {
    // A range has items itself.
    if let value = value as? any LuaRepresentable, !(value is any RangeExpression) { return try value.write(to: &self) }
    try write(object: value)
  }
}

extension LuaReader {
  /// The Swift value or error that a userdata holds, if it is of the type (and not taken out to be changed).
  @usableFromInline
  func hostValue<T>(as type: T.Type) -> T? {
    if slot.pointee.kind == .value { return InPlace(slot).anyValue as? T }
    guard let pointer = box else { return nil }
    if slot.pointee.kind == .error { return HostError.error(in: pointer) as? T }
    let box = AnyHostBox.from(pointer)
    if let box = box as? HostBox<T> { return try? box.value }
    return box.isTakenOut ? nil : box.anyValue as? T
  }

  /// The object that a function stands for, if it is of the type.
  func subject<T>(as type: T.Type) -> T? {
    guard let subject = subjectBox, !subject.isTakenOut else { return nil }
    return subject.anyValue as? T
  }

  /// The host object, or the object that a function of `swift.as_function` stands for; nil for one that is taken out.
  var hostObject: Any? {
    if slot.pointee.kind == .value { return InPlace(slot).anyValue }
    guard let box = boxOfObject, !box.isTakenOut else { return nil }
    return box.anyValue
  }

  /// The box of a host object, or of the object that a function of `swift.as_function` stands for; nil for one whose value is
  /// taken out.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if there is none for a reference.
  var hostBox: AnyHostBox? {
    get throws { try anyHostBox.flatMap { $0.isTakenOut ? nil : $0 } }
  }

  /// The same, for whoever looks whether the value is there.
  var anyHostBox: AnyHostBox? {
    get throws {
      if slot.pointee.kind == .value { return InPlace(slot).box(runtime, keeping: try makeReference()) }
      return boxOfObject
    }
  }

  private var boxOfObject: AnyHostBox? {
    switch slot.pointee.kind {
    case .host: box.map { AnyHostBox.from($0) }
    case .function: subjectBox
    default: nil
    }
  }

  private var subjectBox: AnyHostBox? {
    state.hostFunction(at: location)?.subject
  }

  /// The value in words, for error messages.
  var summary: String {
    if let bytes { return "string \"\(shown(bytes))\"" }
    if let bufferName { return "a \(bufferName)" }
    if slot.pointee.kind == .value { return "a \(runtime.scriptsName(of: InPlace(slot).type))" }
    guard slot.pointee.kind == .host || slot.pointee.kind == .error else { return slot.pointee.summary }
    guard let pointer = box else { return "a Swift value that has been released" }
    if slot.pointee.kind == .error { return "a Swift error" }
    if isNil { return "swift.none" }
    let box = AnyHostBox.from(pointer)
    return "a \(runtime.scriptsName(of: box.valueType))\(box.isTakenOut ? " \(box.absence)" : "")"
  }

  /// The beginning of a string as text.
  private func shown(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let limit = 40
    if bytes.count <= limit { return LuaString(bytes: bytes, encoding: state.textEncoding.code).description }
    // It may end within a character.
    let encoding = state.textEncoding
    let lengths = ((limit - 3)...limit).reversed()
    let text = lengths.lazy.compactMap { encoding.decode(UnsafeBufferPointer(rebasing: bytes[..<$0])) }.first
    return (text ?? String(decoding: bytes[..<limit], as: UTF8.self)) + "…"
  }
}
