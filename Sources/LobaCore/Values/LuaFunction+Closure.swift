extension LuaFunction {
  /// The function as a Swift closure.
  ///
  /// ```swift
  /// let greet = f.closure(((String) throws -> String).self)
  /// let add: (Int, Int) throws -> Int = f.closure()
  /// ```
  ///
  /// It throws what a call throws, and keeps the function and its runtime alive.
  public func closure<each A, R: LuaConstructible>(
    _ type: ((repeat each A) throws -> R).Type = ((repeat each A) throws -> R).self
  ) -> (repeat each A) throws -> R {
    { (arguments: repeat each A) in try self(repeat each arguments) }
  }

  /// The function as a Swift closure with several results, or none.
  @_disfavoredOverload
  public func closure<each A, each R>(
    _ type: ((repeat each A) throws -> (repeat each R)).Type = ((repeat each A) throws -> (repeat each R)).self
  ) -> (repeat each A) throws -> (repeat each R) {
    { (arguments: repeat each A) in try self(repeat each arguments) }
  }
}
