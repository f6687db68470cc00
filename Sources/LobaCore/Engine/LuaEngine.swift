/// A Lua implementation that runtimes can be made with.
///
/// `LobaCore` knows no engine by name. An engine says what it is, and does five things: it loads its library, says the
/// library's release and path, makes the library's symbols visible to C modules, makes states and opens them. What an open
/// state can do is not asked of the engine but of the state, which brings its operations along.
///
/// An engine on a Lua C API is a ``LuaCEngine``, which takes all of that from a table of C functions.
///
/// # Implementation requirements
///
/// An engine must pass every check of the conformance suite that its ``capabilities`` do not excuse it from:
///
/// ```swift
/// import LobaConformance
///
/// let report = ConformanceSuite.run(on: MyEngine())
/// print(report)  // what did not hold, and how much the engine is excused from
/// ```
public protocol LuaEngine: Sendable {
  /// The name for people, for example `Lua 5.4`.
  var name: String { get }
  /// The name for command lines and file names, for example `lua54`.
  var identifier: String { get }
  /// The version of the Lua language: `(5, 1)` or `(5, 4)`.
  var version: (major: Int, minor: Int) { get }
  /// What this engine can do and others cannot.
  var capabilities: LuaCapabilities { get }
  /// How messages tell users to install the library, by system.
  var packages: [String] { get }

  /// Loads the engine's library, unless it is loaded.
  ///
  /// - Parameter path: Where the library is; nil for the usual places.
  /// - Throws: What was tried, if none of it can be used.
  func loadLibrary(at path: String?) throws(LuaLibraryProblem)

  /// The library's own release, for example `Lua 5.4.4`; nil if no runtime has been made yet.
  var libraryRelease: String? { get }

  /// The path of the library in use; nil if none has been loaded yet.
  var libraryPath: String? { get }

  /// Whether the library is linked into the program, so that no other can take its place. False unless an engine says
  /// otherwise.
  var isStatic: Bool { get }

  /// Makes the library's symbols visible to C modules, which only one engine of a process can.
  ///
  /// - Returns: Whether that was possible.
  func claimGlobalSymbols() -> Bool

  /// Makes a state that is closed until ``open(_:with:allowingCModules:)`` opens it.
  func makeState() -> LuaState

  /// Opens a state with libraries; those that the engine does not have are left out.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if the state's limit is too small for that; of kind `engine` if these libraries
  ///   cannot be had without others.
  func open(_ state: LuaState, with libraries: LuaLibraries, allowingCModules: Bool) throws
}

extension LuaEngine {
  /// An engine's library is loaded at run time, unless the engine says otherwise.
  public var isStatic: Bool { false }

  /// The environment variable that overrides where the engine's shared library is, for example `LOBA_LUA54_LIBRARY`.
  public var libraryVariable: String { "LOBA_\(identifier.uppercased())_LIBRARY" }

  /// The release of the shared library, read from the library itself: for example `Lua 5.4.4`. The engine's name if no
  /// runtime has been made yet.
  public var release: String { libraryRelease ?? name }
}

/// Why an engine's library cannot be used.
public struct LuaLibraryProblem: Error {
  /// What was tried, and what was wrong with it.
  public let attempts: [String]

  /// Describes attempts, for people.
  public init(attempts: [String]) {
    self.attempts = attempts
  }
}
