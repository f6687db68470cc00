/// The modules of a runtime: what the host has given it by name, and what has been loaded.
///
/// ```swift
/// try lua.modules.set("settings", to: .source("return {volume = 7}"))
/// try lua.modules.set("clock") { lua in try lua.table(fields: ["now": lua.function { Date.now.timeIntervalSince1970 }]) }
/// try lua.execute("print(require('settings').volume, require('clock').now())")
/// ```
///
/// They come before what ``LuaConfiguration/modules`` finds, and that before Lua's own files. A runtime without the package
/// library, a sandbox for example, gets a `require` that knows nothing but them.
public struct LuaModules {
  let lua: LuaRuntime

  /// The module that the host has given by a name.
  public subscript(name: String) -> LuaModule? {
    get { lua.moduleRegistry.modules[name] }
    @available(*, unavailable, message: "use set(_:to:), which can throw")
    nonmutating set { fatalError("unavailable") }
  }

  /// The names of the modules that the host has given, in order.
  public var names: [String] { lua.moduleRegistry.modules.keys.sorted() }

  /// Gives a module by name, or takes it away. What scripts have loaded before stays what it is; see ``reload(_:keepingState:)``.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func set(_ name: String, to module: LuaModule?) throws {
    try lua.openModules()
    // The old one is let go of outside of the access: it may run anything.
    let old = lua.moduleRegistry.modules[name]
    lua.moduleRegistry.modules[name] = module
    withExtendedLifetime(old) {}
  }

  /// Gives a module that Swift makes when it is loaded: a table of functions, a host object, any value.
  public func set(_ name: String, _ make: @escaping (_ lua: LuaRuntime) throws -> Any?) throws {
    try set(name, to: .host(make))
  }

  /// The table of the modules that have been loaded, by name: `package.loaded`, or what stands for it.
  public var loaded: LuaTable { get throws { try lua.openModules() } }

  /// Whether a module has been loaded.
  public func isLoaded(_ name: String) throws -> Bool {
    switch try loaded.rawGet(name, as: LuaValue.self) {
    // Lua 5.1 and LuaJIT mark a module that is being loaded, or could not be: by an address, which in LuaJIT shows as a number.
    case .nil, .pointer: false
    case .number(let number) where number.bitPattern == 0x8000_0000_0000_0073: false
    default: true
    }
  }

  /// Forgets that a module has been loaded: the next `require` loads it again. Who has it keeps it.
  public func unload(_ name: String) throws {
    try loaded.rawSet(name, to: LuaValue.nil)
  }

  /// Loads a module again.
  ///
  /// With its state, a table stays the table that everybody has: it takes over the functions of the new one and whatever it
  /// has not had before, in the tables within it too; values that are there stay, and the new functions use the old tables. What
  /// the module keeps in local variables begins anew. If the new source does not compile, or raises an error, everything
  /// stays as it was.
  ///
  /// - Parameter keepingState: If false, the new value takes the place of the old one for who asks for it from now on.
  /// - Returns: The module.
  /// - Throws: What loading it raises, or that there is none.
  @discardableResult
  public func reload(_ name: String, keepingState: Bool = true) throws -> LuaValue {
    let loaded = try loaded
    let old = try loaded.rawGet(name, as: LuaValue.self)
    try loaded.rawSet(name, to: LuaValue.nil)
    do {
      let new: LuaValue = try lua.require(name)
      guard keepingState, case .table(let oldTable) = old, case .table(let newTable) = new else { return new }
      try ModuleMerge(of: newTable, into: oldTable).apply()
      try loaded.rawSet(name, to: old)
      return old
    } catch {
      try loaded.rawSet(name, to: old)
      throw error
    }
  }
}

extension LuaRuntime {
  /// The runtime's modules.
  public var modules: LuaModules { LuaModules(lua: self) }
}
