import Loba

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Interpreter {
  /// Runs a body that is to end in time; nil for no limit.
  ///
  /// Lua is stopped where it runs. What waits in C (`os.execute`, `io.read`, a C module), or gets around that, ends with the
  /// process, a second later.
  func within(_ limit: TimeLimit?, _ body: () throws -> Void) throws {
    guard let limit else { return try body() }
    let watch = Task.detached {
      try await Task.sleep(for: limit.duration + .seconds(1))
      Console.error(Array("loba: the time limit (\(limit)) has passed".utf8))
      _exit(Report.timeStatus)
    }
    defer { watch.cancel() }
    try lua.withLimits(LuaLimits(deadline: limit.duration)) { try body() }
  }
}
