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

  private func position(_ key: LuaReader) throws -> Int {
    guard let index = try? key.read(as: Int.self) else {
      throw LuaError(kind: .conversion, message: "an array's index is an integer, got \(key.summary)")
    }
    return index
  }

  /// Beyond the end there is nothing, as in a table.
  func writeHostItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    let index = try position(key)
    if indices.contains(index) { try writer.write(element: self[index]) } else { writer.writeNil() }
  }

  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws {
    let index = try position(key)
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

extension LuaReader {
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
