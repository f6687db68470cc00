extension LuaTable {
  /// Checks that the table has functions, or what can be called, by these names.
  ///
  /// - Parameter interface: What messages call what has them.
  /// - Throws: ``LuaError`` of kind `conversion` that says which are missing, and of what type they are instead.
  public func requireFunctions(_ names: [String], of interface: String) throws {
    var problems: [String] = []
    for name in names {
      let value: LuaValue = try self[name]
      if case .function = value { continue }
      if let metatable = try value.handle?.metatable, try metatable.rawGet("__call", as: LuaValue.self) != .nil {
        continue
      }
      problems.append(value == .nil ? name : "\(name) (which is a \(value.type))")
    }
    guard problems.isEmpty else {
      throw LuaError(
        kind: .conversion,
        message: "the table is no \(interface): it has no function \(problems.joined(separator: ", "))")
    }
  }
}
