// swift.builtins: functions of Swift's that scripts find useful.

extension LuaRuntime {
  func makeBuiltins() throws -> LuaTable {
    let table = try newTable(hash: 8)
    try table.rawSet("describe", to: function { (value: LuaAnything) in String(describing: value.value) })
    try table.rawSet("type", to: function { (value: LuaAnything) in String(describing: Swift.type(of: value.value)) })
    try table.rawSet("count", to: function { (value: LuaAnything) in try Self.count(value) })
    try table.rawSet(
      "min", to: function { (numbers: LuaValues) in try Self.extreme(numbers, "min") { try $0.isLess(than: $1) } })
    try table.rawSet(
      "max", to: function { (numbers: LuaValues) in try Self.extreme(numbers, "max") { try $1.isLess(than: $0) } })
    try table.rawSet("abs", to: function { (number: LuaValue) in try Self.magnitude(number) })
    try table.rawSet("zip", to: function { (a: LuaTable, b: LuaTable) in zip(a.values, b.values).map { [$0, $1] } })
    try table.rawSet("sorted", to: function { (table: LuaTable) in try Self.sorted(table.values) })
    for (name, function) in configuration.builtins { try table.rawSet(name, to: function.make(self)) }
    return table
  }

  private static func count(_ value: LuaAnything) throws -> Int {
    switch value.value {
    case let table as LuaTable: table.entries.count
    case let text as String: text.count
    case let collection as any Collection: try collection.checkedCount
    default: throw LuaError(kind: .conversion, "a \(Swift.type(of: value.value)) cannot be counted")
    }
  }

  private static func extreme(
    _ values: LuaValues, _ name: String, _ isBetter: (LuaValue, LuaValue) throws -> Bool
  ) throws -> LuaValue {
    guard var best = values.first else {
      throw LuaError(kind: .conversion, "swift.builtins.\(name) needs a value")
    }
    for value in values.dropFirst() {
      if try isBetter(value, best) { best = value }
    }
    return best
  }

  private static func magnitude(_ value: LuaValue) throws -> LuaValue {
    switch value {
    case .integer(let integer) where integer != .min: .integer(abs(integer))
    case .integer(let integer): .number(abs(Double(integer)))
    case .number(let number): .number(abs(number))
    default: throw LuaError(kind: .conversion, "swift.builtins.abs needs a number, got a \(value.type)")
    }
  }

  private static func sorted(_ values: [LuaValue]) throws -> [LuaValue] {
    try values.sorted { try $0.isLess(than: $1) }
  }
}

extension LuaValue {
  /// Order of numbers, and of strings by their bytes; nothing else has one.
  fileprivate func isLess(than other: LuaValue) throws -> Bool {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): return a < b
    case (.number(let a), .number(let b)): return a < b
    case (.integer(let a), .number(let b)): return a.isLess(than: b)
    case (.number(let a), .integer(let b)): return b.isGreater(than: a)
    case (.string(let a), .string(let b)): return a < b
    default: throw LuaError(kind: .runtime, "attempt to compare \(type) with \(other.type)")
    }
  }
}

/// Any value, as the Swift type nearest to it; a host object is itself.
struct LuaAnything: LuaConstructible {
  let value: Any

  static func construct(from reader: LuaReader) throws -> LuaAnything {
    try LuaAnything(value: reader.anyHostBox?.presentValue() ?? reader.read())
  }
}

// Beyond 2^53 an integer made a Double would be another.
extension Int {
  fileprivate func isLess(than number: Double) -> Bool {
    if number >= 0x1p63 { return true }
    return number > -0x1p63 && self < Int(number.rounded(.up))
  }

  fileprivate func isGreater(than number: Double) -> Bool {
    if number < -0x1p63 { return true }
    return number < 0x1p63 && self > Int(number.rounded(.down))
  }
}
