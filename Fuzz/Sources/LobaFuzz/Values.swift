import Loba

/// A tree of values goes to Lua and comes back as it was, or is refused.
func fuzzValues(_ engine: any LuaEngine, _ input: inout FuzzInput) throws {
  let lua = try LuaRuntime(engine: engine)
  defer { lua.close() }
  let echo: LuaFunction = try lua.eval("function(...) return ... end")
  let tree = Tree(&input)
  let hasIntegers = engine.capabilities.contains(.integers)
  do {
    let value = try tree.value(in: lua)
    let back: LuaValue = try echo(value)
    if !tree.isAmbiguous {
      let (found, expected) = (try Tree(back), tree)
      try expect(
        found.normalized(hasIntegers: hasIntegers) == expected.normalized(hasIntegers: hasIntegers),
        "\(expected) has come back as \(found)")
    }
    try readTyped(back)
  } catch let error as LuaError where error.kind == .conversion {
    try expect(!hasIntegers, "refused: \(error)")  // an integer that no double holds
  }
  try typed(echo, &input)
}

/// Values of static types are what they were.
private func typed(_ echo: LuaFunction, _ input: inout FuzzInput) throws {
  let numbers = (0..<input.byte() % 30).map { _ in Double(bitPattern: input.bits()) }
  let back: [Double] = try echo(numbers)
  try expect(zip(numbers, back).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(numbers) are \(back)")
  try expect(numbers.count == back.count, "of \(numbers.count) there are \(back.count)")
  let bytes = input.bytes(40)
  let same: LuaString = try echo(LuaString(bytes: bytes))
  try expect(Array(same.bytes) == bytes, "\(bytes) are \(same)")
  let text: String?
  do { text = try echo(LuaString(bytes: bytes)) } catch let error as LuaError where error.kind == .conversion {
    text = nil
  }
  try expect(text == String(validating: bytes, as: UTF8.self), "\(bytes) are the text \(text ?? "none")")
  let dictionary = Dictionary(
    (0..<input.byte() % 10).map { _ in (Int(input.byte()), input.bytes(3)) }, uniquingKeysWith: { $1 })
  let entries: [Int: LuaString] = try echo(dictionary.mapValues { LuaString(bytes: $0) })
  try expect(entries.mapValues { Array($0.bytes) } == dictionary, "\(dictionary) is \(entries)")
}

/// Whatever a value is, it can be read as any type, or not.
private func readTyped(_ value: LuaValue) throws {
  func read<T>(_ type: T.Type) throws {
    do { _ = try value.as(type) } catch let error as LuaError where error.kind == .conversion {}
  }
  try read([Int].self)
  try read([String: Int].self)
  try read([[Double]].self)
  try read(Set<String>.self)
  try read([AnyHashable: Any].self)
  try read(Int?.self)
  try read(UInt8.self)
  try read(Float.self)
  try read(String.self)
  try read([LuaValue?].self)
}
