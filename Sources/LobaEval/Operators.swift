#if Eval
  internal import LobaCore

  /// Swift's operators, on Lua's values. What is neither number, string nor boolean is left to Lua's operators, and so to the
  /// metamethods that a class declares.
  enum Operators {
    static func boolean(_ value: LuaValue) throws -> Bool {
      guard case .boolean(let boolean) = value else {
        throw LuaError(message: "a Bool is expected, got a \(value.type)")
      }
      return boolean
    }

    static func prefix(_ symbol: String, _ value: LuaValue) throws -> LuaValue {
      switch (symbol, value) {
      case ("!", .boolean(let value)): return .boolean(!value)
      case ("-", .integer(let value)): return .integer(try exact(0.subtractingReportingOverflow(value), symbol))
      case ("-", .number(let value)): return .number(-value)
      case ("+", .integer), ("+", .number): return value
      case ("~", .integer(let value)): return .integer(~value)
      default: throw LuaError(message: "there is no prefix operator '\(symbol)' for a \(value.type)")
      }
    }

    static func infix(_ symbol: String, _ a: LuaValue, _ b: LuaValue, _ runtime: LuaRuntime) throws -> LuaValue {
      switch (symbol, a, b) {
      case ("==", _, _): return .boolean(try areEqual(a, b))
      case ("!=", _, _): return .boolean(try !areEqual(a, b))
      case (_, .integer(let a), .integer(let b)):
        if let result = compared(symbol, a, b) { return result }
        if let result = try computed(symbol, a, b) { return try runtime.value(result) }
      case (_, .integer(let a), .number(let b)): if let result = computed(symbol, Double(a), b) { return result }
      case (_, .number(let a), .integer(let b)): if let result = computed(symbol, a, Double(b)) { return result }
      case (_, .number(let a), .number(let b)): if let result = computed(symbol, a, b) { return result }
      case (_, .string(let a), .string(let b)):
        if symbol == "+" {
          var both = a
          both.bytes += b.bytes
          return .string(both)
        }
        if let result = compared(symbol, a, b) { return result }
      default:
        let isObject = a.handle != nil || b.handle != nil
        if isObject, ["+", "-", "*", "/", "%", "<", "<=", ">", ">="].contains(symbol) {
          let function: LuaFunction = try runtime.eval("function(a, b) return a \(symbol) b end", name: "=operator")
          return try function(a, b)
        }
      }
      throw LuaError(message: "there is no operator '\(symbol)' for a \(a.type) and a \(b.type)")
    }

    private static func areEqual(_ a: LuaValue, _ b: LuaValue) throws -> Bool {
      if let a = a.handle, let b = b.handle { return try a.isEqual(to: b) }
      return a == b
    }

    private static func compared<T: Comparable>(_ symbol: String, _ a: T, _ b: T) -> LuaValue? {
      switch symbol {
      case "<": .boolean(a < b)
      case "<=": .boolean(a <= b)
      case ">": .boolean(a > b)
      case ">=": .boolean(a >= b)
      default: nil
      }
    }

    private static func computed(_ symbol: String, _ a: Double, _ b: Double) -> LuaValue? {
      switch symbol {
      case "+": .number(a + b)
      case "-": .number(a - b)
      case "*": .number(a * b)
      case "/": .number(a / b)
      default: compared(symbol, a, b)
      }
    }

    private static func computed(_ symbol: String, _ a: Int, _ b: Int) throws -> Int? {
      switch symbol {
      case "+": return try exact(a.addingReportingOverflow(b), symbol)
      case "-": return try exact(a.subtractingReportingOverflow(b), symbol)
      case "*": return try exact(a.multipliedReportingOverflow(by: b), symbol)
      case "/", "%":
        if b == 0 { throw LuaError(message: "division by zero") }
        return try exact(
          symbol == "/" ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b), symbol)
      case "&": return a & b
      case "|": return a | b
      case "^": return a ^ b
      case "<<": return a << b
      case ">>": return a >> b
      case "&+": return a &+ b
      case "&-": return a &- b
      case "&*": return a &* b
      default: return nil
      }
    }

    private static func exact(_ result: (partialValue: Int, overflow: Bool), _ symbol: String) throws -> Int {
      if result.overflow { throw LuaError(message: "arithmetic overflow in '\(symbol)'") }
      return result.partialValue
    }
  }
#endif
