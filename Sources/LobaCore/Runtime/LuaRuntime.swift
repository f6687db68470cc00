/// A Lua state and everything that belongs to it.
///
/// ```swift
/// let lua = try LuaRuntime()
/// let two: Int = try lua.eval("1 + 1")
/// ```
///
/// A runtime is not Sendable: one thread at a time may use it and its values, which Swift's region isolation proves at
/// compile time. To share one, use `LuaActor` or `Mutex<LuaRuntime>`.
///
/// Tables, functions and other handles keep their runtime alive. A host function that captures such a handle and is
/// itself kept in Lua makes a circle; ``close()`` breaks it.
public final class LuaRuntime {
  /// The engine that this runtime runs on.
  public let engine: any LuaEngine
  /// What the runtime was made with. The ``memoryLimit`` and the ``overflowHandler`` may have been changed since.
  public let configuration: LuaConfiguration

  /// The bytes that the Lua state used once its libraries were open, before anything else was done: what
  /// ``memoryUsed`` started with.
  public private(set) var memoryBaseline = 0

  @usableFromInline let state: LuaState

  var classes = ClassRegistry()
  /// Metatables of values of undeclared types, and of item views, by type name.
  var undeclaredMetatables: [String: Reference] = [:]
  /// `swift.none`, once made.
  var noneReference: Reference = 0
  /// The function behind `swift.extend`, once made.
  var extendReference: Reference = 0
  /// The table of bound methods in use, once made.
  var boundMethodsReference: Reference = 0
  /// The table of functions of Lua's that stand for host functions, once made.
  var standInsReference: Reference = 0
  /// The function for integers that overflow.
  var overflowReference: Reference = 0
  var isHandlingOverflow = false
  /// The application's own data for this runtime; let go of when the runtime is closed.
  public let context = LuaContext()

  var moduleRegistry = ModuleRegistry()
  var asyncRegistry = AsyncRegistry()
  /// The actor that owns the runtime, if one does.
  weak var actor: LuaActor?
  var leafOutcomes = LeafOutcomes()
  /// Whether the host is being given a warning.
  var isWarning = false
  /// How many `withoutGarbageCollection` are running.
  var collectorStops = 0

  /// Makes a runtime.
  ///
  /// - Parameters:
  ///   - engine: The engine to run on.
  ///   - configuration: Libraries, limits and so on.
  /// - Throws: ``LuaError`` of kind `engine` if the engine's shared library cannot be used (the message names what was
  ///   tried, the package to install and the environment variable that points elsewhere) or C modules are asked for
  ///   while another engine has them; of kind `memory` if the limit is too small for the libraries.
  public init(engine: some LuaEngine, configuration: LuaConfiguration = .standard) throws {
    let configuration = configuration.settled
    try Self.load(engine, configuration)
    if configuration.allowsCModules { try CModuleOwner.claim(for: engine) }
    self.engine = engine
    self.configuration = configuration
    state = engine.makeState()
    state.owner = self
    state.hasFastLane = configuration.usesFastLane && engine.capabilities.contains(.ffi)
    state.announcesLimits = configuration.limits != nil
    state.takesWarnings = configuration.warn != nil
    state.isBounded = configuration.limits != nil || configuration.boundsLibraries
    if let sandbox = configuration.sandbox, !sandbox.hasWeakTables { state.hideWeakModes() }
    state.setFirstMemoryLimit(configuration.memoryLimit)
    try engine.open(state, with: configuration.libraries, allowingCModules: configuration.allowsCModules)
    if let limit = configuration.memoryLimit { memoryLimit = limit }
    state.setTextEncoding(configuration.stringEncoding)
    if !configuration.swiftLibrary.isEmpty { try openSwiftLibrary() }
    if configuration.sandbox != nil { try openSandbox() }
    try openServices()
    if configuration.modules != nil || configuration.sandbox?.modules != nil { try openModules() }
    if let limits = configuration.limits { try state.limitCalls(limits) }
    memoryBaseline = memoryUsed
  }

  /// Makes a runtime that is closed and has never been open: what stands behind a value that belongs to none.
  private init(closedWith encoding: LuaTextEncoding) {
    var configuration = LuaConfiguration.standard
    configuration.stringEncoding = encoding
    self.configuration = configuration
    engine = NoEngine()
    state = LuaState(closedWith: encoding)
    state.owner = self
  }

  deinit {
    state.close()
    state.free()
  }

  /// Closes the Lua state: every value and host object in it is released, running Lua's finalizers.
  ///
  /// Afterwards everything that can throw throws an error of kind `closed`. Called from a host function, the runtime
  /// closes as soon as the outermost call from Swift has returned.
  public func close() {
    state.close()
  }

  /// What members of classes, modules and the context have may hold the runtime.
  func forgetClasses() {
    // Let go of outside of the access: it may run anything.
    var classes = ClassRegistry()
    swap(&classes, &self.classes)
    var modules: [String: LuaModule] = [:]
    swap(&modules, &moduleRegistry.modules)
    context.removeAll()
    state.forgetValueTypes()
  }

  /// Whether the runtime has been closed.
  public var isClosed: Bool { state.isClosed }

  /// The release of the engine's library, read from the library itself: for example `Lua 5.4.4`.
  public var release: String { engine.release }
}

@available(*, unavailable)
extension LuaRuntime: Sendable {}

extension LuaRuntime {
  private static func load(_ engine: some LuaEngine, _ configuration: LuaConfiguration) throws {
    let path = configuration.libraryPath ?? environmentVariable(engine.libraryVariable)
    let problem: LuaLibraryProblem
    do { return try engine.loadLibrary(at: path) } catch { problem = error }
    let advice =
      engine.isStatic
      ? "Set neither a library path nor the environment variable \(engine.libraryVariable)."
      : """
      To install it: \(engine.packages.joined(separator: "; ")).
      If it is somewhere else, set the environment variable \(engine.libraryVariable) to its path.
      """
    throw LuaError(
      kind: .engine,
      message: """
        The library of \(engine.name) cannot be used. Tried:
        \(problem.attempts.map { "  \($0)" }.joined(separator: "\n"))
        \(advice)
        """)
  }

  /// The runtime whose state Lua has called Swift from; a closed one for the state of values that belong to none.
  static func from(_ state: LuaState) -> LuaRuntime {
    state.owner ?? LuaRuntime(closedWith: state.textEncoding)
  }
}
