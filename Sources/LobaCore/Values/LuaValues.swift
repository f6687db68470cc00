/// Several Lua values: the arguments a host function is given beyond its named ones, or all results of a call.
///
/// As the last parameter of a host function it takes all remaining arguments; as its result it gives each element as a
/// result of its own; as an argument of a call it is spread; as the type of a call's result it takes all results.
public struct LuaValues {
  /// The values in their order, any nil among them.
  public var values: [LuaValue]

  /// Gathers values.
  public init(_ values: some Sequence<LuaValue>) {
    self.values = Array(values)
  }

  /// No values.
  public init() {
    values = []
  }

  /// The first value, or nil (Lua's) if there is none.
  public var firstOrNil: LuaValue { values.first ?? .nil }
}

@available(*, unavailable)
extension LuaValues: Sendable {}

extension LuaValues: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  /// 0: positions are counted as in Swift, not from 1 as in Lua.
  public var startIndex: Int { 0 }
  /// How many values there are.
  public var endIndex: Int { values.count }

  /// The value at a position, which must be there; ``firstOrNil`` asks for none.
  public subscript(position: Int) -> LuaValue {
    get { values[position] }
    set { values[position] = newValue }
  }

  /// Replaces the values in a range of positions.
  public mutating func replaceSubrange(_ range: Range<Int>, with elements: some Collection<LuaValue>) {
    values.replaceSubrange(range, with: elements)
  }
}

extension LuaValues: ExpressibleByArrayLiteral {
  /// The values of a literal: `[1, "two", nil]`.
  public init(arrayLiteral elements: LuaValue...) {
    values = elements
  }
}

extension LuaValues: Hashable, CustomStringConvertible {
  /// The values, separated by commas.
  public var description: String { values.map(\.description).joined(separator: ", ") }
}
