// Which keys of a table stand for the coding keys of a container.

/// Coding keys do not tell: those of a dictionary have a number whenever their text reads as one, "2" as well as "02". The
/// type that is coded does.
enum KeyStyle {
  /// The fields of a structure, by number if their coding keys have numbers.
  case fields
  /// The entries of a dictionary whose keys are texts.
  case texts
  /// The entries of a dictionary whose keys are integers.
  case integers

  /// How values of a type are coded.
  init(_ type: Any.Type) {
    self = (type as? any CodedByKey.Type)?.keyStyle ?? .fields
  }

  /// The number that a coding key is in a table; nil for one that is its text.
  func number(of key: any CodingKey) -> Int? {
    switch self {
    case .texts: return nil
    case .integers: return key.intValue
    case .fields:
      // The key of a dictionary that codes itself in the place of another type.
      guard let number = key.intValue, Int(key.stringValue) != number || key.stringValue == String(number) else {
        return nil
      }
      return number
    }
  }
}

private protocol CodedByKey {
  static var keyStyle: KeyStyle { get }
}

extension Dictionary: CodedByKey {
  fileprivate static var keyStyle: KeyStyle {
    if Key.self == Int.self { return .integers }
    func isNumbered<R: RawRepresentable>(_ type: R.Type) -> Bool { R.RawValue.self == Int.self }
    guard Key.self is any CodingKeyRepresentable.Type, let type = Key.self as? any RawRepresentable.Type else {
      return .texts  // or neither, and so a list of keys and values
    }
    return isNumbered(type) ? .integers : .texts
  }
}
