/// What a runtime knows of modules.
struct ModuleRegistry {
  /// What the host has given by name.
  var modules: [String: LuaModule] = [:]
  /// The table of what has been loaded, once `require` knows of the host's modules.
  var loaded: Reference = 0
  /// The names of the modules that are being loaded by a `require` of Loba's.
  var loading: Set<String> = []
}

extension LuaRuntime {
  /// Whether scripts have the package library.
  private var hasPackages: Bool { configuration.sandbox == nil && configuration.libraries.contains(.package) }

  /// Whether `require` is Loba's own.
  var hasOwnRequire: Bool { moduleRegistry.loaded != 0 && !hasPackages }

  /// Sees to it that `require` finds the host's modules: one more searcher of the package library, after that of
  /// `package.preload`; or, without that library, a `require` of Loba's own, which scripts have no part in.
  ///
  /// - Returns: The table of what has been loaded.
  @discardableResult
  func openModules() throws -> LuaTable {
    if moduleRegistry.loaded != 0 { return try table(of: moduleRegistry.loaded) }
    let loaded: LuaTable
    if hasPackages {
      let find = try function { [unowned self] (name: String) in try loader(ofModule: name) }
      loaded = try execute(searcherScript, find, name: "=require")
    } else {
      loaded = try table()
      let require = try function { [unowned self] (name: LuaValue) in
        guard case .string(let bytes) = name else {
          let given = name.isNil ? "no value" : "\(name.type)"
          throw LuaError(kind: .runtime, "bad argument #1 to 'require' (string expected, got \(given))")
        }
        guard bytes.count <= 4096 else { throw LuaError(kind: .runtime, "module name is too long") }
        return try loadModule(named: bytes.description)
      }
      try globals.rawSet("require", to: require)
    }
    moduleRegistry.loaded = try state.copy(of: loaded.reference)
    return loaded
  }

  /// What `require` does without the package library.
  func loadModule(named name: String) throws -> LuaValue {
    let loaded = try table(of: moduleRegistry.loaded)
    let before = try loaded.rawGet(name, as: LuaValue.self)
    guard before == .nil else { return before }
    guard moduleRegistry.loading.insert(name).inserted else {
      throw LuaError(kind: .runtime, "loop or previous error loading module '\(name)'")
    }
    defer { moduleRegistry.loading.remove(name) }
    let (loader, text) = try loader(ofModule: name)
    guard let loader else { throw LuaError(kind: .runtime, "module '\(name)' not found:\n\t\(text)") }
    let value: LuaValue = try loader(name, text)
    if value != .nil { try loaded.rawSet(name, to: value) }
    let after = try loaded.rawGet(name, as: LuaValue.self)
    guard after == .nil else { return after }
    try loaded.rawSet(name, to: true)
    return .boolean(true)
  }

  /// The function that loads one of the host's modules, or nil and where there is none.
  private func loader(ofModule name: String) throws -> (LuaFunction?, String) {
    do {
      if let module = try module(named: name) { return (try module.loader(self, name), name) }
    } catch let error as LuaError where error.kind == .syntax {
      throw LuaError(kind: .syntax, message: "error loading module '\(name)':\n\t\(error.message)")
    }
    let places = ["no module '\(name)' of the host"] + (configuration.modules?.places(name) ?? [])
    return (nil, places.joined(separator: "\n\t"))
  }

  private func module(named name: String) throws -> LuaModule? {
    if let module = try moduleRegistry.modules[name] ?? configuration.modules?.find(name) { return module }
    return try configuration.sandbox?.modules?(name).map { .source($0) }
  }
}

/// Adds a searcher, and gives the table of what has been loaded.
private let searcherScript = """
  local find = ...
  local searchers = package.searchers or package.loaders
  local before = (_VERSION == 'Lua 5.1' or _VERSION == 'Lua 5.2' or _VERSION == 'Lua 5.3') and '\\n\\t' or ''
  for i = #searchers, 2, -1 do searchers[i + 1] = searchers[i] end
  searchers[2] = function(name)
    local loader, text = find(name)
    if loader then return loader, text end
    return before .. text
  end
  return package.loaded
  """
