/// Fills tables from Swift containers: mappings and lists, several into one, and recursively what is in them.
final class TableBuilder {
  private let runtime: LuaRuntime
  private let isRecursive: Bool
  /// The tables of objects met before, so that what is shared stays shared and circles close.
  private var tables: [UnsafeRawPointer: LuaTable] = [:]
  /// Keeps the addresses in `tables` valid.
  private var kept: [AnyObject] = []
  /// Containers whose tables have yet to be filled: a list, since nesting may be deeper than a stack.
  private var pending: [(source: Any, table: LuaTable)] = []

  init(_ runtime: LuaRuntime, isRecursive: Bool) {
    self.runtime = runtime
    self.isRecursive = isRecursive
  }

  /// Adds the entries of a mapping, or the elements of a list from an index on.
  ///
  /// - Returns: The index after the last element.
  func add(_ source: Any, to table: LuaTable, from start: Int) throws -> Int {
    if let identity = identity(of: source), tables[identity.address] == nil { remember(identity, as: table) }
    let end = try fill(table, with: source, from: start)
    while let (source, table) = pending.popLast() { _ = try fill(table, with: source, from: 1) }
    return end
  }

  private func fill(_ table: LuaTable, with source: Any, from start: Int) throws -> Int {
    var index = start
    let source = Self.container(in: source) ?? source
    if type(of: source) == LuaTable.self {
      for (key, value) in try (source as! LuaTable).exactEntries() { try set(table, key, value) }
    } else if let pairs = (source as? any KeyedContainer)?.keyedElements {
      for (key, value) in pairs { try set(table, key, value) }
    } else if let sequence = source as? any Sequence {
      for element in sequence {
        if let (key, value) = Self.entry(element) {
          try set(table, key, value)
        } else {
          try set(table, index, element)
          index += 1
        }
      }
    } else {
      throw LuaError(kind: .conversion, "a \(type(of: source)) has no elements to make a table of")
    }
    return index
  }

  private func set(_ table: LuaTable, _ key: Any, _ value: Any) throws {
    if isRecursive, let nested = try nestedTable(for: value) {
      try table.rawSet(key, to: nested)
    } else {
      try table.rawSet(key, to: value)
    }
  }

  /// The table that stands for a value in another; nil for a value that is no container.
  private func nestedTable(for value: Any) throws -> LuaTable? {
    guard let value = flattened(value), isContainer(value) else { return nil }
    let identity = identity(of: value)
    if let identity, let known = tables[identity.address] { return known }
    let table = try runtime.newTable()
    if let identity { remember(identity, as: table) }
    pending.append((value, table))
    return table
  }

  private func remember(_ identity: (address: UnsafeRawPointer, keeper: AnyObject), as table: LuaTable) {
    tables[identity.address] = table
    kept.append(identity.keeper)
  }

  /// Objects that a registered class describes stay objects, and tables stay themselves.
  private func isContainer(_ value: Any) -> Bool {
    if Self.container(in: value) != nil { return true }
    if value is any HostItems || value is any KeyedContainer { return true }
    guard value is any Sequence, runtime.classEntry(for: value) == nil else { return false }
    return value is any RangeExpression || !(value is any LuaRepresentable)
  }

  /// What makes a container the same as another one: the object, or the box of a wrapped value.
  private func identity(of value: Any) -> (address: UnsafeRawPointer, keeper: AnyObject)? {
    if let box = Self.box(of: value) { return (box.identity, box) }
    guard type(of: value) is AnyClass else { return nil }
    let object = value as AnyObject
    return (UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()), object)
  }

  /// The collection that a userdata holds.
  private static func container(in value: Any) -> Any? {
    guard let box = box(of: value), box.anyValue is any Sequence else { return nil }
    return box.anyValue
  }

  private static func box(of value: Any) -> AnyHostBox? {
    let handle = (value as? LuaUserdata) ?? (value as? LuaValue)?.handle as? LuaUserdata
    return handle?.hostBox
  }

  /// Key and value of an element of a mapping: a tuple with these labels.
  private static func entry(_ element: Any) -> (key: Any, value: Any)? {
    guard !(element is any LuaRepresentable) else { return nil }
    let mirror = Mirror(reflecting: element)
    guard mirror.displayStyle == .tuple else { return nil }
    let children = Array(mirror.children)
    guard children.count == 2, children[0].label == "key", children[1].label == "value" else { return nil }
    return (children[0].value, children[1].value)
  }
}

