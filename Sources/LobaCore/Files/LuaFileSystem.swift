/// Where scripts' files are, in place of the system's.
///
/// ```swift
/// let files = LuaMemoryFiles(["greeting.txt": "hello\n"])
/// var configuration = LuaConfiguration.sandbox
/// configuration.files = files
/// let lua = try LuaRuntime(configuration: configuration)
/// try lua.execute("io.open('copy.txt', 'w'):write(io.open('greeting.txt'):read('a')):close()")
/// print(files.text(of: "copy.txt")!)
/// ```
///
/// ``LuaMemoryFiles`` and ``LuaFolder`` are two. A path is what the script says, `../../etc/passwd` or anything else: whoever
/// makes a file system of their own must look at it first. ``LuaFileError`` is what a script gets as `nil`, a message and a
/// number; any other error is raised in the script.
public protocol LuaFileSystem: Sendable {
  /// Opens a file.
  func open(_ path: String, _ mode: LuaFileMode) throws -> any LuaFile

  /// Removes a file.
  func remove(_ path: String) throws

  /// Gives a file another path; a file that has that path already is gone.
  func rename(_ path: String, to newPath: String) throws
}

/// A file of a ``LuaFileSystem`` that is open. It is closed by its `deinit` too, since a script may lose it.
public protocol LuaFile: AnyObject {
  /// How many bytes it has.
  var size: Int { get throws }

  /// Up to so many bytes from an offset on; none at the end or after it.
  func read(at offset: Int, count: Int) throws -> [UInt8]

  /// Writes bytes at an offset, which may lie after the end: zeros come between. `nil` is the end.
  func write(_ bytes: [UInt8], at offset: Int?) throws

  /// Closes it. Nothing is asked of it afterwards.
  func close() throws
}

/// How a file is opened, by the letters of `io.open`.
public struct LuaFileMode: Sendable, Hashable {
  /// Whether it can be read.
  public let reads: Bool
  /// Whether it can be written.
  public let writes: Bool
  /// Whether it is made if there is none.
  public let creates: Bool
  /// Whether what was in it is gone.
  public let truncates: Bool
  /// Whether all that is written goes to its end.
  public let appends: Bool

  /// The mode of `r`, `w`, `a`, `r+`, `w+` or `a+`, with or without a `b`; nil for anything else.
  public init?(_ letters: String) {
    let marks = letters.dropFirst()
    guard let first = letters.first, "rwa".contains(first), ["", "b", "+", "b+", "+b"].contains(marks) else {
      return nil
    }
    let updates = marks.contains("+")
    reads = first == "r" || updates
    writes = first != "r" || updates
    creates = first != "r"
    truncates = first == "w"
    appends = first == "a"
  }

  /// `r`: to be read.
  public static let reading = LuaFileMode("r")!
  /// `w`: to be written anew.
  public static let writing = LuaFileMode("w")!
  /// `a`: to be written at its end.
  public static let appending = LuaFileMode("a")!
}

/// What is wrong with a file: a script gets it as `nil`, a message and a number, as from the system's files.
public struct LuaFileError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, without the path.
  public let message: String
  /// The number that a system has for it, `errno`.
  public let code: Int

  /// Makes an error of a message and the number that a system has for it.
  public init(_ message: String, code: Int) {
    self.message = message
    self.code = code
  }

  /// There is no such file.
  public static let notFound = LuaFileError("No such file or directory", code: 2)
  /// The file is not open for this.
  public static let badDescriptor = LuaFileError("Bad file descriptor", code: 9)
  /// The path leads out of where files are, or the file is none to be opened like this.
  public static let accessDenied = LuaFileError("Permission denied", code: 13)
  /// A part of the path that stands before others is a file's.
  public static let notDirectory = LuaFileError("Not a directory", code: 20)
  /// The path is a folder's.
  public static let isDirectory = LuaFileError("Is a directory", code: 21)
  /// A position that there is not.
  public static let invalidArgument = LuaFileError("Invalid argument", code: 22)
  /// Too many files are open.
  public static let tooManyOpen = LuaFileError("Too many open files", code: 24)
  /// What there is room for is used up.
  public static let noSpace = LuaFileError("No space left on device", code: 28)

  /// The message.
  public var description: String { message }
}

/// The parts of a path that leads nowhere but down.
struct LuaFilePath {
  let parts: [String]

  /// - Throws: ``LuaFileError/accessDenied`` for a path that begins at a root or goes up, ``LuaFileError/notFound`` for one
  ///   that is none.
  init(_ path: String) throws {
    // By bytes, as the system does it: a slash with an accent after it is one character, which is no "/".
    let slash = UInt8(ascii: "/")
    guard !path.utf8.contains(0), path.utf8.count <= 4096 else { throw LuaFileError.notFound }
    guard path.utf8.first != slash else { throw LuaFileError.accessDenied }
    parts = path.utf8.split(separator: slash).map { String(Substring($0)) }.filter { $0 != "." }
    guard !parts.contains("..") else { throw LuaFileError.accessDenied }
    guard !parts.isEmpty else { throw path.isEmpty ? LuaFileError.notFound : LuaFileError.isDirectory }
    guard path.utf8.last != slash else { throw LuaFileError.isDirectory }
  }

  var text: String { parts.joined(separator: "/") }
}
