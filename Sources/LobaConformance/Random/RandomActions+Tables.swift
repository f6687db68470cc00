internal import LobaCore

let randomTableActions: [RandomAction] = [
  RandomAction("keep a table", weight: 3) { world in
    let token = world.makeToken()
    let table = try world.lua.table(token)
    if world.pools.tables.count < 8 {
      world.pools.tables.append((table, token))
    } else {
      world.pools.tables[world.pick(8)] = (table, token)
    }
  },
  RandomAction("look into a table that was kept", weight: 3) { world in
    guard !world.pools.tables.isEmpty else { return }
    let (table, token) = world.pick(from: world.pools.tables)
    world.expect([try RandomToken(.table(table))], [token])
    _ = table.count
    _ = table.hashValue
    if table != table { world.fail("a table is not itself") }
  },
  RandomAction("drop a table") { world in
    guard !world.pools.tables.isEmpty else { return }
    world.pools.tables.remove(at: world.pick(world.pools.tables.count))
  },
  RandomAction("set and get", weight: 4) { world in
    let (a, b) = (world.makeToken(), world.makeToken())
    let table = try world.lua.table()
    try table.set(RandomKey(number: 3), to: RandomWritten(token: a))
    try table.set("b", to: RandomWritten(token: b))
    try table.rawSet("c", to: RandomWritten(token: a))
    let x: RandomRead = try table[RandomKey(number: 3)]
    let y: RandomRead = try table["b"]
    let z: RandomRead = try table.rawGet("c")
    world.expect([x.token, y.token, z.token], [a, b, a])
  },
  RandomAction("an array of values that write themselves", weight: 3) { world in
    let tokens = (0..<world.pick(20)).map { _ in world.makeToken() }
    let table = try world.lua.table(from: tokens.map { RandomWritten(token: $0) })
    let read: [RandomRead] = try table.as()
    world.expect(read.map(\.token), tokens)
    for (key, value) in table { world.remember(world.flip() ? key : value) }
  },
  RandomAction("a dictionary of values that write themselves", weight: 3) { world in
    let tokens = (0..<world.pick(6)).map { _ in world.makeToken() }
    let entries = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ("key \($0)", RandomWritten(token: $1)) })
    let value = try world.lua.value(entries)
    let read: [String: RandomRead] = try value.as()
    if read.count != tokens.count { world.fail("of \(tokens.count) entries there are \(read.count)") }
    for (index, token) in tokens.enumerated() { world.expect([read["key \(index)"]?.token], [token]) }
  },
  RandomAction("a dictionary of keys that write themselves", needs: .equality) { world in
    let count = world.pick(6)
    let table = try world.lua.table()
    for number in 1..<(count + 1) { try table.set(RandomKey(number: number), to: number) }
    let read: [RandomKey: Int] = try table.as()
    for number in 1..<(count + 1) where read[RandomKey(number: number)] != number {
      world.fail("the entry of key \(number) is \(read[RandomKey(number: number)].map { "\($0)" } ?? "missing")")
    }
  },
  RandomAction("a table of a sequence", weight: 2, needs: .iteration) { world in
    let count = world.pick(6)
    let table = try world.lua.table(from: RandomSequence(left: count))
    let read: [RandomRead] = try table.as()
    world.expect(read.map(\.token), (0..<count).reversed().map { RandomToken(number: 100 + $0) })
  },
  RandomAction("a metatable", weight: 3, needs: .metamethods) { world in
    let token = world.makeToken()
    let table: LuaTable = try world.lua.eval(
      """
      setmetatable({}, {
        __index = function(t, k) act() return token(...) end,
        __newindex = function(t, k, v) act() rawset(t, k, v) act() end,
        __eq = function() act() return true end, __len = function() act() return 3 end,
        __lt = function() act() return true end, __call = function(self, ...) act() return ... end,
        __concat = function(a, b) act() return a end, __tostring = function() act() return 'text' end,
        __add = function(a) act() return a end,
      })
      """.replacing("...) end,\n  __newindex", with: "\(token.number)) end,\n  __newindex"))
    world.expect([try table["any", as: RandomRead.self].token], [token])
    try table.set("own", to: RandomWritten(token: token))
    world.expect([try table["own", as: RandomRead.self].token], [token])
    if try table.length() != 3 { world.fail("__len is not 3") }
    if try table.tostring() != "text" { world.fail("__tostring is another text") }
    _ = try table.isEqual(to: world.lua.globals)
    let concatenation = world.has(.concatenation) ? "t .. 1" : "t"
    let script: LuaFunction = try world.lua.eval(
      "function(t, n) return t(n), t + 1 == t, \(concatenation) == t, t < t end")
    let (number, a, b, c): (RandomRead, Bool, Bool, Bool) = try script(table, RandomWritten(token: token))
    world.expect([number.token], [token])
    if !a || !b || !c { world.fail("a metamethod has given something else") }
  },
  RandomAction("walk", allows: [.runtime]) { world in
    let table: LuaTable = try world.lua.eval("{10, 20, 30, a = 40}")
    var sum = 0
    try table.forEachPair { _, value in
      try RandomWorld.current?.disturb("body of a walk", [])
      if case .integer(let number) = value { sum += number }
    }
    if sum != 100 { world.fail("the sum of a walk is \(sum)") }
    for (_, value) in try table.pairs() { world.remember(value) }
  },
  RandomAction("swiftValue") { world in
    let table = try world.lua.table(world.makeToken())
    try table.set("list", to: [1, 2, 3])
    _ = try table.swiftValue()
  },
  RandomAction("encode and decode", weight: 3, needs: .codable) { world in
    let record = RandomRecord(world.makeToken(), depth: world.pick(3))
    let value = try LuaEncoder(world.lua).encode(record)
    let back = try LuaDecoder().decode(RandomRecord.self, from: value)
    if back != record { world.fail("decoded is \(back), encoded was \(record)") }
  },
  RandomAction("decode through __index", needs: [.codable, .metamethods]) { world in
    let token = world.makeToken()
    let value: LuaValue = try world.lua.eval(
      """
      setmetatable({}, {__index = function(t, k)
        act()
        if k == 'name' then return token(\(token.number - token.number % 5 + 1)) end
        return {}
      end})
      """)
    let record = try LuaDecoder().decode(RandomRecord.self, from: value)
    let expected = RandomToken(number: token.number - token.number % 5 + 1).text
    if record.name != expected { world.fail("decoded \(record.name) for \(expected)") }
  },
  RandomAction("a global", weight: 2) { world in
    let token = world.makeToken()
    let name = "g\(world.pick(4))"
    try world.lua.globals.set(name, to: RandomWritten(token: token))
    if let value = try? world.lua.globals.rawGet(name, as: LuaValue.self) { world.remember(value) }
  },
  RandomAction("nothing where one value belongs", weight: 1, allows: [.conversion]) { world in
    try world.lua.table().set("x", to: LuaValues())
  },
]

extension LuaTable {
  subscript<T>(_ key: String, as type: T.Type) -> T {
    get throws { try self[key] }
  }
}
