extension LuaRuntime {
  /// Collects all garbage.
  ///
  /// - Throws: On Lua 5.1 to 5.3 and LuaJIT, what a finalizer raises.
  public func collectGarbage() throws {
    try exclusively {
      // On Lua 5.1 and LuaJIT a full collection starts a stopped collector again, and so does a step.
      defer { if collectorStops > 0 { try? state.collect(.stop) } }
      try state.collect(.full)
    }
  }

  /// Takes a step of the collector, for programs that have time for it now: between two frames, say.
  ///
  /// - Parameter kilobytes: How much is done: as though so much had been allocated. 0 for as little as there can be.
  /// - Returns: Whether a cycle has ended. Where generations are collected, it is a collection of the young that has, and the
  ///   first after the mode has been chosen is not told.
  /// - Throws: On Lua 5.1 to 5.3 and LuaJIT, what a finalizer raises; an error of kind `conversion` if the number is
  ///   negative.
  @discardableResult
  public func collectGarbageStep(kilobytes: Int = 0) throws -> Bool {
    guard kilobytes >= 0 else {
      throw LuaError(kind: .conversion, message: "a step of the collector cannot be of \(kilobytes) kilobytes")
    }
    return try exclusively {
      defer { if collectorStops > 0 { try? state.collect(.stop) } }
      return try state.collectStep(kilobytes: kilobytes)
    }
  }

  /// Sets how garbage is collected from now on.
  ///
  /// ```swift
  /// try lua.setCollectorMode(.incremental(pause: 110))   // a new cycle soon after the last
  /// ```
  ///
  /// - Throws: ``LuaError`` of kind `engine` if the engine does not have the mode, or a parameter of it, and of kind
  ///   `conversion` if a parameter is out of range. Nothing has been changed then.
  public func setCollectorMode(_ mode: LuaCollectorMode) throws {
    try mode.check()
    guard let missing = try exclusively({ try state.setCollector(mode) }) else { return }
    let what =
      switch missing {
      case .generations: "generational garbage collector"
      case .stepSize: "step size of the garbage collector"
      }
    throw LuaError(kind: .engine, message: "\(engine.name) has no \(what)")
  }

  /// Runs a body with the collector stopped. May be nested. ``collectGarbage()`` collects meanwhile, once.
  ///
  /// A script's own `collectgarbage()` starts the collector again on Lua 5.1 and LuaJIT, as it does there without Loba.
  @discardableResult
  public func withoutGarbageCollection<R>(_ body: () throws -> R) throws -> R {
    try exclusively {
      if collectorStops == 0 { try state.collect(.stop) }
      collectorStops += 1
      defer {
        collectorStops -= 1
        if collectorStops == 0 { try? state.collect(.restart) }
      }
      return try body()
    }
  }
}
