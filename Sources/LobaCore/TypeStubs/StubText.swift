/// The text of type stubs, as it grows: groups of lines with an empty line between them.
struct StubText {
  private(set) var text: String

  /// - Parameter module: What `require` finds it by; nil for globals.
  init(module: String? = nil) {
    text = "---@meta\(module.flatMap { Self.isModuleName($0) ? " \($0)" : nil } ?? "")\n"
  }

  mutating func add(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    text += "\n" + lines.map { $0 + "\n" }.joined()
  }

  /// Whether LuaCATS reads it as one name.
  private static func isModuleName(_ name: String) -> Bool {
    guard let first = name.first, !".-".contains(first) else { return false }
    return name.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "_.-".contains($0) }
  }

  /// The lines of a comment. What would be an annotation is none.
  static func comment(_ text: String?) -> [String] {
    guard let text, !text.isEmpty else { return [] }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      let words = line.drop { $0.isWhitespace }
      return words.first == "@" || words.first == "|" ? "---\\\(words)" : "---\(line)"
    }
  }

  /// What comes after an annotation on its line.
  static func remark(_ parts: String?...) -> String {
    let words = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ").split(
      whereSeparator: \.isNewline)
    return words.isEmpty ? "" : " # " + words.joined(separator: " ")
  }
}
