// What scripts may store in host collections.

extension LuaReader {
  /// Refuses to store a value that has been read from here if it holds a handle. Collection, handle and runtime would keep each
  /// other alive for ever, which a script must not bring about; a host that stores one knows what it is doing.
  ///
  /// - Throws: ``LuaError`` of kind `conversion`.
  func refuseHandle<T>(in value: T) throws {
    switch slot.pointee.kind {
    case .nil, .boolean, .integer, .number, .string, .pointer, .value: return
    default: try refuseHandleSlowly(in: value)
    }
  }

  @inline(never)
  private func refuseHandleSlowly<T>(in value: T) throws {
    // What a host object holds is of the host's making. (One that cannot be hashed is read as a key by its handle.)
    let isHandle = ((value as? AnyHashable)?.base ?? value) is LuaHandle
    if !isHandle, slot.pointee.kind == .host, hostValue(as: T.self) != nil { return }
    guard holdsHandle(value) else { return }
    guard slot.pointee.kind != .host else {
      throw LuaError(
        kind: .conversion,
        """
        a script cannot store \(summary) as a \(T.self), which would keep the runtime alive for ever: it can ask the host to \
        store it, and in a collection of Any, it can store objects
        """)
    }
    throw LuaError(
      kind: .conversion,
      """
      a script cannot store a \(type) in a host collection, which would keep the runtime alive for ever: it can store \
      numbers, strings, booleans and host objects, or ask the host to store it
      """)
  }
}

/// Whether a value is a handle or has one in it. What an object refers to is the business of its class.
private func holdsHandle(_ value: Any) -> Bool {
  guard hasStack() else { return true }  // nested too deeply to tell
  switch value {
  case is LuaHandle: return true
  case let value as LuaValue: return value.handle != nil
  case let error as LuaError: return error.value.handle != nil
  case let elements as any HandleSearchable: return elements.holdsHandle
  default:
    let mirror = Mirror(reflecting: value)
    return mirror.displayStyle != .class && mirror.children.contains { holdsHandle($0.value) }
  }
}

/// A collection by value: its type says in most cases that it holds no handle, however many elements there are.
private protocol HandleSearchable {
  var holdsHandle: Bool { get }
}

extension Array: HandleSearchable {
  fileprivate var holdsHandle: Bool { !holdsNoHandles(Element.self) && contains { LobaCore.holdsHandle($0) } }
}

extension Set: HandleSearchable {
  fileprivate var holdsHandle: Bool { !holdsNoHandles(Element.self) && contains { LobaCore.holdsHandle($0) } }
}

extension Dictionary: HandleSearchable {
  fileprivate var holdsHandle: Bool {
    (!holdsNoHandles(Key.self) && keys.contains { LobaCore.holdsHandle($0) })
      || (!holdsNoHandles(Value.self) && values.contains { LobaCore.holdsHandle($0) })
  }
}

private func holdsNoHandles(_ type: Any.Type) -> Bool {
  type == Bool.self || type == LuaString.self || type is any StringProtocol.Type || type is any FixedWidthInteger.Type
    || type is any BinaryFloatingPoint.Type
}
