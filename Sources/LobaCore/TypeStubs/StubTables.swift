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
  mutating func write(globals: LuaTable, to text: inout StubText) {
    seen.insert(globals)
    for (key, value) in Self.fields(of: globals) {
      if Self.standard.contains(key.description) {
        writeAdditions(to: value, named: key.description, to: &text)
      } else if !isClass(value, named: key) {
        write(value, at: StubPath.globals.path(to: key, isASCII: isASCII), to: &text)
      }
    }
  }

  /// What the host has added to one of Lua's own libraries.
  private mutating func writeAdditions(to library: LuaValue, named name: String, to text: inout StubText) {
    guard case .table(let library) = library, seen.insert(library).inserted else { return }
    for case (let key, .function(let function)) in Self.fields(of: library) {
      write(function, at: StubPath(table: name).path(to: key, isASCII: isASCII), to: &text)
    }
  }

  /// What a module is.
  mutating func write(module: LuaValue, to text: inout StubText) {
    let path = "module"
    text.add(["local \(path)"])
    write(module, at: path, to: &text)
    text.add(["return \(path)"])
  }

  /// A value that has a name, and what is in it.
  mutating func write(_ value: LuaValue, at path: String, _ depth: Int = 0, to text: inout StubText) {
    switch value {
    case .function(let function): write(function, at: path, to: &text)
    case .table(let table) where classes.type(of: table) == nil && seen.insert(table).inserted:
      text.add(["\(path) = {}"])
      let fields = Self.fields(of: table)
      guard depth < Self.depth, fields.count <= Self.limit else { return }
      for (key, value) in fields {
        write(value, at: StubPath(table: path).path(to: key, isASCII: isASCII), depth + 1, to: &text)
      }
    default: if let type = type(of: value) { text.add(["---@type \(type)", "\(path) = nil"]) }
    }
  }

  /// A function, if it is one of Swift's whose type is known.
  private func write(_ function: LuaFunction, at path: String, to text: inout StubText) {
    guard let function = stub(of: function) else { return }
    let isName = !path.contains("[")
    text.add(isName ? function.lines(named: path) : ["---@type \(function.type)", "\(path) = nil"])
  }

  func stub(of function: LuaFunction) -> StubFunction? {
    guard let host = lua.hostFunction(of: function), let type = host.type.flatMap({ FunctionType($0) }) else {
      return nil
    }
    return StubFunction(type, in: classes.names, parameterNames: host.parameterNames)
  }

  /// The type of a value that is no function.
  private func type(of value: LuaValue) -> String? {
    switch value {
    case .nil, .function: nil
    case .boolean: "boolean"
    case .integer: lua.engine.capabilities.contains(.integers) ? "integer" : "number"
    case .number: "number"
    case .string: "string"
    case .table(let table): classes.type(of: table) ?? "table"
    case .coroutine: "thread"
    case .pointer: "lightuserdata"
    case .userdata, .other: objectType(of: value) ?? "userdata"
    }
  }

  private func objectType(of value: LuaValue) -> String? {
    guard let object = try? value.withReader(in: lua, { $0.hostObject }) else { return nil }
    return classes.names.className(of: Swift.type(of: object))
  }

  // MARK: - Tables

  /// Whether a global is the class that has its name.
  private func isClass(_ value: LuaValue, named name: LuaString) -> Bool {
    guard case .table(let table) = value else { return false }
    return classes.type(of: table) == name.description
  }

  private var isASCII: Bool { lua.state.hasForeignText }

  /// The entries whose keys are strings, in their order.
  private static func fields(of table: LuaTable) -> [(key: LuaString, value: LuaValue)] {
    table.compactMap { key, value in if case .string(let key) = key { (key, value) } else { nil } }
      .sorted { $0.key < $1.key }
  }
}
