public import CLobaEngine

/// What compiled code calls of a leaf.
@usableFromInline
struct LeafBody {
  /// The box of the object that it is a member of, and the arguments, unused ones 0; gives the result as a number.
  @usableFromInline
  typealias Run = (_ object: UnsafeMutableRawPointer?, Double, Double, Double, Double) throws -> Double

  @usableFromInline let signature: LeafSignature
  @usableFromInline let run: Run

  @inlinable
  init(_ signature: LeafSignature, _ run: @escaping Run) {
    self.signature = signature
    self.run = run
  }
}

/// The types of a leaf's arguments and result, as `loba_leaf` has them.
@usableFromInline
struct LeafSignature {
  let arguments: String
  let result: CChar

  @usableFromInline
  init(_ arguments: [Character], _ result: Character) {
    self.arguments = String(arguments)
    self.result = CChar(result.asciiValue!)
  }
}

/// What a call of a leaf cannot say with a number.
@usableFromInline
enum LeafOutcome: Error {
  /// Nothing has been done: it is a matter for the slow function.
  case undone
  /// A result that no double holds exactly.
  case result(any LuaLeafValue)
  case notANumber
  case failed(any Error)
}

// MARK: - Values on their way

extension LeafBody {
  /// An argument.
  @inlinable @inline(__always)
  static func read<A: LuaLeafValue>(_ number: Double) throws -> A {
    guard let value = A(leaf: number) else { throw LeafOutcome.undone }
    return value
  }

  /// A result.
  @inlinable @inline(__always)
  static func write<R: LuaLeafValue>(_ result: R) throws -> Double {
    guard let number = result.leafNumber else { throw LeafOutcome.result(result) }
    return number
  }

  /// Runs a body with the box of the object that a member is called on: one of just this type that is there.
  ///
  /// Nothing can let go of the box or the object meanwhile: no Lua code runs.
  @inlinable @inline(__always)
  static func withBox<T, R>(
    _ pointer: UnsafeMutableRawPointer?, of type: T.Type, _ body: (HostBox<T>) throws -> R
  ) throws -> R {
    guard let pointer, UInt(bitPattern: pointer) & UInt(LOBA_IN_PLACE) == 0 else { throw LeafOutcome.undone }
    return try Unmanaged<AnyHostBox>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
      guard Swift.type(of: $0) == HostBox<T>.self, !$0.isTakenOut else { throw LeafOutcome.undone }
      return try body(unsafeDowncast($0, to: HostBox<T>.self))
    }
  }

  /// The value that a member is called on, if it is in a userdata itself.
  @inlinable @inline(__always)
  static func place<T>(_ pointer: UnsafeMutableRawPointer?, of type: T.Type) throws -> InPlace? {
    guard InPlace.isPossible(type), UInt(bitPattern: pointer) & UInt(LOBA_IN_PLACE) != 0 else { return nil }
    let place = InPlace(at: pointer! - Int(LOBA_IN_PLACE))
    guard place.is(type) else { throw LeafOutcome.undone }
    return place
  }

  /// Runs a body with the object that a member is called on.
  @inlinable @inline(__always)
  static func with<T, R>(_ pointer: UnsafeMutableRawPointer?, _ body: (T) throws -> R) throws -> R {
    if let place = try place(pointer, of: T.self) { return try body(place[as: T.self]) }
    return try withBox(pointer, of: T.self) { try body($0.stored) }
  }

  /// Changes the object that a member is called on: in place, since nothing else can come to it meanwhile. A value that a
  /// member further out is changing is refused.
  @inlinable @inline(__always)
  static func change<T, R>(_ pointer: UnsafeMutableRawPointer?, _ body: (inout T) throws -> R) throws -> R {
    if let place = try place(pointer, of: T.self) { return try place.change(body) }
    return try withBox(pointer, of: T.self) { box in
      try box.requireNoChange()
      return try body(&box.stored)
    }
  }
}

// MARK: - What has happened

/// What calls of leaves have left to tell, until the function that is called next asks for it.
///
/// Between the two a hook may run anything, other leaves included, so it is a stack; one that is never asked for, because
/// the hook has raised an error, goes with the next that is.
struct LeafOutcomes {
  private var pending: [(leaf: ObjectIdentifier, outcome: LeafOutcome)] = []

  mutating func add(_ outcome: LeafOutcome, of leaf: HostFunction) {
    if pending.count == 200 { pending.removeFirst() }
    pending.append((ObjectIdentifier(leaf), outcome))
  }

  mutating func take(of leaf: HostFunction) -> LeafOutcome? {
    guard let index = pending.lastIndex(where: { $0.leaf == ObjectIdentifier(leaf) }) else { return nil }
    let outcome = pending[index].outcome
    pending.removeSubrange(index...)
    return outcome
  }
}

extension HostFunction {
  /// Runs the leaf for compiled code: its result, or NaN if there is something to tell.
  @inline(__always)
  func runLeaf(
    _ state: LuaState, _ object: UnsafeMutableRawPointer?, _ a: Double, _ b: Double, _ c: Double, _ d: Double
  ) -> Double {
    do {
      let result = try leaf(object, a, b, c, d)
      if result == result { return result }
      note(.notANumber, state)
    } catch {
      note(error as? LeafOutcome ?? .failed(error), state)
    }
    return .nan
  }

  @inline(never)
  private func note(_ outcome: LeafOutcome, _ state: LuaState) {
    LuaRuntime.from(state).leafOutcomes.add(outcome, of: self)
  }

  /// What compiled code calls when a leaf has given NaN: tells what that means, or does all if nothing has been done.
  func afterLeaf(_ call: HostCall) throws {
    switch call.runtime.leafOutcomes.take(of: self) {
    case .undone, nil: try body(call)
    case .notANumber: try call.returnValue(Double.nan)
    case .result(let result): try call.returnValue(any: result)
    case .failed(let error): throw error
    }
  }
}
