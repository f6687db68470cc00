/// Several Lua values: the arguments a host function is given beyond its named ones, or all results of a call.
///
/// As the last parameter of a host function it takes all remaining arguments; as its result it gives each element as a
/// result of its own; as an argument of a call it is spread; as the type of a call's result it takes all results.
public struct LuaValues {
  public var values: [LuaValue]

  public init(_ values: some Sequence<LuaValue>) {
    self.values = Array(values)
  }

  public init() {
    values = []
  }

  /// The first value, or nil (Lua's) if there is none.
  public var firstOrNil: LuaValue { values.first ?? .nil }
}

@available(*, unavailable)
extension LuaValues: Sendable {}

extension LuaValues: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { values.count }

  public subscript(position: Int) -> LuaValue {
    get { values[position] }
    set { values[position] = newValue }
  }

  public mutating func replaceSubrange(_ range: Range<Int>, with elements: some Collection<LuaValue>) {
    values.replaceSubrange(range, with: elements)
  }
}

extension LuaValues: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: LuaValue...) {
    values = elements
  }
}

extension LuaValues: Hashable, CustomStringConvertible {
  /// The values, separated by commas.
  public var description: String { values.map(\.description).joined(separator: ", ") }
}
