#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The terminal that standard input and output are, if they are one.
struct Terminal {
  let input: Int32
  let output: Int32

  static let standard = Terminal(input: 0, output: 1)

  /// Whether a person types the input.
  var isInteractive: Bool { isatty(input) == 1 }

  /// Whether lines can be edited: both ends are a terminal that can move its cursor.
  var canEdit: Bool {
    isInteractive && isatty(output) == 1 && Console.environment("TERM") != "dumb"
  }

  var columns: Int {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Runs a body while keys arrive one by one, unseen and without their meaning for the terminal.
  func withRawMode<R>(_ body: () -> R) -> R {
    var before = termios()
    guard tcgetattr(input, &before) == 0 else { return body() }
    var raw = before
    raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
    raw.c_cflag |= tcflag_t(CS8)
    // Not TCSAFLUSH: what has been typed ahead counts.
    tcsetattr(input, TCSADRAIN, &raw)
    defer { tcsetattr(input, TCSADRAIN, &before) }
    return body()
  }

  /// The next byte; nil at the end of the input, or if none comes in time. Reads no further, so that what runs between
  /// two lines finds its own input.
  func readByte(within milliseconds: Int32? = nil) -> UInt8? {
    var byte: UInt8 = 0
    while true {
      if let milliseconds {
        var request = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return nil }
      }
      let count = read(input, &byte, 1)
      if count == 1 { return byte }
      if count < 0 && errno == EINTR { continue }
      return nil
    }
  }

  func write(_ text: String) {
    Console.write(Array(text.utf8), to: output)
  }

  /// Ctrl-Z: the process stops, and goes on here when it is continued.
  func suspend() {
    raise(SIGTSTP)
  }
}
