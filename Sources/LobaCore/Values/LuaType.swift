/// The types of Lua values, by the names that `type()` gives them.
public enum LuaType: String, Sendable, Hashable, CaseIterable {
  /// A type that every Lua has; a coroutine is a `thread`.
  case `nil`, boolean, number, string, table, function, userdata, thread
  /// A C value of LuaJIT's `ffi` library.
  case cdata

  init(_ kind: SlotKind) {
    self =
      switch kind {
      case .nil: .nil
      case .boolean: .boolean
      case .integer, .number: .number
      case .string: .string
      case .table: .table
      case .function: .function
      case .thread: .thread
      case .other: .cdata
      default: .userdata
      }
  }
}

extension LuaType: CustomStringConvertible {
  /// The name that `type()` gives.
  public var description: String { rawValue }
}

/// The Lua type of a Swift value that is a Lua object: a handle, or a ``LuaValue`` that holds one. Nil for anything else,
/// numbers and strings included, since those are Swift values of their own.
public func luaType(of value: Any) -> LuaType? {
  switch value {
  case is LuaTable: .table
  case is LuaFunction: .function
  case is LuaCoroutine: .thread
  case is LuaUserdata: .userdata
  case let value as LuaValue:
    switch value {
    case .table, .function, .coroutine, .userdata, .other: value.type
    default: nil
    }
  default: nil
  }
}
