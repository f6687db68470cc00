public import CLobaEngine

// Swift's functions, objects and errors in Lua. Each is a box, which Lua holds from then on; also if that fails, it lets go
// of it.

extension LuaState {
  func newFunction(_ function: HostFunction) throws -> Reference {
    var reference: Reference = 0
    try check(op.pointee.function_new(pointer, Unmanaged.passRetained(function).toOpaque(), &reference))
    return reference
  }

  /// What the tables of getters and setters of a class hold.
  func newAccessor(_ function: HostFunction) throws -> Reference {
    var reference: Reference = 0
    try check(op.pointee.accessor_new(pointer, Unmanaged.passRetained(function).toOpaque(), &reference))
    return reference
  }

  func newError(_ error: any Error) throws -> Reference {
    var reference: Reference = 0
    try check(op.pointee.error_new(pointer, HostError.box(error), &reference))
    return reference
  }

  /// A userdata for a Swift value. With an identity (not 0) it is found again by it while it lives.
  func newObject(_ box: AnyHostBox, identity: UInt64, metatable: Reference) throws -> Reference {
    var reference: Reference = 0
    try check(op.pointee.object_new(pointer, Unmanaged.passRetained(box).toOpaque(), identity, metatable, &reference))
    return reference
  }

  /// The userdata with an identity; nil if there is none.
  func findObject(_ identity: UInt64) throws -> Reference? {
    var reference: Reference = 0
    try check(op.pointee.object_find(pointer, identity, &reference))
    return reference == 0 ? nil : reference
  }

  /// The metatable of a class: what its objects' members are looked up in.
  ///
  /// - Parameters:
  ///   - members: A table of methods, constants and accessors by name, which are called with the object.
  ///   - setters: A table of accessors, called with the object and the new value.
  ///   - index: An accessor for names that are not there, called with object and key, or 0; `newIndex` likewise.
  ///   - isInPlace: Whether it is for userdata that are values.
  func newClass(
    _ name: String, members: Reference, setters: Reference, index: Reference, newIndex: Reference, isInPlace: Bool
  ) throws -> Reference {
    var metatable: Reference = 0
    try name.withCString { name in
      var description = loba_class(
        name: name, members: members, setters: setters, index_fallback: index, newindex_fallback: newIndex,
        is_in_place: isInPlace)
      try check(op.pointee.class_new(pointer, &description, &metatable))
    }
    return metatable
  }

  /// The box of a host object's or an error's slot. Nil for any other value, and if Lua has let go of it since the slot was
  /// read: a script can call `__gc` itself.
  @inlinable
  func box(of slot: UnsafePointer<Slot>) -> UnsafeMutableRawPointer? {
    slot.pointee.kind == .host || slot.pointee.kind == .error ? hostBox(of: slot) : nil
  }

  /// The same of a slot that is known to be a host object's or an error's.
  @inlinable @inline(__always)
  func hostBox(of slot: UnsafePointer<Slot>) -> UnsafeMutableRawPointer? {
    if slot.pointee.length == pointer.pointee.released_boxes, slot.pointee.index != 0 { return slot.pointee.pointer }
    return op.pointee.host_box(pointer, slot)
  }

  /// The Swift function that a function of Lua's calls, if it is one of Swift's.
  func hostFunction(at function: Location) -> HostFunction? {
    op.pointee.function_box(pointer, function).map { Unmanaged<HostFunction>.fromOpaque($0).takeUnretainedValue() }
  }
}
