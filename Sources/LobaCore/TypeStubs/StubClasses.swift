/// The registered classes by the names that type stubs have for them.
struct StubClasses {
  private struct Entry {
    let declared: ClassDescription
    /// What annotations call it.
    let name: String
  }

  let names: LuaTypeNames
  /// The last registered first: of two classes of a name it is that one which has the global.
  private let entries: [Entry]

  /// What LuaCATS has for itself.
  private static let reserved: Set = [
    "any", "boolean", "fun", "function", "integer", "lightuserdata", "nil", "number", "self", "string", "table",
    "thread", "unknown", "userdata",
  ]

  init(of lua: LuaRuntime) throws {
    guard !lua.isClosed else { throw LuaRuntime.closedError }
    var used = Self.reserved
    entries = try lua.exclusively { lua.classes.all }.reversed().map { entry in
      let name = Self.name(for: entry.declared.name, &used)
      return Entry(declared: entry.declared, name: name)
    }
    names = LuaTypeNames(
      entries.map { ($0.declared.type, $0.name) }, unpacksTuples: lua.configuration.unpacksReturnedTuples)
  }

  /// A name in Lua that no other class has: the class's own if it can be.
  private static func name(for name: String, _ used: inout Set<String>) -> String {
    let letters = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    let base = LuaString(letters).isName ? letters : "_" + letters
    var result = base
    var number = 2
    while !used.insert(result).inserted {
      result = "\(base)_\(number)"
      number += 1
    }
    return result
  }

  /// The annotations of all classes.
  func write(_ globals: LuaTable, to text: inout StubText) throws {
    for entry in entries.sorted(by: { $0.name < $1.name }) {
      let global = try globals.rawGet(entry.name, as: LuaValue.self)
      let isGlobal = try type(of: global) == entry.name
      StubClass(entry.declared, named: entry.name, in: names, isGlobal: isGlobal).write(to: &text)
    }
  }

  /// The type of the class that a table makes objects of; nil for any other value.
  func type(of value: LuaValue) throws -> String? {
    guard case .table(let table) = value, let metatable = try table.metatable,
      case .string(let name) = try metatable.rawGet("__name", as: LuaValue.self)
    else { return nil }
    return entries.first { $0.declared.name == name.description }?.name
  }
}
