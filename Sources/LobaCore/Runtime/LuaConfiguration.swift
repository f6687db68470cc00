/// How a runtime is made.
public struct LuaConfiguration: Sendable {
  /// The standard libraries to open. Default: all.
  public var libraries: LuaLibraries

  /// Whether `require` may load C modules. Default: false.
  ///
  /// C modules take Lua's functions from whatever library is global in the process, so at most one engine per process
  /// can allow them: the first runtime that asks claims that place for its engine, and a runtime of another engine
  /// that asks throws. Where it is false there is no way for a script to load one.
  public var allowsCModules: Bool

  /// The path of the engine's shared library, instead of the system's. Default: nil.
  ///
  /// The environment variable ``LuaEngine/libraryVariable`` does the same. There is one library per engine and process.
  public var libraryPath: String?

  /// The most memory that Lua may use, in bytes; nil for no limit.
  ///
  /// An allocation beyond it fails with a memory error, which `pcall` in the script can catch and which leaves the
  /// runtime usable.
  public var memoryLimit: Int?

  /// How far scripts may go; the instructions and the deadline are for each outermost call. Default: nil.
  ///
  /// What is not nil, if only ``LuaLimits/none``, prepares the runtime for limits: the functions by which a script could get
  /// around them know of them, and there are no finalizers of scripts' making (`__gc`, `newproxy`), since nothing
  /// can stop those. Where the `debug` library is open, it lacks what would lead there. A runtime with LuaJIT's `ffi` library
  /// cannot be kept within limits.
  public var limits: LuaLimits?

  /// What scripts find, if not all of the libraries but a sandbox: see ``LuaSandbox`` and ``sandbox-swift.type.property``.
  /// Default: nil, no sandbox.
  ///
  /// Whatever is asked for beside it, a sandbox has only libraries and functions that reach nothing outside of the runtime,
  /// and is prepared for limits.
  public var sandbox: LuaSandbox?

  /// What `print` is given: the texts of its arguments, as `tostring` gives them, with tabulators between them and without the
  /// end of the line. Default: nil, and they go to standard output.
  public var print: (@Sendable (_ line: String) throws -> Void)?

  /// What takes warnings: those of `warn`, and those of the engine itself, as the errors of finalizers are from Lua 5.4 on.
  /// Default: nil, and they go to standard error where the engine has them, once a script says `warn("@on")`.
  ///
  /// With it every engine has `warn`, as Lua 5.4 has it, a sandbox too. Warnings are on from the beginning; a script turns
  /// them off with `warn("@off")`. It cannot use the runtime that warns: a finalizer's error comes in the middle of
  /// whatever was allocating. A text is cut where it would take more memory than Lua may use.
  public var warn: (@Sendable (_ text: String) -> Void)?

  /// What scripts are told of time by `os.time`, `os.date` and `os.clock`. Default: nil, the system's.
  public var clock: LuaClock?

  /// What `os.getenv` finds. Default: nil: the variables of the process, and in a sandbox no `os.getenv`.
  public var environmentVariables: LuaEnvironmentVariables?

  /// The files of `io`, `loadfile`, `dofile`, `os.remove`, `os.rename` and `os.tmpname`. Default: nil: the system's, and in a
  /// sandbox none.
  ///
  /// With them `io` has `open`, `lines`, `read`, `write`, `input`, `output`, `close` and `type`, and nothing else, also in a
  /// sandbox; elsewhere only where the ``LuaLibraries/io`` library is asked for. There is no standard input and output until
  /// a script sets one. What else reaches the system's files (`package`, `os.execute`, C modules) is no part of this.
  public var files: (any LuaFileSystem)?

  /// What the first of the numbers of `math.random` comes from: the same ones follow on every engine. Default: nil, and
  /// the engine's own generator, which Lua 5.4 seeds by chance, and which up to Lua 5.3 belongs to the whole process.
  public var randomSeed: UInt64?

  /// Where modules are found that ``LuaRuntime/modules`` has not been given by name. Default: nil, only where Lua looks itself.
  ///
  /// These come before Lua's own files. A runtime without the package library then has a `require` for them alone.
  public var modules: LuaModuleLoader?

  /// The functions of the `swift` library that scripts see. Default: all (``LuaSwiftLibrary/eval`` needs an
  /// ``evaluator``).
  public var swiftLibrary: LuaSwiftLibrary = .all

  /// What `swift.eval(text)` calls. Default: nil, and `swift.eval` is nil.
  public var evaluator: (@Sendable (_ text: String, _ runtime: LuaRuntime) throws -> Any)?

  /// More functions for `swift.builtins`, by name: each value is a closure's ``LuaHostFunction``. Default: none.
  public var builtins: [String: LuaHostFunction] = [:]

  /// Whether a tuple that a host function returns becomes several results. Default: true. If false, it passes through
  /// Lua as one opaque value.
  public var unpacksReturnedTuples = true

  /// What scripts see of host objects of types that are not registered. Default: nothing.
  public var reflection: Reflection = .none

  /// Who decides about scripts' access to members and items of host objects. Default: everything declared is allowed.
  public var memberAccess: LuaMemberAccess = .open

  /// The encoding of Lua's strings where they become Swift's `String`, and back. Default: UTF-8.
  public var stringEncoding: LuaTextEncoding = .utf8

  /// The encoding of source code given as `String`. Default: nil, that of ``stringEncoding``.
  public var sourceEncoding: LuaTextEncoding?

  /// What happens to an integer that the engine cannot hold exactly. Default: it throws.
  public var integerOverflow: LuaIntegerOverflow = .throwing

  /// Whether code that LuaJIT has compiled calls leaves (``LuaRuntime/leaf(_:)``) directly. Default: true.
  ///
  /// If false, and on every other engine, a leaf is called as any function of Swift's is. So it is where scripts could
  /// look at what the fast lane is made of: with the `debug` or `jit` library and without the `ffi` library.
  public var usesFastLane = true

  /// Whether those functions of the standard libraries whose loops no hook sees count their steps, so that limits on
  /// scripts hold in them.
  package var boundsLibraries = false

  /// What a script sees of undeclared types.
  public enum Reflection: Sendable, Hashable {
    /// Nothing: such a value can be passed on, not looked into.
    case none
    /// The stored properties, read-only, as Swift's `Mirror` shows them.
    case mirror
  }

  /// Makes a configuration of what is chosen most often; everything else has its default, and can be set afterwards.
  ///
  /// - Parameters:
  ///   - libraries: The standard libraries to open; those that the engine does not have are left out.
  ///   - allowsCModules: Whether `require` may load C modules: of one engine per process.
  ///   - libraryPath: Where the engine's shared library is; nil for the environment variable, or else the usual names.
  ///   - memoryLimit: The most memory that Lua may use, in bytes; nil for no limit.
  public init(
    libraries: LuaLibraries = .all, allowsCModules: Bool = false, libraryPath: String? = nil, memoryLimit: Int? = nil
  ) {
    self.libraries = libraries
    self.allowsCModules = allowsCModules
    self.libraryPath = libraryPath
    self.memoryLimit = memoryLimit
  }

  /// All libraries, no C modules, no limits.
  public static let standard = LuaConfiguration()
}
