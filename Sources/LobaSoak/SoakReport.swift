/// What a soak has done: a table, and what was wrong.
public struct SoakReport: Sendable, CustomStringConvertible {
  /// What a work has taken, and left behind.
  public struct Row: Sendable {
    /// The engine's name.
    public let engine: String
    /// What was done.
    public let work: String
    /// How often.
    public let count: Int
    /// For how long, in seconds.
    public let seconds: Double
    /// The memory of the process in bytes after a fifth of it, and at the end; nil where it is not known.
    public let memory: (before: Int, after: Int)?

    /// By how many bytes memory has grown.
    public var growth: Int? { memory.map { $0.after - $0.before } }
  }

  /// What was done, in its order.
  public internal(set) var rows: [Row] = []
  /// What was wrong, each in a sentence that names the engine and the work.
  public internal(set) var failures: [String] = []

  /// A table: engine, what, how often, seconds, megabytes before and after.
  public var description: String {
    let header = ["engine", "what", "count", "seconds", "MB before", "MB after"]
    let lines = [header] + rows.map(\.cells)
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column < 2 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// The rows and failures of both.
  public static func + (a: SoakReport, b: SoakReport) -> SoakReport {
    var sum = a
    sum.rows += b.rows
    sum.failures += b.failures
    return sum
  }

  /// A report of nothing.
  public init() {}
}

extension SoakReport.Row {
  fileprivate var cells: [String] {
    func megabytes(_ bytes: Int?) -> String { bytes.map { Self.decimal(Double($0) / 1e6) } ?? "-" }
    return [engine, work, "\(count)", Self.decimal(seconds), megabytes(memory?.before), megabytes(memory?.after)]
  }

  /// With two places.
  private static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let places = hundredths % 100
    return "\(hundredths / 100).\(places < 10 ? "0" : "")\(places)"
  }
}
