import Loba

/// What text can go on with.
struct Completion {
  /// The names that fit.
  var candidates: [String] = []
  /// What all of them go on with.
  var insertion = ""

  init() {}

  /// - Parameter prefix: What the names have in common with what has been typed.
  init(names: some Sequence<String>, after prefix: String) {
    candidates = Array(Set(names.filter { $0.hasPrefix(prefix) })).sorted()
    guard var common = candidates.first else { return }
    for name in candidates.dropFirst() { common = String(zip(common, name).prefix { $0 == $1 }.map(\.0)) }
    insertion = String(common.dropFirst(prefix.count))
  }
}

/// Completes names of globals and of fields, without running any Lua code.
struct Completer {
  private let lua: LuaRuntime

  init(_ lua: LuaRuntime) {
    self.lua = lua
  }

  func complete(_ text: String) -> Completion {
    let path = text.reversed().prefix { Self.isInName($0) || $0 == "." || $0 == ":" }.reversed()
    var names = path.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ":" }.map { String($0) }
    guard let last = names.popLast() else { return Completion() }
    if names.isEmpty {
      return last.isEmpty
        ? Completion() : Completion(names: fields(of: .table(lua.globals)) + LuaString.keywords, after: last)
    }
    var value = LuaValue.table(lua.globals)
    for name in names { value = field(name, of: value) }
    return Completion(names: fields(of: value), after: last)
  }

  private static func isInName(_ character: Character) -> Bool {
    character == "_" || character.isASCII && (character.isLetter || character.isNumber)
  }

  /// The tables in which Lua looks for a value's fields: itself, and what `__index` leads to.
  private func places(of value: LuaValue) -> [LuaTable] {
    var places: [LuaTable] = []
    var value = value
    while places.count < 10 {
      if case .table(let table) = value { places.append(table) }
      guard let metatable = metatable(of: value), let next: LuaTable = try? metatable.rawGet("__index") else { break }
      value = .table(next)
    }
    return places
  }

  private func metatable(of value: LuaValue) -> LuaTable? {
    if case .string = value {
      guard let strings: LuaTable = try? lua.globals.rawGet("string"), let metatable = try? lua.table() else {
        return nil
      }
      try? metatable.rawSet("__index", to: strings)
      return metatable
    }
    return (try? value.handle?.metatable) ?? nil
  }

  private func field(_ name: String, of value: LuaValue) -> LuaValue {
    for place in places(of: value) {
      if let found: LuaValue = try? place.rawGet(name), !found.isNil { return found }
    }
    return .nil
  }

  private func fields(of value: LuaValue) -> [String] {
    places(of: value).flatMap { place in
      place.keys.compactMap { key in
        guard case .string(let name) = key, let text = name.text, let first = text.first,
          !first.isNumber, text.allSatisfy(Self.isInName)
        else { return nil }
        return text
      }
    }
  }
}
