import Loba

/// A value that an input describes, as deep as it likes up to a bound.
indirect enum Tree: Hashable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(UInt64)
  case bytes([UInt8])
  case table([Tree: Tree])

  init(_ input: inout FuzzInput, depth: Int = 0) {
    switch input.byte() % (depth < 5 ? 8 : 6) {
    case 0: self = .none
    case 1: self = .boolean(input.byte() & 1 == 1)
    case 2: self = .integer(Int(Int8(bitPattern: input.byte())))
    case 3: self = .integer(Int(bitPattern: UInt(input.bits())))
    case 4: self = .init(Double(bitPattern: input.bits()))
    case 5: self = .bytes(input.bytes(Int(input.byte())))
    case 6:
      let items = (0..<input.byte() % 20).map { _ in Tree(&input, depth: depth + 1) }
      self = .table(Dictionary(uniqueKeysWithValues: items.enumerated().map { (.integer($0 + 1), $1) }))
    default:
      var entries: [Tree: Tree] = [:]
      for _ in 0..<input.byte() % 20 {
        let key = Tree(&input, depth: 5)
        entries[key] = Tree(&input, depth: depth + 1)
      }
      self = .table(entries)
    }
  }

  /// All NaNs are one, and a number that is an integer is one as a key.
  init(_ number: Double) { self = .number((number.isNaN ? Double.nan : number).bitPattern) }

  /// What it is in Lua; throws what Lua has no room for.
  func value(in lua: LuaRuntime) throws -> LuaValue {
    switch self {
    case .none: return .nil
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .number(let bits): return .number(Double(bitPattern: bits))
    case .bytes(let bytes): return .string(LuaString(bytes: bytes))
    case .table(let entries):
      let table = try lua.table()
      for (key, value) in entries where key.isKey { try table.set(key.value(in: lua), to: value.value(in: lua)) }
      return .table(table)
    }
  }

  init(_ value: LuaValue) throws {
    switch value {
    case .nil: self = .none
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .init(value)
    case .string(let value): self = .bytes(Array(value.bytes))
    case .table(let table):
      var entries: [Tree: Tree] = [:]
      for (key, value) in table { entries[try Tree(key)] = try Tree(value) }
      self = .table(entries)
    default: throw FuzzFailure(description: "a \(value.type) has come back")
    }
  }

  private var isKey: Bool {
    switch self {
    case .none, .table: false
    case .number(let bits): !Double(bitPattern: bits).isNaN
    default: true
    }
  }

  /// What an engine makes of it: a key that is an integral number is an integer, nil is no entry, and where there are no integers
  /// a number that is one comes back as one.
  func normalized(hasIntegers: Bool, isKey: Bool = false) -> Tree {
    switch self {
    case .number(let bits):
      let number = Double(bitPattern: bits)
      let isZero = number == 0 && number.sign == .minus
      guard isKey || !hasIntegers && !isZero, let integer = Int(exactly: number) else { return self }
      return .integer(integer)
    case .integer(let value) where !hasIntegers && Int(exactly: Double(value)) != value: return .init(Double(value))
    case .table(let entries):
      var normal: [Tree: Tree] = [:]
      for (key, value) in entries where key.isKey && value != .none {
        normal[key.normalized(hasIntegers: hasIntegers, isKey: true)] = value.normalized(hasIntegers: hasIntegers)
      }
      return .table(normal)
    default: return self
    }
  }

  /// Whether two keys of a table are the same to the engine, so that one of them is lost.
  var isAmbiguous: Bool {
    guard case .table(let entries) = self else { return false }
    let keys = entries.keys.filter(\.isKey).map { $0.normalized(hasIntegers: false, isKey: true) }
    return Set(keys).count != keys.count || entries.values.contains(where: \.isAmbiguous)
  }
}
