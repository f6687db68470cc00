/// The fields of a table, whatever their names: `try table.fields.count`.
///
/// A ``LuaTable`` has members of its own, which are found before fields of the same names: ``LuaTable/count``,
/// ``LuaTable/keys``, `description`. Here is nothing but fields. They honour metamethods, and throw as the subscript does.
///
/// ```swift
/// let count: Int = try item.fields.count            // the field; item.count is the table's length
/// ```
@dynamicMemberLookup
public struct LuaFields {
  private let owner: LuaValue

  init(of owner: LuaValue) {
    self.owner = owner
  }

  /// A field, as a type.
  public subscript<T>(dynamicMember name: String) -> T {
    get throws {
      // As what it is, its errors name the key.
      if case .table(let table) = owner { return try table[name] }
      return try (owner[name] as LuaValue).as()
    }
  }

  /// A field, to go on from.
  @_disfavoredOverload
  public subscript(dynamicMember name: String) -> LuaValue {
    get throws { try LuaValue.noting(name, owner[name]) }
  }
}

@available(*, unavailable)
extension LuaFields: Sendable {}

extension LuaTable {
  /// The fields, whatever their names, also those that are members of tables in Swift.
  public var fields: LuaFields { LuaFields(of: .table(self)) }
}

extension LuaValue {
  /// The fields, whatever their names, also those that are members of values in Swift: `try config.window.fields.type`.
  public var fields: LuaFields { LuaFields(of: self) }
}
