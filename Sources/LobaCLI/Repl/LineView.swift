/// How an edited line looks on the terminal: the prompt and the text, over as many rows as they need.
struct LineView {
  private let prompt: String
  // Where the terminal's cursor is, and the last row of the text, counted from the prompt's.
  private var row = 0
  private var lastRow = 0

  init(prompt: String) {
    self.prompt = prompt
  }

  /// What the terminal shows is not the line any more; the cursor is at the start of a row.
  mutating func forget() {
    row = 0
    lastRow = 0
  }

  /// What to send to the terminal to show a buffer.
  mutating func update(_ buffer: LineBuffer, columns: Int) -> String {
    var output = goTo(row: 0) + "\r\u{1B}[J"
    var position = (row: 0, column: 0)
    func advance(_ character: Character) {
      let width = TextWidth.of(character)
      if position.column + width > columns { position = (position.row + 1, 0) }
      position.column += width
    }
    for character in prompt { advance(character) }
    output += prompt
    var cursor = position
    for (index, character) in buffer.characters.enumerated() {
      if index == buffer.cursor { cursor = position }
      advance(character)
      output.append(character.unicodeScalars.first!.value < 0x20 ? "?" : character)
    }
    if buffer.cursor == buffer.characters.count { cursor = position }
    // At the right edge terminals wait with the next row until something is written to it.
    if position.column == columns {
      output += "\n\r"
      position = (position.row + 1, 0)
    }
    if cursor.column == columns { cursor = (cursor.row + 1, 0) }
    row = position.row
    lastRow = position.row
    output += goTo(row: cursor.row) + "\r"
    if cursor.column > 0 { output += "\u{1B}[\(cursor.column)C" }
    return output
  }

  /// What moves the cursor to a new row below the text.
  mutating func moveBelow() -> String {
    goTo(row: lastRow) + "\r\n"
  }

  private mutating func goTo(row target: Int) -> String {
    defer { row = target }
    if target < row { return "\u{1B}[\(row - target)A" }
    return target > row ? "\u{1B}[\(target - row)B" : ""
  }
}
