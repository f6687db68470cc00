#if Eval
  public import LobaCore

  /// Evaluates expressions in Swift's syntax, for ``LobaCore/LuaConfiguration/evaluator`` and so for `swift.eval` in Lua.
  ///
  /// ```swift
  /// let evaluator = SwiftEvaluator(["limit": 10, "clamp": LuaHostFunction { (x: Int) in min(x, 10) }])
  /// var configuration = LuaConfiguration()
  /// configuration.evaluator = evaluator.evaluate
  /// let lua = try LuaRuntime(configuration: configuration)
  /// let text: String = try lua.eval("swift.eval('clamp(3 * 4) == limit ? \"full\" : \"room\"')")  // "full"
  /// ```
  ///
  /// There are literals (also interpolated strings, arrays and dictionaries, which become tables), the operators of numbers,
  /// booleans and strings with Swift's precedence and rules (integers divide to integers, overflow is an error), `??`,
  /// `? :`, tuples (several results), and members, subscripts and calls of what the names stand for. There is nothing
  /// else: no globals of Swift's or Lua's, no statements, closures, types or argument labels.
  public struct SwiftEvaluator: Sendable {
    private let names: [String: any Sendable]

    /// Makes an evaluator.
    ///
    /// - Parameter names: What expressions can name: functions as `LuaHostFunction`, and any value that can be given to
    ///   Lua. Members of objects are those that their `LuaClass` declares.
    public init(_ names: [String: any Sendable] = [:]) {
      self.names = names
    }

    /// The value of an expression: a `LuaValue`, or `LuaValues` if it is a tuple.
    ///
    /// - Throws: `LuaError` of kind `syntax` if the text is no expression, or one of a kind that there is not; of kind
    ///   `runtime` if a name is unknown or an operand is of the wrong type; what a function throws.
    public func evaluate(_ text: String, _ runtime: LuaRuntime) throws -> Any {
      let expression = try ExpressionParser.parse(text)
      let evaluation = Evaluation(names: names, runtime: runtime)
      guard case .tuple(let elements) = expression else { return try evaluation.value(of: expression) }
      return LuaValues(try elements.map(evaluation.value))
    }
  }
#endif
