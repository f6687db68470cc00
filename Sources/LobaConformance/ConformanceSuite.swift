/// Everything that an engine owes. An engine, also one that is not part of this package, can be put through all of it with
/// ``run(_:on:progress:)``, or case by case:
///
/// ```swift
/// for owed in ConformanceSuite.cases(on: engine) where owed.excuse == nil {
///   try owed.run()
/// }
/// ```
public enum ConformanceSuite {
  /// The checks of all that the public interface promises, one after the other in one process. Those of what an engine
  /// may not survive are ``safety``, ``threads`` and ``isolated``.
  public static let checks: [ConformanceCheck] = [
    executionChecks, oddSourceChecks,
    valueChecks, numberChecks, exactnessChecks, stringChecks, textEncodingChecks,
    tableChecks, fieldChecks, listChecks, tableCallChecks, dumpChecks,
    iterationChecks, tableConversionChecks, metatableChecks, singleValueChecks,
    codableChecks, codingKeyChecks, luaCodableChecks, codingOptionChecks, foundationTypeChecks, sourceChecks,
    bufferChecks,
    functionChecks, closureChecks, hostFunctionChecks, hostLifetimeChecks, hostClassChecks, hostOperatorChecks,
    hostItemChecks, storedHandleChecks, collectionReentranceChecks, memberReentranceChecks, objectLifetimeChecks,
    swiftLibraryChecks, leafChecks, partChecks, inPlaceChecks, classSpellingChecks,
    scriptClassChecks, scopeChecks, typeStubChecks, typeStubTextChecks,
    errorChecks, errorPassingChecks, placeChecks, caughtErrorChecks,
    coroutineChecks, coroutineLifetimeChecks, asyncChecks, poolChecks,
    handleChecks, lifecycleChecks, tenantChecks, capabilityChecks,
    environmentChecks, scriptChecks, moduleChecks, hostModuleChecks, hostServiceChecks,
    serviceChecks, collectorChecks, fileChecks,
    introspectionChecks, hookChecks,
    parityChecks,
  ].flatMap { $0 }
}
