extension LuaRuntime {
  /// Lets compiled code call the leaves among the members of a class directly, where it can.
  func addLeaves(of description: ClassDescription, to metatable: LuaTable, _ members: LuaTable) throws {
    let leaves = description.leaves
    guard !leaves.isEmpty, state.hasFastLane else { return }
    func make(_ name: String, _ body: MemberBody?, _ leaf: LeafBody, isMethod: Bool = false) throws -> LuaFunction? {
      guard let body else { return nil }
      let function = HostFunction(body.run, name: description.fullName(of: name), spreadsPacks: isMethod)
      return try makeLeaf(
        of: function, as: makeFunction(function), leaf, isMethod: isMethod, metatable: metatable.reference)
    }
    let getters = try newTable(hash: leaves.getters.count)
    for (name, leaf) in leaves.getters {
      guard let function = try make(name, description.getters[name], leaf) else { return }
      try getters.rawSet(name, to: function)
    }
    let setters = try newTable(hash: leaves.setters.count)
    for (name, leaf) in leaves.setters {
      guard let function = try make(name, description.setters[name], leaf) else { return }
      try setters.rawSet(name, to: function)
    }
    for (name, leaf) in leaves.methods {
      guard let function = try make(name, description.methods[name], leaf, isMethod: true) else { return }
      try members.rawSet(name, to: function)
    }
    let values = try newTable(hash: description.methods.count + description.constants.count)
    for name in [String](description.methods.keys) + description.constants.keys {
      try values.rawSet(name, to: members.rawGet(name, as: LuaValue.self))
    }
    try state.setLeafMembers(
      of: metatable.reference, values: values.reference, getters: getters.reference, setters: setters.reference)
  }
}
