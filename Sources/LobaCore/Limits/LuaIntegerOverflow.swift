/// What happens to a Swift integer that the engine cannot hold exactly: beyond 2^53 on Lua 5.1 and LuaJIT, beyond 64
/// bits with a sign on Lua 5.4.
public enum LuaIntegerOverflow: Sendable {
  /// An error of kind `conversion`.
  case throwing
  /// The nearest float.
  case toFloat
  /// Whatever the closure makes of the integer; if that overflows too, an error.
  case handler(@Sendable (any FixedWidthInteger) throws -> any LuaRepresentable)
}

extension LuaWriter {
  mutating func write<I: FixedWidthInteger>(overflowing integer: I) throws {
    let runtime = self.runtime
    if let handler = try runtime.overflowHandler {
      return try writeOnce(for: integer) { try handler(String(describing: integer)) as LuaValue }
    }
    switch runtime.configuration.integerOverflow {
    case .toFloat: write(number: Double(integer))
    case .handler(let handler): try writeOnce(for: integer) { try handler(integer) }
    case .throwing: throw overflow(integer)
    }
  }

  /// Writes what a handler has made; a handler that gives back an integer that is too large does not get it again.
  private mutating func writeOnce<I: FixedWidthInteger>(
    for integer: I, _ handler: () throws -> any LuaRepresentable
  ) throws {
    let runtime = self.runtime
    try runtime.exclusively {
      guard !runtime.isHandlingOverflow else { throw overflow(integer) }
      runtime.isHandlingOverflow = true
      defer { runtime.isHandlingOverflow = false }
      let value = try handler()
      let before = count
      try writeTemporary(value)
      if count != before + 1 { throw Self.notOne("what stands for an integer") }
    }
  }

  private func overflow<I: FixedWidthInteger>(_ integer: I) -> LuaError {
    LuaError(
      kind: .conversion,
      "integer \(integer) cannot be held exactly by \(runtime.engine.name), whose "
        + (runtime.engine.capabilities.contains(.integers) ? "integers have 64 bits" : "numbers are doubles"))
  }
}
