/// Where a value is, as Lua source has it: `game.audio`, `game["a b"]`.
struct StubPath {
  /// The table; nil for the globals.
  private let table: String?

  static let globals = StubPath(table: nil)

  init(table: String?) { self.table = table }

  /// The path to a field of the table.
  func path(to key: LuaString, isASCII: Bool = false) -> String {
    guard key.isName else { return "\(table ?? "_G")[\(quoted(key.bytes[...], isASCII: isASCII))]" }
    return (table.map { "\($0)." } ?? "") + key.description
  }
}
