/// Gives the items of a sequence one after the other, to an iterator function that Lua has.
class ItemIterator {
  /// The next item and its index; the item is nil if the sequence has nil in that place.
  ///
  /// - Throws: ``LuaError`` of kind `runtime` if the sequence asks for its next item while it makes one.
  func next() throws -> (value: Any?, index: Int)? { nil }
}

/// The items of a Swift iterator.
final class SequenceItems<Iterator: IteratorProtocol>: ItemIterator {
  /// In memory of its own: whether it is in use is looked after here.
  private let iterator: UnsafeMutablePointer<Iterator>
  private var index = 0
  /// Whether it makes an item: its code may run Lua, which may come back here.
  private var isRunning = false

  init(_ iterator: Iterator) {
    self.iterator = .allocate(capacity: 1)
    self.iterator.initialize(to: iterator)
  }

  deinit {
    iterator.deinitialize(count: 1)
    iterator.deallocate()
  }

  override func next() throws -> (value: Any?, index: Int)? {
    guard !isRunning else {
      throw LuaError(kind: .runtime, "the sequence asks for its next item while it makes one")
    }
    isRunning = true
    defer { isRunning = false }
    guard let item = iterator.pointee.next() else { return nil }
    defer { index += 1 }
    return (flattened(item), index)
  }
}

/// The keys of a table as they were. They stay in Lua: an iterator function that held handles would keep the runtime alive.
final class TableKeys: ItemIterator {
  private let keys: KeptReference
  private let count: Int
  private var index = 0

  init(_ reader: LuaReader) throws {
    var keys: [LuaValue] = []
    try reader.walk { key, _ in keys.append(try key.value()) }
    count = keys.count
    self.keys = KeptReference(reader.runtime, adopting: try reader.runtime.makeArray(keys))
  }

  override func next() throws -> (value: Any?, index: Int)? {
    guard index < count, let table = try keys.table else { return nil }
    defer { index += 1 }
    let key: LuaValue = try table.rawGet(index + 1)
    return (key.isNil ? Any?.none : key, index)  // `swift.none` reads as nil
  }
}
