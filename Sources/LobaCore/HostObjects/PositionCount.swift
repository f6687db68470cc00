// Items by position. Collections of integers may have more than can be counted, on which `count` and the like trap.

extension RandomAccessCollection {
  /// How many positions there are, from 0 on.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a range of more integers than can be counted.
  var positionCount: Int {
    get throws { try (self as? any PerhapsUncountable)?.countOfPositions ?? count }
  }

  /// The element at a position, or nil if there is none.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a range of more integers than can be counted.
  func element(at position: Int) throws -> Element? {
    if let collection = self as? any PerhapsUncountable {
      return try collection.countedElement(at: position) as? Element
    }
    return (0..<count).contains(position) ? self[index(startIndex, offsetBy: position)] : nil
  }
}

extension Collection {
  /// How many elements there are.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a range of more integers than can be counted.
  var checkedCount: Int {
    get throws {
      let hidden = self is any ErasedCollection ? hiddenCollection : self
      return try (hidden as? any RandomAccessCollection)?.positionCount ?? count
    }
  }

  /// What a collection hides that shows only what it has elements of.
  fileprivate var hiddenCollection: Any? { Mirror(reflecting: self).descendant("_box", "_base") }
}

/// A range of integers, or what the standard library makes of one.
private protocol PerhapsUncountable: RandomAccessCollection {
  /// How many positions there are from one to another; nil if `Int` cannot say it.
  func positions(from start: Index, to end: Index) -> Int?
  /// The index of an element that is there. (A closed range counts what remains of it, if it moves an index itself.)
  func index(_ index: Index, movedBy steps: Int) -> Index
}

extension PerhapsUncountable {
  fileprivate var countedPositions: Int? { positions(from: startIndex, to: endIndex) }

  fileprivate var countOfPositions: Int {
    get throws {
      if let count = countedPositions { return count }
      throw LuaError(kind: .conversion, "\(self) has too many items to count")
    }
  }

  fileprivate func countedElement(at position: Int) throws -> Element? {
    try (0..<countOfPositions).contains(position) ? self[index(startIndex, movedBy: position)] : nil
  }

  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index { self.index(index, offsetBy: steps) }
}

extension FixedWidthInteger {
  fileprivate func steps(to end: Self) -> Int? {
    if Self.bitWidth < Int.bitWidth { return Int(end) - Int(self) }
    let (steps, isTooLarge) = end.subtractingReportingOverflow(self)
    return isTooLarge ? nil : Int(exactly: steps)
  }
}

// MARK: - Ranges

extension Range: PerhapsUncountable where Bound: FixedWidthInteger, Bound.Stride: SignedInteger {
  fileprivate func positions(from start: Bound, to end: Bound) -> Int? { start.steps(to: end) }
}

extension ClosedRange: PerhapsUncountable where Bound: FixedWidthInteger, Bound.Stride: SignedInteger {
  fileprivate func positions(from start: Index, to end: Index) -> Int? {
    switch (start, end) {
    case (.inRange(let start), .inRange(let end)): return start.steps(to: end)
    case (.inRange(let start), .pastEnd):
      guard let steps = start.steps(to: upperBound), steps < .max else { return nil }
      return steps + 1
    default: return 0
    }
  }

  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index {
    switch index {
    case _ where steps == 0: index
    case .inRange(let bound): .inRange(bound.advanced(by: numericCast(steps)))
    case .pastEnd: .inRange(upperBound.advanced(by: numericCast(steps + 1)))
    }
  }
}

/// A sequence of integers that has no end but that of their type, where it traps.
protocol OpenEndedRange {
  var closed: any Sequence { get }
}

extension PartialRangeFrom: OpenEndedRange where Bound: FixedWidthInteger, Bound.Stride: SignedInteger {
  var closed: any Sequence { lowerBound...Bound.max }
}

// MARK: - Parts and views of them

extension Slice: PerhapsUncountable where Base: PerhapsUncountable {
  fileprivate func positions(from start: Index, to end: Index) -> Int? { base.positions(from: start, to: end) }
  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index { base.index(index, movedBy: steps) }
}

extension ReversedCollection: PerhapsUncountable where Base: PerhapsUncountable {
  private var base: Base { reversed() }

  fileprivate func positions(from start: Index, to end: Index) -> Int? {
    base.positions(from: end.base, to: start.base)
  }
  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index {
    Index(base.index(index.base, movedBy: -steps))
  }
}

extension LazySequence: PerhapsUncountable where Base: PerhapsUncountable {
  fileprivate func positions(from start: Index, to end: Index) -> Int? { elements.positions(from: start, to: end) }
  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index { elements.index(index, movedBy: steps) }
}

// What these are made of is not to be had otherwise.

extension LazyMapSequence: PerhapsUncountable where Base: PerhapsUncountable {
  private var base: Base? { Mirror(reflecting: self).descendant("_base") as? Base }

  fileprivate func positions(from start: Index, to end: Index) -> Int? { base?.positions(from: start, to: end) }
  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index {
    base?.index(index, movedBy: steps) ?? self.index(index, offsetBy: steps)
  }
}

extension DefaultIndices: PerhapsUncountable where Elements: PerhapsUncountable {
  private var elements: Elements? { Mirror(reflecting: self).descendant("_elements") as? Elements }

  fileprivate func positions(from start: Index, to end: Index) -> Int? { elements?.positions(from: start, to: end) }
  fileprivate func index(_ index: Index, movedBy steps: Int) -> Index {
    elements?.index(index, movedBy: steps) ?? self.index(index, offsetBy: steps)
  }
}

extension EnumeratedSequence: PerhapsUncountable where Base: PerhapsUncountable {
  fileprivate func positions(from start: Index, to end: Index) -> Int? {
    func base(_ index: Index) -> Base.Index? { Mirror(reflecting: index).descendant("base") as? Base.Index }
    guard let elements = Mirror(reflecting: self).descendant("_base") as? Base, elements.countedPositions != nil,
      let start = base(start), let end = base(end)
    else { return nil }
    return elements.positions(from: start, to: end)
  }
}

// MARK: - What hides them

private protocol ErasedCollection: Collection {}

extension AnyCollection: ErasedCollection {}
extension AnyBidirectionalCollection: ErasedCollection {}

extension AnyRandomAccessCollection: ErasedCollection, PerhapsUncountable {
  fileprivate func positions(from start: AnyIndex, to end: AnyIndex) -> Int? {
    guard let hidden = hiddenCollection as? any PerhapsUncountable else { return distance(from: start, to: end) }
    return hidden.hiddenPositions(from: start, to: end)
  }
}

extension PerhapsUncountable {
  fileprivate func hiddenPositions(from start: AnyIndex, to end: AnyIndex) -> Int? {
    func hidden(_ index: AnyIndex) -> Index? { Mirror(reflecting: index).descendant("_box", "_base") as? Index }
    guard let start = hidden(start), let end = hidden(end) else { return nil }
    return positions(from: start, to: end)
  }
}
