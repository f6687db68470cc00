internal import Synchronization

/// Files that are in memory, where the host can look at them.
///
/// Folders come by themselves with the paths of files. A path that begins with `/` or goes up with `..` is refused.
public final class LuaMemoryFiles: LuaFileSystem {
  /// The most that the files may take, in bytes: their contents, their paths, and 64 for each file.
  public let quota: Int

  private struct Content {
    var bytes: [UInt8]
    /// How many times it is open: with that, a file that has been removed is there still.
    var openings = 0
    var isNamed = true
  }

  private struct State {
    var numbers: [String: Int] = [:]
    var contents: [Int: Content] = [:]
    var last = 0
    var used = 0

    func cost(of path: String) -> Int { path.utf8.count + 64 }

    /// Throws if there cannot be a file of that path: it is a folder's, or goes through a file.
    func checkPlace(of path: String) throws(LuaFileError) {
      let start = path + "/"
      guard !numbers.keys.contains(where: { $0.utf8.starts(with: start.utf8) }) else { throw .isDirectory }
      var folder = path[...]
      while let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
        folder = folder[..<slash]
        guard numbers[String(folder)] == nil else { throw .notDirectory }
      }
    }

    mutating func name(_ number: Int, _ path: String) {
      numbers[path] = number
      used += cost(of: path)
    }

    /// Takes a name away that there is. What it costs is told by how it was spelled when it was given: an accented letter
    /// has several spellings, of different lengths, which are equal.
    @discardableResult
    mutating func removeName(_ path: String) -> Int? {
      guard let index = numbers.index(forKey: path) else { return nil }
      let (spelled, number) = numbers.remove(at: index)
      used -= cost(of: spelled)
      return number
    }

    mutating func forgetName(_ path: String) {
      guard let number = removeName(path) else { return }
      contents[number]!.isNamed = false
      forgetIfUnused(number)
    }

    mutating func forgetIfUnused(_ number: Int) {
      guard let content = contents[number], content.openings == 0, !content.isNamed else { return }
      used -= content.bytes.count
      contents[number] = nil
    }
  }

  private let state = Mutex(State())

  /// Makes a file system.
  ///
  /// - Parameters:
  ///   - files: What is in it, as texts by paths; these may take more than the quota.
  ///   - quota: The most that the files may take, in bytes.
  public init(_ files: [String: String] = [:], quota: Int = 16 << 20) {
    self.quota = quota
    for (path, text) in files { self[path] = Array(text.utf8) }
  }

  /// The bytes of all files by their paths.
  public var contents: [String: [UInt8]] {
    state.withLock { state in state.numbers.mapValues { state.contents[$0]!.bytes } }
  }

  /// How much the files take, as the quota counts it.
  public var used: Int { state.withLock { $0.used } }

  /// The bytes of a file; nil if there is none. Setting them makes a file anew, nil removes it; neither asks the quota. (A path
  /// that a script could not use is no file's.)
  public subscript(path: String) -> [UInt8]? {
    get {
      guard let path = try? LuaFilePath(path).text else { return nil }
      return state.withLock { state in state.numbers[path].map { state.contents[$0]!.bytes } }
    }
    set {
      guard let path = try? LuaFilePath(path).text else { return }
      state.withLock { state in
        state.forgetName(path)
        guard let newValue else { return }
        state.last += 1
        state.contents[state.last] = Content(bytes: newValue)
        state.used += newValue.count
        state.name(state.last, path)
      }
    }
  }

  /// The text of a file, nil if there is none or it is not UTF-8.
  public func text(of path: String) -> String? { self[path].flatMap { String(validating: $0, as: UTF8.self) } }

  /// Opens a file.
  ///
  /// - Throws: ``LuaFileError``.
  public func open(_ path: String, _ mode: LuaFileMode) throws -> any LuaFile {
    let path = try LuaFilePath(path).text
    let number = try state.withLock { state throws(LuaFileError) in
      if let number = state.numbers[path] {
        if mode.truncates {
          state.used -= state.contents[number]!.bytes.count
          state.contents[number]!.bytes = []
        }
        state.contents[number]!.openings += 1
        return number
      }
      guard mode.creates else { throw .notFound }
      try state.checkPlace(of: path)
      guard state.used + state.cost(of: path) <= quota else { throw .noSpace }
      state.last += 1
      state.contents[state.last] = Content(bytes: [], openings: 1)
      state.name(state.last, path)
      return state.last
    }
    return MemoryFile(self, number)
  }

  /// Removes a file. Where it is open it can still be read and written.
  ///
  /// - Throws: ``LuaFileError``.
  public func remove(_ path: String) throws {
    let path = try LuaFilePath(path).text
    try state.withLock { state throws(LuaFileError) in
      guard state.numbers[path] != nil else { throw .notFound }
      state.forgetName(path)
    }
  }

  /// Gives a file another path; a file that has that path already is gone.
  ///
  /// - Throws: ``LuaFileError``.
  public func rename(_ path: String, to newPath: String) throws {
    let (path, newPath) = (try LuaFilePath(path).text, try LuaFilePath(newPath).text)
    try state.withLock { state throws(LuaFileError) in
      guard let index = state.numbers.index(forKey: path) else { throw .notFound }
      guard path != newPath else { return }
      try state.checkPlace(of: newPath)
      let (spelled, number) = state.numbers[index]
      guard state.used - state.cost(of: spelled) + state.cost(of: newPath) <= quota else { throw .noSpace }
      state.removeName(path)
      state.forgetName(newPath)
      state.name(number, newPath)
    }
  }

  fileprivate func size(of number: Int) -> Int { state.withLock { $0.contents[number]!.bytes.count } }

  fileprivate func read(_ number: Int, at offset: Int, count: Int) -> [UInt8] {
    state.withLock { state in Array(state.contents[number]!.bytes.dropFirst(offset).prefix(count)) }
  }

  fileprivate func write(_ bytes: [UInt8], to number: Int, at offset: Int?) throws {
    try state.withLock { state throws(LuaFileError) in
      let size = state.contents[number]!.bytes.count
      let offset = offset ?? size
      let (end, overflows) = offset.addingReportingOverflow(bytes.count)
      let growth = overflows ? 0 : max(0, end - size)
      guard !overflows, growth <= quota - state.used else { throw .noSpace }
      state.used += growth
      if offset > size { state.contents[number]!.bytes.append(contentsOf: repeatElement(0, count: offset - size)) }
      state.contents[number]!.bytes.replaceSubrange(
        offset..<min(end, state.contents[number]!.bytes.count), with: bytes)
    }
  }

  fileprivate func close(_ number: Int) {
    state.withLock { state in
      state.contents[number]!.openings -= 1
      state.forgetIfUnused(number)
    }
  }
}

private final class MemoryFile: LuaFile {
  private let files: LuaMemoryFiles
  private let number: Int
  private var isOpen = true

  init(_ files: LuaMemoryFiles, _ number: Int) {
    self.files = files
    self.number = number
  }

  deinit { close() }

  var size: Int { files.size(of: number) }
  func read(at offset: Int, count: Int) -> [UInt8] { files.read(number, at: offset, count: count) }
  func write(_ bytes: [UInt8], at offset: Int?) throws { try files.write(bytes, to: number, at: offset) }

  func close() {
    if isOpen { files.close(number) }
    isOpen = false
  }
}
