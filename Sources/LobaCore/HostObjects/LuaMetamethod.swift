/// What a Lua operator or function does with a host object.
public struct LuaMetamethod: Sendable, Hashable {
  /// The name of the metatable's field, for example `__add`.
  public let field: String

  /// The metamethod of a field that has no name below, such as `__band`. It works on engines whose Lua asks for it.
  public init(field: String) {
    self.field = field
  }

  /// `a + b`
  public static let add = LuaMetamethod(field: "__add")
  /// `a - b`
  public static let subtract = LuaMetamethod(field: "__sub")
  /// `a * b`
  public static let multiply = LuaMetamethod(field: "__mul")
  /// `a / b`
  public static let divide = LuaMetamethod(field: "__div")
  /// `a % b`
  public static let modulo = LuaMetamethod(field: "__mod")
  /// `a ^ b`
  public static let power = LuaMetamethod(field: "__pow")
  /// `a // b` (5.4)
  public static let floorDivide = LuaMetamethod(field: "__idiv")
  /// `-a`
  public static let negate = LuaMetamethod(field: "__unm")
  /// `a .. b`
  public static let concatenate = LuaMetamethod(field: "__concat")
  /// `#a`
  public static let length = LuaMetamethod(field: "__len")
  /// `a == b`
  public static let equal = LuaMetamethod(field: "__eq")
  /// `a < b`
  public static let lessThan = LuaMetamethod(field: "__lt")
  /// `a <= b`
  public static let lessOrEqual = LuaMetamethod(field: "__le")
  /// `a.name` of a name that is not declared: it is given the object and the key.
  public static let index = LuaMetamethod(field: "__index")
  /// `a.name = b` of a name that is not declared: it is given the object, the key and the value.
  public static let newIndex = LuaMetamethod(field: "__newindex")
  /// `a(…)`
  public static let call = LuaMetamethod(field: "__call")
  /// `tostring(a)`
  public static let tostring = LuaMetamethod(field: "__tostring")
  /// `pairs(a)` (5.4)
  public static let pairs = LuaMetamethod(field: "__pairs")
  /// The end of `local a <close>` (5.4)
  public static let close = LuaMetamethod(field: "__close")
}
