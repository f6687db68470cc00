internal import CLobaEngine

// Garbage.

extension LuaState {
  enum Collection {
    case full, stop, restart

    fileprivate var code: Int32 {
      switch self {
      case .full: LOBA_COLLECT_FULL
      case .stop: LOBA_COLLECT_STOP
      case .restart: LOBA_COLLECT_RESTART
      }
    }
  }

  func collect(_ what: Collection) throws {
    try check(op.pointee.collect(pointer, what.code))
  }

  /// Takes a step; true if a cycle has ended by it.
  func collectStep(kilobytes: Int) throws -> Bool {
    var endsCycle = false
    try check(op.pointee.collect_step(pointer, Int32(clamping: kilobytes), &endsCycle))
    return endsCycle
  }

  /// Collects what an operation that was refused memory has left. What a finalizer raises is lost: that memory was short is
  /// what there is to tell.
  func relieve() {
    if Status(op.pointee.collect(pointer, LOBA_COLLECT_RELIEVE)).isHeldError { releaseHeld(heldMark) }
  }

  /// What of a mode the engine does not have.
  enum MissingCollector {
    case generations, stepSize
  }

  /// How garbage is collected from now on, where the engine has all of it.
  func setCollector(_ mode: LuaCollectorMode) throws -> MissingCollector? {
    var collector = loba_collector()
    func value(_ parameter: Int?) -> Int32 { Int32(parameter ?? 0) }
    switch mode {
    case .incremental(let pause, let stepMultiplier, let stepSize):
      collector.pause = value(pause)
      collector.step_multiplier = value(stepMultiplier)
      collector.step_size = value(stepSize)
    case .generational(let minorMultiplier, let majorMultiplier):
      collector.is_generational = true
      collector.minor_multiplier = value(minorMultiplier)
      collector.major_multiplier = value(majorMultiplier)
    }
    var missing: Int32 = 0
    try check(op.pointee.set_collector(pointer, &collector, &missing))
    return switch missing {
    case LOBA_COLLECTOR_GENERATIONS: .generations
    case LOBA_COLLECTOR_STEP_SIZE: .stepSize
    default: nil
    }
  }
}
