/// What type stubs say of a member that its closure does not.
struct MemberDocumentation {
  var text: String
  var parameters: [String]
}

extension LuaClass {
  /// Says what the class is for, in type stubs: see ``LuaRuntime/typeStubs()``.
  ///
  /// - Parameter text: Some lines; in Markdown, as editors show them.
  public mutating func document(_ text: String) {
    description.documentation[nil] = MemberDocumentation(text: text, parameters: [])
  }

  /// Says what a member is for, in type stubs, and what its parameters are called.
  ///
  /// ```swift
  /// $0.method("deposit") { (account, amount: Int) in try account.deposit(amount) }
  /// $0.document("deposit", "Adds to the balance.", parameters: "amount")
  /// ```
  ///
  /// - Parameters:
  ///   - member: The name of a property, method, constant or function of the class, declared before or after; `new` is
  ///     the initialiser. Of a name that there is not, nothing is said.
  ///   - text: Some lines; in Markdown, as editors show them. May be empty.
  ///   - parameters: Names of parameters, without the object, as many as are to have one; what is no name in Lua is left
  ///     out. Calls do not know them: for that, see ``method(_:named:_:body:)``.
  public mutating func document(_ member: String, _ text: String, parameters: String...) {
    description.documentation[member] = MemberDocumentation(text: text, parameters: parameters)
  }
}
