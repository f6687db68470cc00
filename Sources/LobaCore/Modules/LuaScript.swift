public import struct Foundation.URL
internal import Synchronization

/// A chunk that is compiled once for each engine, and loaded into any number of runtimes, on any thread.
///
/// ```swift
/// let script = try LuaScript(contentsOf: URL(filePath: "enemy.lua"))
/// for lua in runtimes { try lua.execute(script) }
/// ```
///
/// The first runtime of an engine compiles it; the others load what that has made, which takes a fraction of the time.
/// Error messages and tracebacks are those of the source.
public final class LuaScript: Sendable {
  /// The source: text as UTF-8, or whatever bytes a file has.
  public let source: [UInt8]
  /// The chunk's name, in Lua's conventions: `=name` as it is, `@file` for a file; nil for the source.
  public let name: String?

  /// What the source is as text; a runtime encodes that as its own sources.
  private let text: String?
  /// Binary chunks by engine, release and encoding.
  private let compiled = Mutex<[String: [UInt8]]>([:])

  /// Makes a script of source text. Whether it compiles is for the first runtime to say.
  public init(_ source: String, name: String? = nil) {
    self.source = Array(source.utf8)
    text = source
    self.name = name ?? source
  }

  /// Makes a script of source text that stands in a file, so that error messages and tracebacks have its places there.
  ///
  /// ```swift
  /// let script = LuaScript("return 1 + 1", file: #fileID, line: #line)
  /// ```
  ///
  /// - Parameters:
  ///   - file: The name of the file.
  ///   - line: The line of it that the source begins in.
  public convenience init(_ source: String, file: String, line: Int) {
    self.init(String(repeating: "\n", count: max(0, line - 1)) + source, name: "@" + file)
  }

  /// Makes a script of a file, which is read now. Its name is its path.
  ///
  /// - Throws: Foundation's error if the file cannot be read.
  public init(contentsOf url: URL) throws {
    source = try LuaSourceFile(url).bytes
    text = nil
    name = LuaSourceFile.name(of: url)
  }

  /// The function that a runtime makes of it.
  func load(into lua: LuaRuntime, environment: LuaTable?) throws -> LuaFunction {
    let encoding = lua.configuration.sourceEncoding ?? lua.configuration.stringEncoding
    let key = "\(lua.engine.identifier) \(lua.release) \(encoding.rawValue)"
    if let binary = compiled.withLock({ $0[key] }) {
      return try lua.compile(bytes: binary, name: name, mode: .binary, environment: environment)
    }
    let function = try lua.compile(bytes: text.map(lua.sourceBytes) ?? source, name: name, environment: environment)
    let binary = Array(try function.dump().bytes)
    compiled.withLock { $0[key] = binary }
    return function
  }
}

extension LuaRuntime {
  /// Loads a script without running it.
  ///
  /// - Parameter environment: What stands for the globals, see ``environment(inheriting:)``. Default: the globals.
  /// - Throws: ``LuaError`` of kind `syntax` if it does not compile.
  public func compile(_ script: LuaScript, environment: LuaTable? = nil) throws -> LuaFunction {
    try script.load(into: self, environment: environment)
  }

  /// Runs a script for its first result.
  ///
  /// - Parameters:
  ///   - script: The script.
  ///   - arguments: What `...` is in it.
  ///   - environment: What stands for the globals. Default: the globals.
  /// - Throws: ``LuaError`` of kind `syntax` if it does not compile, and what it raises.
  public func execute<each A, R: LuaConstructible>(
    _ script: LuaScript, _ arguments: repeat each A, environment: LuaTable? = nil, as type: R.Type = R.self
  ) throws -> R {
    try compile(script, environment: environment)(repeat each arguments)
  }

  /// Runs a script and gives all that it returns.
  @_disfavoredOverload @discardableResult
  public func execute<each A>(
    _ script: LuaScript, _ arguments: repeat each A, environment: LuaTable? = nil
  ) throws -> LuaValues {
    try compile(script, environment: environment)(repeat each arguments)
  }
}
