public import LobaCore

/// Puts operations of the public interface through a fault at every point where it can happen.
///
/// Each operation is run with the fault at its first chance, then at its second, and so on until it gets through without
/// meeting it. Every run must throw an error that says what happened, or succeed; after it the runtime must work, Lua's
/// stack be where it was, and in the end every host object be released.
public struct Sweep: Sendable {
  /// What goes wrong.
  public enum Fault: String, Sendable, CaseIterable {
    /// The n-th allocation fails, and every one after it.
    case allocation = "allocations fail"
    /// The collector runs at every allocation, and the n-th finalizer raises an error. All finalizers call Swift.
    case finalizer = "finalizers raise"
  }

  /// One operation.
  public struct Operation: Sendable, CustomStringConvertible {
    /// What is done, in words.
    public let name: String
    let requires: LuaCapabilities
    /// Prepares what the operation needs, without faults, and gives the operation.
    let prepare: @Sendable (LuaRuntime, Context) throws -> () throws -> Void

    init(
      _ name: String, requires: LuaCapabilities = [],
      _ prepare: @escaping @Sendable (LuaRuntime, Context) throws -> () throws -> Void
    ) {
      self.name = name
      self.requires = requires
      self.prepare = prepare
    }

    /// An operation that needs no preparation.
    static func direct(
      _ name: String, requires: LuaCapabilities = [], _ body: @escaping @Sendable (LuaRuntime) throws -> Void
    ) -> Operation {
      Operation(name, requires: requires) { lua, _ in { try body(lua) } }
    }

    /// The name.
    public var description: String { name }
  }

  /// What operations share.
  struct Context {
    let tracker: LifetimeCounter
  }

  /// What a sweep over some operations has found.
  public struct Report: Sendable {
    /// The engine's name.
    public let engine: String
    /// What went wrong.
    public let fault: Fault
    /// How many operations were swept; those that need what the engine cannot do are left out.
    public internal(set) var operations = 0
    /// Runs in which the fault was set.
    public internal(set) var points = 0
    /// Runs in which an error was thrown.
    public internal(set) var thrown = 0
    /// Operations that did not stand it, with what went wrong.
    public internal(set) var failures: [String] = []
  }

  /// Every operation there is.
  public static let operations: [Operation] =
    executionOperations + callOperations + tableOperations
    + hostOperations + coroutineOperations + parityOperations + bufferOperations

  /// The engine that is put through it.
  public let engine: any LuaEngine
  /// What goes wrong.
  public let fault: Fault
  /// Whether nearly every point is tried (all of the first 40, then longer steps); else a sample.
  public let isFull: Bool

  /// Makes a sweep.
  ///
  /// - Parameter isFull: Whether nearly every point is tried; nil for whether the environment has `LOBA_FULL_SWEEP`.
  public init(engine: any LuaEngine, fault: Fault, isFull: Bool? = nil) {
    self.engine = engine
    self.fault = fault
    self.isFull = isFull ?? sweepsInFull(engine)
  }

  /// Runs the sweep.
  public func run(_ operations: [Operation] = Sweep.operations) -> Report {
    var report = Report(engine: engine.name, fault: fault)
    for operation in operations where operation.requires.isSubset(of: engine.capabilities) {
      report.operations += 1
      do {
        try sweep(operation, &report)
      } catch {
        report.failures.append("\(engine.name), \(fault.rawValue), \(operation.name): \(error)")
      }
    }
    return report
  }

  /// Reports as a table for people.
  public static func table(_ reports: [Report]) -> String {
    func row(_ cells: [String]) -> String {
      let widths = [10, 18, 12, 10, 10, 10]
      return zip(cells, widths).map { $0.padding(to: $1) }.joined()
    }
    let head = row(["engine", "fault", "operations", "points", "thrown", "failed"])
    let rows = reports.map {
      row([$0.engine, $0.fault.rawValue, "\($0.operations)", "\($0.points)", "\($0.thrown)", "\($0.failures.count)"])
    }
    return ([head] + rows).joined(separator: "\n")
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}

// MARK: - One operation

extension Sweep {
  private func sweep(_ operation: Operation, _ report: inout Report) throws {
    let context = Context(tracker: LifetimeCounter())
    do {
      let lua = try LuaRuntime(engine: engine)
      defer { lua.close() }
      let injector: any FaultInjector =
        switch fault {
        case .allocation: AllocationFault(lua)
        case .finalizer: try FinalizerFault(lua)
        }
      var point = 0
      while try !runOnce(operation, lua, context, injector, at: point, &report) {
        point += isFull ? 1 + point / 40 : 1 + (point < 8 ? 0 : point / 3)
        try expect(point < 200_000, "does not come to an end")
      }
    }
    try expectEqual(context.tracker.alive, 0, "host objects are still alive after close")
  }

