/// The arguments of a host call with what tables and packs stand for in their places.
struct CallArguments {
  private let call: HostCall
  private var slots: [Slot] = []
  private(set) var named: [(name: String, value: LuaValue)] = []
  /// What the slots are of.
  private var kept: [LuaValue] = []

  /// Runs a body whose packs are spread. It has no named parameters.
  static func spreadingPacks(_ call: HostCall, _ body: HostFunction.Body) throws {
    guard let arguments = try CallArguments(packsOf: call, from: 0) else { return try body(call) }
    if let first = arguments.named.first {
      throw LuaError(
        kind: .conversion, "no parameter is named '\(first.name)': this function has no names for them")
    }
    try arguments.run(body)
  }

  /// Runs a body whose parameters have names: in the order of the names, missing ones nil.
  ///
  /// - Parameter start: How many values come before the arguments.
  static func named(
    _ names: [String], of call: HostCall, from start: Int, _ body: HostFunction.Body
  ) throws {
    let packed = try CallArguments(packsOf: call, from: start) ?? CallArguments(tableOf: call, from: start)
    guard var arguments = packed else { return try body(call) }
    try arguments.arrange(names, from: start)
    try arguments.run(body)
  }

  /// nil if no argument is a pack.
  private init?(packsOf call: HostCall, from start: Int) throws {
    let given = (0..<call.count).map { call.argument($0, position: 0) }
    guard call.state.hasArgumentPacks, given.contains(where: { ArgumentPack.from($0) != nil }) else { return nil }
    self.call = call
    for (index, argument) in given.enumerated() {
      if index >= start, let pack = ArgumentPack.from(argument) {
        try add(pack.arguments(in: argument.runtime))
      } else {
        slots.append(argument.slot.pointee)
      }
    }
  }

  /// nil unless the only argument is a table.
  private init?(tableOf call: HostCall, from start: Int) throws {
    guard call.count == start + 1, call.arguments[start].kind == .table else {
      return nil
    }
    self.call = call
    slots = Array(call.slots.prefix(start))
    try add(TableArguments(call.argument(start, position: 0)))
  }

  private mutating func add(_ arguments: TableArguments) throws {
    for value in arguments.positional { slots.append(try slot(for: value)) }
    named += arguments.named
  }

  private mutating func arrange(_ names: [String], from start: Int) throws {
    if slots.count - start > names.count {
      throw LuaError(
        kind: .conversion, "argument \(names.count + 1) is one too many: there are \(names.count)")
    }
    var isGiven = names.indices.map { $0 < slots.count - start }
    while slots.count < start + names.count { slots.append(Slot.nil) }
    for (name, value) in named {
      guard let index = names.firstIndex(of: name) else {
        throw LuaError(
          kind: .conversion, "no parameter is named '\(name)': there are \(names.joined(separator: ", "))")
      }
      guard !isGiven[index] else {
        throw LuaError(kind: .conversion, "multiple values for parameter '\(name)'")
      }
      isGiven[index] = true
      slots[start + index] = try slot(for: value)
    }
  }

  private mutating func slot(for value: LuaValue) throws -> Slot {
    let state = call.state
    kept.append(value)
    if let handle = value.handle { return try handle.runtime.withSlot(of: handle.reference) { $0.pointee } }
    if case .string(let string) = value { return string.bytes.withUnsafeBufferPointer { state.stringSlot($0) } }
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(value)
    return writer.slots.pointee
  }

  private func run(_ body: HostFunction.Body) throws {
    try withExtendedLifetime(kept) { try body(call.with(slots)) }
  }
}
