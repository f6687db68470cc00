/// The classes that a runtime knows. References are bare numbers here: handles would keep the runtime alive.
struct ClassRegistry {
  final class Entry {
    let description: ClassDescription
    /// The same as it was declared, without what is inherited.
    let declared: ClassDescription
    let tables: ClassTables
    /// The metatable of attribute views, once made.
    var attributes: Reference = 0
    /// What the class's name is in Lua; 0 while it is being made.
    var classTable: Reference = 0
    /// What scripts have added to the class.
    var scriptMembers = ScriptMembers()

    init(_ description: ClassDescription, declared: ClassDescription, _ tables: ClassTables) {
      self.description = description
      self.declared = declared
      self.tables = tables
    }

    var references: [Reference] {
      [tables.metatable, tables.values, tables.members, attributes, classTable, scriptMembers.values]
    }
  }

  private var entries: [ObjectIdentifier: Entry] = [:]
  private var order: [ObjectIdentifier] = []
  /// What a dynamic type was found to be: itself or a superclass.
  private var found: [ObjectIdentifier: ObjectIdentifier] = [:]

  /// References of classes that have been replaced, to be released.
  var retired: [Reference] = []

  /// All entries, in the order in which their types were registered first.
  var all: [Entry] { order.compactMap { entries[$0] } }

  subscript(type: Any.Type) -> Entry? { entries[ObjectIdentifier(type)] }

  /// What a dynamic type is known to be.
  func knownEntry(for type: Any.Type) -> Entry? {
    let type = ObjectIdentifier(type)
    return entries[type] ?? found[type].flatMap { entries[$0] }
  }

  /// The entry of the registered class nearest to a value. Subclasses are registered after their superclasses, so it is the
  /// last that matches.
  func nearestEntry(for value: Any) -> Entry? {
    order.reversed().lazy.compactMap { entries[$0] }.first { $0.description.matches(value) }
  }

  mutating func takeRetired() -> [Reference] {
    defer { retired = [] }
    return retired
  }

  mutating func remember(_ entry: Entry, for type: Any.Type) {
    found[ObjectIdentifier(type)] = ObjectIdentifier(entry.description.type)
  }

  /// Whether the entry is still the one of its type, and has none yet.
  func setAttributes(_ metatable: Reference, of entry: Entry) -> Bool {
    guard entries[ObjectIdentifier(entry.description.type)] === entry, entry.attributes == 0 else { return false }
    entry.attributes = metatable
    return true
  }

  /// Gives the entry that the new one replaces, so that what its members hold goes outside of the access.
  mutating func add(_ entry: Entry) -> Entry? {
    let type = ObjectIdentifier(entry.description.type)
    let old = entries[type]
    entries[type] = entry
    if old == nil { order.append(type) }
    found = [:]
    return old
  }

  /// Undoes that, unless the entry has been replaced meanwhile: then it is gone already, and so is the old one.
  mutating func restore(_ old: Entry?, insteadOf entry: Entry) -> Bool {
    let type = ObjectIdentifier(entry.description.type)
    guard entries[type] === entry else { return false }
    entries[type] = old
    if old == nil { order.removeAll { $0 == type } }
    found = [:]
    return true
  }
}

/// What Lua has of a class.
struct ClassTables {
  /// The metatable of objects that have a box.
  let metatable: Reference
  /// The metatable of values that are userdata themselves, which have nothing to release; 0 of a class whose are not.
  let values: Reference
  /// The table of methods, constants and accessors.
  let members: Reference
}

extension LuaRuntime {
  /// Makes a class known: its objects can be given to Lua and its name becomes a global that makes new ones.
  ///
  /// Registering a type again replaces its members for objects given to Lua from then on.
  ///
  /// - Throws: ``LuaError`` of kind `engine` if its superclass is not registered; of kind `memory` or `closed`.
  public func register<T>(_ luaClass: LuaClass<T>) throws {
    try exclusively { try registerAlone(luaClass) }
  }

  private func registerAlone<T>(_ luaClass: LuaClass<T>) throws {
    var description = luaClass.description
    if let superclass = description.superclass {
      guard let entry = classes[superclass] else {
        throw LuaError(
          kind: .engine, message: "\(luaClass.name): its superclass \(superclass) has to be registered before it")
      }
      description = description.inheriting(entry.description)
    }
    addStandardMetamethods(of: T.self, to: &description)
    let entry = ClassRegistry.Entry(description, declared: luaClass.description, try makeTables(description))
    // What writes a constant may register the class as well, by which the references of this entry would go.
    let members = try table(of: entry.tables.members)
    let metatable = try table(of: entry.tables.values != 0 ? entry.tables.values : entry.tables.metatable)
    let old = classes.add(entry)
    state.forgetValueTypes()
    do {
      try finish(entry, metatable, members)
    } catch {
      if classes.restore(old, insteadOf: entry) { retire(entry.references) }
      state.forgetValueTypes()
      throw error
    }
    if let old {
      retire(old.references)
      forgetBoundMethods()
    }
  }

