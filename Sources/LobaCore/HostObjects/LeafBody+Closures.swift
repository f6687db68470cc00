// What compiled code calls, made of a closure: read the numbers, call it, give its result as a number.

/// The result of a leaf that has none.
@usableFromInline
struct LeafNothing: LuaLeafValue {
  @usableFromInline static var leafKind: Character { "v" }

  @inlinable @inline(__always)
  init(_: Void) {}

  @inlinable @inline(__always)
  init?(leaf number: Double) { return nil }

  @inlinable var leafNumber: Double? { 0 }

  @usableFromInline
  func write(to writer: inout LuaWriter) {}

  @usableFromInline
  static func construct(from reader: LuaReader) throws -> LeafNothing { throw reader.mismatch(expected: "nothing") }
}

extension LeafBody {
  @inlinable @inline(__always)
  init<R: LuaLeafValue>(_ body: @escaping () throws -> R) {
    self.init(LeafSignature([], R.leafKind)) { _, _, _, _, _ in
      try Self.write(body())
    }
  }

  @inlinable @inline(__always)
  init<A: LuaLeafValue, R: LuaLeafValue>(_ body: @escaping (A) throws -> R) {
    self.init(LeafSignature([A.leafKind], R.leafKind)) { _, a, _, _, _ in
      try Self.write(body(Self.read(a)))
    }
  }

  @inlinable @inline(__always)
  init<A: LuaLeafValue, B: LuaLeafValue, R: LuaLeafValue>(_ body: @escaping (A, B) throws -> R) {
    self.init(LeafSignature([A.leafKind, B.leafKind], R.leafKind)) { _, a, b, _, _ in
      try Self.write(body(Self.read(a), Self.read(b)))
    }
  }

  @inlinable @inline(__always)
  init<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, R: LuaLeafValue>(_ body: @escaping (A, B, C) throws -> R) {
    self.init(LeafSignature([A.leafKind, B.leafKind, C.leafKind], R.leafKind)) { _, a, b, c, _ in
      try Self.write(body(Self.read(a), Self.read(b), Self.read(c)))
    }
  }

  @inlinable @inline(__always)
  init<A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, D: LuaLeafValue, R: LuaLeafValue>(
    _ body: @escaping (A, B, C, D) throws -> R
  ) {
    self.init(LeafSignature([A.leafKind, B.leafKind, C.leafKind, D.leafKind], R.leafKind)) { _, a, b, c, d in
      try Self.write(body(Self.read(a), Self.read(b), Self.read(c), Self.read(d)))
    }
  }
}

// MARK: - Members

extension LeafBody {
  @inlinable @inline(__always)
  init<T, R: LuaLeafValue>(member body: @escaping (T) throws -> R) {
    self.init(LeafSignature([], R.leafKind)) { object, _, _, _, _ in
      try Self.write(Self.with(object) { (value: T) in try body(value) })
    }
  }

  @inlinable @inline(__always)
  init<T, A: LuaLeafValue, R: LuaLeafValue>(member body: @escaping (T, A) throws -> R) {
    self.init(LeafSignature([A.leafKind], R.leafKind)) { object, a, _, _, _ in
      let a: A = try Self.read(a)
      return try Self.write(Self.with(object) { (value: T) in try body(value, a) })
    }
  }

  @inlinable @inline(__always)
  init<T, A: LuaLeafValue, B: LuaLeafValue, R: LuaLeafValue>(member body: @escaping (T, A, B) throws -> R) {
    self.init(LeafSignature([A.leafKind, B.leafKind], R.leafKind)) { object, a, b, _, _ in
      let a: A = try Self.read(a)
      let b: B = try Self.read(b)
      return try Self.write(Self.with(object) { (value: T) in try body(value, a, b) })
    }
  }

  @inlinable @inline(__always)
  init<T, A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, R: LuaLeafValue>(
    member body: @escaping (T, A, B, C) throws -> R
  ) {
    self.init(LeafSignature([A.leafKind, B.leafKind, C.leafKind], R.leafKind)) { object, a, b, c, _ in
      let a: A = try Self.read(a)
      let b: B = try Self.read(b)
      let c: C = try Self.read(c)
      return try Self.write(Self.with(object) { (value: T) in try body(value, a, b, c) })
    }
  }

  @inlinable @inline(__always)
  init<T, R: LuaLeafValue>(
    changing body: @escaping (inout T) throws -> R
  ) {
    self.init(LeafSignature([], R.leafKind)) { object, _, _, _, _ in
      return try Self.write(Self.change(object) { (value: inout T) in try body(&value) })
    }
  }

  @inlinable @inline(__always)
  init<T, A: LuaLeafValue, R: LuaLeafValue>(
    changing body: @escaping (inout T, A) throws -> R
  ) {
    self.init(LeafSignature([A.leafKind], R.leafKind)) { object, a, _, _, _ in
      let a: A = try Self.read(a)
      return try Self.write(Self.change(object) { (value: inout T) in try body(&value, a) })
    }
  }

  @inlinable @inline(__always)
  init<T, A: LuaLeafValue, B: LuaLeafValue, R: LuaLeafValue>(
    changing body: @escaping (inout T, A, B) throws -> R
  ) {
    self.init(LeafSignature([A.leafKind, B.leafKind], R.leafKind)) { object, a, b, _, _ in
      let a: A = try Self.read(a)
      let b: B = try Self.read(b)
      return try Self.write(Self.change(object) { (value: inout T) in try body(&value, a, b) })
    }
  }

  @inlinable @inline(__always)
  init<T, A: LuaLeafValue, B: LuaLeafValue, C: LuaLeafValue, R: LuaLeafValue>(
    changing body: @escaping (inout T, A, B, C) throws -> R
  ) {
    self.init(LeafSignature([A.leafKind, B.leafKind, C.leafKind], R.leafKind)) { object, a, b, c, _ in
      let a: A = try Self.read(a)
      let b: B = try Self.read(b)
      let c: C = try Self.read(c)
      return try Self.write(Self.change(object) { (value: inout T) in try body(&value, a, b, c) })
    }
  }
}
