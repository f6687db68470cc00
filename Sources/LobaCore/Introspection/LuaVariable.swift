internal import CLobaEngine

/// A local variable or an upvalue, as it was when it was asked for.
public struct LuaVariable {
  /// The name; of one that has none, as of code without debug information, what Lua says instead, in parentheses.
  public let name: String
  /// The value.
  public let value: LuaValue
  /// Its number, from 1: how it is told from others of the same name.
  public let index: Int
}

@available(*, unavailable)
extension LuaVariable: Sendable {}

extension LuaVariable {
  /// Where variables are.
  enum Owner {
    case function(Reference)
    case frame(loba_frame)
  }

  /// Where one is.
  struct Place {
    let owner: Owner
    let index: Int

    func withC<R>(_ body: (UnsafePointer<loba_variable>) throws -> R) rethrows -> R {
      let index = Int32(clamping: index)
      switch owner {
      case .function(let function):
        return try withUnsafePointer(to: loba_variable(frame: nil, function: function, index: index), body)
      case .frame(let frame):
        return try withUnsafePointer(to: frame) { frame in
          try withUnsafePointer(to: loba_variable(frame: frame, function: 0, index: index), body)
        }
      }
    }
  }
}

/// The variables of a function or a frame.
struct LuaVariables {
  let runtime: LuaRuntime
  let owner: LuaVariable.Owner

  private var state: LuaState { runtime.state }

  private func place(_ index: Int) -> LuaVariable.Place { LuaVariable.Place(owner: owner, index: index) }

  /// Those of names that a script can have given.
  func all() throws -> [LuaVariable] {
    var variables: [LuaVariable] = []
    var index = 1
    while let variable = try variable(index) {
      if !variable.name.hasPrefix("(for") { variables.append(variable) }
      index += 1
    }
    return variables
  }

  /// What a frame has by `...`.
  func rest() throws -> LuaValues {
    var values: [LuaValue] = []
    while let variable = try variable(-values.count - 1) { values.append(variable.value) }
    return LuaValues(values)
  }

  private func variable(_ index: Int) throws -> LuaVariable? {
    try state.withVariable(place(index)) { LuaVariable(name: $1, value: try $0.value(), index: index) }
  }

  /// The number of a name's: of several, the last, which hides the others.
  private func index(of name: String) throws -> Int {
    var index = 1
    var found: Int?
    while let other = try state.withVariable(place(index), { $1 }) {
      if other == name { found = index }
      index += 1
    }
    guard let found, !name.isEmpty, !name.hasPrefix("(") else { throw missing("'\(name)'") }
    return found
  }

  func get<T>(_ name: String) throws -> T { try get(index(of: name)) }

  func get<T>(_ index: Int) throws -> T {
    guard index > 0, let value = try state.withVariable(place(index), { value, _ in try value.read() as T }) else {
      throw missing("\(index)")
    }
    return value
  }

  func set<T>(_ name: String, to value: T) throws { try set(index(of: name), to: value) }

  func set<T>(_ index: Int, to value: T) throws {
    var writer = LuaWriter(state)
    defer { writer.finish() }
    try writer.writeOne(value, as: "the value of a variable")
    guard index > 0, try state.setVariable(place(index), to: writer.slots) else { throw missing("\(index)") }
  }

  private func missing(_ variable: String) -> LuaError {
    let what =
      switch owner {
      case .function: "upvalue"
      case .frame: "local variable"
      }
    return LuaError(kind: .runtime, message: "there is no \(what) \(variable)")
  }
}
