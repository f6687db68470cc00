internal import Foundation
internal import LobaCore
internal import LobaSoak

// Keys that fall into the same place: what of them comes in one piece, where no hook comes, is refused when it would take long.

/// Numbers that lie apart in a table of 65,536 nodes and together in one of twice its size: as each engine finds its keys.
private let colliding = """
  local k = 17
  local m, count = 2 ^ k - 1, 2 ^ (k - 1) + 1
  keys = {}
  if math.type then
    local e = -200
    while #keys < count do
      for j = math.ceil((2 ^ 30 + 300) / m), math.floor((2 ^ 31 - 300) / m) do
        keys[#keys + 1] = (j * m - e) * 2.0 ^ (e - 31)
      end
      e = e + 1
    end
  elseif bit and not bit32 then
    local rol, ror, bxor, tobit = bit.rol, bit.ror, bit.bxor, bit.tobit
    local seed = 0
    count = 2 ^ 16 + 1
    while #keys < count do
      seed = seed + 1
      local a = tobit(seed * 40503)
      local high = ror(bxor(tobit(12345 + rol(a, 13)), a), 5)
      local folded = ror(high, 14)
      local low = bxor(tobit(a + high), folded)
      local exponent = bit.rshift(folded, 21)
      if folded % 2 == 0 and exponent > 0 and exponent < 1023 then
        keys[#keys + 1] = math.ldexp(2 ^ 52 + bit.band(bit.rshift(folded, 1), 0xfffff) * 2 ^ 32 + low % 2 ^ 32, exponent - 1075)
      end
    end
  else
    local one = _VERSION == 'Lua 5.2' and 1 or 0
    local a = 0
    while #keys < count do
      for j = 1, 2 ^ 14 - 1 do
        keys[#keys + 1] = 2 ^ 52 + a * 2 ^ 32 + (j * m - 0x43300000 - a) % 2 ^ 32 - one
      end
      a = a + 1
    end
  end
  """

/// The same, below 0.
private let negative = colliding.replacingOccurrences(
  of: "(j * m - e) * 2.0 ^ (e - 31)", with: "-(j * m + e + 0.5) * 2.0 ^ (e - 31)")

/// Some that share a place on Lua 5.4, and then as many as there is room for that each fall where one of them has been moved.
private let displacing = """
  local k, count = 17, 9000
  local old, new = math.tointeger and math.tointeger(2 ^ k) or 2 ^ k, math.tointeger and math.tointeger(2 ^ k * 2) or 2 ^ k * 2
  local a = 0
  keys = {}
  local function put(b) keys[a + 1] = b + (new - 1) * ((a - b) % (old - 1)) a = a + 1 end
  for i = 1, count do put(0) end
  put(new - 2)
  for b = new - count, new - count - old, -1 do if a < old - 1 then put(b) end end
  keys[#keys + 1], keys[#keys + 2] = 12345678901, -1
  """

/// A table that is full, and one more key: they lie apart in it, and in 720 places of one of twice its size.
private let manyChains = """
  local m, count, places = 2 ^ 19 - 1, 2 ^ 18, 720
  local one, a, n = _VERSION == 'Lua 5.2' and 1 or 0, 0, 0
  keys = {}
  local function put(key)
    n = n + 1
    if n <= count then keys[key] = true else last = last or key end
  end
  while n <= count do
    if math.type then
      for j = math.ceil((2 ^ 30 + 300) / m), math.floor((2 ^ 31 - 300) / m) - 1 do
        put((j * m + (j * 31 + a * 17) % places * 97 - a + 200) * 2.0 ^ (a - 231))
      end
    else
      for j = 1, 2 ^ 12 - 1 do
        put(2 ^ 52 + a * 2 ^ 32 + (j * m - 0x43300000 - a + (j * 31 + a * 17) % places * 97) % 2 ^ 32 - one)
      end
    end
    a = a + 1
  end
  """

private let defineAttack = "function attack() pcall(function() keys[last] = true end) while true do end end"

/// A chunk whose constants share their places.
private let constants =
  (1...66_000).map { "x=\($0 * 3)" }.joined(separator: "\n") + "\n"
  + (1...60_000).map { "x=\($0 * 131_071 + 5)" }.joined(separator: "\n") + "\nwhile true do end"

