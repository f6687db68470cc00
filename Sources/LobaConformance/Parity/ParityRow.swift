internal import LobaCore

/// The rows of the comparison with Lupa, each a check of that number: `parity 1.N` for Lupa 1.14.1, `parity 2.N` for what
/// newer releases added. docs/parity.md lists them all, with how each is spelled in Swift.
struct ParityRows: Sendable {
  let section: Int

  func callAsFunction(
    _ number: Int, _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
    _ body: @escaping @Sendable (LuaRuntime) throws -> Void
  ) -> ConformanceCheck {
    area(number)(sentence, requires: requires, excludes: excludes, body)
  }

  /// A row that makes its runtimes itself.
  func engine(
    _ number: Int, _ sentence: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
    _ body: @escaping @Sendable (any LuaEngine) throws -> Void
  ) -> ConformanceCheck {
    area(number).engine(sentence, requires: requires, excludes: excludes, body)
  }

  /// A row that needs a configuration.
  func configured(
    _ number: Int, _ sentence: String, _ configure: @escaping @Sendable (inout LuaConfiguration) -> Void,
    _ body: @escaping @Sendable (LuaRuntime) throws -> Void
  ) -> ConformanceCheck {
    engine(number, sentence) { engine in
      var configuration = LuaConfiguration()
      configure(&configuration)
      let lua = try LuaRuntime.forCheck(engine, configuration)
      defer { lua.close() }
      try body(lua)
      try lua.collectGarbage()
      try expectUsable(lua)
    }
  }

  private func area(_ number: Int) -> Area { Area("parity \(section).\(number)") }
}

let parityChecks: [ConformanceCheck] = [
  parityRuntimeChecks, parityCodeChecks, parityTypeChecks, parityTupleChecks, parityObjectChecks, parityIterationChecks,
  parityNilChecks, parityTableChecks, parityTableBuildingChecks, parityCallableChecks, parityCoroutineChecks,
  parityThreadChecks, parityAccessChecks, parityModuleChecks, parityUndocumentedChecks, parityNewerChecks,
  parityPackChecks, parityIntegerChecks,
].flatMap { $0 }
