extension LuaEntries<LuaEntry> {
  /// The contents as a text, as Lua source would have them: for logs, tests and debugging.
  ///
  /// ```swift
  /// print(config.dump())                // {"a", "b", size = {height = 480, width = 640}}
  /// ```
  ///
  /// The list part comes first, then the other keys: numbers, strings, booleans, each in their order. What has no source, such
  /// as a function, is `nil` with a comment that says what it is; so is a table inside itself. No metamethod is asked. If
  /// keys are numbers, strings and booleans and nothing has been left out, Lua reads the text as a table with these contents.
  ///
  /// - Parameters:
  ///   - depth: How many tables inside each other are shown, at most a hundred; deeper ones are `{--[[...]]}`.
  ///   - limit: After how many bytes, more or less, the rest is left out; a comment says how much that is.
  public func dump(depth: Int = 10, limit: Int = 100_000) -> String {
    var dump = TableDump(limit: limit, isASCII: state.hasForeignText)
    return dump.text(of: table, depth: Swift.min(depth, 100))
  }
}

/// A text of a table's contents, as it grows.
private struct TableDump {
  /// How many bytes may still be written.
  private var room: Int
  /// Whether characters are escaped, because source is in an encoding where they have other bytes.
  private let isASCII: Bool
  /// The tables around the one that is being written.
  private var outer: [LuaTable] = []

  init(limit: Int, isASCII: Bool) {
    room = limit
    self.isASCII = isASCII
  }

  mutating func text(of table: LuaTable, depth: Int) -> String {
    if table.isEmpty { return taking("{}") }
    guard depth > 0 else { return taking("{--[[...]]}") }
    outer.append(table)
    defer { outer.removeLast() }
    var (entries, left) = first(room, of: table)
    entries.sortAsSource()
    var parts: [String] = []
    var isList = true
    for (index, (key, value)) in entries.enumerated() {
      guard room > 0 else {
        left += entries.count - index
        break
      }
      isList = isList && key == .integer(index + 1)
      let name = isList ? "" : name(of: key) + " = "
      parts.append(name + text(of: value, depth: depth - 1))
    }
    if left > 0 { parts.append("--[[\(left) more]]") }
    return joined(parts)
  }

  /// As many entries as there may be room for, and how many more there are.
  private func first(_ count: Int, of table: LuaTable) -> (entries: [LuaEntry], left: Int) {
    var entries: [LuaEntry] = []
    var left = 0
    table.state.scan(table.location) { pairs, pairCount in
      let taken = Swift.min(Swift.max(count - entries.count, 0), pairCount)
      for i in 0..<taken {
        func value(_ slot: UnsafePointer<Slot>) -> LuaValue {
          (try? LuaReader(slot: slot, state: table.state).value()) ?? .nil  // cannot fail: the memory is granted
        }
        entries.append((value(pairs + 2 * i), value(pairs + 2 * i + 1)))
      }
      left += pairCount - taken
      return true
    }
    return (entries, left)
  }

  private mutating func joined(_ parts: [String]) -> String {
    let text = SourceText.table(parts, level: outer.count - 1)
    if text.hasPrefix("{\n") { room -= parts.count * 2 * (outer.count - 1) }
    return text
  }

  private mutating func taking(_ text: String) -> String {
    room -= text.utf8.count
    return text
  }

  private mutating func text(of value: LuaValue, depth: Int) -> String {
    switch value {
    case .table(let table):
      outer.contains(table) ? taking("nil --[[cycle: \(table.description)]]") : text(of: table, depth: depth)
    case .string(let string): text(of: string)
    default: taking(Self.literal(value))
    }
  }

  /// A string as far as there is room.
  private mutating func text(of string: LuaString) -> String {
    let bytes = string.bytes.prefix(Swift.max(room, 0))
    let left = string.count - bytes.count
    return taking(quoted(bytes, isASCII: isASCII) + (left > 0 ? " --[[\(left) more bytes]]" : ""))
  }

  private mutating func name(of key: LuaValue) -> String {
    guard case .string(let string) = key else { return taking("[\(Self.literal(key))]") }
    return string.isName && string.count <= room ? taking(string.description) : "[\(text(of: string))]"
  }

  private static func literal(_ value: LuaValue) -> String {
    SourceText.literal(value) ?? "nil --[[\(value.description)]]"
  }
}
