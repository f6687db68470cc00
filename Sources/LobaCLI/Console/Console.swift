import Loba

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The standard streams. What is written goes out at once, after what Lua's `io` and `print` have in their buffers.
enum Console {
  static func output(_ line: String) { write(Array(line.utf8) + [10], to: 1) }
  static func error(_ line: [UInt8]) { write(line + [10], to: 2) }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    fflush(nil)
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        #if canImport(Darwin)
          let count = Darwin.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        #elseif canImport(Glibc)
          let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        #else
          let count = Musl.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        #endif
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// A line of standard input, without its end; nil at the end of the input. Shares its buffer with Lua's `io.read`.
  static func readLine() -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      let byte = getchar()
      if byte == EOF { return line.isEmpty ? nil : line }
      if byte == 10 { return line }
      line.append(UInt8(truncatingIfNeeded: byte))
    }
  }

  /// The bytes of a file, or of standard input, without a first line that begins with `#`, but with its end.
  static func program(_ file: LuaString?) throws -> [UInt8] {
    let name = file?.description ?? "standard input"
    let descriptor = file == nil ? STDIN_FILENO : open(name, O_RDONLY)
    guard descriptor >= 0 else { throw ToolError("cannot open \(name): \(String(cString: strerror(errno)))") }
    defer { if file != nil { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ToolError("cannot read \(name): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes.first == UInt8(ascii: "#") ? Array(bytes.drop { $0 != 10 }) : bytes
  }

  /// The value of a variable; nil also if it is empty.
  static func environment(_ name: String) -> String? {
    environmentBytes(name).flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) }
  }

  /// The value of a variable as it is, which need not be UTF-8; nil if it is not set.
  static func environmentBytes(_ name: String) -> [UInt8]? {
    guard let value = getenv(name) else { return nil }
    return Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
  }
}
