/// A Swift value as Lua holds it, whatever its type.
///
/// No access to the value is open while Lua or code of its type runs, since either may come back to it: it is copied out to
/// be read, and copied or taken out to be changed.
///
/// Accesses to what is stored here are short and call nothing (but a retain), so that they need no check of exclusivity.
@usableFromInline
class AnyHostBox {
  /// The member that is changing the value, working on a copy: meanwhile the old value can be read. The member's closure
  /// keeps it.
  var changer: Unmanaged<MemberName>? {
    get { ownChanger }
    set { ownChanger = newValue }
  }
  @exclusivity(unchecked) @usableFromInline final var ownChanger: Unmanaged<MemberName>?
  /// Whether the value is elsewhere, being changed, since a copy of it would be too large.
  @exclusivity(unchecked) @usableFromInline final var isTakenOut = false

  /// The value; while it is taken out, what says so.
  var anyValue: Any { fatalError("abstract") }
  var valueType: Any.Type { fatalError("abstract") }
  /// Whether the value is an object, which anybody may change at any time.
  var isReference: Bool { false }

  /// The box of the object that the value is a part of; of any other value its own.
  var whole: AnyHostBox { self }

  /// Whether the value is an array, a dictionary or a set, whose items can be used in place.
  var isContainer: Bool { false }
  /// Whether the value has items: those, or those of another collection with positions, which can only be read.
  var hasItems: Bool { false }
  var itemCount: Int { get throws { 0 } }
  func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws { writer.writeNil() }
  func setItem(_ key: LuaReader, to value: LuaReader) throws {}

  /// Puts another value into the box; gives the old one.
  func replace(with value: Any) throws -> Any { fatalError("abstract") }

  /// Whether both hold the same object, or are the same box of a value.
  final func isSame(as other: AnyHostBox) -> Bool { identity == other.identity }

  /// What makes the value the same as another one, while there is the box: the object's address, or for a value the box's.
  var identity: UnsafeRawPointer {
    UnsafeRawPointer(Unmanaged.passUnretained(isReference ? anyValue as AnyObject : self).toOpaque())
  }

  /// What is said of the value while it is taken out.
  var absence: String { "that is being changed" }
  /// Why the value cannot be used now.
  var conflict: LuaError { Self.conflict(of: valueType, changer) }

  /// A reference to the userdata that the value is; nil for one that has a box, of which there may be several.
  func reference(in runtime: LuaRuntime) throws -> Reference? { nil }

  static func from(_ box: UnsafeMutableRawPointer) -> AnyHostBox {
    Unmanaged<AnyHostBox>.fromOpaque(box).takeUnretainedValue()
  }
}

// MARK: - Reading and changing

extension AnyHostBox {
  /// The value, for whoever does something with it.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` while it is taken out.
  final func presentValue() throws -> Any {
    try requirePresent()
    return anyValue
  }

  @inline(__always)
  final func requirePresent() throws {
    if isTakenOut { throw conflict }
  }

  /// Throws if the value is being changed. (Objects can be: nothing is lost of them.)
  final func requireUnchanging() throws {
    if isTakenOut || changer != nil { try requireReference() }
  }

  @usableFromInline
  final func requireReference() throws {
    if isTakenOut || !isReference { throw conflict }
  }

  static func conflict(of type: Any.Type, _ changer: Unmanaged<MemberName>?) -> LuaError {
    if let name = changer?.takeUnretainedValue().text {
      return LuaError(kind: .runtime, "a \(type) is being changed by '\(name)': nothing else can change it meanwhile")
    }
    return LuaError(kind: .runtime, "a \(type) is being changed: it cannot be used meanwhile")
  }

  final func wrongReplacement(_ value: Any) -> LuaError {
    LuaError(kind: .conversion, "a \(valueType) cannot become a \(type(of: value))")
  }

  /// Throws if the value is a part of an object of which a part is being changed. (Of an object, that is what its changer
  /// says: anybody may change all the rest of it.)
  final func requireUnchangingWhole() throws {
    let whole = whole
    if whole !== self, whole.isTakenOut || whole.changer != nil { throw whole.conflict }
  }

