public import LobaCore

/// Everything that a program does often, so often that whatever is left behind adds up: a million calls in every direction,
/// 10,000 runtimes, plugins that hit their limits. In a process that does nothing else, whose memory tells.
public enum Soak {
  /// What the memory of the process may grow by while a work is done, in bytes: less than the smallest block of an allocator
  /// for each of a million, or half a kilobyte for each of 10,000 runtimes.
  private static let bound = 4 << 20

  /// Does each work as often as it says, which takes most of a minute; or a hundredth of that, which shows that the works
  /// work and that no host object is kept, but nothing about memory.
  ///
  /// - Parameter progress: Told the name of a work before it is done.
  public static func run(
    on engine: any LuaEngine, isFull: Bool, progress: (String) -> Void = { _ in }
  ) -> SoakReport {
    var report = SoakReport()
    for work in SoakWork.all {
      progress(work.name)
      do {
        let row = try run(work, on: engine, isFull: isFull)
        report.rows.append(row)
        guard isFull, let growth = row.growth, (growth > bound) != work.leaks else { continue }
        try expect(false, work.leaks ? "was not seen: \(growth) bytes" : "memory has grown by \(growth) bytes")
      } catch {
        report.failures.append("\(engine.name): \(work.name): \(error)")
      }
    }
    return report
  }

  private static func run(_ work: SoakWork, on engine: any LuaEngine, isFull: Bool) throws -> SoakReport.Row {
    let counter = SoakCounter()
    let begin = ContinuousClock.now
    let size = work.portion(isFull: isFull)
    // In a fifth of them everything gets as large as it will be.
    let warm = max(1, work.portions / 5)
    var before: Int?
    do {
      let lua = try LuaRuntime(engine: engine)
      defer { lua.close() }
      let body = try work.prepare(SoakBench(engine: engine, lua: lua, counter: counter))
      for portion in 0..<work.portions {
        if portion == warm { before = residentMemory() }
        try body(size)
        // A cycle finalizes objects, and the next one frees them.
        for _ in 0..<2 { try lua.collectGarbage() }
      }
      try expect(lua.stackTop == 0 && lua.isIdle, "an operation did not end")
    }
    try expect(counter.alive == 0, "\(counter.alive) host objects are still alive")
    let after = residentMemory()
    let time = ContinuousClock.now - begin
    return SoakReport.Row(
      engine: engine.name, work: work.name, count: size * work.portions, seconds: time / .seconds(1),
      memory: before.flatMap { before in after.map { (before, $0) } })
  }
}
