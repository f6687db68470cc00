// Type stubs: what editors are told of what a host gives to scripts. The text is made when it is asked for; until then
// there is but the type of each closure.

extension LuaRuntime {
  /// Type annotations for what scripts find in this runtime, as editors read them: definitions in LuaCATS, the language
  /// of lua-language-server.
  ///
  /// ```swift
  /// try lua.typeStubs().write(to: URL(filePath: "library/game.lua"), atomically: true, encoding: .utf8)
  /// ```
  ///
  /// There are the registered classes with their members and, among the globals and in the tables there, the functions
  /// that are Swift closures and all values that are no functions, by their types. What every Lua has is left out, and
  /// so are functions that scripts have defined; but not their other globals, so it is best asked for before scripts
  /// run. A Swift type of which nothing is known is `any`. The same registrations give the same text. It is Lua source,
  /// but nothing that is to be run.
  ///
  /// No metamethod is asked, and nothing is loaded.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func typeStubs() throws -> String {
    var text = StubText()
    let classes = try StubClasses(of: self)
    try classes.write(globals, to: &text)
    var tables = StubTables(self, classes)
    try tables.write(globals: globals, to: &text)
    return text.text
  }

  /// The same for a module, which is loaded if it has not been: a file that editors find by the module's name.
  ///
  /// What it has of registered classes is said by name; the classes are in ``typeStubs()``.
  ///
  /// - Throws: What loading the module raises, or that there is none.
  public func typeStubs(ofModule name: String) throws -> String {
    let value: LuaValue = try require(name)
    var text = StubText(module: name)
    var tables = try StubTables(self, StubClasses(of: self))
    try tables.write(module: value, to: &text)
    return text.text
  }
}
