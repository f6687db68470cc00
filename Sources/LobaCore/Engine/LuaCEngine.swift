public import CLobaEngine

/// An engine on a Lua C API: a small type with a name, and a C file that compiles the shared operations against the
/// engine's own headers.
///
/// ```swift
/// struct MyEngine: LuaCEngine {
///   let name = "My Lua", identifier = "mylua", version = (major: 5, minor: 4)
///   let capabilities: LuaCapabilities = [.integers, .goto], packages = ["apt install mylua"]
///   var operations: LuaOperations { LuaOperations(loba_mylua_operations_table()) }
/// }
/// ```
public protocol LuaCEngine: LuaEngine {
  /// The operations of this engine.
  var operations: LuaOperations { get }
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

extension LuaCEngine {
  private var table: loba_operations { operations.table.pointee }

  /// Opens the shared library at a path, or under the names that the engine's C code knows. Once one is open it stays,
  /// for the whole process.
  ///
  /// - Throws: What was tried, and why it cannot be used: it is missing, is another library than it should be, lacks
  ///   functions, or is not the one that is open.
  public func loadLibrary(at path: String?) throws(LuaLibraryProblem) {
    guard let problem = table.load_library(path) else { return }
    defer { free(problem) }
    throw LuaLibraryProblem(attempts: String(cString: problem).split(separator: "\n").map(String.init))
  }

  /// The release that the library itself tells; nil before it has been opened, or, where only a state can ask it,
  /// before there has been one.
  public var libraryRelease: String? { table.release_text().map { String(cString: $0) } }

  /// Where the open library lies, as the dynamic linker tells; nil if none is open.
  public var libraryPath: String? { table.library_path().map { String(cString: $0) } }

  /// Whether the engine was built with `LOBA_STATIC`, and its library is part of the program.
  public var isStatic: Bool { table.is_static() }

  /// Makes the symbols of the open library global in the process; false if none is open, or if it is part of a
  /// program that does not export its symbols.
  public func claimGlobalSymbols() -> Bool { table.claim_global_symbols() }

  /// Makes a closed state that works with ``operations``.
  public func makeState() -> LuaState { LuaState(operations: operations.table) }

  /// Opens the state, within its memory limit, and those of the libraries that the engine has.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if the limit is too small for that; of kind `engine` if they cannot be
  ///   opened for another reason.
  public func open(_ state: LuaState, with libraries: LuaLibraries, allowingCModules: Bool) throws {
    let status = state.open(libraries, allowsCModules: allowingCModules)
    if status == .ok { return }
    guard status == .memoryError else {
      throw LuaError(kind: .engine, message: "\(name) cannot be opened with these libraries")
    }
    throw LuaError(
      kind: .memory,
      message: "not enough memory to open \(name) and its libraries"
        + (state.memoryLimit.map { " (the limit is \($0) bytes)" } ?? ""))
  }
}
