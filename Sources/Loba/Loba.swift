// Loba: everything of the core, and every engine that the build enables.
@_exported public import LobaCore

#if Lua51
  @_exported public import Lua51Engine
#endif
#if Lua52
  @_exported public import Lua52Engine
#endif
#if Lua53
  @_exported public import Lua53Engine
#endif
#if Lua54
  @_exported public import Lua54Engine
#endif
#if LuaJIT
  @_exported public import LuaJITEngine
#endif

/// The engines of this build, chosen by package traits.
public enum LuaEngines {
  /// The package traits that enable an engine each, in the order of ``available``.
  public static let traits = ["Lua54", "LuaJIT", "Lua53", "Lua52", "Lua51"]

  /// Every engine of this build; the first is the default.
  public static let available: [any LuaEngine] = {
    var engines: [any LuaEngine] = []
    #if Lua54
      engines.append(Lua54Engine())
    #endif
    #if LuaJIT
      engines.append(LuaJITEngine())
    #endif
    #if Lua53
      engines.append(Lua53Engine())
    #endif
    #if Lua52
      engines.append(Lua52Engine())
    #endif
    #if Lua51
      engines.append(Lua51Engine())
    #endif
    return engines
  }()

  /// The engine that `LuaRuntime()` runs on: the first of ``available``, which is Lua 5.4 if the build has it, else LuaJIT,
  /// else the latest Lua.
  public static var `default`: (any LuaEngine)? { available.first }

  static var noEngine: LuaError {
    LuaError(
      kind: .engine,
      message:
        "This build has no Lua engine: enable at least one of the package traits \(traits.joined(separator: ", ")).")
  }

  /// The engine with an identifier such as `lua54`, if the build has it.
  public static func named(_ identifier: String) -> (any LuaEngine)? {
    available.first { $0.identifier == identifier }
  }
}

extension LuaRuntime {
  /// Makes a runtime on the build's default engine.
  ///
  /// - Throws: ``LuaError`` of kind `engine` if the build has no engine or its library cannot be used.
  public convenience init(configuration: LuaConfiguration = .standard) throws {
    guard let engine = LuaEngines.default else { throw LuaEngines.noEngine }
    try self.init(engine: engine, configuration: configuration)
  }
}

extension LuaActor {
  /// Makes a runtime on the build's default engine.
  ///
  /// - Throws: As ``LuaRuntime/init(configuration:)``.
  public init(
    configuration: LuaConfiguration = .standard, setUp: @Sendable (LuaRuntime) throws -> Void = { _ in }
  ) throws {
    guard let engine = LuaEngines.default else { throw LuaEngines.noEngine }
    try self.init(engine: engine, configuration: configuration, setUp: setUp)
  }
}

extension LuaPool {
  /// Prepares a pool of runtimes on the build's default engine.
  ///
  /// - Throws: ``LuaError`` of kind `engine` if the build has no engine.
  public init(
    count: Int? = nil, configuration: LuaConfiguration = .standard,
    setUp: @escaping @Sendable (LuaRuntime) throws -> Void = { _ in }
  ) throws {
    guard let engine = LuaEngines.default else { throw LuaEngines.noEngine }
    self.init(count: count, engine: engine, configuration: configuration, setUp: setUp)
  }
}
