/// A line being edited, and the place in it.
struct LineBuffer {
  private(set) var characters: [Character] = []
  private(set) var cursor = 0
  private var killed: [Character] = []

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }
  var textBeforeCursor: String { String(characters[..<cursor]) }

  mutating func replace(with text: String) {
    characters = Array(text)
    cursor = characters.count
  }

  mutating func insert(_ text: String) {
    characters.insert(contentsOf: text, at: cursor)
    cursor += text.count
  }

  /// Inserts what one key gives; a combining mark joins the character before it.
  mutating func insert(_ scalar: Unicode.Scalar) {
    if cursor > 0 {
      var joined = String(characters[cursor - 1])
      joined.unicodeScalars.append(scalar)
      if joined.count == 1 {
        characters[cursor - 1] = Character(joined)
        return
      }
    }
    characters.insert(Character(scalar), at: cursor)
    cursor += 1
  }

  /// Applies an editing key. False if it is not one.
  mutating func apply(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar): insert(scalar)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(characters.count, cursor + 1)
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    case .home: cursor = 0
    case .end: cursor = characters.count
    case .backspace: remove(max(0, cursor - 1)..<cursor)
    case .delete: remove(cursor..<min(characters.count, cursor + 1))
    case .killToEnd: kill(cursor..<characters.count)
    case .killToStart: kill(0..<cursor)
    case .killWord: kill(wordStart..<cursor)
    case .killNextWord: kill(cursor..<wordEnd)
    case .yank: insert(String(killed))
    case .transpose: transpose()
    default: return false
    }
    return true
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private mutating func kill(_ range: Range<Int>) {
    if !range.isEmpty { killed = Array(characters[range]) }
    remove(range)
  }

  private mutating func transpose() {
    guard cursor > 0, characters.count > 1 else { return }
    let right = min(cursor, characters.count - 1)
    characters.swapAt(right - 1, right)
    cursor = right + 1
  }

  private static func isInWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private var wordStart: Int {
    var index = cursor
    while index > 0, !Self.isInWord(characters[index - 1]) { index -= 1 }
    while index > 0, Self.isInWord(characters[index - 1]) { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = cursor
    while index < characters.count, !Self.isInWord(characters[index]) { index += 1 }
    while index < characters.count, Self.isInWord(characters[index]) { index += 1 }
    return index
  }
}
