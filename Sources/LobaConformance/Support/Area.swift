internal import LobaCore

/// Makes the checks of one area.
///
/// ```swift
/// private let area = Area("tables")
///
/// let tableChecks: [ConformanceCheck] = [
///   area("an absent key is nil") { lua in … }
/// ]
/// ```
struct Area: Sendable {
  let name: String

  init(_ name: String) {
    self.name = name
  }

  /// A check that is given a runtime with all libraries. Whatever the body did, if it left the runtime open, garbage can
  /// be collected and code be run afterwards.
  func callAsFunction(
    _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
    _ body: @escaping @Sendable (LuaRuntime) throws -> Void
  ) -> ConformanceCheck {
    engine(sentence, requires: requires, excludes: excludes) { engine in
      let lua = try LuaRuntime.forCheck(engine)
      // A host function that holds handles keeps its runtime alive; closing breaks that circle.
      defer { lua.close() }
      try body(lua)
      guard !lua.isClosed else { return }
      try lua.collectGarbage()
      try expectUsable(lua)
    }
  }

  /// A check that makes its runtimes itself.
  func engine(
    _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
    _ body: @escaping @Sendable (any LuaEngine) throws -> Void
  ) -> ConformanceCheck {
    ConformanceCheck(name, sentence, requires: requires, excludes: excludes, body)
  }
}
