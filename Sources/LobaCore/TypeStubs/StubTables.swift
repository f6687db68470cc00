/// What type stubs say of the values in tables: the globals, modules, and the tables in them.
struct StubTables {
  /// How many tables inside each other are looked into.
  private static let depth = 8
  /// How many entries a table has that holds data: of those nothing is said.
  private static let limit = 1000

  /// The globals that are not the host's.
  private static let standard: Set = [
    "_G", "_VERSION", "arg", "assert", "bit", "bit32", "collectgarbage", "coroutine", "debug", "dofile", "error",
    "gcinfo", "getfenv", "getmetatable", "io", "ipairs", "jit", "load", "loadfile", "loadstring", "math", "module",
    "newproxy", "next", "os", "package", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require",
    "select", "setfenv", "setmetatable", "string", "swift", "table", "tonumber", "tostring", "type", "unpack", "utf8",
    "warn", "xpcall",
  ]

  private let lua: LuaRuntime
  private let classes: StubClasses
  /// The tables that have been looked into, or are being.
  private var seen: Set<LuaTable> = []

  init(_ lua: LuaRuntime, _ classes: StubClasses) {
    self.lua = lua
    self.classes = classes
  }

  /// The globals, but for what every Lua has.
  mutating func write(globals: LuaTable, to text: inout StubText) throws {
    let fields = Self.fields(of: globals) ?? []
    seen.insert(globals)
    for case (let key, .table(let library)) in fields where Self.standard.contains(key.description) {
      seen.insert(library)
    }
    for (key, value) in fields {
      if Self.standard.contains(key.description) {
        try writeAdditions(to: value, named: key.description, to: &text)
      } else if try classes.type(of: value) != key.description {
        try write(value, at: StubPath.globals.path(to: key, isASCII: isASCII), to: &text)
      }
    }
  }

  /// What the host has added to one of Lua's own libraries.
  private func writeAdditions(to library: LuaValue, named name: String, to text: inout StubText) throws {
    guard name != "_G", name != "swift", case .table(let library) = library else { return }
    for case (let key, .function(let function)) in Self.fields(of: library) ?? [] {
      try write(function, at: StubPath(table: name).path(to: key, isASCII: isASCII), to: &text)
    }
  }

  /// What a module is.
  mutating func write(module: LuaValue, to text: inout StubText) throws {
    let name = "module"
    if case .function(let function) = module, try stub(of: function) == nil {
      text.add(["---@type function", "local \(name) = nil"])
    } else {
      try write(module, at: name, declaring: "local ", to: &text)
    }
    text.add(["return \(name)"])
  }

  /// A value that has a name, and what is in it.
  ///
  /// - Parameter scope: What comes before the name where it is declared.
  private mutating func write(
    _ value: LuaValue, at path: String, declaring scope: String = "", _ depth: Int = 0, to text: inout StubText
  ) throws {
    switch value {
    case .function(let function): try write(function, at: path, declaring: scope, to: &text)
    case .table(let table) where try classes.type(of: value) == nil && seen.insert(table).inserted:
      text.add(["\(scope)\(path) = {}"])
      guard depth < Self.depth, let fields = Self.fields(of: table, limit: Self.limit) else { return }
      for (key, value) in fields {
        try write(value, at: StubPath(table: path).path(to: key, isASCII: isASCII), depth + 1, to: &text)
      }
    default: text.add(["---@type \(try type(of: value))", "\(scope)\(path) = nil"])
    }
  }

  /// A function, if it is one of Swift's whose type is known.
  private func write(
    _ function: LuaFunction, at path: String, declaring scope: String = "", to text: inout StubText
  ) throws {
    guard let function = try stub(of: function) else { return }
    let isName = !path.contains("[")
    text.add(isName ? function.lines(named: path, in: scope) : ["---@type \(function.type)", "\(path) = nil"])
  }

  private func stub(of function: LuaFunction) throws -> StubFunction? {
    guard let host = try lua.hostFunction(of: function), let type = host.type.flatMap({ FunctionType($0) }) else {
      return nil
    }
    return StubFunction(type, in: classes.names, parameterNames: host.parameterNames)
  }

  /// The type of a value.
  private func type(of value: LuaValue) throws -> String {
    switch value {
    case .nil: "nil"
    case .function: "function"
    case .boolean: "boolean"
    case .integer: lua.engine.capabilities.contains(.integers) ? "integer" : "number"
    case .number: "number"
    case .string: "string"
    case .table: try classes.type(of: value) ?? "table"
    case .coroutine: "thread"
    case .pointer: "lightuserdata"
    case .userdata, .other: try objectType(of: value) ?? "userdata"
    }
  }

  private func objectType(of value: LuaValue) throws -> String? {
    guard let object = try value.withReader(in: lua, { $0.hostObject }) else { return nil }
    return classes.names.className(of: Swift.type(of: object))
  }

  // MARK: - Tables

  private var isASCII: Bool { lua.state.hasForeignText }

  /// The entries whose keys are strings, in their order; nil if there are more than the limit.
  private static func fields(of table: LuaTable, limit: Int = .max) -> [(key: LuaString, value: LuaValue)]? {
    var fields: [(key: LuaString, value: LuaValue)] = []
    let state = table.state
    state.scan(table.location) { pairs, count in
      for i in 0..<count where pairs[2 * i].kind == .string {
        guard let key = LuaReader(slot: pairs + 2 * i, state: state).string else { continue }
        // Cannot fail: the memory for handles is granted.
        fields.append((key, (try? LuaReader(slot: pairs + 2 * i + 1, state: state).value()) ?? .nil))
      }
      return fields.count <= limit
    }
    return fields.count > limit ? nil : fields.sorted { $0.key < $1.key }
  }
}
