internal import CLobaEngine

/// `swift.args{…}`: arguments for a function with named parameters, which takes any table; a copy, so that changing the
/// table afterwards changes nothing.
enum LuaArgumentPack {
  static func make(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let reader = try LuaRuntime.argument(frame, of: "args")
    guard reader.type == .table else {
      throw LuaError(kind: .conversion, message: "swift.args needs a table, got \(reader.summary)")
    }
    let copy = try LuaRuntime.from(frame.pointee.state).table(from: try reader.read(as: LuaTable.self))
    try HostArguments.give(any: copy, to: frame)
  }
}

extension LuaRuntime {
  /// Makes a Lua function whose parameters have names.
  ///
  /// ```swift
  /// lua.function(named: "x", "y") { (x: Int, y: Int?) in x + (y ?? 0) }
  /// ```
  ///
  /// Scripts call it as `f(1, 2)`, `f{x = 1, y = 2}`, `f{1, y = 2}` or with `swift.args{…}`. So the function cannot take a
  /// table as its only argument. A parameter that is missing is nil; a name that there is not, or one given twice, throws.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if there are not as many names as parameters.
  public func function<each A, each R>(
    named first: String, _ others: String..., body: @escaping (repeat each A) throws -> (repeat each R)
  ) throws -> LuaFunction {
    let names = [first] + others
    var parameters = 0
    for _ in repeat (each A).self { parameters += 1 }
    guard names.count == parameters else {
      throw LuaError(kind: .conversion, message: "\(parameters) parameters need as many names, not \(names.count)")
    }
    return try makeFunction { frame in
      let slots = try NamedArguments.spread(frame, names)
      defer { slots?.release() }
      var arguments = HostArguments(frame)
      let result = try body(repeat try NamedArguments.next((each A).self, &arguments, names))
      var writer = LuaWriter(results: frame)
      repeat try writer.write(each result)
      writer.giveResults(to: frame)
    }
  }
}

private enum NamedArguments {
  /// The arguments taken out of a table, kept while the call runs.
  struct Spread {
    let slots: UnsafeMutablePointer<loba_slot>
    let keep: [LuaValue]

    func release() { slots.deallocate() }
  }

  /// If the call was made with one table, replaces it by what is in it.
  static func spread(_ frame: UnsafeMutablePointer<loba_call_frame>, _ names: [String]) throws -> Spread? {
    guard frame.pointee.argument_count == 1, frame.pointee.arguments.pointee.tag == LOBA_TABLE else { return nil }
    let reader = LuaReader(slot: frame.pointee.arguments, state: frame.pointee.state, position: 1)
    var found: [Int: LuaValue] = [:]
    try reader.walk { key, value in
      let index: Int
      switch try key.value() {
      case .integer(let position) where position >= 1 && position <= names.count: index = position - 1
      case .integer(let position):
        throw LuaError(kind: .conversion, message: "argument \(position) is one too many: there are \(names.count)")
      case .string(let name):
        guard let position = names.firstIndex(of: name.description) else {
          throw LuaError(
            kind: .conversion, message: "no parameter is named '\(name)': there are \(names.joined(separator: ", "))")
        }
        index = position
      case let other:
        throw LuaError(kind: .conversion, message: "arguments are named by strings or integers, not by a \(other.type)")
      }
      guard found[index] == nil else {
        throw LuaError(kind: .conversion, message: "multiple values for parameter '\(names[index])'")
      }
      found[index] = try value.value()
    }
    let slots = UnsafeMutablePointer<loba_slot>.allocate(capacity: max(1, names.count))
    var keep: [LuaValue] = []
    for i in names.indices {
      slots[i] = loba_slot()
      guard let value = found[i] else { continue }
      keep.append(value)
      try fill(&slots[i], value, frame)
    }
    frame.pointee.arguments = slots
    frame.pointee.argument_count = Int32(names.count)
    return Spread(slots: slots, keep: keep)
  }

  private static func fill(
    _ slot: inout loba_slot, _ value: LuaValue, _ frame: UnsafeMutablePointer<loba_call_frame>
  ) throws {
    let state = frame.pointee.state
    switch value {
    case .nil: break
    case .boolean(let value):
      slot.tag = LOBA_BOOLEAN
      slot.integer = value ? 1 : 0
    case .integer(let value):
      slot.tag = LOBA_INTEGER
      slot.integer = Int64(value)
    case .number(let value):
      slot.tag = LOBA_NUMBER
      slot.number = value
    case .string(let string):
      slot.tag = LOBA_STRING
      slot.bytes = string.bytes.withUnsafeBufferPointer { loba_arena_copy(state, $0.baseAddress, $0.count) }
      slot.length = string.count
    case .pointer(let value):
      slot.tag = LOBA_POINTER
      slot.pointer = UnsafeMutableRawPointer(bitPattern: value)
    default: _ = state.op.pointee.describe(state, value.handle!.reference, &slot)
    }
  }

  static func next<T>(_ type: T.Type, _ arguments: inout HostArguments, _ names: [String]) throws -> T {
    let name = names[arguments.index]
    do {
      return try arguments.next(type)
    } catch let error as LuaError where error.kind == .conversion {
      throw LuaError(kind: .conversion, message: "parameter '\(name)': \(error.message)")
    }
  }
}
