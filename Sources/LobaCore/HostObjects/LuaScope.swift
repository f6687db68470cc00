/// What scripts are given for the time of a block, and cannot use afterwards: see ``LuaRuntime/withScope(_:)``.
public final class LuaScope {
  private let runtime: LuaRuntime
  private var isOpen = true
  private var functions: [ScopedFunction] = []
  private var boxes: [any ScopedBoxing] = []

  fileprivate init(_ runtime: LuaRuntime) {
    self.runtime = runtime
  }

  /// Makes a Lua function of a closure, as ``LuaRuntime/function(_:)`` does. The closure is let go of when the scope ends.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`; of kind `runtime` after the scope has ended.
  public func function<each A, R>(_ body: @escaping (repeat each A) throws -> R) throws -> LuaFunction {
    try requireOpen()
    let function = ScopedFunction { call in
      var arguments = HostArguments(call)
      try call.returnResult(body(repeat try arguments.next((each A).self)))
    }
    functions.append(function)
    return try runtime.makeFunction { try function.run($0) }
  }

  /// Gives Lua a value by reference, as ``LuaRuntime/wrap(_:as:)`` does, but as a Lua value of its own, also where scripts
  /// have the same object already. The value is let go of when the scope ends.
  ///
  /// A structure that members change is the scope's, not the caller's: read it from the userdata before the scope ends.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`; of kind `runtime` after the scope has ended.
  public func wrap<T>(_ value: T) throws -> LuaUserdata {
    try requireOpen()
    let box = ScopedBox(value)
    boxes.append(box)
    return LuaUserdata(runtime, adopting: try runtime.hostReference(box, identity: 0, view: .natural))
  }

  private func requireOpen() throws {
    guard isOpen else { throw LuaError(kind: .runtime, message: "the scope has ended") }
  }

  fileprivate func end() {
    isOpen = false
    // What is let go of may look at the scope.
    let ending = (functions, boxes)
    (functions, boxes) = ([], [])
    for function in ending.0 { function.end() }
    for box in ending.1 { box.end() }
  }
}

extension LuaRuntime {
  /// Runs a block that gives functions and objects to scripts which they cannot use after it: a script that has kept one gets
  /// an error, and what the closures and objects hold is let go of. (An object that a script has stored in a property or a
  /// collection of the host's stays there.)
  ///
  /// ```swift
  /// let total = try lua.withScope { scope in
  ///   var total = 0.0
  ///   try report(scope.wrap(order), scope.function { (amount: Double) in total += amount })
  ///   return total
  /// }
  /// ```
  @discardableResult
  public func withScope<R>(_ body: (LuaScope) throws -> R) rethrows -> R {
    let scope = LuaScope(self)
    defer { scope.end() }
    return try body(scope)
  }

  /// The same with a block that waits: for ``LuaFunction/callAsync(_:)``, say. A method that still waits when the block ends
  /// keeps its object until it is done.
  @_disfavoredOverload @discardableResult
  public nonisolated(nonsending) func withScope<R>(
    _ body: nonisolated(nonsending) (LuaScope) async throws -> R
  ) async rethrows -> R {
    let scope = LuaScope(self)
    defer { scope.end() }
    return try await body(scope)
  }
}

/// The closure of a function until its scope ends.
private final class ScopedFunction {
  private var body: HostFunction.Body?

  init(_ body: @escaping HostFunction.Body) {
    self.body = body
  }

  func run(_ call: HostCall) throws {
    guard let body else {
      throw LuaError(kind: .runtime, "the scope that this function was made for has ended")
    }
    try body(call)
  }

  func end() {
    let last = body
    body = nil
    withExtendedLifetime(last) {}
  }
}

private protocol ScopedBoxing: AnyObject {
  func end()
}

/// A Swift value as Lua holds it until its scope ends. From then on it is taken out, for good.
private final class ScopedBox<T>: AnyHostBox, ScopedBoxing {
  private var inner: HostBox<T>?

  init(_ value: T) {
    inner = HostBox(value)
  }

  func end() {
    let last = inner
    isTakenOut = true
    inner = nil
    withExtendedLifetime(last) {}
  }

  override var anyValue: Any { inner?.anyValue ?? ValueBeingChanged(type: T.self, reason: "its scope has ended") }
  override var valueType: Any.Type { inner?.valueType ?? T.self }
  override var isReference: Bool { inner?.isReference ?? false }
  override var isContainer: Bool { T.self is any HostItems.Type }
  override var hasItems: Bool { isContainer || T.self is any RandomAccessCollection.Type }
  override var itemCount: Int { get throws { try present.itemCount } }
  override var absence: String { inner == nil ? "whose scope has ended" : super.absence }
  override var conflict: LuaError {
    inner == nil
      ? LuaError(kind: .runtime, "the scope that this \(T.self) was given for has ended") : super.conflict
  }

  override func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    try present.writeItem(key, to: &writer)
  }

  override func setItem(_ key: LuaReader, to value: LuaReader) throws { try present.setItem(key, to: value) }

  override func replace(with value: Any) throws -> Any { try present.replace(with: value) }

  private var present: HostBox<T> {
    get throws {
      guard let inner else { throw conflict }
      return inner
    }
  }
}
