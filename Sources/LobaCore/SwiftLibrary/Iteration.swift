// swift.iter, swift.iterex and swift.enumerate: each gives an iterator function for a `for` loop.

extension LuaRuntime {
  func addIteration(to library: LuaTable) throws {
    try library.rawSet(
      "iter",
      to: makeFunction {
        try Self.iterate($0, "iter") { item, _, writer in
          try writer.writeFirst(item)
        }
      })
    try library.rawSet(
      "iterex",
      to: makeFunction {
        try Self.iterate($0, "iterex") { item, _, writer in
          let parts = Self.parts(of: item)
          try writer.writeFirst(parts.first ?? nil)
          for part in parts.dropFirst() { try writer.write(item: part) }
        }
      })
    try library.rawSet(
      "enumerate",
      to: makeFunction { call in
        let start =
          call.count > 1
          ? try call.argument(1).read(as: Int.self)
          : 0
        try Self.iterate(call, "enumerate") { item, index, writer in
          let (count, isTooLarge) = start.addingReportingOverflow(index)
          guard !isTooLarge else {
            throw LuaError(kind: .conversion, "swift.enumerate cannot count beyond \(Int.max)")
          }
          try writer.write(integer: Int64(count))
          if let item { try writer.write(item: item) } else { writer.writeNil() }
        }
      })
  }

  private static func iterate(
    _ call: HostCall, _ name: String,
    _ body: @escaping (_ item: Any?, _ index: Int, inout LuaWriter) throws -> Void
  ) throws {
    let reader = try argument(call, of: name)
    guard let items = try items(of: reader) else {
      throw LuaError(
        kind: .conversion, "swift.\(name) needs a Swift sequence or a table, got \(reader.summary)")
    }
    let iterator = try call.runtime.makeFunction { call in
      guard let item = try items.next() else { return }
      try call.returning { try body(item.value, item.index, &$0) }
    }
    try call.returnValue(any: iterator)
  }

  /// The items of a Swift sequence, or the keys of a table; nil for anything else.
  private static func items(of reader: LuaReader) throws -> ItemIterator? {
    if reader.slot.pointee.kind == .table { return try TableKeys(reader) }
    guard let value = try reader.hostBox?.presentValue() else { return nil }
    if let sequence = value as? any Sequence { return items(of: sequence) }
    if let iterator = value as? any IteratorProtocol { return items(from: iterator) }
    return nil
  }

  private static func items<S: Sequence>(of sequence: S) -> ItemIterator {
    if let range = sequence as? any OpenEndedRange { return items(of: range.closed) }
    return items(from: sequence.makeIterator())
  }

  private static func items<I: IteratorProtocol>(from iterator: I) -> ItemIterator { SequenceItems(iterator) }

  /// The elements of a tuple; anything else is one element.
  private static func parts(of item: Any?) -> [Any?] {
    guard let item else { return [nil] }
    return tupleParts(of: item) ?? [item]
  }

  /// An iterator function for `pairs`: keys and values of a dictionary, indices from 0 and elements of anything else.
  func makePairIterator(_ value: Any) throws -> LuaFunction {
    let items = if let sequence = value as? any Sequence { Self.items(of: sequence) } else { ItemIterator() }
    let isDictionary = Mirror(reflecting: value).displayStyle == .dictionary
    return try makeFunction { call in
      guard let item = try items.next() else { return }
      try call.returning { writer in
        if isDictionary {
          for part in Self.parts(of: item.value) { try writer.write(item: part) }
        } else {
          try writer.write(integer: Int64(item.index))
          try writer.write(item: item.value)
        }
      }
    }
  }
}

/// nil for an Optional that is none, its value for one that is not.
func flattened(_ value: Any) -> Any? {
  guard let optional = value as? any OptionalProtocol else { return value }
  return optional.wrappedValue
}

/// The elements of a tuple, nil for anything else.
func tupleParts(of value: Any) -> [Any?]? {
  let mirror = Mirror(reflecting: value)
  return mirror.displayStyle == .tuple ? mirror.children.map { flattened($0.value) } : nil
}

/// An Optional whose type is not known.
protocol OptionalProtocol {
  var wrappedValue: Any? { get }
}

extension Optional: OptionalProtocol {
  var wrappedValue: Any? {
    switch self {
    case .none: nil
    case .some(let value): (value as? any OptionalProtocol).map { $0.wrappedValue } ?? value
    }
  }
}

extension LuaWriter {
  /// The first value of a loop: nil would end it, so `swift.none` stands for it.
  mutating func writeFirst(_ item: Any?) throws {
    if let item { try write(item: item) } else { try write(runtime.noneValue()) }
  }
}