/// A source with so many constants that they are moved into a table where they collide.
private func growingConstants(_ keys: String, _ format: String) -> String {
  """
  \(keys)
  for i = 1, #keys do keys[i] = ('\(format)'):format(keys[i]) end
  source, keys = 'return {' .. table.concat(keys, ',') .. '}', nil
  """
}

private let compiling = "(loadstring or load)(source) while true do end"

private let multiples = """
  keys = {}
  for i = 1, 70000 do keys[i] = i * 131071 keys[i + 70000] = i * 2 ^ 20 + 0.5 end
  """

/// A coroutine that has filled a table with keys that share their places, and goes on by giving it a list.
private let constructor = """
  local n, m, keys, i = 24000, 32767, {}, 0
  for i = 1, n do
    if math.tointeger then
      keys[i] = math.tointeger(_VERSION == 'Lua 5.3' and i * 32768 or (i + 40000) * m)
    else
      keys[i] = 2 ^ 52 + i * m - 0x43300000 % m + m - (_VERSION == 'Lua 5.2' and 1 or 0)
    end
  end
  function key() i = i + 1 return keys[i] end
  function list() coroutine.yield() return 1, 2, 3, 4, 5 end
  local source = 'local key, list = key, list local t = {' .. ('[key()]=1,'):rep(n) .. 'list()}'
  co = coroutine.create(assert((loadstring or load)(source)))
  assert(coroutine.resume(co))
  """

/// Fills a table with the keys, again and again, whatever comes of it.
private let filling = """
  local keys = keys
  local function fill() local t = {} for i = 1, #keys do t[keys[i]] = true end end
  while true do pcall(fill) end
  """

/// `make(i)`: strings of 40 bytes, of which up to Lua 5.3 every other is left out of the hash.
private let makeShort = """
  local char, floor, concat = string.char, math.floor, table.concat
  local function make(i)
    local s = {}
    for p = 1, 20 do s[p] = char(97 + i % 16) .. 'x' i = floor(i / 16) end
    return concat(s)
  end
  """

/// `make(i)`: strings so long that of 4,096 bytes 32 are in the hash.
private let makeLong = """
  local before, after = ('a'):rep(3967), ('0'):rep(29) .. 'z'
  local function make(i) return before .. ('%099d'):format(i) .. after end
  """

/// Fills a table with so many strings as keys; `made` says how many it has come to.
private func fillWithStrings(_ make: String, _ count: Int) -> String {
  """
  \(make)
  made, keys = 0, {}
  local t = keys
  for i = 1, \(count) do t[make(i)] = true made = i end
  """
}

private func collisionCheck(
  _ name: String, _ body: @escaping @Sendable (LuaRuntime, any LuaEngine) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("limits", name) { engine in
    let lua = try LuaRuntime(engine: engine, configuration: .sandbox)
    defer { lua.close() }
    try body(lua, engine)
    try lua.execute("keys = nil")
    try expectUsable(lua)
  }
}

