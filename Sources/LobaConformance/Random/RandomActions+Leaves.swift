internal import LobaCore

/// Leaves, and memory that Swift and Lua have in common.
let randomLeafActions: [RandomAction] = [
  RandomAction("a leaf in a loop", weight: 3, needs: .leaves) { world in
    let leaf = try world.lua.leaf { (a: Int, b: Int) in
      try RandomWorld.current?.disturbLeaf()
      return a + b
    }
    let count = world.pick(150)
    let f: LuaFunction = try world.lua.eval(
      "function(f, n) local sum = 0 for i = 1, n do sum = f(sum, i) end act() return f(sum, 0) end")
    let sum: Int = try f(leaf, count)
    if sum != count * (count + 1) / 2 { world.fail("a leaf has added up 1 to \(count) to \(sum)") }
  },
  RandomAction("a member that is a leaf", weight: 3, needs: [.leaves, .members]) { world in
    let object = world.makeObject()
    let f: LuaFunction = try world.lua.eval(
      "function(o, n) local number for i = 1, n do number = o.exact end act() return number, o:plus(1) end")
    let (number, next): (Int, Int) = try f(object, 1 + world.pick(100))
    if number != object.token.number || next != number + 1 {
      world.fail("leaves of token \(object.token.number) are \(number), \(next)")
    }
  },
  RandomAction("a leaf that scripts catch", weight: 2, needs: .leaves) { world in
    let fail = try world.lua.leaf { () -> Int in throw RandomWorld.current?.makeError() ?? LuaError(message: "E0;") }
    let f: LuaFunction = try world.lua.eval(
      "function(f) for i = 1, 20 do local ok, e = pcall(f) assert(not ok) dropped(e) end act() end")
    try f(fail) as Void
  },
  RandomAction("a buffer", weight: 4, needs: .buffers) { world in
    let buffer = try LuaBuffer<Int>(count: 8)
    let first = world.makeToken().number
    let f: LuaFunction = try world.lua.eval(
      """
      function(b, n)
        for i = 1, #b do b[i] = n + i end
        local s = b:slice(2, 5)
        keep.slice = s
        act()
        s[1] = s[1] + 100
        act()
        for i, x in b:iter() do assert(x == n + i + (i == 2 and 100 or 0)) act() end
        return s, b
      end
      """)
    let (slice, back): (LuaBuffer<Int>, LuaBuffer<Int>) = try f(buffer, first)
    if back != buffer || slice.count != 4 || slice[0] != first + 102 || buffer[1] != slice[0] {
      world.fail("a buffer from \(first) on has \(Array(buffer)), its slice \(Array(slice))")
    }
    world.pools.buffers.append(slice)
    if world.pools.buffers.count > 4 { world.pools.buffers.remove(at: world.pick(4)) }
  },
  RandomAction("a buffer that was kept", weight: 2, needs: .buffers) { world in
    try world.lua.execute(
      "local s = keep.slice if s then assert(#s == 4 and s[5] == nil and s[4] == s:slice(4)[1]) end")
    guard !world.pools.buffers.isEmpty else { return }
    let slice = world.pick(from: world.pools.buffers)
    let third: Int = try world.lua.eval("(...)[3]", slice)
    if third != slice[2] { world.fail("an element that is \(slice[2]) is \(third) in Lua") }
  },
]

extension RandomWorld {
  /// What a leaf does that it is not to do, and what it may.
  func disturbLeaf() throws {
    guard !isQuiet, failure == nil, runtime != nil, has(.leaves) else { return }
    switch pick(40) {
    case 0: if (try? lua.eval("1 + 1") as Int) != nil { fail("a leaf has used its runtime") }
    case 1: if (try? lua.collectGarbage()) != nil { fail("a leaf has collected garbage") }
    case 2: _ = pools.tables.popLast()
    case 3: if has(.closing), chance(1, in: 20) { closeRuntime() }
    case 4: if chance(1, in: 4) { throw makeError() }
    default: break
    }
  }
}
