import Loba

/// A record of all that `Codable` makes by itself.
private struct Record: Codable, Equatable {
  enum Kind: String, Codable { case one, two }
  enum Shape: Codable, Equatable {
    case point
    case circle(radius: Double)
    case line(Int32, to: Int32)
  }

  var flag: Bool
  var small: Int8
  var byte: UInt8
  var middle: Int32
  var number: Double
  var float: Float
  var text: String
  var perhaps: String?
  var list: [Int16]
  var names: [String: UInt16]
  var kind: Kind
  var shape: Shape
  var nested: [Record]

  init(_ input: inout FuzzInput, depth: Int = 0) {
    func text(_ input: inout FuzzInput) -> String {
      String(decoding: input.bytes(Int(input.byte() % 20)), as: UTF8.self)
    }
    flag = input.byte() & 1 == 1
    small = Int8(bitPattern: input.byte())
    byte = input.byte()
    middle = Int32(truncatingIfNeeded: input.bits())
    let double = Double(bitPattern: input.bits())
    number = double.isNaN ? 0 : double
    let single = Float(bitPattern: UInt32(truncatingIfNeeded: input.bits()))
    float = single.isNaN ? 0 : single
    self.text = text(&input)
    perhaps = input.byte() & 1 == 1 ? text(&input) : nil
    list = (0..<input.byte() % 8).map { _ in Int16(truncatingIfNeeded: input.bits()) }
    names = [:]
    for _ in 0..<input.byte() % 6 { names[text(&input)] = UInt16(input.byte()) << 8 }
    kind = input.byte() & 1 == 1 ? .one : .two
    shape =
      switch input.byte() % 3 {
      case 0: .point
      case 1: .circle(radius: Double(input.byte()) / 8)
      default: .line(Int32(input.byte()), to: -Int32(input.byte()))
      }
    nested = depth < 3 ? (0..<input.byte() % 3).map { _ in Record(&input, depth: depth + 1) } : []
  }
}

/// A record that is encoded decodes to itself; what is none decodes or throws.
func fuzzCodable(_ engine: any LuaEngine, _ input: inout FuzzInput) throws {
  let lua = try LuaRuntime(engine: engine)
  defer { lua.close() }
  let record = Record(&input)
  let echo: LuaFunction = try lua.eval("function(...) return ... end")
  let value: LuaValue = try echo(LuaEncoder(lua).encode(record))
  let back = try LuaDecoder().decode(Record.self, from: value)
  try expect(back == record, "\(record) has come back as \(back)")

  // What a script may make of it: one of the entries is another value.
  let names = [
    "flag", "small", "byte", "middle", "number", "text", "perhaps", "list", "names", "kind", "shape", "nested",
  ]
  let name = names[Int(input.byte()) % names.count]
  do {
    let other = try Tree(&input).value(in: lua)
    guard case .table(let table) = value else { return }
    try table.set(name, to: other)
    _ = try LuaDecoder().decode(Record.self, from: value)
  } catch is DecodingError {
  } catch let error as LuaError where error.kind == .conversion {}
}
