/// A value that lives in Lua, kept alive for Swift: the base of tables, functions, coroutines and userdata.
///
/// Two handles are equal if they are the same Lua value. A handle may be released on any thread at any time; everything
/// else is for the thread that is using the runtime.
public class LuaHandle {
  /// The runtime that the value belongs to.
  public final let runtime: LuaRuntime
  @usableFromInline final let state: LuaState
  @usableFromInline final let reference: Reference

  /// Takes over a reference.
  required init(_ runtime: LuaRuntime, adopting reference: Reference) {
    self.runtime = runtime
    self.state = runtime.state
    self.reference = reference
  }

  deinit {
    state.release(reference)
  }

  /// The value's text as `tostring` in Lua gives it, honouring `__tostring`.
  ///
  /// - Throws: Whatever the metamethod raises.
  public final func tostring() throws -> String {
    try runtime.text(of: Slot.reference(reference))
  }

  /// Whether the values are equal as Lua's `==` sees it, honouring `__eq`.
  ///
  /// - Throws: Whatever the metamethod raises; ``LuaError`` of kind `foreignValue` for a value of another runtime.
  public final func isEqual(to other: some LuaHandle) throws -> Bool {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(handle: self)
    try writer.write(handle: other)
    return try state.isEqual(writer.slots, writer.slots + 1)
  }

  /// The metatable, or nil if there is none or the runtime is closed. Not affected by `__metatable`.
  public final var metatable: LuaTable? {
    get throws {
      let metatable = try state.metatable(of: reference)
      return metatable == 0 ? nil : LuaTable(runtime, adopting: metatable)
    }
  }

  @inlinable final var location: Location { Location(reference) }

  final var slot: Slot { Slot.reference(reference) }

  /// The address that identifies the value in Lua; nil once the runtime is closed.
  public final var identity: UnsafeRawPointer? { runtime.isClosed ? nil : lastingIdentity }

  /// The same, also after the runtime has been closed, so that handles in a set stay what they are.
  fileprivate final var lastingIdentity: UnsafeRawPointer? { state.identity(of: reference) }
}

@available(*, unavailable)
extension LuaHandle: Sendable {}

extension LuaHandle: Hashable {
  /// Whether both are the same Lua value; no metamethod is asked.
  public static func == (a: LuaHandle, b: LuaHandle) -> Bool {
    a === b || (a.state == b.state && a.state.isSame(a.reference, b.reference))
  }

  /// Hashes what tells the value from others: its address, also after the runtime has been closed.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(lastingIdentity)
  }
}

extension LuaHandle: CustomStringConvertible {
  /// What kind of value it is, and its address, as Lua shows values without `__tostring`: `table: 0x55…`.
  public var description: String {
    let kind =
      switch self {
      case is LuaTable: "table"
      case is LuaFunction: "function"
      case is LuaCoroutine: "thread"
      default: "userdata"
      }
    guard let identity else { return "\(kind) (of a closed runtime)" }
    return "\(kind): 0x\(String(UInt(bitPattern: identity), radix: 16))"
  }
}
