#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
public import Foundation

/// The files of a folder, and of folders in it: nothing else can be reached.
///
/// Each part of a path is opened in the folder before it, and no symbolic link is followed, wherever it leads; a path that
/// begins with `/` or goes up with `..` is refused, as is whatever is not an ordinary file. So there is no moment between
/// looking and opening in which another process could put a link in the way. What remains: a hard link is a file like any
/// other; a folder that another process moves out while a path is being followed is followed there; and what scripts write
/// takes room on the disk, for which there is no limit here.
public final class LuaFolder: LuaFileSystem {
  private let root: Int32
  /// Whether scripts can write, remove and rename files.
  public let isWritable: Bool

  /// Opens a folder, which stays the same one if it is moved.
  ///
  /// - Parameters:
  ///   - url: Where it is; links in this path are followed.
  ///   - isWritable: Whether scripts can write, remove and rename files.
  /// - Throws: ``LuaFileError`` if there is no such folder.
  public init(_ url: URL, isWritable: Bool = false) throws {
    self.isWritable = isWritable
    let path = url.path(percentEncoded: false)
    root = openRoot(path)
    guard root < 0 else { return }
    let error = LuaFileError.last
    throw LuaFileError("\(path): \(error.message)", code: error.code)
  }

  deinit { if root >= 0 { closeDescriptor(root) } }

  /// Opens a file.
  ///
  /// - Throws: ``LuaFileError``.
  public func open(_ path: String, _ mode: LuaFileMode) throws -> any LuaFile {
    guard isWritable || !mode.writes else { throw LuaFileError.accessDenied }
    let path = try LuaFilePath(path)
    return try inFolder(of: path) { folder, name in
      var flags = mode.reads ? (mode.writes ? O_RDWR : O_RDONLY) : O_WRONLY
      // Whoever opens a pipe would wait for its other end.
      flags |= O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
      if mode.creates { flags |= O_CREAT }
      if mode.appends { flags |= O_APPEND }
      let descriptor = openat(folder, name, flags, 0o666)
      guard descriptor >= 0 else { throw LuaFileError.last }
      let file = FolderFile(descriptor)
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw LuaFileError.last }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw status.st_mode & S_IFMT == S_IFDIR ? LuaFileError.isDirectory : LuaFileError.accessDenied
      }
      // Not before it is known what it is.
      if mode.truncates, ftruncate(descriptor, 0) != 0 { throw LuaFileError.last }
      return file
    }
  }

  /// Removes a file, or a link.
  ///
  /// - Throws: ``LuaFileError``.
  public func remove(_ path: String) throws {
    guard isWritable else { throw LuaFileError.accessDenied }
    try inFolder(of: try LuaFilePath(path)) { folder, name in
      if unlinkat(folder, name, 0) != 0 { throw LuaFileError.last }
    }
  }

  /// Gives a file another path; a file that has that path already is gone.
  ///
  /// - Throws: ``LuaFileError``.
  public func rename(_ path: String, to newPath: String) throws {
    guard isWritable else { throw LuaFileError.accessDenied }
    let newPath = try LuaFilePath(newPath)
    try inFolder(of: try LuaFilePath(path)) { folder, name in
      try inFolder(of: newPath) { newFolder, newName in
        if renameat(folder, name, newFolder, newName) != 0 { throw LuaFileError.last }
      }
    }
  }

  /// Opens the folder that a path's last part is in, for as long as the body runs.
  private func inFolder<R>(of path: LuaFilePath, _ body: (Int32, String) throws -> R) throws -> R {
    var folder = root
    defer { if folder != root { closeDescriptor(folder) } }
    for part in path.parts.dropLast() {
      let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else { throw LuaFileError.last }
      if folder != root { closeDescriptor(folder) }
      folder = next
    }
    return try body(folder, path.parts.last!)
  }
}

// The system's functions, where no method has their names.
private func openRoot(_ path: String) -> Int32 { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
private func writeSome(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, start, count)
}

extension LuaFileError {
  /// What the system has said last. A link where there must not be one is something that is not allowed.
  fileprivate static var last: LuaFileError {
    let code = errno
    if code == ELOOP || code == EMLINK { return .accessDenied }
    return LuaFileError(String(cString: strerror(code)), code: Int(code))
  }
}

private final class FolderFile: LuaFile {
  private var descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close() }

  var size: Int {
    get throws {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw LuaFileError.last }
      return Int(status.st_size)
    }
  }

  func read(at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, given in
      let result = pread(descriptor, buffer.baseAddress!, count, off_t(offset))
      guard result >= 0 else { throw LuaFileError.last }
      given = result
    }
  }

  func write(_ bytes: [UInt8], at offset: Int?) throws {
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let (start, count) = (bytes.baseAddress! + done, bytes.count - done)
        // A descriptor that appends does so by itself.
        let result =
          if let offset { pwrite(descriptor, start, count, off_t(offset + done)) } else {
            writeSome(descriptor, start, count)
          }
        guard result >= 0 else { throw LuaFileError.last }
        done += result
      }
    }
  }

  func close() {
    guard descriptor >= 0 else { return }
    closeDescriptor(descriptor)
    descriptor = -1
  }
}
