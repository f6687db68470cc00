// Values as Lua source has them, on every engine.

/// The parts of Lua source.
enum SourceText {
  /// Where a line is broken.
  private static let width = 80

  /// A number, a boolean or nil; nil for anything else.
  static func literal(_ value: LuaValue) -> String? {
    switch value {
    case .nil, .boolean: value.description
    // Source has no literal for the least integer: the minus is an operator.
    case .integer(let integer): integer == .min ? "(\(integer + 1) - 1)" : String(integer)
    case .number(let number):
      if number.isNaN {
        "0/0"
      } else if number.isInfinite {
        number < 0 ? "-1/0" : "1/0"
      } else if number == 0, number.sign == .minus {
        "-1/(1/0)"  // Lua 5.1 has one constant for both zeros
      } else {
        String(number)
      }
    default: nil
    }
  }

  /// A table of parts such as `1` and `x = 2`: on one line if there is room.
  ///
  /// - Parameter level: How many tables are around it.
  static func table(_ parts: [String], level: Int) -> String {
    let length = parts.reduce(2 * level) { $0 + $1.utf8.count + 2 }
    if length <= width, !parts.contains(where: { $0.contains("\n") }) { return "{\(parts.joined(separator: ", "))}" }
    let margin = String(repeating: " ", count: 2 * level)
    return "{\n" + parts.map { "\(margin)  \($0),\n" }.joined() + margin + "}"
  }
}

/// The order of keys: numbers, strings, booleans, each in their order.
private struct SourceKey: Comparable {
  let key: LuaValue

  init(_ key: LuaValue) {
    self.key = key
  }

  private var rank: Int {
    switch key {
    case .integer, .number: 0
    case .string: 1
    case .boolean: 2
    default: 3
    }
  }

  static func == (a: SourceKey, b: SourceKey) -> Bool { a.key == b.key }

  static func < (a: SourceKey, b: SourceKey) -> Bool {
    switch (a.key, b.key) {
    case (.integer(let a), .integer(let b)): a < b
    case (.number(let a), .number(let b)): a < b
    case (.integer(let a), .number(let b)): Double(a) < b
    case (.number(let a), .integer(let b)): a < Double(b)
    case (.string(let a), .string(let b)): a < b
    default: a.rank == b.rank ? a.key.description < b.key.description : a.rank < b.rank
    }
  }
}

extension [LuaEntry] {
  /// Puts entries in the order in which source has them: the list part first.
  mutating func sortAsSource() {
    sort { SourceKey($0.key) < SourceKey($1.key) }
    guard let first = firstIndex(where: { $0.key == 1 }) else { return }
    var end = first
    while end < count, self[end].key == .integer(end - first + 1) { end += 1 }
    self = Array(self[first..<end] + self[..<first] + self[end...])
  }
}
