/// A Swift value as Lua holds it, whatever its type.
///
/// No access to the value is open while Lua or code of its type runs, since either may come back to it: it is copied out to
/// be read, and copied or taken out to be changed.
class AnyHostBox {
  /// What is changing the value just now.
  enum Change {
    case none
    /// A member works on a copy; meanwhile the old value can be read.
    case byMember(String)
    /// The value has been taken out of the box, since a copy would be too large.
    case inPlace
  }

  fileprivate final var change = Change.none

  /// The value; while it is taken out, what says so.
  var anyValue: Any { fatalError("abstract") }
  var valueType: Any.Type { fatalError("abstract") }
  /// Whether the value is an object, which anybody may change at any time.
  var isReference: Bool { false }

  /// Whether the value is an array, a dictionary or a set, whose items can be used in place.
  var isContainer: Bool { false }
  /// Whether the value has items: those, or those of another collection with positions, which can only be read.
  var hasItems: Bool { false }
  var itemCount: Int { get throws { 0 } }
  func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws { writer.writeNil() }
  func setItem(_ key: LuaReader, to value: LuaReader) throws {}

  /// Puts another value into the box; gives the old one.
  fileprivate func replace(with value: Any) throws -> Any { fatalError("abstract") }

  /// Whether both hold the same object, or are the same box of a value.
  final func isSame(as other: AnyHostBox) -> Bool { identityObject === other.identityObject }

  /// What makes the value the same as another one: the object, or for a value the box.
  final var identityObject: AnyObject { isReference ? anyValue as AnyObject : self }

  static func from(_ box: UnsafeMutableRawPointer) -> AnyHostBox {
    Unmanaged<AnyHostBox>.fromOpaque(box).takeUnretainedValue()
  }
}

// MARK: - Reading and changing

extension AnyHostBox {
  /// Whether the value is elsewhere, being changed.
  final var isTakenOut: Bool { if case .inPlace = change { true } else { false } }

  /// The value, for whoever does something with it.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` while it is taken out.
  final func presentValue() throws -> Any {
    try requirePresent()
    return anyValue
  }

  fileprivate final func requirePresent() throws {
    if isTakenOut { throw conflict }
  }

  /// Marks the value as being changed; gives what it was marked as before, to be put back afterwards.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if it is being changed already. (Objects can be: nothing is lost of them.)
  fileprivate final func begin(_ new: Change) throws -> Change {
    let outer = change
    if case .none = outer {} else if !isReference { throw conflict }
    change = new
    return outer
  }

  private var conflict: LuaError {
    if case .byMember(let name) = change {
      return LuaError(message: "a \(valueType) is being changed by '\(name)': nothing else can change it meanwhile")
    }
    return LuaError(message: "a \(valueType) is being changed: it cannot be used meanwhile")
  }

  /// Runs a body of a member on the value as another type: a protocol that it conforms to, or a superclass.
  final func change<T, R>(_ type: T.Type, by member: String, _ body: (inout T) throws -> R) throws -> R {
    let outer = try begin(.byMember(member))
    guard var value = anyValue as? T else {
      change = outer
      throw LuaError(kind: .conversion, message: "a \(valueType) is no \(type)")
    }
    let result = Result { try body(&value) }
    change = outer
    let replaced = try replace(with: value)
    return try withExtendedLifetime(replaced) { try result.get() }
  }
}

/// A Swift value of a type as Lua holds it.
final class HostBox<T>: AnyHostBox {
  private var stored: T

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
    if let type = T.self as? any HostItems.Type { return try writeItem(key, of: type, to: &writer) }
    try (value as? any RandomAccessCollection)?.writeItem(at: key, to: &writer)
  }

  /// The key is read first: a conversion may change the items.
  private func writeItem<Items: HostItems>(
    _ key: LuaReader, of type: Items.Type, to writer: inout LuaWriter
  ) throws {
    let key = try Items.readItemKey(key)
    if let item = try unsafeBitCast(value, to: Items.self).item(at: key) {
      try writer.write(element: item)
    } else {
      writer.writeNil()
    }
  }

  override func setItem(_ key: LuaReader, to item: LuaReader) throws {
    guard let type = T.self as? any HostItems.Type else {
      throw LuaError(kind: .conversion, message: "the items of a \(T.self) can only be read")
    }
    try setItem(key, to: item, of: type)
  }

  /// Key and item are read first, and what is replaced goes last: conversions and a `deinit` may use the items.
  private func setItem<Items: HostItems>(_ key: LuaReader, to item: LuaReader, of type: Items.Type) throws {
    let change = try Items.readChange(of: key, to: item)
    let replaced = try changeInPlace(as: type) { try $0.make(change) }
    withExtendedLifetime((change, replaced)) {}
  }

  /// Takes the items out of the box, so that a large collection is changed without a copy of it and yet no access to the box
  /// is open while its keys are hashed and compared.
  private func changeInPlace<Items: HostItems, R>(as type: Items.Type, _ body: (inout Items) throws -> R) throws -> R {
    func exchange(_ items: inout Items) {
      withUnsafeMutablePointer(to: &stored) {
        $0.withMemoryRebound(to: Items.self, capacity: 1) { swap(&$0.pointee, &items) }
      }
    }
    let outer = try begin(.inPlace)
    var items = Items()
    exchange(&items)
    defer {
      exchange(&items)
      change = outer
    }
    return try body(&items)
  }

  /// Runs a body of a member on a copy of the value and stores what comes of it, also if it throws. What was there before goes
  /// last: its `deinit` may use the box.
  func change<R>(by member: String, _ body: (inout T) throws -> R) throws -> R {
    let outer = try begin(.byMember(member))
    var value = stored
    defer {
      change = outer
      swap(&stored, &value)
    }
    return try body(&value)
  }

  fileprivate override func replace(with value: Any) throws -> Any {
    guard var value = value as? T else {
      throw LuaError(kind: .conversion, message: "a \(T.self) cannot become a \(type(of: value))")
    }
    swap(&stored, &value)
    return value
  }
}

/// Stands for a value while it is taken out of its box.
private struct ValueBeingChanged: CustomStringConvertible {
  let type: Any.Type

  var description: String { "\(type) (being changed)" }
}
