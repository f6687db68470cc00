internal import LobaCore

let randomCallActions: [RandomAction] = [
  RandomAction("eval, an integer") { world in
    let number = world.pick(1000)
    let result: Int = try world.lua.eval("... + 1", number)
    if result != number + 1 { world.fail("\(number) + 1 is \(result)") }
  },
  RandomAction("call, several values and all of them back", weight: 6) { world in
    let tokens = (0..<(1 + world.pick(12))).map { _ in world.makeToken() }
    let echo: LuaFunction = try world.lua.globals["echo"]
    var arguments = LuaValues()
    for token in tokens { arguments.append(try world.lua.value(RandomWritten(token: token))) }
    let values: LuaValues = try echo(arguments)
    try world.expect(values, tokens)
  },
  RandomAction("call, three values that write themselves", weight: 6) { world in
    let (a, b, c) = (world.makeToken(), world.makeToken(), world.makeToken())
    let echo: LuaFunction = try world.lua.globals["echo"]
    let values: LuaValues = try echo(RandomWritten(token: a), RandomWritten(token: b), RandomWritten(token: c))
    try world.expect(values, [a, b, c])
  },
  RandomAction("call, three values that read themselves", weight: 6) { world in
    let (a, b, c) = (world.makeToken(), world.makeToken(), world.makeToken())
    let echo: LuaFunction = try world.lua.globals["echo"]
    let (x, y, z): (RandomRead, RandomRead, RandomRead) = try echo(
      RandomWritten(token: a), RandomWritten(token: b), RandomWritten(token: c))
    world.expect([x.token, y.token, z.token], [a, b, c])
  },
  RandomAction("host function of three", weight: 4) { world in
    let (a, b, c) = (world.makeToken(), world.makeToken(), world.makeToken())
    let f = try world.lua.function { (x: RandomRead, y: RandomRead, z: RandomRead) in
      let world = RandomWorld.current
      world?.expect([x.token, y.token, z.token], [a, b, c])
      try world?.disturb("host function", [])
      return LuaValues(try [c, b].map { try world?.lua.value(RandomWritten(token: $0)) ?? .nil })
    }
    let swap: LuaFunction = try world.lua.eval("function(f, ...) return f(...) end")
    let (x, y): (RandomRead, RandomRead) = try swap(
      f, RandomWritten(token: a), RandomWritten(token: b), RandomWritten(token: c))
    world.expect([x.token, y.token], [c, b])
  },
  RandomAction("host function of strings", weight: 4) { world in
    let token = world.makeToken()
    let f = try world.lua.function { (text: String, list: [String]) -> (String, String, [String]) in
      try RandomWorld.current?.disturb("host function of strings", [])
      return (list.first ?? "", text, list + [text])
    }
    let (a, b, c): (String, String, [String]) = try f(token.text, ["first", token.text])
    guard a == "first", b == token.text, c == ["first", token.text, token.text] else {
      return world.fail("strings of a host function are others: \(a), \(b), \(c)")
    }
  },
  RandomAction("a function that is at hand", allows: [.conversion, .runtime, .coroutine]) { world in
    guard !world.pools.functions.isEmpty else { return }
    let f = world.pick(from: world.pools.functions)
    if world.flip() {
      let _: LuaValues = try f(RandomWritten(token: world.makeToken()), 2)
    } else {
      let _: LuaValue = try f()
    }
  },
  RandomAction("keep a function", weight: 1) { world in
    world.remember(
      try world.lua.function { (first: RandomRead, rest: LuaValues) -> LuaValues in
        try RandomWorld.current?.disturb("host function that was kept", [])
        return rest + [try RandomWorld.current?.lua.value(first) ?? .nil]
      })
  },
  RandomAction("compile and call") { world in
    let token = world.makeToken()
    let f = try world.lua.compile("act() local a = token(\(token.number)) act() return a")
    world.expect([try f(as: RandomRead.self).token], [token])
  },
  RandomAction("a chunk that does not compile", weight: 1, allows: [.syntax]) { world in
    try world.lua.execute("this is no Lua")
  },
  RandomAction("throw an error", weight: 1) { world in throw world.makeError() },
  RandomAction("a host function that throws, called by Lua") { world in
    let fail = try world.lua.function { () -> Int in
      try RandomWorld.current?.disturb("host function that throws", [])
      throw RandomWorld.current?.makeError() ?? LuaError(message: "E0;")
    }
    let f: LuaFunction = try world.lua.eval("function(f) return (f()) end")
    let _: Int = try f(fail)
  },
  RandomAction("text of a value", weight: 1) { world in
    guard let value = world.pools.values.last else { return }
    _ = value.description
    _ = try value.handle?.tostring()
  },
  RandomAction("overflow", needs: .overflow, allows: [.conversion]) { world in
    _ = try world.lua.eval("...", UInt64.max - UInt64(world.pick(1000))) as LuaValue
  },
  RandomAction("overflow handler", weight: 1, needs: .overflow) { world in
    let handler = try world.lua.function { (text: String) -> Double in
      try RandomWorld.current?.disturb("overflow handler", .overflow)
      return 1
    }
    try world.lua.setOverflowHandler(world.flip() ? handler : nil)
  },
]

extension LuaFunction {
  fileprivate func callAsFunction<R: LuaConstructible>(as type: R.Type) throws -> R { try self() }
}

extension RandomWorld {
  /// Fails the run unless these are the tokens.
  func expect(_ found: [RandomToken?], _ tokens: [RandomToken]) {
    if found != tokens.map(Optional.some) {
      fail("expected \(tokens.map { describe($0) }), got \(found.map { describe($0) })")
    }
  }

  func expect(_ values: LuaValues, _ tokens: [RandomToken]) throws {
    expect(try values.map { try RandomToken($0) }, tokens)
  }

  func remember(_ function: LuaFunction) {
    if pools.functions.count < 8 { return pools.functions.append(function) }
    pools.functions[pick(8)] = function
  }

  func remember(_ value: LuaValue) {
    if pools.values.count < 8 { return pools.values.append(value) }
    pools.values[pick(8)] = value
  }
}
