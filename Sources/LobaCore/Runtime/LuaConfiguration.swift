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
