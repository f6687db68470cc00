internal import CLobaEngine

/// A Swift collection whose items Lua can use in place: `object[key]`, `object[key] = value`, `#object`, iteration.
///
/// Keys are Swift's: an array begins at 0.
protocol HostItems {
  var hostItemCount: Int { get }
  func writeHostItem(_ key: LuaReader, to writer: inout LuaWriter) throws
  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws
}

extension Array: HostItems {
  var hostItemCount: Int { count }

  /// Beyond the end there is nothing, as in a table.
  func writeHostItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    let index = try key.readPosition()
    if indices.contains(index) { try writer.write(element: self[index]) } else { writer.writeNil() }
  }

  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws {
    let index = try key.readPosition()
    let element = try value.readItem(of: key, as: Element.self)
    if indices.contains(index) {
      self[index] = element
    } else if index == count {
      append(element)
    } else {
      throw LuaError(
        kind: .conversion, message: "index \(index) is out of bounds: the array has \(count) elements, from 0")
    }
  }
}

extension Dictionary: HostItems {
  var hostItemCount: Int { count }

  /// A key that is missing, or that no key of this dictionary could be, has nil.
  func writeHostItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    if let key = try? key.read(as: Key.self), let value = self[key] {
      try writer.write(element: value)
    } else {
      writer.writeNil()
    }
  }

  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws {
    let item = value.isNil ? nil : try value.readItem(of: key, as: Value.self)
    self[try key.readKey(as: Key.self)] = item
  }
}

extension Set: HostItems {
  var hostItemCount: Int { count }

  /// Whether the set has the element.
  func writeHostItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    if let element = try? key.read(as: Element.self) {
      writer.write(boolean: contains(element))
    } else {
      writer.write(boolean: false)
    }
  }

  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws {
    let element = try key.readKey(as: Element.self)
    let isMember = value.slot.pointee.tag == LOBA_BOOLEAN ? try value.read(as: Bool.self) : !value.isNil
    if isMember { insert(element) } else { remove(element) }
  }
}

extension RandomAccessCollection {
  /// How many positions there are, from 0 on.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a range of more integers than can be counted, on which `count` traps.
  var positionCount: Int {
    get throws {
      if let range = self as? ClosedRange<Int> {
        let (length, isTooLarge) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        if isTooLarge || length == .max { throw tooLarge }
      } else if let range = self as? Range<Int> {
        if range.upperBound.subtractingReportingOverflow(range.lowerBound).overflow { throw tooLarge }
      }
      return count
    }
  }

  private var tooLarge: LuaError { LuaError(kind: .conversion, message: "\(self) has too many items to count") }

  /// Writes the element at a position; beyond the end there is nothing, as in a table.
  func writeItem(at key: LuaReader, to writer: inout LuaWriter) throws {
    let position = try key.readPosition()
    if try (0..<positionCount).contains(position) {
      try writer.write(element: self[index(startIndex, offsetBy: position)])
    } else {
      writer.writeNil()
    }
  }
}

extension LuaReader {
  fileprivate func readPosition() throws -> Int {
    guard let position = try? read(as: Int.self) else {
      throw LuaError(kind: .conversion, message: "the index of an item is an integer, got \(summary)")
    }
    return position
  }

  /// The key of an item, which messages do not count as an argument.
  fileprivate func readKey<K>(as type: K.Type) throws -> K {
    try HostArguments.named("the key") { try LuaReader(slot: slot, state: state).read() }
  }

  /// The value for the item of a key.
  fileprivate func readItem<V>(of key: LuaReader, as type: V.Type) throws -> V {
    try HostArguments.named("the value of key \(try key.value())") { try LuaReader(slot: slot, state: state).read() }
  }
}

extension LuaWriter {
  /// Writes an item as iteration does: by value if it can be, else by reference.
  fileprivate mutating func write<T>(element: T) throws {
    if T.self is any LuaRepresentable.Type { try write(element) } else { try write(item: element) }
  }
}
