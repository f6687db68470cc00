// Ranges: a list of their two bounds, as Codable has them. Like arrays they conform for every type of bounds.

extension Range: LuaRepresentable, LuaConstructible {
  /// Becomes a table of the lower and the upper bound: `1..<3` is `{1, 3}`.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if a bound cannot be given to Lua; of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws { try [lowerBound, upperBound].write(to: &writer) }

  /// Reads a table of two bounds, the lower first. The upper one is not in the range.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a value that is no list of two, for bounds of another type, and if
  ///   the upper is less than the lower.
  public static func construct(from reader: LuaReader) throws -> Range {
    let (lower, upper) = try reader.bounds(Bound.self, of: Self.self)
    return lower..<upper
  }
}

extension ClosedRange: LuaRepresentable, LuaConstructible {
  /// Becomes a table of the lower and the upper bound: `1...3` is `{1, 3}`.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if a bound cannot be given to Lua; of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws { try [lowerBound, upperBound].write(to: &writer) }

  /// Reads a table of two bounds, the lower first. The upper one is in the range.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a value that is no list of two, for bounds of another type, and if
  ///   the upper is less than the lower.
  public static func construct(from reader: LuaReader) throws -> ClosedRange {
    let (lower, upper) = try reader.bounds(Bound.self, of: Self.self)
    return lower...upper
  }
}

extension LuaReader {
  fileprivate func bounds<Bound: Comparable>(_ type: Bound.Type, of range: Any.Type) throws -> (Bound, Bound) {
    guard slot.pointee.kind == .table else { throw mismatch(expected: "\(range)") }
    let table: LuaTable = try read()
    guard table.count == 2 else {
      throw conversionError("expected \(range), two bounds, got a table of \(table.count)")
    }
    let bounds = try annotate("a bound") { (try table.rawGet(1) as Bound, try table.rawGet(2) as Bound) }
    guard bounds.0 <= bounds.1 else {
      throw conversionError("expected \(range), got the bounds \(bounds.0) and \(bounds.1)")
    }
    return bounds
  }
}
