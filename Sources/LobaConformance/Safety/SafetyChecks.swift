/// Checks of the boundary itself. What they try took other bindings down.
let safetyChecks: [ConformanceCheck] =
  errorIdentityChecks + hazardProgramChecks + hazardMemoryChecks + hazardCallChecks + debugLibraryChecks
  + boundaryChecks + bufferSafetyChecks + boundedLibraryChecks

extension ConformanceSuite {
  /// Checks of what other threads may do: for ThreadSanitizer.
  public static let threads: [ConformanceCheck] = threadChecks + bufferThreadChecks
  /// Checks that the boundary holds: errors that stay themselves, and everything known to have broken other bindings.
  public static let safety: [ConformanceCheck] = safetyChecks
  /// Checks to be run each in a process of its own: of nesting without end, since an engine that fails one takes the
  /// process with it, of values that took it along once, and of the memory of the process.
  public static let isolated: [ConformanceCheck] =
    depthChecks + memoryChecks + limitChecks + deadlineChecks + collisionChecks + weakTableChecks + runningLimitChecks
    + escapeChecks
    + attackChecks + boundedAttackChecks + introspectionSafetyChecks + sandboxChecks + sizeChecks
    + plainValueChecks + swiftValueChecks
}
