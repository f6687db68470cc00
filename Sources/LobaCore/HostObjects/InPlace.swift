public import CLobaEngine

/// A Swift value that is a userdata: its bytes lie in Lua's memory, so that making one costs an allocation of Lua's and
/// nothing has to be told when it is garbage.
///
/// Only the bytes of such a value may be all that there is of it: see ``isPossible(_:)``. It is read by copying it out, and
/// changed by copying it in, whatever its alignment.
///
/// Good as long as the slot that it is from.
@usableFromInline
struct InPlace {
  @usableFromInline let header: UnsafeMutablePointer<loba_value>

  /// Of a slot of kind `value`.
  @inlinable @inline(__always)
  init(_ slot: UnsafePointer<Slot>) {
    self.init(at: slot.pointee.pointer!)
  }

  @inlinable @inline(__always)
  init(at header: UnsafeMutableRawPointer) {
    self.header = header.assumingMemoryBound(to: loba_value.self)
  }

  /// Whether values of a type can be userdata: structures and enumerations of little memory without references.
  @inlinable @inline(__always)
  static func isPossible<T>(_ type: T.Type) -> Bool {
    _isPOD(T.self) && MemoryLayout<T>.size <= Int(LOBA_VALUE_SIZE_LIMIT)
  }

  /// A type as headers have it.
  @inlinable @inline(__always)
  static func pointer<T>(to type: T.Type) -> UnsafeRawPointer {
    UnsafeRawPointer(bitPattern: UInt(bitPattern: ObjectIdentifier(type)))!
  }
}

// MARK: - The value

extension InPlace {
  var type: Any.Type { unsafeBitCast(header.pointee.type, to: Any.Type.self) }

  @inlinable @inline(__always)
  func `is`<T>(_ type: T.Type) -> Bool { header.pointee.type == Self.pointer(to: type) }

  /// The bytes, of a value that is known to be of the type.
  @inlinable @inline(__always)
  subscript<T>(as type: T.Type) -> T {
    get { UnsafeRawPointer(header + 1).loadUnaligned(as: type) }
    nonmutating set {
      withUnsafeBytes(of: newValue) {
        UnsafeMutableRawPointer(header + 1).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
      }
    }
  }

  /// The value, if it is of just this type.
  @inlinable @inline(__always)
  func value<T>(as type: T.Type) -> T? { self.is(type) ? self[as: type] : nil }

  /// The value, whatever it is.
  var anyValue: Any {
    func load<T>(_ type: T.Type) -> Any { self[as: type] }
    return _openExistential(type, do: load)
  }

  /// A box for it, which keeps the userdata.
  func box(_ runtime: LuaRuntime, keeping userdata: Reference) -> AnyHostBox {
    func make<T>(_ type: T.Type) -> AnyHostBox { InPlaceBox<T>(self, KeptReference(runtime, adopting: userdata)) }
    return _openExistential(type, do: make)
  }
}

// MARK: - Changing it

extension InPlace {
  @inlinable
  var changer: Unmanaged<MemberName>? {
    get { header.pointee.changer.map { Unmanaged.fromOpaque($0) } }
    nonmutating set { header.pointee.changer = newValue?.toOpaque() }
  }

  /// Runs a body of a member on a copy of a value that is known to be of the type, and stores what comes of it, also if it
  /// throws.
  @inlinable @inline(__always)
  func change<T, R>(by member: MemberName, _ body: (inout T) throws -> R) throws -> R {
    if header.pointee.changer != nil { throw conflict }
    header.pointee.changer = Unmanaged.passUnretained(member).toOpaque()
    var value = self[as: T.self]
    defer {
      header.pointee.changer = nil
      self[as: T.self] = value
    }
    return try body(&value)
  }

  /// The same where nothing else can come to the value meanwhile.
  @inlinable @inline(__always)
  func change<T, R>(_ body: (inout T) throws -> R) throws -> R {
    if header.pointee.changer != nil { throw conflict }
    var value = self[as: T.self]
    defer { self[as: T.self] = value }
    return try body(&value)
  }

  @usableFromInline
  var conflict: LuaError { AnyHostBox.conflict(of: type, changer) }
}

// MARK: - Giving values to Lua

extension InPlace {
  /// How many bytes header and value take.
  @inlinable @inline(__always)
  static func size<T>(of type: T.Type) -> Int { MemoryLayout<loba_value>.size + MemoryLayout<T>.size }
}

extension loba_slot {
  /// A userdata to be made of a value, which is written into this memory, with its header.
  @inlinable @inline(__always)
  static func newValue<T>(
    _ value: T, in memory: UnsafeMutableRawPointer, _ state: LuaState, _ metatable: Reference
  ) -> Slot {
    let new = InPlace(at: memory)
    new.header.pointee = loba_value(
      nothing: (nil, nil), key: 0, state: state.pointer, type: InPlace.pointer(to: T.self), changer: nil)
    new[as: T.self] = value
    var slot = Slot()
    slot.tag = LOBA_NEW_VALUE
    slot.index = metatable
    slot.pointer = memory
    slot.length = InPlace.size(of: T.self)
    return slot
  }
}

extension LuaWriter {
  /// Writes a value of a type that Lua has as userdata, for the results of a host call: false for any other.
  ///
  /// What is known of a type is remembered in the state when the first of its values has been given to Lua in another way.
  ///
  /// - Parameter asked: Whether the value is to be given by reference, also if its type writes itself.
  @inlinable @inline(__always)
  mutating func write<T>(inPlace value: T, asked: Bool) -> Bool {
    guard InPlace.isPossible(T.self), duties.contains(.isHostResult) else { return false }
    let type = InPlace.pointer(to: T.self)
    let known = loba_value_type_at(state.pointer, type)
    guard known.pointee.type == type, asked || known.pointee.is_always else { return false }
    let memory = loba_arena_allocate(arena, InPlace.size(of: T.self))
    next.pointee = .newValue(value, in: memory, state, known.pointee.metatable)
    return true
  }
}

extension LuaState {
  /// A userdata of a value.
  func newValue<T>(_ value: T, metatable: Reference) throws -> Reference {
    try withUnsafeTemporaryAllocation(byteCount: InPlace.size(of: T.self), alignment: 16) { bytes in
      var slot = Slot.newValue(value, in: bytes.baseAddress!, self, metatable)
      var reference: Reference = 0
      try check(op.pointee.value_new(pointer, &slot, &reference))
      return reference
    }
  }

  /// Remembers that values of a type are userdata with a metatable.
  func remember<T>(_ type: T.Type, metatable: Reference) {
    let type = InPlace.pointer(to: type)
    let place = loba_value_type_at(pointer, type)
    let isAlways = place.pointee.type == type && place.pointee.is_always
    place.pointee = loba_value_type(type: type, metatable: metatable, is_always: isAlways)
  }

  /// Remembers of a type that does not write itself that its values are given by reference always.
  func rememberAlways<T>(_ type: T.Type) {
    let type = InPlace.pointer(to: type)
    let place = loba_value_type_at(pointer, type)
    if place.pointee.type == type { place.pointee.is_always = true }
  }

  /// Classes have changed.
  func forgetValueTypes() { loba_value_types_forget(pointer) }
}
