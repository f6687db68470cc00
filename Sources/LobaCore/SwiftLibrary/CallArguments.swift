internal import CLobaEngine

/// The arguments of a host call with what tables and packs stand for in their places.
struct CallArguments {
  private let frame: UnsafeMutablePointer<loba_call_frame>
  private var slots: [loba_slot] = []
  private(set) var named: [(name: String, value: LuaValue)] = []
  /// What the slots are of.
  private var kept: [LuaValue] = []

  /// Runs a body whose packs are spread. It has no named parameters.
  static func spreadingPacks(_ frame: UnsafeMutablePointer<loba_call_frame>, _ body: () throws -> Void) throws {
    guard let arguments = try CallArguments(packsOf: frame, from: 0) else { return try body() }
    if let first = arguments.named.first {
      throw LuaError(
        kind: .conversion, message: "no parameter is named '\(first.name)': this function has no names for them")
    }
    try arguments.run(body)
  }

  /// Runs a body whose parameters have names: in the order of the names, missing ones nil.
  ///
  /// - Parameter start: How many values come before the arguments.
  static func named(
    _ names: [String], of frame: UnsafeMutablePointer<loba_call_frame>, from start: Int, _ body: () throws -> Void
  ) throws {
    let packed = try CallArguments(packsOf: frame, from: start) ?? CallArguments(tableOf: frame, from: start)
    guard var arguments = packed else { return try body() }
    try arguments.arrange(names, from: start)
    try arguments.run(body)
  }

  /// nil if no argument is a pack.
  private init?(packsOf frame: UnsafeMutablePointer<loba_call_frame>, from start: Int) throws {
    let state = frame.pointee.state
    let given = (0..<Int(frame.pointee.argument_count)).map {
      LuaReader(slot: frame.pointee.arguments + $0, state: state)
    }
    guard state.pointee.has_argument_packs, given.contains(where: { ArgumentPack.from($0) != nil }) else { return nil }
    self.frame = frame
    for (index, argument) in given.enumerated() {
      if index >= start, let pack = ArgumentPack.from(argument) {
        try add(pack.arguments(in: argument.runtime))
      } else {
        slots.append(argument.slot.pointee)
      }
    }
  }

  /// nil unless the only argument is a table.
  private init?(tableOf frame: UnsafeMutablePointer<loba_call_frame>, from start: Int) throws {
    guard frame.pointee.argument_count == start + 1, frame.pointee.arguments[start].tag == LOBA_TABLE else {
      return nil
    }
    self.frame = frame
    slots = (0..<start).map { frame.pointee.arguments[$0] }
    try add(TableArguments(LuaReader(slot: frame.pointee.arguments + start, state: frame.pointee.state)))
  }

  private mutating func add(_ arguments: TableArguments) throws {
    for value in arguments.positional { slots.append(try slot(for: value)) }
    named += arguments.named
  }

  private mutating func arrange(_ names: [String], from start: Int) throws {
    if slots.count - start > names.count {
      throw LuaError(
        kind: .conversion, message: "argument \(names.count + 1) is one too many: there are \(names.count)")
    }
    var isGiven = names.indices.map { $0 < slots.count - start }
    while slots.count < start + names.count { slots.append(loba_slot()) }
    for (name, value) in named {
      guard let index = names.firstIndex(of: name) else {
        throw LuaError(
          kind: .conversion, message: "no parameter is named '\(name)': there are \(names.joined(separator: ", "))")
      }
      guard !isGiven[index] else {
        throw LuaError(kind: .conversion, message: "multiple values for parameter '\(name)'")
      }
      isGiven[index] = true
      slots[start + index] = try slot(for: value)
    }
  }

  private mutating func slot(for value: LuaValue) throws -> loba_slot {
    let state = frame.pointee.state
    kept.append(value)
    if let handle = value.handle { return try handle.runtime.withSlot(of: handle.reference) { $0.pointee } }
    if case .string(let string) = value {
      var slot = loba_slot()
      slot.tag = LOBA_STRING
      slot.bytes = string.bytes.withUnsafeBufferPointer {
        loba_arena_copy(loba_arguments(state), $0.baseAddress, $0.count)
      }
      slot.length = string.count
      return slot
    }
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.write(value)
    return writer.slots.pointee
  }

  private func run(_ body: () throws -> Void) throws {
    let storage = loba_arena_allocate(
      loba_arguments(frame.pointee.state), max(1, slots.count) * MemoryLayout<loba_slot>.stride
    )
    .bindMemory(to: loba_slot.self, capacity: slots.count)
    storage.initialize(from: slots, count: slots.count)
    frame.pointee.arguments = storage
    frame.pointee.argument_count = Int32(slots.count)
    try withExtendedLifetime(kept, body)
  }
}
