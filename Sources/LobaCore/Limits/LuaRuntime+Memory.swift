internal import CLobaEngine

extension LuaRuntime {
  /// The bytes that the Lua state uses, garbage not yet collected included.
  public var memoryUsed: Int { Int(state.pointee.memory_used) }

  /// The most memory that Lua may use, in bytes; nil for no limit. May be set at any time; below what is in use, every
  /// further allocation fails until enough has been collected.
  ///
  /// On LuaJIT a limit turns the compiler off for as long as there is one: compiled code that is refused memory takes the
  /// process down, in LuaJIT alone as well.
  public var memoryLimit: Int? {
    get {
      let limit = loba_memory_limit(state)
      return limit == 0 ? nil : Int(clamping: limit)
    }
    set {
      // What a failed operation holds is let go of.
      do { try check(state.op.pointee.limit_memory(state, newValue.map { max(1, $0) } ?? 0)) } catch {}
    }
  }

  /// Collects all garbage.
  ///
  /// - Throws: On Lua 5.1 and LuaJIT, what a finalizer raises.
  public func collectGarbage() throws {
    try exclusively {
      // On Lua 5.1 and LuaJIT a full collection starts a stopped collector again.
      defer { if collectorStops > 0 { try? collect(LOBA_COLLECT_STOP) } }
      try collect(LOBA_COLLECT_FULL)
    }
  }

  private func collect(_ what: Int32) throws {
    try check(state.op.pointee.collect(state, what))
  }

  /// Runs a body with the collector stopped. May be nested. ``collectGarbage()`` collects meanwhile, once.
  ///
  /// A script's own `collectgarbage()` starts the collector again on Lua 5.1 and LuaJIT, as it does there without Loba.
  @discardableResult
  public func withoutGarbageCollection<R>(_ body: () throws -> R) throws -> R {
    try exclusively {
      if collectorStops == 0 { try collect(LOBA_COLLECT_STOP) }
      collectorStops += 1
      defer {
        collectorStops -= 1
        if collectorStops == 0 { try? collect(LOBA_COLLECT_RESTART) }
      }
      return try body()
    }
  }

  /// For tests: lets this many allocations succeed, and none after them. Negative: all succeed.
  package func failAllocations(after count: Int) {
    state.pointee.allocations_left = Int64(count)
  }

  /// For tests: how much of this thread's stack is left, in bytes.
  package static var stackLeft: Int { loba_stack_left() }

  /// For tests: how many values lie on Lua's current stack; -1 when closed.
  package var stackTop: Int { Int(state.op.pointee.stack_top(state)) }

  /// For tests: whether no operation is under way, no result held and no slot frame handed out.
  package var isIdle: Bool { loba_is_idle(state) }

  /// For tests: how many allocations have asked for more memory while `failAllocations` was counting them.
  package var allocationCount: Int { Int(state.pointee.allocation_count) }
}
