public import CLobaEngine

/// A host function as Lua holds it.
@usableFromInline
final class HostFunction {
  @usableFromInline typealias Body = (UnsafeMutablePointer<loba_call_frame>) throws -> Void

  let body: Body
  /// Whether argument packs are spread before the body runs; a body that is not told looks at them itself.
  let spreadsPacks: Bool
  /// The object that the function stands for: read as the object's type, the function is the object.
  let subject: AnyHostBox?

  init(_ body: @escaping Body, spreadsPacks: Bool = true, subject: AnyHostBox? = nil) {
    self.body = body
    self.spreadsPacks = spreadsPacks
    self.subject = subject
  }

  /// Runs the function: 0, or what it raises, as `raise` says.
  @inline(never)
  func run(_ frame: UnsafeMutablePointer<loba_call_frame>, _ state: UnsafeMutablePointer<loba_state>) -> Int32 {
    do {
      if state.pointee.has_argument_packs, spreadsPacks {
        try CallArguments.spreadingPacks(frame) { try body(frame) }
      } else {
        try body(frame)
      }
      return 0
    } catch {
      return LuaRuntime.from(state).raise(error, from: frame)
    }
  }
}

/// A Swift error as Lua holds it: one box per error, so that it stays itself through pcall, tables and coroutines.
final class HostError {
  let error: any Error

  init(_ error: any Error) {
    self.error = error
  }

  static func from(_ box: UnsafeMutableRawPointer) -> HostError {
    Unmanaged<HostError>.fromOpaque(box).takeUnretainedValue()
  }
}

/// A Swift value as Lua holds it, whatever its type.
class AnyHostBox {
  var anyValue: Any { fatalError("abstract") }

  /// Whether the value is an array, a dictionary or a set, whose items can be used in place.
  var isContainer: Bool { false }
  /// Whether the value has items: those, or those of another collection with positions, which can only be read.
  var hasItems: Bool { false }
  var itemCount: Int { get throws { 0 } }
  func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws { writer.writeNil() }
  func setItem(_ key: LuaReader, to value: LuaReader) throws {}

  /// Whether both hold the same object, or are the same box of a value.
  func isSame(as other: AnyHostBox) -> Bool { identityObject === other.identityObject }

  /// What makes the value the same as another one: the object, or for a value the box.
  var identityObject: AnyObject { type(of: anyValue) is AnyClass ? anyValue as AnyObject : self }

  static func from(_ box: UnsafeMutableRawPointer) -> AnyHostBox {
    Unmanaged<AnyHostBox>.fromOpaque(box).takeUnretainedValue()
  }
}

/// A Swift value of a type as Lua holds it.
final class HostBox<T>: AnyHostBox {
  var value: T

  init(_ value: T) {
    self.value = value
  }

  override var anyValue: Any { value }

  override var isContainer: Bool { T.self is any HostItems.Type }
  override var hasItems: Bool { isContainer || T.self is any RandomAccessCollection.Type }

  override var itemCount: Int {
    get throws {
      if let items = value as? any HostItems { return items.hostItemCount }
      return try (value as? any RandomAccessCollection)?.positionCount ?? 0
    }
  }

  override func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    if let items = value as? any HostItems { return try items.writeHostItem(key, to: &writer) }
    try (value as? any RandomAccessCollection)?.writeItem(at: key, to: &writer)
  }

  /// In place: a copy of a large collection would be made if it were taken out to be changed.
  override func setItem(_ key: LuaReader, to item: LuaReader) throws {
    func change<Items: HostItems>(_ type: Items.Type) throws {
      try withUnsafeMutablePointer(to: &value) {
        try $0.withMemoryRebound(to: Items.self, capacity: 1) { try $0.pointee.setHostItem(key, to: item) }
      }
    }
    guard let type = T.self as? any HostItems.Type else {
      throw LuaError(kind: .conversion, message: "the items of a \(T.self) can only be read")
    }
    try change(type)
  }
}
