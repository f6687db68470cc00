#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The lines of this session and of earlier ones, kept in a file of which every line is an entry.
final class History {
  static let limit = 1000

  private(set) var entries: [String] = []
  private let file: String?

  /// - Parameter file: Where the lines are kept; nil to forget them. A file that cannot be used is no error.
  init(file: String?) {
    self.file = file
    guard let file, let stream = fopen(file, "r") else { return }
    var line: [UInt8] = []
    var byte = getc(stream)
    while byte != EOF {
      if byte == 10 {
        entries.append(String(decoding: line, as: UTF8.self))
        line.removeAll()
      } else {
        line.append(UInt8(truncatingIfNeeded: byte))
      }
      byte = getc(stream)
    }
    fclose(stream)
    guard entries.count > 2 * Self.limit else { return }
    entries.removeFirst(entries.count - Self.limit)
    write(entries, mode: "w")
  }

  /// Adds a line, unless it is blank or the same as the one before it, and saves it at once.
  func add(_ line: String) {
    guard line.contains(where: { !$0.isWhitespace }), line != entries.last else { return }
    entries.append(line)
    write([line], mode: "a")
  }

  private func write(_ lines: [String], mode: String) {
    guard let file else { return }
    if let slash = file.lastIndex(of: "/") { mkdir(String(file[..<slash]), 0o700) }
    let mask = umask(0o077)
    defer { umask(mask) }
    guard let stream = fopen(file, mode) else { return }
    for line in lines { fputs(line + "\n", stream) }
    fclose(stream)
  }
}

extension History {
  static var defaultFile: String? {
    if let state = Console.environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/loba/history" }
    guard let home = Console.environment("HOME") else { return nil }
    let state = home + "/.local/state"
    return access(state, W_OK) == 0 ? state + "/loba/history" : home + "/.loba_history"
  }
}