  /// Runs an operation with the fault set at a point. True if it was not met: the sweep is done.
  private func runOnce(
    _ operation: Operation, _ lua: LuaRuntime, _ context: Context, _ injector: any FaultInjector, at point: Int,
    _ report: inout Report
  ) throws -> Bool {
    let body = try operation.prepare(lua, context)
    injector.arm(point)
    var thrown: (any Error)?
    do { try body() } catch { thrown = error }
    let isMet = injector.disarm()
    report.points += 1
    if let thrown {
      guard isMet, injector.isExpected(thrown) else {
        throw ConformanceFailure(message: "at point \(point): \(thrown)", file: #fileID, line: #line)
      }
      report.thrown += 1
    }
    do { try expectIntact(lua) } catch {
      throw ConformanceFailure(message: "after point \(point): \(error)", file: #fileID, line: #line)
    }
    return !isMet
  }
}

// MARK: - Faults

private protocol FaultInjector {
  /// Sets the fault at the n-th chance from now on.
  func arm(_ point: Int)
  /// Ends it; true if it has happened.
  func disarm() -> Bool
  func isExpected(_ error: any Error) -> Bool
}

private final class AllocationFault: FaultInjector {
  private let lua: LuaRuntime
  private var start = 0
  private var point = 0

  init(_ lua: LuaRuntime) { self.lua = lua }

  func arm(_ point: Int) {
    self.point = point
    start = lua.allocationCount
    lua.failAllocations(after: point)
  }

  func disarm() -> Bool {
    lua.failAllocations(after: -1)
    return lua.allocationCount - start > point
  }

  func isExpected(_ error: any Error) -> Bool {
    (error as? LuaError)?.kind == .memory || "\(error)".contains("not enough memory")
  }
}

private final class FinalizerFault: FaultInjector {
  private final class Trigger {
    var left = -1
    var hasRaised = false

    func pull() -> Bool {
      guard left >= 0 else { return false }
      left -= 1
      if left < 0 { hasRaised = true }
      return left < 0
    }
  }

  private let lua: LuaRuntime
  private let trigger = Trigger()
  private let isSwallowed: Bool

  init(_ lua: LuaRuntime) throws {
    self.lua = lua
    isSwallowed = lua.engine.capabilities.contains(.finalizerWarnings)
    let trigger = trigger
    // The finalizer makes the next one, and calls Swift with what a call from there could disturb: many arguments,
    // strings as results, new host objects, an error that is caught, calls with many results.
    let finalize: LuaFunction = try lua.function { [unowned lua] (arguments: LuaValues) -> LuaValues in
      _ = try lua.wrap(arguments.count)
      _ = try lua.function { 1 }
      let many: LuaValues = try lua.execute("return 1, 2, 3, 4, 5, 6, 7, 8, 9, 'ten'")
      try expectEqual(many.count, 10)
      return LuaValues([.boolean(trigger.pull())] + (1...12).map { LuaValue.string(LuaString("finalizer \($0)")) })
    }
    let fail: LuaFunction = try lua.function { () -> Int in throw Disturbance() }
    try lua.execute(
      """
      local finalize, fail, pcall, error = ...
      keep = {finalize, fail}  -- or they are garbage together with the first finalizer, and released before it runs
      local rearm
      local function gc()
        rearm()
        pcall(fail)
        if (finalize(1, 2, 3, 4, 5, 6, 7, 8, 'nine', 'ten')) then error('finalizer raised', 0) end
      end
      if newproxy then
        local newproxy, getmetatable = newproxy, getmetatable
        rearm = function() getmetatable(newproxy(true)).__gc = gc end
        -- LuaJIT itself, the plain interpreter included, crashes when a finalizer raises on the way out of a trace.
        if jit then jit.off() end
      else
        local setmetatable = setmetatable
        local metatable = {__gc = gc}
        rearm = function() setmetatable({}, metatable) end
      end
      \(hurryCollector(stepMultiplier: 1_000_000))
      rearm()
      """, finalize, fail, try lua.globals["pcall"] as LuaFunction, try lua.globals["error"] as LuaFunction)
  }

  func arm(_ point: Int) {
    // On 5.1 a finalizer that raised has left the collector waiting for memory to double.
    try? lua.collectGarbage()
    trigger.hasRaised = false
    trigger.left = point
  }

  func disarm() -> Bool {
    trigger.left = -1
    return trigger.hasRaised
  }

  func isExpected(_ error: any Error) -> Bool {
    !isSwallowed && "\(error)".contains("finalizer raised")
  }
}

private struct Disturbance: Error {}
