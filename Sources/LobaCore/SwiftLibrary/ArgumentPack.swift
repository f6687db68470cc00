/// `swift.args{…}`: arguments that take their places in a call: `f(1, swift.args{2, name = 3})`.
///
/// A copy of the table that it was made of, which Lua keeps; the pack itself keeps nothing alive, since Lua holds it.
final class ArgumentPack: CustomStringConvertible {
  private let table: KeptReference

  private init(_ table: LuaTable) throws {
    self.table = try KeptReference(table.runtime, adopting: table.runtime.keep(table))
  }

  var description: String { "swift.args" }

  static func make(_ call: HostCall) throws {
    let reader = try LuaRuntime.argument(call, of: "args")
    guard reader.type == .table else {
      throw LuaError(kind: .conversion, "swift.args needs a table, got \(reader.summary)")
    }
    _ = try TableArguments(reader)
    let copy = try call.runtime.table(from: try reader.read(as: LuaTable.self))
    call.state.hasArgumentPacks = true
    try call.returnValue(object: ArgumentPack(copy))
  }

  /// The pack that an argument is, if it is one.
  static func from(_ argument: LuaReader) -> ArgumentPack? {
    guard argument.slot.pointee.kind == .host, let box = argument.box else { return nil }
    return try? (AnyHostBox.from(box) as? HostBox<ArgumentPack>)?.value
  }

  func arguments(in runtime: LuaRuntime) throws -> TableArguments {
    try runtime.withSlot(of: table.reference) { try TableArguments(LuaReader(slot: $0, state: runtime.state)) }
  }
}

/// The arguments that a table stands for: those with an index by position, the rest by name.
struct TableArguments {
  var positional: [LuaValue] = []
  var named: [(name: String, value: LuaValue)] = []

  /// How far indices may go in a table with holes: as many arguments as every engine can take.
  private static let limit = 8_000

  /// A hole is an argument that is nil. (What Lua's length of a table with holes is differs between the engines, and from
  /// one table to the next, so it is not asked.)
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a key that is neither a positive integer nor a string.
  init(_ reader: LuaReader) throws {
    var indexed: [(index: Int, value: LuaValue)] = []
    var named: [(name: String, value: LuaValue)] = []
    try reader.walk { key, value in
      switch try key.value() {
      case .integer(let index) where index >= 1: indexed.append((index, try value.value()))
      case .string(let name): named.append((name.description, try value.value()))
      case let other:
        throw LuaError(
          kind: .conversion, "arguments have names or indices from 1 on, not the \(other.type) \(other)")
      }
    }
    let count = indexed.map(\.index).max() ?? 0
    guard count <= max(Self.limit, indexed.count) else {
      throw LuaError(kind: .conversion, "too many arguments: the last index is \(count)")
    }
    positional = [LuaValue](repeating: .nil, count: count)
    for (index, value) in indexed { positional[index - 1] = value }
    self.named = named
  }
}
