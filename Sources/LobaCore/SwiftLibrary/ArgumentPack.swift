internal import CLobaEngine

/// `swift.args{…}`: arguments that take their places in a call: `f(1, swift.args{2, name = 3})`.
///
/// A copy of the table that it was made of, which Lua keeps; the pack itself keeps nothing alive, since Lua holds it.
final class ArgumentPack: CustomStringConvertible {
  private weak var runtime: LuaRuntime?
  private let table: loba_reference

  private init(_ table: LuaTable) throws {
    runtime = table.runtime
    self.table = try table.runtime.keep(table)
  }

  deinit {
    // Without a runtime its state is gone, and the table with it.
    if let runtime { loba_release(runtime.state, table) }
  }

  var description: String { "swift.args" }

  static func make(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let reader = try LuaRuntime.argument(frame, of: "args")
    guard reader.type == .table else {
      throw LuaError(kind: .conversion, message: "swift.args needs a table, got \(reader.summary)")
    }
    _ = try TableArguments(reader)
    let copy = try LuaRuntime.from(frame.pointee.state).table(from: try reader.read(as: LuaTable.self))
    frame.pointee.state.pointee.has_argument_packs = true
    try HostArguments.give(object: ArgumentPack(copy), to: frame)
  }

  /// The pack in a slot, if it holds one.
  static func from(_ slot: loba_slot) -> ArgumentPack? {
    guard slot.tag == LOBA_HOST, let pointer = slot.pointer else { return nil }
    return (AnyHostBox.from(pointer) as? HostBox<ArgumentPack>)?.value
  }

  func arguments(in runtime: LuaRuntime) throws -> TableArguments {
    try runtime.withSlot(of: table) { try TableArguments(LuaReader(slot: $0, state: runtime.state)) }
  }
}

/// The arguments that a table stands for: its list part by position, the rest by name.
struct TableArguments {
  var positional: [LuaValue]
  var named: [(name: String, value: LuaValue)] = []

  /// Nil in the list part is an argument that is nil.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a key that is neither in the list part nor a string.
  init(_ reader: LuaReader) throws {
    let count = Int(reader.state.op.pointee.raw_length(reader.state, reader.location))
    var positional = [LuaValue](repeating: .nil, count: count)
    var named: [(name: String, value: LuaValue)] = []
    try reader.walk { key, value in
      switch try key.value() {
      case .integer(let position) where position >= 1 && position <= count:
        positional[position - 1] = try value.value()
      case .integer(let position):
        throw LuaError(
          kind: .conversion, message: "a table of arguments is a list and names: index \(position) is not in 1...\(count)")
      case .string(let name): named.append((name.description, try value.value()))
      case let other:
        throw LuaError(kind: .conversion, message: "arguments are named by strings or integers, not by a \(other.type)")
      }
    }
    self.positional = positional
    self.named = named
  }
}
