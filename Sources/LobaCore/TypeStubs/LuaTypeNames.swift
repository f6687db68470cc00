internal import Foundation

/// What Swift types are called in LuaCATS, the language of Lua's type annotations.
struct LuaTypeNames {
  /// The registered types with their names, the last registered first.
  private let classes: [(type: Any.Type, name: String)]
  /// Whether a returned tuple is several results.
  private let unpacksTuples: Bool

  init(_ classes: [(type: Any.Type, name: String)], unpacksTuples: Bool) {
    self.classes = classes
    self.unpacksTuples = unpacksTuples
  }

  /// The name of a type, `any` for one of which nothing is known.
  func name(of type: Any.Type) -> String {
    if let name = className(of: type) { return name }
    if let function = FunctionType(type) { return StubFunction(function, in: self).type }
    if let type = type as? any NamedByItself.Type { return type.luaTypeName(self) }
    switch type {
    case is Bool.Type: return "boolean"
    case is any FixedWidthInteger.Type: return "integer"
    case is any BinaryFloatingPoint.Type, is Date.Type, is Decimal.Type: return "number"
    case is any StringProtocol.Type, is Character.Type, is LuaString.Type, is Data.Type, is URL.Type, is UUID.Type:
      return "string"
    case is LuaTable.Type: return "table"
    case is LuaFunction.Type: return "function"
    case is LuaCoroutine.Type: return "thread"
    case is LuaUserdata.Type: return "userdata"
    default: return otherName(of: type)
    }
  }

  /// Types that say how they are converted: by their raw values, or as tables.
  private func otherName(of type: Any.Type) -> String {
    guard type is any LuaRepresentable.Type || type is any LuaConstructible.Type else { return "any" }
    if let type = type as? any RawRepresentable.Type { return type.luaRawTypeName(self) }
    return type is any LuaCoding.Type ? "table" : "any"
  }

  /// The name of a registered class: of the type itself or, of a subclass that is not registered, of the one registered
  /// last that it inherits from.
  func className(of type: Any.Type) -> String? {
    func isKind<T>(of other: T.Type) -> Bool { type is T.Type }
    return classes.first { $0.type == type }?.name
      ?? (type is AnyClass ? classes.first { _openExistential($0.type, do: isKind) }?.name : nil)
  }

  /// The names of what a function of a result type returns.
  func results(of type: Any.Type) -> [String] {
    if type == LeafNothing.self || type == Never.self { return [] }
    if type == LuaValues.self { return ["...any"] }
    guard let tuple = TupleType(type) else { return [name(of: type)] }
    if tuple.count == 0 { return [] }
    return unpacksTuples ? (0..<tuple.count).map { name(of: tuple.type($0)) } : ["userdata"]
  }

  /// A type or nil.
  func optional(_ name: String) -> String {
    if name == "any" || name.hasSuffix("?") { return name }
    return Self.grouped(name) + "?"
  }

  /// A list of a type.
  func list(of name: String) -> String { Self.grouped(name) + "[]" }

  /// In parentheses, if what follows would else belong to a part of it.
  private static func grouped(_ name: String) -> String {
    let isCompound = name.hasSuffix("?") || name.contains("|") || name.contains("fun(")
    return isCompound ? "(\(name))" : name
  }
}

// MARK: - Types with parts

/// A type whose name is made of those of its parts.
private protocol NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String
}

extension Optional: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { names.optional(names.name(of: Wrapped.self)) }
}

extension Array: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { names.list(of: names.name(of: Element.self)) }
}

extension ArraySlice: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { names.list(of: names.name(of: Element.self)) }
}

extension LuaBuffer: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { names.list(of: names.name(of: Element.self)) }
}

extension Range: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { names.list(of: names.name(of: Bound.self)) }
}

extension ClosedRange: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { names.list(of: names.name(of: Bound.self)) }
}

extension Dictionary: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String {
    "table<\(names.name(of: Key.self)), \(names.name(of: Value.self))>"
  }
}

extension Set: NamedByItself {
  static func luaTypeName(_ names: LuaTypeNames) -> String { "table<\(names.name(of: Element.self)), true>" }
}

// MARK: - Raw values

extension RawRepresentable {
  /// The values that there are, if they are few; else the type of raw values.
  fileprivate static func luaRawTypeName(_ names: LuaTypeNames) -> String {
    if let type = Self.self as? any CaseIterable.Type, let values = type.rawLiterals { return values }
    return names.name(of: RawValue.self)
  }
}

extension CaseIterable {
  fileprivate static var rawLiterals: String? {
    guard !allCases.isEmpty, allCases.count <= 20 else { return nil }
    let values = allCases.compactMap { ($0 as? any RawRepresentable).flatMap { literal($0.rawValue) } }
    return values.count == allCases.count ? values.joined(separator: "|") : nil
  }

  private static func literal(_ value: Any) -> String? {
    if let text = value as? String { return quoted(Array(text.utf8)[...], isASCII: true) }
    return (value as? any FixedWidthInteger).map { "\($0)" }
  }
}
