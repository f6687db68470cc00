/// A file as scripts have it: with a position, and with what has been read ahead of it.
final class ScriptFile {
  private(set) var file: (any LuaFile)?
  private let mode: LuaFileMode
  private let opened: OpenFileCount
  private var position = 0
  /// What is in the file from `aheadStart` on.
  private var ahead: [UInt8] = []
  private var aheadStart = 0

  /// How much is read at a time.
  private static let chunk = 4096

  init(_ file: any LuaFile, _ mode: LuaFileMode, _ opened: OpenFileCount) {
    self.file = file
    self.mode = mode
    self.opened = opened
    opened.count += 1
  }

  deinit { try? close() }

  var isOpen: Bool { file != nil }

  /// The file, for reading and writing.
  ///
  /// - Throws: What a script gets that uses a file that it has closed.
  func open() throws -> any LuaFile {
    guard let file else { throw LuaError(kind: .runtime, "attempt to use a closed file") }
    return file
  }

  func close() throws {
    guard let file else { return }
    self.file = nil
    ahead = []
    opened.count -= 1
    try file.close()
  }

  func write(_ bytes: [UInt8]) throws {
    let file = try open()
    guard mode.writes else { throw LuaFileError.badDescriptor }
    guard !bytes.isEmpty else { return }
    guard mode.appends || bytes.count <= .max - position else { throw LuaFileError.invalidArgument }
    ahead = []
    let end = position &+ bytes.count
    try file.write(bytes, at: mode.appends ? nil : position)
    position = mode.appends ? try size(of: file) : end
  }

  /// A file system can say anything.
  private func size(of file: any LuaFile) throws -> Int { max(0, try file.size) }

  /// - Returns: The new position.
  func seek(_ whence: String, _ offset: Int) throws -> Int {
    let file = try open()
    let start = whence == "set" ? 0 : whence == "end" ? try size(of: file) : position
    let (sum, overflows) = start.addingReportingOverflow(offset)
    guard !overflows, sum >= 0 else { throw LuaFileError.invalidArgument }
    position = sum
    return sum
  }
}

/// How many files a runtime's scripts have open.
final class OpenFileCount {
  var count = 0
}

// MARK: - Reading

extension ScriptFile {
  /// The byte at the position; nil at the end.
  private func peek() throws -> UInt8? {
    let index = position - aheadStart
    if ahead.indices.contains(index) { return ahead[index] }
    // Whoever reads may use the file meanwhile; what is given may be more than was asked for.
    let start = position
    let count = min(Self.chunk, .max - start)
    let bytes = try open().read(at: start, count: count)
    (ahead, aheadStart, position) = (bytes.count > count ? Array(bytes[..<count]) : bytes, start, start)
    return ahead.first
  }

  func checkReading() throws {
    _ = try open()
    guard mode.reads else { throw LuaFileError.badDescriptor }
  }

  var isAtEnd: Bool { get throws { try peek() == nil } }

  /// Up to so many bytes.
  ///
  /// - Parameter room: How many there can be for Lua to hold them.
  func read(upTo count: Int, room: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count, try peek() != nil {
      let there = ahead[(position - aheadStart)...].prefix(count - bytes.count)
      guard bytes.count + there.count <= room else { throw LuaError(kind: .memory, "not enough memory") }
      bytes += there
      position += there.count
    }
    return bytes
  }

  /// A line; nil at the end.
  func readLine(keepingEnd: Bool, room: Int) throws -> [UInt8]? {
    var line: [UInt8] = []
    guard try peek() != nil else { return nil }
    while try peek() != nil {
      let there = ahead[(position - aheadStart)...]
      let end = there.firstIndex(of: UInt8(ascii: "\n"))
      let part = end.map { there[...$0] } ?? there
      guard line.count + part.count <= room else { throw LuaError(kind: .memory, "not enough memory") }
      line += part
      position += part.count
      guard end != nil else { continue }
      if !keepingEnd { line.removeLast() }
      break
    }
    return line
  }

  /// What looks like a number, as Lua 5.4 looks for one: no more than 200 characters, of which the first that cannot
  /// belong to it stays.
  func readNumeral() throws -> String {
    var text = ""
    func take(_ characters: StaticString) throws -> Bool {
      let allowed = "\(characters)".utf8
      guard text.utf8.count < 200, let byte = try peek(), allowed.contains(byte) else { return false }
      text.unicodeScalars.append(Unicode.Scalar(byte))
      position += 1
      return true
    }
    while let byte = try peek(), byte == 32 || 9...13 ~= byte { position += 1 }
    _ = try take("+-")
    var digits: StaticString = "0123456789"
    var exponent: StaticString = "eE"
    if try take("0"), try take("xX") {
      digits = "0123456789abcdefABCDEF"
      exponent = "pP"
    }
    while try take(digits) {}
    if try take(".") { while try take(digits) {} }
    if try take(exponent) {
      _ = try take("+-")
      while try take("0123456789") {}
    }
    return text
  }
}
