public import Foundation

/// What scripts are told of time.
///
/// ```swift
/// var configuration = LuaConfiguration.standard
/// configuration.clock = .fixed(at: Date(timeIntervalSince1970: 1_000_000_000))   // for tests
/// ```
public struct LuaClock: Sendable {
  /// The time for `os.time()` and `os.date()`, of which they take whole seconds; nil for the system's.
  public var now: (@Sendable () -> Date)?
  /// What `os.clock()` says, in seconds; nil for the time that the process has computed.
  public var processorTime: (@Sendable () -> Double)?

  /// Makes a clock.
  ///
  /// - Parameters:
  ///   - now: The time for `os.time()` and `os.date()`; nil for the system's.
  ///   - processorTime: What `os.clock()` says, in seconds; nil for the time that the process has computed.
  public init(now: (@Sendable () -> Date)? = nil, processorTime: (@Sendable () -> Double)? = nil) {
    self.now = now
    self.processorTime = processorTime
  }

  /// A clock that stands still.
  public static func fixed(at date: Date, processorTime: Double = 0) -> LuaClock {
    LuaClock(now: { date }, processorTime: { processorTime })
  }

  /// The system's time, and the time since this clock was made, in whole units: too coarse for a script to tell by it
  /// what the process does.
  ///
  /// - Parameter seconds: The unit; not less than a nanosecond.
  public static func coarse(_ seconds: Double) -> LuaClock {
    let unit = max(seconds, 1e-9)
    let start = ContinuousClock.now
    return LuaClock(
      now: { Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / unit).rounded(.down) * unit) },
      processorTime: { ((ContinuousClock.now - start) / .seconds(1) / unit).rounded(.down) * unit })
  }

  /// Whole seconds since the beginning of 1970; as near as can be said of a time that is too far away.
  static func seconds(of date: Date) -> Int {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    if seconds.isNaN { return 0 }
    return seconds >= 0x1p53 ? 1 << 53 : seconds <= -0x1p53 ? -1 << 53 : Int(seconds)
  }
}
