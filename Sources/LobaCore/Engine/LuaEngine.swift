public import CLobaEngine

/// A Lua implementation that runtimes can be made with.
///
/// `LobaCore` knows no engine by name. A backend is a small type that conforms to this protocol and a C file that
/// compiles the shared operations against its own Lua headers.
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
  /// The operations of this engine.
  var operations: LuaOperations { get }
}

extension LuaEngine {
  /// The environment variable that overrides where the engine's shared library is, for example `LOBA_LUA54_LIBRARY`.
  public var libraryVariable: String { "LOBA_\(identifier.uppercased())_LIBRARY" }

  /// The release of the shared library, read from the library itself: for example `Lua 5.4.4`. The engine's name if no
  /// runtime has been made yet.
  public var release: String { String(cString: operations.table.pointee.release_text()) }

  /// The path of the shared library in use, or nil if none has been loaded yet.
  public var libraryPath: String? { operations.table.pointee.library_path().map { String(cString: $0) } }
}

/// The table of C operations of an engine.
///
/// Sendable because the table is a constant of the engine's C code: it is never written to, and never freed.
public struct LuaOperations: @unchecked Sendable {
  package let table: UnsafePointer<loba_operations>

  /// Wraps a table that lives as long as the process.
  public init(_ table: UnsafePointer<loba_operations>) {
    self.table = table
  }
}
