/// Numbers in memory that Swift and Lua have in common: what one writes, the other reads, and nothing is copied.
///
/// ```swift
/// let pixels = try LuaBuffer<UInt8>(count: 640 * 480)
/// try lua.globals.set("pixels", to: pixels)
/// try lua.execute("for i = 1, #pixels do pixels[i] = i % 256 end")
/// pixels[0]  // 1
/// ```
///
/// In Swift a buffer is a collection whose elements can be changed, also of one that is held by `let`. In Lua it is a userdata,
/// with indices from 1 on:
///
/// - `b[i]` is an element, or nil where there is none; `b[i] = x` raises an error for an index that is none, and for a
///   value that ``Element`` cannot hold: nothing is rounded, cut off or wrapped, but that a fraction becomes the nearest
///   `Float`. An integer that the engine cannot hold exactly raises an error when it is read.
/// - `#b`, and `tostring(b)`: `LuaBuffer<UInt8>(307200)`.
/// - `for i, x in b:iter() do` goes through all elements; from Lua 5.2 on `pairs(b)` and `ipairs(b)` do, too.
/// - `b:fill(x [, i [, j]])` puts a value into the elements from i to j, all without these.
/// - `b:slice(i [, j])` is a part that shares the memory. Indices are those of `string.sub`: negative ones count from
///   the end, and what is beyond is left out; so for `fill`.
/// - `b:copy(source [, i])` puts the elements of another buffer, or of a list, into those from i on.
///
/// The memory lives as long as anything refers to it: a buffer in Swift, a userdata in any runtime, a slice of it. It is
/// not counted by ``LuaConfiguration/memoryLimit``, and scripts cannot make buffers, only slices.
///
/// The same buffer is the same value in Lua each time it is passed, and what comes back from Lua is equal to what was
/// passed: `==` asks whether buffers are the same, not whether their elements are equal. A slice is a buffer of its own,
/// equal to no other.
///
/// A buffer can be given to several runtimes, also of several threads. Elements are plain memory: one that a thread
/// writes while another reads or writes it is a race, as in C, and what is read then may be anything that fits; all else
/// is safe. Hence a buffer is not Sendable, and sharing one is for the program to declare: `nonisolated(unsafe) let
/// shared = buffer`.
public final class LuaBuffer<Element: LuaBufferElement> {
  let memory: BufferMemory
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// How many elements there are, which never changes.
  public let count: Int

  /// Takes over memory of elements of this type.
  init(adopting memory: BufferMemory) {
    self.memory = memory
    base = memory.elements.assumingMemoryBound(to: Element.self)
    count = memory.elementCount
  }

  /// Makes a buffer of zeros.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if there is not so much, or the count is negative.
  public convenience init(count: Int) throws {
    guard let memory = Element.bufferElementKind.allocate(count) else { throw Self.memoryError(count) }
    self.init(adopting: memory)
  }

  /// Makes a buffer of one value, so many times.
  ///
  /// - Throws: As ``init(count:)``.
  public convenience init(repeating value: Element, count: Int) throws {
    try self.init(count: count)
    base.update(repeating: value, count: count)
  }

  /// Makes a buffer of the elements of a sequence.
  ///
  /// - Throws: As ``init(count:)``.
  public convenience init(_ elements: some Sequence<Element>) throws {
    // A collection may have other elements than it says, so that they are to be there first.
    let elements = ContiguousArray(elements)
    try self.init(count: elements.count)
    elements.withUnsafeBufferPointer { elements in
      if let first = elements.baseAddress { base.update(from: first, count: elements.count) }
    }
  }

  deinit {
    memory.release()
  }

  private static func memoryError(_ count: Int) -> LuaError {
    LuaError(kind: .memory, message: "no memory for a \(Self.self) of \(count) elements")
  }
}

@available(*, unavailable)
extension LuaBuffer: Sendable {}

// MARK: - Elements

extension LuaBuffer: RandomAccessCollection, MutableCollection {
  /// 0.
  @inlinable public var startIndex: Int { 0 }

  /// The ``count``.
  @inlinable public var endIndex: Int { count }

  /// An element, from 0 on. An index that is out of range ends the program, as an array's does.
  @inlinable
  public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index out of range")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index out of range")
      base[index] = newValue
    }
  }

  /// Gives the body the memory of the elements, which is good while the body runs.
  @inlinable
  public func withUnsafeMutableBufferPointer<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(E) -> R
  ) throws(E) -> R {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// Gives the body the memory of the elements to read, which is good while the body runs.
  @inlinable
  public func withUnsafeBufferPointer<R, E: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(E) -> R
  ) throws(E) -> R {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// As ``withUnsafeBufferPointer(_:)``, for the algorithms of collections.
  @inlinable
  public func withContiguousStorageIfAvailable<R>(
    _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R? {
    try withUnsafeBufferPointer(body)
  }

  /// As ``withUnsafeMutableBufferPointer(_:)``, for the algorithms of collections.
  @inlinable
  public func withContiguousMutableStorageIfAvailable<R>(
    _ body: (inout UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R? {
    try withUnsafeMutableBufferPointer { elements in
      var elements = elements
      return try body(&elements)
    }
  }

  /// A part of the buffer that shares its memory, and keeps it: as `b:slice(i, j)` in Lua. A range that is out of bounds
  /// ends the program.
  ///
  /// - Throws: ``LuaError`` of kind `memory`.
  public func slice(_ bounds: Range<Int>) throws -> LuaBuffer {
    precondition(bounds.lowerBound >= 0 && bounds.upperBound <= count, "range out of bounds")
    guard let slice = memory.slice(bounds.lowerBound, bounds.count) else { throw Self.memoryError(bounds.count) }
    return LuaBuffer(adopting: slice)
  }
}

// MARK: - Identity

extension LuaBuffer: Hashable {
  /// Whether both are the same buffer, so that they are the same value in Lua.
  public static func == (a: LuaBuffer, b: LuaBuffer) -> Bool { a.memory == b.memory }

  /// Hashes what tells the buffer from others.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(memory)
  }
}

extension LuaBuffer: CustomStringConvertible {
  /// The type and the count, as `tostring` gives it in Lua: `LuaBuffer<UInt8>(100)`.
  public var description: String { "\(Self.self)(\(count))" }
}
