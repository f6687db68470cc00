/// What scripts find in a runtime for code that nobody has read, and what the host supplies there.
///
/// ```swift
/// var configuration = LuaConfiguration.sandbox
/// configuration.sandbox?.print = { log.append($0) }
/// configuration.sandbox?.modules = { sources[$0] }
/// let lua = try LuaRuntime(configuration: configuration)
/// try lua.execute(script)
/// ```
///
/// A script in a sandbox reaches what is listed below and what the host gives it, and nothing else; it has no way to
/// run longer, or to use more memory, than it may. One runtime is one sandbox: what is to be kept apart goes into runtimes of
/// their own.
///
/// What there is: the base library without `dofile`, `loadfile`, `newproxy`, `getfenv`, `setfenv`, `module` and `warn`; of
/// `os` `clock`, `date`, `difftime` and `time`; `string` without `dump`; `table`, `math`, `coroutine`, `utf8`, `bit`, `bit32`;
/// `swift`. `load` takes source text only, `collectgarbage` only counts, `math.random` has a generator of its own, the
/// metatable of strings cannot be had, `setmetatable` refuses finalizers, tables are only weak where that is harmless, and
/// `require` knows the host's ``modules`` alone.
///
/// And there is what the configuration has something of the host's behind: `warn` (``LuaConfiguration/warn``), `os.getenv`
/// (``LuaConfiguration/environmentVariables``), and `io`, `loadfile`, `dofile`, `os.remove`, `os.rename` and `os.tmpname`
/// (``LuaConfiguration/files``).
public struct LuaSandbox: Sendable {
  /// What `print` is given: the texts of its arguments with tabulators between them, without the end of the line. Default:
  /// nil, and they go where ``LuaConfiguration/print`` says, or to standard output.
  public var print: (@Sendable (_ line: String) throws -> Void)?

  /// The source of a module for `require`; nil for a module that there is not. Default: nil, and `require` is nil.
  ///
  /// Whoever looks for a file by the name must look at it first: `name` is what the script says, `../../etc/passwd` or
  /// anything else. (``LuaConfiguration/modules`` has more ways, which come before this.)
  public var modules: (@Sendable (_ name: String) throws -> String?)?

  /// What `os.time()` says, in seconds since the beginning of 1970; also the time of `os.date()`. Default: nil, that of
  /// ``LuaConfiguration/clock``, or the time.
  public var time: (@Sendable () -> Int)?

  /// What `os.clock()` says, in seconds. Default: nil, what ``LuaConfiguration/clock`` says, or the time that the process
  /// has computed.
  ///
  /// A coarse clock keeps scripts from timing what the process does.
  public var clock: (@Sendable () -> Double)?

  /// What the first random number comes from. Default: nil, ``LuaConfiguration/randomSeed``, or chance. The numbers that
  /// follow are the same on every engine.
  public var randomSeed: UInt64?

  /// Whether `__mode` in a metatable makes a table weak on Lua 5.2 and later. Default: false, and tables keep all that is in
  /// them until they are garbage themselves.
  ///
  /// The collector of these engines can be made to go through tables with weak keys for minutes, in one piece, which no limit
  /// of time ends. Lua 5.1 and LuaJIT have another, and weak tables in any case.
  public var hasWeakTables = false

  /// A sandbox that prints to standard output, has no modules, and takes time and chance from the system.
  public init() {}

  /// The libraries that there can be in a sandbox.
  static let libraries: LuaLibraries = LuaLibraries.safe.union(.os)
}

extension LuaConfiguration {
  /// For scripts that nobody has read: a ``LuaSandbox``, 64 MiB of memory, and for each call from Swift 5 seconds, 500
  /// million instructions and 1000 coroutines. (LuaJIT compiles nothing while there are limits.)
  ///
  /// All of it can be changed. Without limits a script can run for ever; the sandbox holds all the same.
  public static let sandbox: LuaConfiguration = {
    var configuration = LuaConfiguration(libraries: LuaSandbox.libraries, memoryLimit: 64 << 20)
    configuration.limits = LuaLimits(instructions: 500_000_000, deadline: .seconds(5), coroutines: 1000)
    configuration.sandbox = LuaSandbox()
    return configuration
  }()

  /// What the runtime is made with: in a sandbox some things are as they must be, whatever is asked for.
  var settled: LuaConfiguration {
    guard sandbox != nil else { return self }
    var settled = self
    settled.libraries.formIntersection(LuaSandbox.libraries)
    settled.allowsCModules = false
    settled.usesFastLane = false
    settled.limits = limits ?? LuaLimits.none
    return settled
  }
}
