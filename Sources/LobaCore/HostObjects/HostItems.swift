/// A Swift collection whose items Lua can use in place: `object[key]`, `object[key] = value`, `#object`, iteration.
///
/// Keys are Swift's: an array begins at 0. Whatever may run Lua is a step of its own, with no access to the collection open:
/// keys and values are read before, and items are written, and what is replaced goes, after.
protocol HostItems {
  var count: Int { get }
  static func writeItem(_ key: LuaReader, of box: HostBox<Self>, to writer: inout LuaWriter) throws
  static func setItem(_ key: LuaReader, of box: HostBox<Self>, to value: LuaReader) throws
}

extension Array: HostItems {
  /// Beyond the end there is nothing, as in a table.
  static func writeItem(_ key: LuaReader, of box: HostBox<Self>, to writer: inout LuaWriter) throws {
    let index = try key.readPosition()
    let array = try box.value
    if index >= 0, index < array.count { try writer.write(element: array[index]) } else { writer.writeNil() }
  }

  static func setItem(_ key: LuaReader, of box: HostBox<Self>, to value: LuaReader) throws {
    let index = try key.readPosition()
    var element = try value.readItem(of: key, as: Element.self)
    try box.changeInPlace(leaving: []) { array in
      if index >= 0, index < array.count {
        swap(&array[index], &element)
      } else if index == array.count {
        array.append(element)
      } else {
        throw LuaError(
          kind: .conversion, "index \(index) is out of bounds: the array has \(array.count) elements, from 0")
      }
    }
  }
}

extension Dictionary: HostItems {
  /// A key that is missing, or that no key of this dictionary could be, has nil.
  static func writeItem(_ key: LuaReader, of box: HostBox<Self>, to writer: inout LuaWriter) throws {
    guard let key = try key.readIfPossible(as: Key.self) else {
      try box.requirePresent()
      return writer.writeNil()
    }
    if let item = try box.value[key] { try writer.write(element: item) } else { writer.writeNil() }
  }

  static func setItem(_ key: LuaReader, of box: HostBox<Self>, to value: LuaReader) throws {
    if value.isNil { return try removeItem(key, of: box) }
    let item = try value.readItem(of: key, as: Value.self)
    let key = try key.readKey(as: Key.self, isStored: true)
    var replaced: Value?
    try box.changeInPlace(leaving: [:]) { replaced = $0.updateValue(item, forKey: key) }
    withExtendedLifetime(replaced) {}
  }

  private static func removeItem(_ key: LuaReader, of box: HostBox<Self>) throws {
    let key = try key.readKey(as: Key.self, isStored: false)
    var removed: Element?
    try box.changeInPlace(leaving: [:]) { items in
      if let index = items.index(forKey: key) { removed = items.remove(at: index) }
    }
    withExtendedLifetime(removed) {}
  }
}

extension Set: HostItems {
  /// Whether the set has the element, which it has not if it could not.
  static func writeItem(_ key: LuaReader, of box: HostBox<Self>, to writer: inout LuaWriter) throws {
    guard let element = try key.readIfPossible(as: Element.self) else {
      try box.requirePresent()
      return writer.write(boolean: false)
    }
    writer.write(boolean: try box.value.contains(element))
  }

  static func setItem(_ key: LuaReader, of box: HostBox<Self>, to value: LuaReader) throws {
    let isMember = value.slot.pointee.kind == .boolean ? try value.read(as: Bool.self) : !value.isNil
    let element = try key.readKey(as: Element.self, isStored: isMember)
    var removed: Element?
    try box.changeInPlace(leaving: []) { items in
      if isMember { items.insert(element) } else { removed = items.remove(element) }
    }
    withExtendedLifetime(removed) {}
  }
}

extension RandomAccessCollection {
  /// Writes the element at a position; beyond the end there is nothing, as in a table.
  func writeItem(at key: LuaReader, to writer: inout LuaWriter) throws {
    if let element = try element(at: key.readPosition()) {
      try writer.write(element: element)
    } else {
      writer.writeNil()
    }
  }
}

extension LuaReader {
  /// The value as a type, or nil if it is none of that type. Any other error of a conversion is one.
  fileprivate func readIfPossible<K>(as type: K.Type) throws -> K? {
    do {
      return try readHashable(as: type)
    } catch let error as LuaError where error.kind == .conversion {
      return nil
    }
  }

  /// A key or an element, which only an object can be that has no hash.
  private func readHashable<K>(as type: K.Type) throws -> K {
    if slot.pointee.kind == .error || slot.pointee.kind == .host || slot.pointee.kind == .value {
      try expectKeys(of: type)
    }
    return try read(as: type)
  }

  fileprivate func readPosition() throws -> Int {
    guard let position = try LuaReader.immediate(slot.pointee, as: Int.self) ?? readIfPossible(as: Int.self) else {
      throw LuaError(kind: .conversion, "the index of an item is an integer, got \(summary)")
    }
    return position
  }

  /// The key of an item, which messages do not count as an argument.
  fileprivate func readKey<K>(as type: K.Type, isStored: Bool) throws -> K {
    try HostCall.named("the key") {
      let key = try LuaReader(slot: slot, state: state).readHashable(as: type)
      if isStored { try refuseHandle(in: key) }
      return key
    }
  }

  /// The value for the item of a key.
  fileprivate func readItem<V>(of key: LuaReader, as type: V.Type) throws -> V {
    try HostCall.named("the value of key \(try key.value())") {
      let item: V = try LuaReader(slot: slot, state: state).read()
      try refuseHandle(in: item)
      return item
    }
  }
}

extension LuaWriter {
  /// Writes an item as iteration does: by value if it can be, else by reference.
  fileprivate mutating func write<T>(element: T) throws {
    if T.self is any LuaRepresentable.Type { try write(element) } else { try write(item: element) }
  }
}