  /// Adds what needs the class to be known already: its constants, which may be objects of it.
  private func finish(_ entry: ClassRegistry.Entry, _ metatable: LuaTable, _ members: LuaTable) throws {
    let description = entry.description
    for (name, constant) in description.constants { try set(members, name, constant.write) }
    if case .open = configuration.memberAccess { try addLeaves(of: description, to: metatable, members) }
    let classTable = try makeClassTable(description, members)
    entry.classTable = try keep(classTable)
    if description.isExtensible { try openToScripts(classTable, of: entry) }
    try globals.rawSet(description.name, to: classTable)
  }

  /// The entry for a value: that of its own type, or of the registered class nearest to it.
  func classEntry(for value: Any) -> ClassRegistry.Entry? {
    let type = type(of: value)
    if let known = classes.knownEntry(for: type) { return known }
    // Searched in a copy, since types are asked.
    let registry = classes
    guard let nearest = registry.nearestEntry(for: value) else { return nil }
    classes.remember(nearest, for: type)
    return nearest
  }

  /// What scripts know a type by, for messages: the name of its class, if it has one.
  func scriptsName(of type: Any.Type) -> String { classes[type]?.description.name ?? "\(type)" }

  func isRegistered(_ type: Any.Type) -> Bool { classes[type] != nil }

  /// Lets go of references of a class that has been replaced. Within a call from Lua somebody may be about to use them: a
  /// finalizer runs wherever memory is allocated.
  private func retire(_ references: [Reference]) {
    classes.retired += references
    guard state.depth == 0 else { return }
    for reference in classes.takeRetired() { state.release(reference) }
    state.release(state.globals)  // what has been released is let go of when the next reference is made
  }

  /// `==`, `<`, `<=` for types that have them, unless the class says otherwise.
  private func addStandardMetamethods<T>(of type: T.Type, to description: inout ClassDescription) {
    func define(_ metamethod: LuaMetamethod, _ body: @escaping (T, T) -> Bool) {
      guard description.metamethods[metamethod.field] == nil else { return }
      var standard = LuaClass<T>(description.name)
      standard.metamethod(metamethod, body)
      description.metamethods.merge(standard.description.metamethods) { own, _ in own }
    }
    func equatable<E: Equatable>(_: E.Type) { define(.equal) { ($0 as! E) == ($1 as! E) } }
    func comparable<C: Comparable>(_: C.Type) {
      define(.lessThan) { ($0 as! C) < ($1 as! C) }
      define(.lessOrEqual) { ($0 as! C) <= ($1 as! C) }
    }
    if let type = type as? any Equatable.Type { equatable(type) }
    if let type = type as? any Comparable.Type { comparable(type) }
  }

  private func makeTables(_ description: ClassDescription) throws -> ClassTables {
    let members = try newTable(
      hash: description.getters.count + description.methods.count + description.constants.count)
    for (name, body) in description.getters {
      try members.rawSet(name, to: makeAccessor(body.run, name: description.fullName(of: name)))
    }
    for (name, body) in description.methods {
      let function = description.hostFunction(body.run, name)
      let isAsync = description.asyncMethods.contains(name)
      try members.rawSet(name, to: isAsync ? makeAsync(function) : makeFunction(function))
    }
    let setters = try newTable(hash: description.setters.count)
    for (name, body) in description.setters {
      try setters.rawSet(name, to: makeAccessor(body.run, name: description.fullName(of: name)))
    }
    func make(isInPlace: Bool) throws -> LuaTable {
      if case .open = configuration.memberAccess {
        return try makeMetatable(
          name: description.name, members: members, setters: setters,
          index: makeFallback(.index, of: description), newIndex: makeFallback(.newIndex, of: description),
          isInPlace: isInPlace)
      }
      return try makeAskingMetatable(description, binding: false, isInPlace: isInPlace)
    }
    let metatable = try make(isInPlace: false)
    try addMetamethods(of: description, to: metatable)
    let values = description.isInPlace ? try make(isInPlace: true) : nil
    if let values { try copyMetamethods(of: description, from: metatable, to: values) }
    return ClassTables(metatable: try keep(metatable), values: try values.map(keep) ?? 0, members: try keep(members))
  }

  /// What is asked about names that are not declared; nil if the class has nothing to say of them.
  private func makeFallback(_ metamethod: LuaMetamethod, of description: ClassDescription) throws -> LuaUserdata? {
    guard let body = description.fallback(metamethod) else { return nil }
    return try makeAccessor(body.run, name: description.fullName(of: metamethod.field))
  }

