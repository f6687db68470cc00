// What the coding keys of a type's fields are called in Lua.

extension LuaCodingOptions.Keys {
  /// The name of the field for a coding key.
  func name(of key: String) -> String {
    switch self {
    case .unchanged: return key
    case .snakeCase: break
    }
    var name = ""
    var characters = key[...]
    while let first = characters.first {
      // A word: capitals, of which the last begins the next word if small letters follow; and what is not capital.
      let capitals = characters.prefix { $0.isUppercase }
      let rest = characters[capitals.endIndex...].prefix { !$0.isUppercase }
      let startsNext = capitals.count > 1 && rest.first?.isLowercase == true
      let word =
        startsNext
        ? capitals.dropLast() : characters[capitals.startIndex..<rest.endIndex]
      if let last = name.last, last != "_", first != "_" { name += "_" }
      name += word.lowercased()
      characters = characters[word.endIndex...]
    }
    return name
  }

  /// A coding key for the name of a field; of those with capitals in a row there are several, and it is the one without.
  func key(of name: String) -> String {
    switch self {
    case .unchanged: return name
    case .snakeCase: break
    }
    let start = name.prefix { $0 == "_" }
    let end = name.dropFirst(start.count).reversed().prefix { $0 == "_" }
    let words = name.split(separator: "_")
    guard let first = words.first else { return name }
    return start + first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + String(end)
  }
}
