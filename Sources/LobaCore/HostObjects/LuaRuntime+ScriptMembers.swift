/// What scripts have added to a class: in a table of Lua's, and by whom.
struct ScriptMembers {
  /// The table of all that the class's name gives in Lua, declared or added; 0 of a class that is not for scripts to add to.
  var values: Reference = 0
  /// The names that have been added to just this class, and not to one that it inherits from.
  var own: Set<String> = []
}

extension LuaRuntime {
  /// Lets scripts add members to a class: its table is empty, so that Swift is asked about whatever is put into it.
  func openToScripts(_ classTable: LuaTable, of entry: ClassRegistry.Entry) throws {
    let values = try newTable()
    for (key, value) in classTable.entries {
      try values.rawSet(key, to: value)
      try classTable.rawSet(key, to: LuaValue.nil)
    }
    entry.scriptMembers.values = try keep(values)
    let type = entry.description.type
    let metatable = try classTable.metatable ?? newTable()
    try metatable.rawSet("__index", to: values)
    try metatable.rawSet(
      "__newindex",
      to: makeFunction { call in
        let key: LuaValue = try call.read(1)
        try call.runtime.addMember(key, call.argument(2), to: type)
      })
    guard let superclass = entry.description.superclass.flatMap({ classes[$0] }) else { return }
    for name in inheritedNames(superclass) where !entry.description.declares(name) {
      try setMember(name, to: value(ofMember: name, of: superclass), of: entry)
    }
  }

  /// The names that scripts have added to a class and to those that it inherits from.
  private func inheritedNames(_ entry: ClassRegistry.Entry) -> Set<String> {
    let superclass = entry.description.superclass.flatMap { classes[$0] }
    return entry.scriptMembers.own.union(superclass.map(inheritedNames) ?? [])
  }

  private func addMember(_ key: LuaValue, _ value: LuaReader, to type: Any.Type) throws {
    guard let entry = classes[type], entry.scriptMembers.values != 0 else { return }
    let className = entry.description.name
    guard case .string(let string) = key, let name = string.text else {
      throw LuaError(kind: .conversion, "a member of \(className) needs a name, got a \(key.type)")
    }
    guard try !entry.description.declares(name) && (entry.scriptMembers.own.contains(name) || !hasValue(name, entry))
    else {
      throw LuaError(
        kind: .runtime, "\(className) has a '\(name)' of the host's, which a script cannot put another in the place of")
    }
    let given = try value.value()
    let superclass = entry.description.superclass.flatMap { classes[$0] }
    let member = given.isNil ? try superclass.map { try self.value(ofMember: name, of: $0) } ?? .nil : given
    try setMember(name, to: member, of: entry)
    // Not before that, which may fail.
    if given.isNil { entry.scriptMembers.own.remove(name) } else { entry.scriptMembers.own.insert(name) }
    try handDown(member, name, from: entry)
  }

  /// Whether the class's name gives something of this name that no script has added.
  private func hasValue(_ name: String, _ entry: ClassRegistry.Entry) throws -> Bool {
    guard !inheritedNames(entry).contains(name) else { return false }
    return try !value(ofMember: name, of: entry).isNil
  }

  /// Gives a member of a class to all that inherit it from there.
  private func handDown(_ value: LuaValue, _ name: String, from entry: ClassRegistry.Entry) throws {
    for other in classes.all
    where other.description.superclass == entry.description.type && other.scriptMembers.values != 0
      && !other.description.declares(name) && !other.scriptMembers.own.contains(name)
    {
      try setMember(name, to: value, of: other)
      try handDown(value, name, from: other)
    }
  }

  private func setMember(_ name: String, to value: LuaValue, of entry: ClassRegistry.Entry) throws {
    // Userdata among the members are trusted to be Loba's own.
    if case .userdata = value, try value.withReader(in: self, { try $0.anyHostBox }) == nil {
      throw LuaError(
        kind: .conversion, "a userdata of another library's cannot be a member of \(entry.description.name)")
    }
    try table(of: entry.tables.members).rawSet(name, to: value)
    try table(of: entry.scriptMembers.values).rawSet(name, to: value)
  }

  private func value(ofMember name: String, of entry: ClassRegistry.Entry) throws -> LuaValue {
    guard entry.scriptMembers.values != 0 else { return .nil }
    return try table(of: entry.scriptMembers.values).rawGet(name)
  }
}
