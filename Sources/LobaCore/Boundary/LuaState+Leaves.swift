public import CLobaEngine

// Leaves: functions over numbers and booleans that do not use the runtime.

extension LuaState {
  /// Runs the body of a leaf: meanwhile the state is closed to everything.
  @inlinable @inline(__always)
  func inLeaf<R>(_ body: () throws -> R) rethrows -> R {
    let inside = loba_begin_leaf(pointer)
    defer { loba_end_leaf(pointer, inside) }
    return try body()
  }

  /// Whether a leaf is running.
  var isInLeaf: Bool { loba_is_in_leaf(pointer) }

  /// A function that compiled code calls a leaf by; nil where it cannot.
  ///
  /// - Parameters:
  ///   - slow: Called for arguments of other types.
  ///   - after: The function of the leaf itself, called when it has something to tell.
  ///   - metatable: Of the object that the leaf is a member of; 0 for none.
  func newLeaf(
    _ signature: LeafSignature, isMethod: Bool, slow: Reference, after: Reference, metatable: Reference
  ) throws -> Reference? {
    var reference: Reference = 0
    try signature.arguments.withCString { arguments in
      var description = loba_leaf(
        arguments: arguments, result: signature.result, is_method: isMethod, slow: slow, after: after,
        metatable: metatable)
      try check(op.pointee.leaf_new(pointer, &description, &reference))
    }
    return reference == 0 ? nil : reference
  }

  /// Lets compiled code find the members of a class: `values` as they are, the others by the leaves of the tables.
  func setLeafMembers(of metatable: Reference, values: Reference, getters: Reference, setters: Reference) throws {
    try check(op.pointee.leaf_members(pointer, metatable, values, getters, setters))
  }
}
