/// How an engine collects garbage: see ``LuaRuntime/setCollectorMode(_:)``. A parameter that is nil stays as it is.
public enum LuaCollectorMode: Sendable, Hashable {
  /// In small steps between what scripts do. Every engine has it.
  ///
  /// - Parameters:
  ///   - pause: How much memory is in use when a cycle begins, in percent of what was in use after the last: at 100 or
  ///     less one follows the other. 1 to 1000.
  ///   - stepMultiplier: How fast the collector is compared to allocation, in percent. 1 to 1000.
  ///   - stepSize: How many bytes are allocated between steps, rounded up to a power of two on Lua 5.4. From Lua 5.4
  ///     on. 1 to 2^30.
  case incremental(pause: Int? = nil, stepMultiplier: Int? = nil, stepSize: Int? = nil)

  /// Looks mostly at what is new, which for programs that make much and keep little is less work. From Lua 5.4 on
  /// (``LuaCapabilities/generationalCollector``): that of Lua 5.2 was an experiment, and frees what is in use.
  ///
  /// - Parameters:
  ///   - minorMultiplier: How much more memory is in use when new garbage is collected, in percent of what was after the
  ///     last whole collection. 1 to 100.
  ///   - majorMultiplier: How much more is in use when all garbage is collected, in the same way. 1 to 1000.
  case generational(minorMultiplier: Int? = nil, majorMultiplier: Int? = nil)

  /// Throws if a parameter is out of range.
  func check() throws {
    func check(_ name: String, _ value: Int?, upTo limit: Int) throws {
      guard let value, !(1...limit).contains(value) else { return }
      throw LuaError(
        kind: .conversion, message: "the collector's \(name) is \(value), which is not within 1 to \(limit)")
    }
    switch self {
    case .incremental(let pause, let stepMultiplier, let stepSize):
      try check("pause", pause, upTo: 1000)
      try check("step multiplier", stepMultiplier, upTo: 1000)
      try check("step size", stepSize, upTo: 1 << 30)
    case .generational(let minorMultiplier, let majorMultiplier):
      try check("minor multiplier", minorMultiplier, upTo: 100)
      try check("major multiplier", majorMultiplier, upTo: 1000)
    }
  }
}
