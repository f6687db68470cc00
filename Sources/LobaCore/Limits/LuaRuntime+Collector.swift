extension LuaRuntime {
  /// Collects all garbage.
  ///
  /// - Throws: On Lua 5.1 to 5.3 and LuaJIT, what a finalizer raises.
  public func collectGarbage() throws {
    try exclusively {
      defer { keepCollectorStopped() }
      try state.collect(.full)
    }
  }

  /// Collects some garbage: as much as would be if so many bytes had been allocated. With a step now and then, where there
  /// is time for it, the collector need not come where there is none.
  ///
  /// ```swift
  /// while !frame.isOver { if try lua.collectGarbageStep() { break } }
  /// ```
  ///
  /// - Parameter bytes: The size of the step; 0 for a basic step, as large as the engine finds right.
  /// - Returns: Whether the step has completed a cycle: all that was garbage when the cycle began is collected.
  /// - Throws: On Lua 5.1 to 5.3 and LuaJIT, what a finalizer raises.
  @discardableResult
  public func collectGarbageStep(_ bytes: Int = 0) throws -> Bool {
    try exclusively {
      defer { keepCollectorStopped() }
      return try state.collectStep(bytes)
    }
  }

  /// On Lua 5.1 and LuaJIT a collection starts a stopped collector again.
  private func keepCollectorStopped() {
    if collectorStops > 0 { try? state.collect(.stop) }
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
      case .multipliers: "parameters of the generational garbage collector"
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
