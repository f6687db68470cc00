extension LuaEncoder {
  /// Encodes a value as Lua source: a chunk that returns what ``encode(_:)`` gives, on every engine.
  ///
  /// ```swift
  /// let source = try LuaEncoder(lua).source(of: settings)  // return {name = "x", sizes = {1, 2}}
  /// ```
  ///
  /// Keys are in order, so that equal values have equal sources: a list first, then numbers, then names. Values that are
  /// larger or deeper than a chunk's constants and levels allow are returned in parts. Nil in a list is `swift.none`, which
  /// only Loba has; see ``LuaCodingOptions``. Integers beyond 2^53 are exact on engines with integers.
  ///
  /// - Parameter prettyPrinted: Whether what is longer than a line is broken into several, and indented.
  /// - Throws: As ``encode(_:)``.
  public func source<T: Encodable>(of value: T, prettyPrinted: Bool = false) throws -> String {
    var writer = SourceWriter(isPretty: prettyPrinted, isASCII: runtime.state.hasForeignText)
    return try writer.chunk(returning: encode(value))
  }
}

/// The source of an encoded value, as it grows. There are tables, texts, numbers, booleans and `swift.none` in it, and no
/// table contains itself.
private struct SourceWriter {
  /// An expression, and what it asks of a compiler.
  struct Piece {
    var text: String
    /// How many constants it has, more or less.
    var weight = 1
    /// How many registers it may take: one holds as many elements of a list as are not stored yet, in every list around.
    var registers = 1
  }

  /// A field of a table, or an element of its list: nil for one that stands where it belongs.
  typealias Field = (key: String?, text: String)

  let isPretty: Bool
  /// Whether characters are escaped, because source is in an encoding where they have other bytes.
  let isASCII: Bool
  /// What is done before the value is returned: tables that do not fit are put into `t`. LuaJIT has 65,536 constants in a
  /// function, and all engines some 200 registers and levels.
  private var statements: [String] = []
  private var partCount = 0

  private static let weightLimit = 4000
  private static let registerLimit = 100

  init(isPretty: Bool, isASCII: Bool) {
    self.isPretty = isPretty
    self.isASCII = isASCII
  }

  mutating func chunk(returning value: LuaValue) throws -> String {
    let piece = try piece(of: value, level: 0)
    if statements.isEmpty { return "return \(piece.text)" }
    let functions = statements.map { "(function() \($0) end)();\n" }
    return "local t = {};\n\(functions.joined())return \(piece.text)"
  }

  private mutating func piece(of value: LuaValue, level: Int) throws -> Piece {
    switch value {
    case .table(let table): return try piece(of: table, level: level)
    case .string(let string): return Piece(text: quoted(string.bytes[...], isASCII: isASCII))
    case .nil where level > 0: return Piece(text: "swift.none")  // what is read as nil, and yet in a table
    default: return Piece(text: SourceText.literal(value)!, registers: 2)
    }
  }

  private mutating func piece(of table: LuaTable, level: Int) throws -> Piece {
    guard hasStack() else { throw table.runtime.makeError(.stackOverflow) }
    var entries = Array(table)
    entries.sortAsSource()
    var fields: [Field] = []
    var weight = 1
    var registers = 1
    var name: String?
    var isList = true
    var listCount = 0
    for (index, (key, value)) in entries.enumerated() {
      var piece = try piece(of: value, level: level + 1)
      isList = isList && name == nil && key == .integer(index + 1)
      if isList { listCount = index }
      let pending = 3 + listCount % 50
      if pending + piece.registers > Self.registerLimit { piece = Piece(text: stored(piece.text)) }
      fields.append((isList ? nil : try self.key(key), piece.text))
      weight += piece.weight + 1
      registers = max(registers, pending + piece.registers)
      if weight >= Self.weightLimit {
        name = store(fields, in: name, level: level)
        fields = []
        weight = 1
      }
    }
    guard name == nil else { return Piece(text: store(fields, in: name, level: level)) }
    return Piece(text: constructor(fields, level: level), weight: weight, registers: registers)
  }

  /// Puts fields into a part that there is, or a new one; gives its name.
  private mutating func store(_ fields: [Field], in part: String?, level: Int) -> String {
    guard let part else { return stored(constructor(fields, level: level)) }
    let assignments = fields.map { " t\($0.key!) = \($0.text);" }
    if !fields.isEmpty { statements.append("local t = \(part);\(assignments.joined())") }
    return part
  }

  private mutating func stored(_ text: String) -> String {
    partCount += 1
    statements.append("t[\(partCount)] = \(text)")
    return "t[\(partCount)]"
  }

  private func constructor(_ fields: [Field], level: Int) -> String {
    let parts = fields.map { key, text in
      key.map { $0.hasPrefix(".") ? "\($0.dropFirst()) = \(text)" : "\($0) = \(text)" } ?? text
    }
    return isPretty ? SourceText.table(parts, level: level) : "{\(parts.joined(separator: ", "))}"
  }

  /// A key as it stands behind a table.
  private mutating func key(_ key: LuaValue) throws -> String {
    if case .string(let name) = key, name.isName { return ".\(name)" }
    return "[\(try piece(of: key, level: 0).text)]"
  }
}
