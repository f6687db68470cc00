extension LuaRuntime {
  /// The bytes that the Lua state uses, garbage not yet collected included.
  public var memoryUsed: Int { state.memoryUsed }

  /// The most memory that Lua may use, in bytes; nil for no limit. May be set at any time; below what is in use, every
  /// further allocation fails until enough has been collected.
  ///
  /// On LuaJIT a limit turns the compiler off for as long as there is one: compiled code that is refused memory takes the
  /// process down, in LuaJIT alone as well.
  public var memoryLimit: Int? {
    get { state.memoryLimit }
    set {
      // What a failed operation holds is let go of.
      do { try state.setMemoryLimit(newValue) } catch {}
    }
  }

  /// For tests: lets this many allocations succeed, and none after them. Negative: all succeed.
  package func failAllocations(after count: Int) {
    state.failAllocations(after: count)
  }

  /// For tests: how much of this thread's stack is left, in bytes.
  package static var stackLeft: Int { LuaState.stackLeft }

  /// For tests: how many values lie on Lua's current stack; -1 when closed.
  package var stackTop: Int { state.stackTop }

  /// For tests: whether no operation is under way, no result held and no slot frame handed out.
  package var isIdle: Bool { state.isIdle }

  /// For tests: how many allocations have asked for more memory while `failAllocations` was counting them.
  package var allocationCount: Int { state.allocationCount }
}
