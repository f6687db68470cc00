/// Every check there is. An engine, also one that is not part of this package, can be put through it:
///
/// ```swift
/// for check in ConformanceSuite.checks where check.excuse(for: engine) == nil {
///   try check.run(on: engine)
/// }
/// ```
public enum ConformanceSuite {
  public static let checks: [ConformanceCheck] = [
    executionChecks, oddSourceChecks,
    valueChecks, numberChecks, stringChecks,
    tableChecks, tableConversionChecks, metatableChecks,
    codableChecks,
    functionChecks, hostFunctionChecks, hostLifetimeChecks, hostClassChecks, hostOperatorChecks,
    hostItemChecks, storedHandleChecks, collectionReentranceChecks, memberReentranceChecks, objectLifetimeChecks,
    swiftLibraryChecks,
    errorChecks, errorPassingChecks,
    coroutineChecks, coroutineLifetimeChecks,
    handleChecks, lifecycleChecks, capabilityChecks, moduleChecks,
    parityChecks,
  ].flatMap { $0 }
}
