extension LuaClass {
  /// Says what the class is for, in type stubs: see ``LuaRuntime/typeStubs()``.
  ///
  /// - Parameter text: Some lines; in Markdown, as editors show them.
  public mutating func document(_ text: String) {
    description.documentation[nil] = text
  }

  /// Says what a member is for, in type stubs.
  ///
  /// ```swift
  /// $0.method("deposit") { (account, amount: Int) in try account.deposit(amount) }
  /// $0.document("deposit", "Adds to the balance.")
  /// ```
  ///
  /// - Parameters:
  ///   - member: The name of a property, method, constant or function of the class, declared before or after; `new` is the
  ///     initialiser. Of a name that there is not, nothing is said.
  ///   - text: Some lines; in Markdown, as editors show them.
  public mutating func document(_ member: String, _ text: String) {
    description.documentation[member] = text
  }
}
