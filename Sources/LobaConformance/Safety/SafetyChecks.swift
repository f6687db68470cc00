/// Checks of the boundary itself. What they try took other bindings down.
let safetyChecks: [ConformanceCheck] = errorIdentityChecks

extension ConformanceSuite {
  /// Checks that the boundary holds: errors that stay themselves, and everything known to have broken other bindings.
  public static let safety: [ConformanceCheck] = safetyChecks
  /// Checks of nesting without end. Run each in a process of its own: an engine that fails one takes the process with it.
  public static let depth: [ConformanceCheck] = depthChecks
}
