// Sorting is done in Swift, whose algorithm is stable and survives any order that it is told; then the elements change
// places all at once, without leaving Lua.
extension LuaEntries<LuaEntry> {
  /// Sorts the list part in place: numbers by value, strings by their bytes, all else as Lua's `<` has it, honouring `__lt`.
  ///
  /// - Throws: What `__lt` raises; ``LuaError`` of kind `runtime` for elements that cannot be compared; of kind `conversion`
  ///   for a table that is hardly a list. The list is then as it was.
  /// - Complexity: O(*n* log *n*) comparisons.
  public func sort() throws {
    try rearrange(table.as([LuaValue].self), runtime.isLess)
  }

  /// Sorts the list part in place, as a type, by whether one element is to come before another.
  ///
  /// ```swift
  /// try scores.sort { (a: Int, b: Int) in a > b }
  /// ```
  ///
  /// Elements of which neither comes before the other keep their order. What the closure does to the list meanwhile, sorting
  /// does not see.
  ///
  /// - Throws: What the closure throws; ``LuaError`` of kind `conversion` that names the first element that is not of the
  ///   type. The list is then as it was.
  public func sort<T>(by areInIncreasingOrder: (T, T) throws -> Bool) throws {
    try rearrange(table.as([T].self), areInIncreasingOrder)
  }

  /// Sorts the list part in place, whatever its elements are.
  @_disfavoredOverload
  public func sort(by areInIncreasingOrder: (LuaValue, LuaValue) throws -> Bool) throws {
    try rearrange(table.as([LuaValue].self), areInIncreasingOrder)
  }

  private func rearrange<T>(_ elements: [T], _ isLess: (T, T) throws -> Bool) throws {
    var order = Array(elements.indices)
    try order.sort { try isLess(elements[$0], elements[$1]) }
    try state.rearrange(reference, by: &order)
  }
}

extension LuaRuntime {
  /// Whether a value is less than another: numbers and strings by what they are, all else as Lua's `<` has it.
  fileprivate func isLess(_ a: LuaValue, _ b: LuaValue) throws -> Bool {
    switch (a, b) {
    case (.integer(let a), .integer(let b)): return a < b
    case (.number(let a), .number(let b)): return a < b
    case (.string(let a), .string(let b)): return a < b
    default:
      var writer = LuaWriter(state)
      defer { writer.finish() }
      try writer.writeOne(a, as: "an element of a table")
      try writer.writeOne(b, as: "an element of a table")
      return try state.isLess(writer.slots, writer.slots + 1)
    }
  }
}