let collisionChecks: [ConformanceCheck] = [
  deadlineCheck("tables whose keys are made to collide end in time", after: colliding, [filling]),
  deadlineCheck("tables whose keys are made to collide below 0 end in time", after: negative, [filling]),
  deadlineCheck("tables whose keys fall where others have been moved end in time", after: displacing, [filling]),
  deadlineCheck("compiling constants that are made to collide ends in time", excludes: .jit, [constants]),
  deadlineCheck(
    "compiling constants that collide when their table grows ends in time", excludes: .jit,
    after: growingConstants(colliding, "%.17g"), [compiling]),
  deadlineCheck(
    "compiling integers that collide when their table grows ends in time", requires: .integers,
    after: growingConstants("keys = {} for i = 1, 65537 do keys[i] = i * 131071 end", "%d"), [compiling]),
  deadlineCheck("tables whose keys are multiples end in time", after: multiples, [filling]),
  deadlineCheck(
    "a list that grows in a table whose keys collide ends in time", after: constructor,
    ["coroutine.resume(co) while true do end"]),
  deadlineCheck(
    "tables with many chains of keys that collide end in time", excludes: .jit, after: "\(manyChains) \(defineAttack)",
    ["attack()"]),
  deadlineCheck(
    "strings that are made to collide end in time",
    [makeShort, makeLong].map { make in
      """
      \(make)
      keys = {}
      local function keep() for i = #keys + 1, 40000 do keys[i] = make(i) end end
      local function fill() local t = {} for i = 1, #keys do t[keys[i]] = true end end
      while true do pcall(keep) pcall(fill) end
      """
    }),
  // (On LuaJIT it is not filled in the first place: those keys share their places in every table.)
  ConformanceCheck(
    "limits", "a table that a script has filled with colliding keys does not hold the host up", excludes: .jit
  ) { engine in
    let lua = try unlimitedSandbox(engine)
    defer { lua.close() }
    try lua.execute(colliding)
    try lua.withLimits(LuaLimits(deadline: .seconds(20))) {
      try lua.execute("t = {} for i = 1, 65536 do t[keys[i]] = true end")
    }
    try expectLuaError(.memory) { try lua.execute("t[keys[65537]] = true") }
    try lua.execute("t, keys = nil, nil")
    try expectUsable(lua)
  },
  collisionCheck("tables whose keys only would collide are not refused") { lua, _ in
    for keys in [
      "for i = 1, 100000 do a[i * 64] = i end", "for i = 1, 12000 do a[i * 65536] = i end",
      "for i = 1, 100000 do a[1700000000 + i * 60] = i end", "for i = 1, 30000 do a[i * 256] = i a[-i * 0.5] = i end",
    ] {
      try lua.execute("local a, b = {}, {} \(keys) for i = 1, 9000 do b['k' .. i] = i end")
    }
  },
  deadlineCheck(
    "a table that is full of strings that collide ends in time",
    after: """
      \(makeShort)
      \(defineAttack)
      keys, last = {}, make(0)
      pcall(function() for i = 1, 32768 do keys[make(i)] = true end end)
      """, ["attack()"]),
  // (LuaJIT's collide before they are in a dictionary.)
  ConformanceCheck(
    "limits", "a dictionary that becomes a table in which its keys collide ends in time", excludes: .jit
  ) { engine in
    let lua = try unlimitedSandbox(engine)
    defer { lua.close() }
    let keys: [Double] = try lua.eval("(function() \(colliding) return keys end)()")
    try lua.globals.set("give", to: lua.function { Dictionary(uniqueKeysWithValues: keys.map { ($0, true) }) })
    try expectEndedInTime(lua, "give() while true do end")
    try expectUsable(lua)
  },
  // (On Lua 5.1 making as many long ones as are too many takes longer than there is time.)
  collisionCheck("strings that collide are refused as if memory were short") { lua, engine in
    let leavesBytesOut = engine.version < (5, 4) && !engine.capabilities.contains(.jit)
    let comparesLong = engine.version > (5, 1)
    for (make, count, isRefused) in [
      (makeShort, 17_000, leavesBytesOut), (makeLong, comparesLong ? 14_000 : 4_000, leavesBytesOut && comparesLong),
    ] {
      let fill = fillWithStrings(make, count)
      if isRefused {
        let error = try expectLuaError(.memory) { try lua.execute(fill) }
        try expectContains(error.message, "not enough memory (keys collide: ")
        let passed = try expectLuaError(.memory) { try lua.execute("coroutine.wrap(function() \(fill) end)()") }
        try expectContains(passed.message, "not enough memory (keys collide: ")
        let made: Int = try lua.globals["made"]
        try expect(made > 800, "\(made) strings")
      } else {
        try lua.execute(fill)
      }
      // While they are there, the host can still do something about them.
      try lua.execute("keys = nil")
      try lua.collectGarbage()
    }
    let plain = try expectLuaError(.memory) { try lua.execute("local t = {} while true do t = {t} end") }
    try expect(plain.message.hasSuffix("not enough memory"), plain.message)
  },
  collisionCheck("strings that do not collide, or are no keys, are not refused") { lua, engine in
    for make in [
      "local function make(i) return '/usr/share/doc/package-' .. i .. '/file.txt' end",
      "local function make(i) return ('00000000-0000-4000-8000-%012d'):format(i) end",
      "local function make(i) return i .. '' end",
    ] { try lua.execute(fillWithStrings(make, 50_000)) }
    guard engine.version > (5, 1) else { return }  // where making them takes long
    try lua.execute("\(makeLong) keys = {} for i = 1, 5000 do keys[i] = make(i) end")
  },
]