  /// Runs a body of a member on the value as another type: a protocol that it conforms to, or a superclass; or on a part of an
  /// object.
  final func change<T, R>(_ type: T.Type, by member: MemberName, _ body: (inout T) throws -> R) throws -> R {
    try requireUnchanging()
    try requireUnchangingWhole()
    guard var value = anyValue as? T else {
      throw LuaError(kind: .conversion, "a \(valueType) is no \(type)")
    }
    let whole = whole
    let outer = (part: changer, whole: whole.changer)
    changer = Unmanaged.passUnretained(member)
    whole.changer = changer
    let result = Result { try body(&value) }
    whole.changer = outer.whole
    changer = outer.part
    let replaced = try replace(with: value)
    return try withExtendedLifetime(replaced) { try result.get() }
  }
}

/// A Swift value of a type as Lua holds it.
@usableFromInline
final class HostBox<T>: AnyHostBox {
  @exclusivity(unchecked) @usableFromInline final var stored: T

  init(_ value: T) {
    stored = value
  }

  /// - Throws: ``LuaError`` of kind `runtime` while the value is taken out.
  var value: T {
    get throws {
      try requirePresent()
      return stored
    }
  }

  override var anyValue: Any { isTakenOut ? ValueBeingChanged(type: T.self) : stored }
  override var valueType: Any.Type { isTakenOut ? T.self : type(of: stored as Any) }
  override var isReference: Bool { T.self is AnyClass || type(of: stored as Any) is AnyClass }

  override var isContainer: Bool { T.self is any HostItems.Type }
  override var hasItems: Bool { isContainer || T.self is any RandomAccessCollection.Type }

  override var itemCount: Int {
    get throws {
      let value = try value
      if let items = value as? any HostItems { return items.count }
      return try (value as? any RandomAccessCollection)?.positionCount ?? 0
    }
  }

  override func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    func write<Items: HostItems>(_ type: Items.Type) throws {
      try Items.writeItem(key, of: unsafeDowncast(self, to: HostBox<Items>.self), to: &writer)
    }
    if let type = T.self as? any HostItems.Type { return try write(type) }
    try (value as? any RandomAccessCollection)?.writeItem(at: key, to: &writer)
  }

  override func setItem(_ key: LuaReader, to item: LuaReader) throws {
    func set<Items: HostItems>(_ type: Items.Type) throws {
      try Items.setItem(key, of: unsafeDowncast(self, to: HostBox<Items>.self), to: item)
    }
    guard let type = T.self as? any HostItems.Type else {
      throw LuaError(kind: .conversion, "the items of a \(T.self) can only be read")
    }
    try set(type)
  }

  /// Throws if the value is being changed.
  @inlinable @inline(__always)
  final func requireNoChange() throws {
    if isTakenOut || ownChanger != nil { try requireReference() }
  }

  /// Takes the items out of the box while a body changes them, so that a large collection is changed without a copy of it and
  /// yet no access to the box is open while its keys are hashed and compared.
  func changeInPlace(leaving empty: T, _ body: (inout T) throws -> Void) throws {
    try requireUnchanging()
    var items = empty
    swap(&stored, &items)
    isTakenOut = true
    defer {
      isTakenOut = false
      swap(&stored, &items)
    }
    try body(&items)
  }

  /// Runs a body of a member on a copy of the value and stores what comes of it, also if it throws. What was there before goes
  /// last: its `deinit` may use the box.
  @inlinable @inline(__always)
  final func change<R>(by member: MemberName, _ body: (inout T) throws -> R) throws -> R {
    try requireNoChange()
    let outer = ownChanger
    ownChanger = Unmanaged.passUnretained(member)
    var value = stored
    defer {
      ownChanger = outer
      swap(&stored, &value)
    }
    return try body(&value)
  }

  override func replace(with value: Any) throws -> Any {
    guard var value = value as? T else { throw wrongReplacement(value) }
    swap(&stored, &value)
    return value
  }
}

/// Stands for a value while it is taken out of its box.
struct ValueBeingChanged: CustomStringConvertible {
  let type: Any.Type
  var reason = "being changed"

  var description: String { "\(type) (\(reason))" }

  /// The same of a part of the value.
  func part(_ type: Any.Type) -> ValueBeingChanged { ValueBeingChanged(type: type, reason: reason) }
}
