extension LuaRuntime {
  /// Gives scripts a generator of the runtime's own.
  func openRandom(seed: UInt64?) throws {
    let random = ScriptRandom(seed: seed)
    let hasIntegers = engine.capabilities.contains(.integers)
    let host = try table()
    try host.rawSet(
      "random",
      to: function { (count: Int, first: LuaValue, last: LuaValue) -> (LuaValue, String?) in
        random.number(count, first, last, hasIntegers: hasIntegers)
      })
    try host.rawSet("seed", to: function { (seed: LuaValue) -> Void in random.seed(with: seed) })
    try host.rawSet("select", to: function { (_: LuaValue, values: LuaValues) in values.count })
    try execute(randomScript, host, name: "=random")
  }
}

private let randomScript = """
  local host = ...
  local random, seed, select, error = host.random, host.seed, select or host.select, error
  if not math then return end
  function math.random(...)
    local number, problem = random(select('#', ...), ...)
    if problem then error(problem, 2) end
    return number
  end
  function math.randomseed(number) seed(number) end
  """

extension ScriptRandom {
  /// What `math.random` gives for so many arguments, or what is wrong with them: as Lua 5.4 has it, on every engine.
  fileprivate func number(
    _ count: Int, _ first: LuaValue, _ last: LuaValue, hasIntegers: Bool
  ) -> (number: LuaValue, problem: String?) {
    func wrong(_ position: Int, _ text: String) -> (LuaValue, String?) {
      (.nil, "bad argument #\(position) to 'random' (\(text))")
    }
    func any(of range: ClosedRange<Int>) -> (LuaValue, String?) {
      let integer = next(in: range)
      // Where numbers are doubles, the nearest of them: not every integer of a large range is one.
      return (hasIntegers ? .integer(integer) : .number(Double(integer)), nil)
    }
    guard count > 0 else { return (.number(nextFraction()), nil) }
    guard count <= 2 else { return (.nil, "wrong number of arguments") }
    guard let first = Self.integer(first) else { return wrong(1, "integer expected") }
    guard count == 2 else {
      if first == 0, hasIntegers { return any(of: .min ... .max) }
      return first >= 1 ? any(of: 1...first) : wrong(1, "interval is empty")
    }
    guard let last = Self.integer(last) else { return wrong(2, "integer expected") }
    return first <= last ? any(of: first...last) : wrong(2, "interval is empty")
  }

  private static func integer(_ value: LuaValue) -> Int? {
    switch value {
    case .integer(let integer): integer
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  fileprivate func seed(with value: LuaValue) {
    switch value {
    case .integer(let integer): seed(UInt64(bitPattern: Int64(integer)))
    case .number(let number): seed(Int64(exactly: number).map { UInt64(bitPattern: $0) } ?? number.bitPattern)
    default: seed(.random(in: .min ... .max))
    }
  }
}
