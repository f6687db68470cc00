public import CLobaEngine

/// A call from Lua into Swift: its arguments, and where its results go.
@usableFromInline
struct HostCall {
  @usableFromInline let frame: UnsafeMutablePointer<loba_call_frame>
  @usableFromInline let arguments: UnsafeMutablePointer<Slot>
  @usableFromInline let count: Int

  @inlinable @inline(__always)
  init(_ frame: UnsafeMutablePointer<loba_call_frame>) {
    self.init(frame, arguments: frame.pointee.arguments, count: Int(frame.pointee.argument_count))
  }

  @inlinable @inline(__always)
  init(_ frame: UnsafeMutablePointer<loba_call_frame>, arguments: UnsafeMutablePointer<Slot>, count: Int) {
    self.frame = frame
    self.arguments = arguments
    self.count = count
  }

  @inlinable var state: LuaState { LuaState(frame.pointee.state) }
  @usableFromInline var runtime: LuaRuntime { LuaRuntime.from(state) }

  /// A reader for an argument that is there.
  ///
  /// - Parameter position: How messages count it, from 1; 0 if they do not.
  @inlinable @inline(__always)
  func argument(_ index: Int, position: Int) -> LuaReader {
    LuaReader(slot: arguments + index, state: state, position: position)
  }

  /// A reader for an argument that is there, which messages count as all others.
  @inlinable @inline(__always)
  func argument(_ index: Int) -> LuaReader { argument(index, position: index + 1) }
}

extension HostCall {
  /// One argument, of few: without an index in memory. For a parameter that is the runtime it is the runtime, which is no
  /// argument.
  ///
  /// - Parameters:
  ///   - position: How messages count it, from 1; 0 if they do not.
  ///   - isLeft: False if a ``LuaValues`` before it has taken all.
  @inlinable @inline(__always)
  func read<T>(_ i: Int, position: Int, isLeft: Bool = true) throws -> T {
    if T.self == LuaRuntime.self { return unsafeBitCast(runtime, to: T.self) }
    if isLeft, i < count, T.self != LuaValues.self { return try argument(i, position: position).read() }
    var arguments = HostArguments(self, from: isLeft ? i : count, uncounted: i + 1 - position)
    return try arguments.nextSlowly(arguments.index)
  }

  @inlinable @inline(__always)
  func read<T>(_ i: Int, isLeft: Bool = true) throws -> T { try read(i, position: i + 1, isLeft: isLeft) }

  /// How many arguments a parameter takes: none if it is the runtime.
  @inlinable @inline(__always)
  static func width<T>(_ type: T.Type) -> Int { T.self == LuaRuntime.self ? 0 : 1 }
}

// MARK: - The same call with other arguments

extension HostCall {
  /// With the first arguments only.
  func prefix(_ count: Int) -> HostCall { HostCall(frame, arguments: arguments, count: min(count, self.count)) }

  /// Without the first arguments.
  func dropFirst(_ count: Int = 1) -> HostCall {
    let dropped = min(count, self.count)
    return HostCall(frame, arguments: arguments + dropped, count: self.count - dropped)
  }

  /// With other arguments, which belong to whoever gives them until the call returns.
  func with(_ slots: [Slot]) -> HostCall {
    let storage = state.allocateSlots(slots.count)
    storage.initialize(from: slots, count: slots.count)
    return HostCall(frame, arguments: storage, count: slots.count)
  }

  /// The slots of the arguments.
  var slots: UnsafeMutableBufferPointer<Slot> { UnsafeMutableBufferPointer(start: arguments, count: count) }
}

// MARK: - Results

extension HostCall {
  /// Writes the results of the call. What has been written is let go of if the rest cannot be.
  ///
  /// - Parameter isResult: Whether errors are about what a function has returned, and are to say so.
  @inlinable @inline(__always)
  func returning(isResult: Bool = false, _ write: (inout LuaWriter) throws -> Void) throws {
    var writer = LuaWriter(results: self)
    do { try write(&writer) } catch { throw writer.withdrawn(error, isResult: isResult) }
    frame.pointee.results = writer.slots
    frame.pointee.result_count = Int32(writer.count)
  }

  @inlinable @inline(__always)
  func returnValue<R>(_ result: R) throws {
    if R.self == Void.self { return }
    try returning(isResult: true) { try $0.write(result) }
  }

  /// What a function has returned: nothing, a value, or the elements of a tuple as results of their own (or the tuple as one
  /// opaque value, if the configuration says so).
  @inlinable @inline(__always)
  func returnResult<R>(_ result: R, isSpread: Bool = false) throws {
    if R.self == Void.self { return }
    if TupleType.isOne(R.self) { return try returnTuple(result, isSpread) }
    try returning(isResult: true) { try $0.write(result) }
  }

  @usableFromInline
  func returnTuple<R>(_ result: R, _ isSpread: Bool) throws {
    try returning(isResult: true) { writer in
      guard isSpread || writer.runtime.configuration.unpacksReturnedTuples, let type = TupleType(R.self) else {
        return try writer.write(object: result)
      }
      try type.write(result, to: &writer)
    }
  }

  /// One result of any type.
  func returnValue<R>(any result: R) throws {
    try returning(isResult: true) { try $0.write(result) }
  }

  /// One result by reference.
  @usableFromInline
  func returnValue<R>(object: R) throws {
    try returning(isResult: true) { try $0.write(object: object) }
  }

  /// What a function of unknown result type has returned.
  func returnValue(returned result: Any) throws {
    try returning(isResult: true) { writer in
      if writer.runtime.configuration.unpacksReturnedTuples, let parts = tupleParts(of: result) {
        for part in parts { try writer.write(item: part) }
      } else {
        try writer.write(item: result)
      }
    }
  }

  /// Makes an error what a hook raises.
  func fail(with error: any Error) {
    frame.pointee.error = HostError.box(error)
  }

  /// Makes a thrown error what the call raises: 1 for a box, 2 for a Lua value.
  ///
  /// An error of Lua's own that passes through a host function is raised as the value that it was. The C side keeps what it
  /// stands for, and gives it back with the failure if nothing in Lua has caught it, so that whoever catches it in Swift
  /// gets the same error with the first traceback.
  ///
  /// - Parameter function: What the function is called in messages; nil for what the script calls it.
  func raise(_ error: any Error, of function: String?) -> Int32 {
    // The types are compared first, since a cast that fails costs more than all the rest.
    guard type(of: error) == LuaError.self, let error = error as? LuaError else {
      frame.pointee.error = HostError.box(error)
      return 1
    }
    let placed = error.placed(in: state, function: function)
    if placed.kind == .runtime {
      var writer = LuaWriter(results: self)
      if (try? placed.value.write(to: &writer)) != nil {
        frame.pointee.raise = writer.slots.pointee
        frame.pointee.error = Unmanaged.passRetained(PassingError(placed)).toOpaque()
        return 2
      }
    }
    frame.pointee.error = HostError.box(placed)
    return 1
  }
}
