public import Foundation

/// A file with a chunk in it, read as Lua reads files: without a byte order mark, and without what stands in a first line
/// that begins with `#`.
struct LuaSourceFile {
  let bytes: [UInt8]

  init(_ url: URL) throws {
    // Not Data(contentsOf:), which loses memory where a file is empty.
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    self.init(try file.readToEnd().map { Array($0) } ?? [])
  }

  /// Of all that is in the file.
  init(_ content: [UInt8]) {
    var bytes = content
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    // The end of the line stays: lines are counted.
    if bytes.first == UInt8(ascii: "#") { bytes = Array(bytes.drop { $0 != UInt8(ascii: "\n") }) }
    self.bytes = bytes
  }

  /// A chunk's name for it, by which messages show its path.
  static func name(of url: URL) -> String { "@" + url.relativePath }
}

extension LuaRuntime {
  /// Compiles a file without running it. A first line that begins with `#` is skipped.
  ///
  /// - Parameters:
  ///   - url: Where the file is; messages show its path.
  ///   - mode: Which kind of chunk it may be.
  ///   - environment: What stands for the globals, see ``environment(inheriting:)``. Default: the globals.
  /// - Throws: Foundation's error if the file cannot be read; ``LuaError`` of kind `syntax` if it does not compile.
  public func compile(
    contentsOf url: URL, mode: LuaChunkMode = .text, environment: LuaTable? = nil
  ) throws -> LuaFunction {
    try compile(
      bytes: LuaSourceFile(url).bytes, name: LuaSourceFile.name(of: url), mode: mode, environment: environment)
  }

  /// Runs a file for its first result.
  ///
  /// ```swift
  /// let settings: [String: Int] = try lua.execute(contentsOf: URL(filePath: "settings.lua"))
  /// ```
  ///
  /// - Parameters:
  ///   - url: Where the file is; messages show its path.
  ///   - arguments: What `...` is in it.
  ///   - mode: Which kind of chunk it may be.
  ///   - environment: What stands for the globals. Default: the globals.
  /// - Throws: Foundation's error if the file cannot be read; ``LuaError`` of kind `syntax` if it does not compile; and what
  ///   it raises.
  public func execute<each A, R: LuaConstructible>(
    contentsOf url: URL, _ arguments: repeat each A, mode: LuaChunkMode = .text, environment: LuaTable? = nil,
    as type: R.Type = R.self
  ) throws -> R {
    try compile(contentsOf: url, mode: mode, environment: environment)(repeat each arguments)
  }

  /// Runs a file and gives all that it returns.
  @_disfavoredOverload @discardableResult
  public func execute<each A>(
    contentsOf url: URL, _ arguments: repeat each A, mode: LuaChunkMode = .text, environment: LuaTable? = nil
  ) throws -> LuaValues {
    try compile(contentsOf: url, mode: mode, environment: environment)(repeat each arguments)
  }
}
