// What a table has as a list. All of it is raw: no metamethod is asked, but those that `sort()` compares by.
extension LuaEntries<LuaEntry> {
  /// Appends values to the list part, without metamethods, as the elements after ``LuaTable/count``.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if a value cannot be given to Lua; of kind `runtime` if the list ends at
  ///   the last index that there is.
  public func append<each V>(_ values: repeat each V) throws {
    try runtime.fill(table, after: table.count, with: runtime.values(repeat each values))
  }

  /// Inserts a value into the list part, without metamethods; the elements from its index on move up by one.
  ///
  /// - Parameter index: From 1 to ``LuaTable/count`` + 1, where it is the same as to append.
  /// - Throws: ``LuaError`` of kind `runtime` for another index, for nil, which would leave a hole, and for a table that is
  ///   hardly a list; of kind `conversion` if the value cannot be given to Lua; of kind `memory`. The list is then as it was.
  /// - Complexity: O(*n*) of the elements from the index on.
  public func insert<V>(_ value: V, at index: Int) throws {
    let count = try listCount(moving: index)
    guard index >= 1, index - 1 <= count else { throw outOfBounds(index, count) }
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(value, as: "an element of a table")
    guard writer.slots.pointee.kind != .nil else {
      throw LuaError(message: "nil cannot be inserted into a list: it would be a hole")
    }
    try state.insert(writer.slots.pointee, into: reference, at: index, of: count)
  }

  /// Removes an element of the list part, without metamethods; those after it move down by one.
  ///
  /// ```swift
  /// let second: String = try list.remove(at: 2)
  /// ```
  ///
  /// - Parameter index: From 1 to ``LuaTable/count``.
  /// - Returns: The element that has been removed.
  /// - Throws: ``LuaError`` of kind `runtime` for another index, and for a table that is hardly a list; of kind `conversion`
  ///   if the element is not of the type. The list is then as it was.
  /// - Complexity: O(*n*) of the elements after the index.
  public func remove<T>(at index: Int) throws -> T {
    let count = try listCount(moving: index)
    guard index >= 1, index <= count else { throw outOfBounds(index, count) }
    let element: T = try table.rawGet(index)
    try state.removeElement(of: reference, at: index, of: count)
    return element
  }

  /// Removes an element of the list part, whatever it is.
  @_disfavoredOverload @discardableResult
  public func remove(at index: Int) throws -> LuaValue { try remove(at: index) as LuaValue }

  /// Removes the last element of the list part, without metamethods.
  ///
  /// - Returns: The element that has been removed; nil if there was none.
  /// - Throws: ``LuaError`` of kind `conversion` if the element is not of the type; the list is then as it was.
  public func pop<T>() throws -> T? {
    let count = try listCount()
    return count == 0 ? nil : try remove(at: count) as T
  }

  /// Removes the last element of the list part, whatever it is.
  @_disfavoredOverload @discardableResult
  public func pop() throws -> LuaValue? { try pop() as LuaValue? }

  /// The length for what is about to move elements. Closed runtimes and other threads have their own errors.
  ///
  /// - Parameter first: Where elements begin to move; nil if none do.
  private func listCount(moving first: Int? = nil) throws -> Int {
    guard !runtime.isClosed else { throw LuaRuntime.closedError }
    let count = try state.checkedLength(of: location)
    // A script decides what the length is: vast ones are not believed.
    if let first, first >= 1, first <= count, count - first > LuaRuntime.trustedCount {
      do {
        try runtime.checkDensity(of: location, upTo: count)
      } catch let error as LuaError where error.kind == .conversion {
        throw LuaError(message: error.message)
      }
    }
    return count
  }

  private func outOfBounds(_ index: Int, _ count: Int) -> LuaError {
    LuaError(message: "index \(index) is out of bounds of a list of \(count) elements")
  }
}
