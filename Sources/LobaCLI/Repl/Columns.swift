/// Lays names out in columns, as `ls` does.
enum Columns {
  /// Rows of names, each row ended.
  static func layOut(_ names: [String], width: Int) -> String {
    let cell = (names.map { TextWidth.of($0) }.max() ?? 0) + 2
    let perRow = max(1, width / cell)
    let rowCount = (names.count + perRow - 1) / perRow
    return (0..<rowCount).map { row in
      stride(from: row, to: names.count, by: rowCount).map { index in
        names[index] + String(repeating: " ", count: cell - TextWidth.of(names[index]))
      }.joined() + "\r\n"
    }.joined()
  }
}
