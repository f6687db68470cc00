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
    if indices.contains(index) { try writer.write(self[index]) } else { writer.writeNil() }
  }

  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws {
    let index = try position(key)
    let element: Element = try value.read()
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
      try writer.write(value)
    } else {
      writer.writeNil()
    }
  }

  mutating func setHostItem(_ key: LuaReader, to value: LuaReader) throws {
    let key: Key = try key.read()
    self[key] = value.isNil ? nil : try value.read(as: Value.self)
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
    let element: Element = try key.read()
    let isMember = value.slot.pointee.tag == LOBA_BOOLEAN ? try value.read(as: Bool.self) : !value.isNil
    if isMember { insert(element) } else { remove(element) }
  }
}