  /// A metatable in which nothing is found without asking Swift.
  private func makeAskingMetatable(
    _ description: ClassDescription, binding: Bool, isInPlace: Bool = false
  ) throws -> LuaTable {
    let none = try newTable()
    return try makeMetatable(
      name: description.name, members: none, setters: none,
      index: makeAccessor { try HostAccess.index($0, binding: binding) }, newIndex: makeAccessor(HostAccess.newIndex),
      isInPlace: isInPlace)
  }

  /// So that an object is equal to its view, and one that has a box to one that is a userdata: they have the same function.
  private func copyMetamethods(of description: ClassDescription, from other: LuaTable, to metatable: LuaTable) throws {
    for field in description.operators.keys {
      try metatable.rawSet(field, to: other.rawGet(field, as: LuaValue.self))
    }
  }

  /// What is inherited is the superclass's own function: Lua 5.1 and LuaJIT compare two objects only if both have the same.
  private func addMetamethods(of description: ClassDescription, to metatable: LuaTable) throws {
    let superclass = try description.superclass.flatMap { classes[$0] }.map { try table(of: $0.tables.metatable) }
    for (field, body) in description.operators {
      if description.inheritedMetamethods.contains(field), let superclass {
        try metatable.rawSet(field, to: superclass.rawGet(field, as: LuaValue.self))
      } else {
        let isCall = field == LuaMetamethod.call.field
        let run = isCall ? HostAccess.asking(configuration.memberAccess, body.run) : body.run
        try metatable.rawSet(field, to: makeFunction(description.hostFunction(run, field)))
      }
    }
  }

  /// The metatable of the attribute views of a class.
  func attributesMetatable(of entry: ClassRegistry.Entry) throws -> Reference {
    if entry.attributes != 0 { return entry.attributes }
    let view = try makeAskingMetatable(entry.description, binding: true)
    try copyMetamethods(of: entry.description, from: table(of: entry.tables.metatable), to: view)
    let metatable = try keep(view)
    // A finalizer may have made one meanwhile, or registered the class again. Then this one is used once, and let go of
    // later.
    if !classes.setAttributes(metatable, of: entry) { classes.retired.append(metatable) }
    return metatable
  }

  func makeMetatable(
    name: String, members: LuaTable, setters: LuaTable, index: LuaUserdata? = nil, newIndex: LuaUserdata? = nil,
    isInPlace: Bool = false
  ) throws -> LuaTable {
    let metatable = try state.newClass(
      name, members: members.reference, setters: setters.reference,
      index: index?.reference ?? 0, newIndex: newIndex?.reference ?? 0, isInPlace: isInPlace)
    return LuaTable(self, adopting: metatable)
  }

  /// A reference that stays when the handle goes.
  func keep(_ handle: LuaHandle) throws -> Reference { try state.copy(of: handle.reference) }

  /// A handle for a table that has been kept.
  func table(of reference: Reference) throws -> LuaTable {
    LuaTable(self, adopting: try state.copy(of: reference))
  }

  /// What the class's name is in Lua: a table of its static members, and its methods, that can be called to make an object.
  private func makeClassTable(_ description: ClassDescription, _ members: LuaTable) throws -> LuaTable {
    let table = try newTable(hash: description.methods.count + description.statics.count + 1)
    // For calls of a superclass's method, among others. Where members are asked about, nobody could be asked about these.
    if case .open = configuration.memberAccess {
      for name in description.methods.keys {
        try table.rawSet(name, to: members.rawGet(name, as: LuaValue.self))
      }
    }
    for (name, body) in description.statics {
      try table.rawSet(name, to: makeFunction(description.hostFunction(body.run, name)))
    }
    for (name, constant) in description.constants { try set(table, name, constant.write) }
    let metatable = try newTable(hash: 2)
    try metatable.rawSet("__name", to: description.name)
    if let initializer = description.initializer {
      try table.rawSet("new", to: makeFunction(description.hostFunction(initializer.run, "new")))
      // Called as Name(…): the class table itself comes first (unless a script has taken this out of the metatable).
      let call = description.hostFunction({ try initializer.run($0.dropFirst()) }, "new")
      try metatable.rawSet("__call", to: makeFunction(call))
    }
    try table.setMetatable(metatable)
    return table
  }

  private func set(_ table: LuaTable, _ name: String, _ write: (inout LuaWriter) throws -> Void) throws {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(text: name)
    try write(&writer)
    try state.set(table.location, writer.slots, to: writer.slots + 1, isRaw: true)
  }

  func makeAccessor(_ body: @escaping (HostCall) throws -> Void, name: String? = nil) throws -> LuaUserdata {
    LuaUserdata(self, adopting: try state.newAccessor(HostFunction(body, name: name, spreadsPacks: false)))
  }
}
