internal import CLobaEngine

/// A Swift collection whose items Lua can use in place: `object[key]`, `object[key] = value`, `#object`, iteration.
///
/// Keys are Swift's: an array begins at 0. Whatever may run Lua is a step of its own, with no collection at hand: keys and
/// values are read before, and items are written after.
protocol HostItems {
  associatedtype ItemKey
  associatedtype Item
  /// What is to be changed, read from Lua.
  associatedtype Change
  associatedtype Replaced

  init()
  var count: Int { get }
  static func readItemKey(_ key: LuaReader) throws -> ItemKey
  /// What there is at a key; nil for nothing.
  func item(at key: ItemKey) -> Item?
  static func readChange(of key: LuaReader, to value: LuaReader) throws -> Change
  /// Makes the change; gives everything that it lets go of, so that it goes when the collection is back in its place.
  mutating func make(_ change: Change) throws -> Replaced
}

extension Array: HostItems {
  static func readItemKey(_ key: LuaReader) throws -> Int { try key.readPosition() }

  /// Beyond the end there is nothing, as in a table.
  func item(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }

  static func readChange(of key: LuaReader, to value: LuaReader) throws -> (index: Int, element: Element) {
    (try key.readPosition(), try value.readItem(of: key))
  }

  mutating func make(_ change: (index: Int, element: Element)) throws -> Element? {
    if indices.contains(change.index) {
      var element = change.element
      swap(&self[change.index], &element)
      return element
    }
    guard change.index == count else {
      throw LuaError(
        kind: .conversion, message: "index \(change.index) is out of bounds: the array has \(count) elements, from 0")
    }
    append(change.element)
    return nil
  }
}

extension Dictionary: HostItems {
  /// nil for what no key of this dictionary could be.
  static func readItemKey(_ key: LuaReader) throws -> Key? { try key.readIfPossible() }

  /// A key that is missing, or that no key of this dictionary could be, has nil.
  func item(at key: Key?) -> Value? { key.flatMap { self[$0] } }

  static func readChange(of key: LuaReader, to value: LuaReader) throws -> (key: Key, value: Value?) {
    let item: Value? = value.isNil ? nil : .some(try value.readItem(of: key))
    return (try key.readKey(isStored: item != nil), item)
  }

  mutating func make(_ change: (key: Key, value: Value?)) -> (key: Key?, value: Value?) {
    if let value = change.value { return (nil, updateValue(value, forKey: change.key)) }
    guard let index = index(forKey: change.key) else { return (nil, nil) }
    let removed = remove(at: index)
    return (removed.key, removed.value)
  }
}

extension Set: HostItems {
  /// nil for what no element of this set could be.
  static func readItemKey(_ key: LuaReader) throws -> Element? { try key.readIfPossible() }

  /// Whether the set has the element.
  func item(at element: Element?) -> Bool? { element.map { contains($0) } ?? false }

  static func readChange(of key: LuaReader, to value: LuaReader) throws -> (element: Element, isMember: Bool) {
    let isMember = value.slot.pointee.tag == LOBA_BOOLEAN ? try value.read(as: Bool.self) : !value.isNil
    return (try key.readKey(isStored: isMember), isMember)
  }

  mutating func make(_ change: (element: Element, isMember: Bool)) -> Element? {
    if !change.isMember { return remove(change.element) }
    insert(change.element)
    return nil
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
  fileprivate func readIfPossible<K>() throws -> K? {
    do {
      return try read(as: K.self)
    } catch let error as LuaError where error.kind == .conversion {
      return nil
    }
  }

  fileprivate func readPosition() throws -> Int {
    guard let position: Int = try readIfPossible() else {
      throw LuaError(kind: .conversion, message: "the index of an item is an integer, got \(summary)")
    }
    return position
  }

  /// The key of an item, which messages do not count as an argument.
  fileprivate func readKey<K>(isStored: Bool) throws -> K {
    try HostArguments.named("the key") {
      let key: K = try LuaReader(slot: slot, state: state).read()
      if isStored { try refuseHandle(in: key) }
      return key
    }
  }

  /// The value for the item of a key.
  fileprivate func readItem<V>(of key: LuaReader) throws -> V {
    try HostArguments.named("the value of key \(try key.value())") {
      let item: V = try LuaReader(slot: slot, state: state).read()
      try refuseHandle(in: item)
      return item
    }
  }
}

extension LuaWriter {
  /// Writes an item as iteration does: by value if it can be, else by reference.
  mutating func write<T>(element: T) throws {
    if T.self is any LuaRepresentable.Type { try write(element) } else { try write(item: element) }
  }
}
