// Tables that stand for a host object: where an object is wanted, a table whose field `__object` is one passes for it.
// So classes that are written in Lua can inherit from one of the host's.

extension LuaReader {
  /// The name of the field, which is looked at without metamethods.
  static let standInField = "__object"

  /// The object that a table stands for, as a type; nil if it stands for none of that type.
  func standIn<T>(as type: T.Type) throws -> T? {
    guard let object = try standIn else { return nil }
    return try object.withReader(in: runtime) { $0.boxedValue(as: type) ?? $0.hostValue(as: type) }
  }

  /// The box of the object that a table stands for.
  var standInBox: AnyHostBox? {
    get throws { try standIn?.withReader(in: runtime) { try $0.anyHostBox } }
  }

  private var standIn: LuaValue? {
    get throws {
      guard slot.pointee.kind == .table else { return nil }
      let value: LuaValue = try LuaTable(runtime, adopting: makeReference()).rawGet(Self.standInField)
      guard case .userdata = value else { return nil }
      return value
    }
  }
}
