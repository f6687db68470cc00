#if Eval
  /// A Swift expression, as far as this module knows them.
  indirect enum Expression: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    /// A string with interpolations: its parts, one after the other.
    case interpolation([Expression])
    case array([Expression])
    case dictionary([(key: Expression, value: Expression)])
    /// Several values, or none.
    case tuple([Expression])
    case name(String)
    case member(Expression, String)
    case item(Expression, Expression)
    case call(Expression, [Expression])
    case prefix(String, Expression)
    case infix(String, Expression, Expression)
    case condition(Expression, Expression, Expression)
  }
#endif