/// A mapping, with entries of any type.
protocol KeyedContainer {
  var keyedElements: [(key: Any, value: Any)] { get }
}

extension Dictionary: KeyedContainer {
  var keyedElements: [(key: Any, value: Any)] { map { ($0.key, $0.value) } }
}

extension KeyValuePairs: KeyedContainer {
  var keyedElements: [(key: Any, value: Any)] { map { ($0.key, $0.value) } }
}

extension Set: KeyedContainer {
  var keyedElements: [(key: Any, value: Any)] { map { ($0, true) } }
}

extension LuaRuntime {
  /// Makes a table of the elements of a sequence, of the entries of a dictionary, or of those of another table.
  public func table<S: Sequence>(from sequence: S) throws -> LuaTable {
    // Not `as?`: where Foundation is loaded, casting an array to a class bridges every element to an object first.
    if S.self == LuaTable.self {
      let table = unsafeDowncast(sequence as AnyObject, to: LuaTable.self)
      let copy = try newTable()
      for (key, value) in try table.exactEntries() { try copy.rawSet(key, to: value) }
      return copy
    }
    // A range is written as its bounds; here all that is in it is wanted.
    if S.self != LuaValues.self, !(sequence is any RangeExpression), let value = sequence as? any LuaRepresentable,
      let table = try table(written: value)
    {
      return table
    }
    try requireRoom(for: sequence)
    return LuaTable(self, adopting: try makeArray(Array(sequence)))
  }

  /// No table has so many elements, and no memory. Some ranges cannot even be asked for their count.
  private func requireRoom<S: Sequence>(for sequence: S) throws {
    func length(_ lower: Int, _ upper: Int) -> Int {
      let (difference, hasOverflown) = upper.subtractingReportingOverflow(lower)
      return hasOverflown ? .max : difference
    }
    let count =
      switch sequence {
      case let range as ClosedRange<Int>: length(range.lowerBound, range.upperBound)
      case let range as Range<Int>: length(range.lowerBound, range.upperBound)
      default: sequence.underestimatedCount
      }
    guard count < Int(Int32.max) else { throw memoryError() }
  }

  /// The table that a value is written as; nil if it is written as something else, as text is.
  private func table(written value: any LuaRepresentable) throws -> LuaTable? {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(value)
    guard writer.count == 1, let reference = writer.slots.pointee.asReference else { return nil }
    return try withSlot(of: reference) {
      let reader = LuaReader(slot: $0, state: state)
      return reader.type == .table ? try reader.read() : nil
    }
  }

  /// Makes one table of any number of mappings and sequences.
  ///
  /// ```swift
  /// let t = try lua.table(from: [1, 2], ["a": 1], [3], ["a": 2])   // {1, 2, 3, a = 2}
  /// ```
  ///
  /// The elements of all sequences share one running index. Of entries with the same key the last is taken. Mappings are
  /// dictionaries, tables, and all sequences of pairs labelled `key` and `value`; the elements of a set become keys.
  ///
  /// - Parameter recursive: Whether containers in the containers become tables as well: also those that are objects, or
  ///   wrapped with ``wrap(_:)``, which are given by reference otherwise. An object that is met again is the same table
  ///   again, so that what is shared stays shared, and circles stay circles.
  /// - Throws: ``LuaError`` of kind `conversion` for an element that cannot be given to Lua.
  public func table<each S: Sequence>(from sources: repeat each S, recursive: Bool = false) throws -> LuaTable {
    let table = try newTable()
    let builder = TableBuilder(self, isRecursive: recursive)
    var next = 1
    for source in repeat each sources {
      try requireRoom(for: source)
      next = try builder.add(source, to: table, from: next)
    }
    return table
  }
}
