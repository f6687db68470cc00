internal import LobaCore

private let area = Area("methods of tables")

/// Tables that are called, and their methods.
let tableCallChecks: [ConformanceCheck] = [
  area("a table with __call is called, for every form of result") { lua in
    let vector: LuaTable = try lua.eval(
      "setmetatable({}, {__call = function(self, ...) return select('#', ...), ... end})")
    let count: Int = try vector(7, "x", nil as Int?)
    try expectEqual(count, 3)
    let (none): Int = try vector()
    try expectEqual(none, 0)
    let (n, a, b): (Int, String, Bool) = try vector("a", true)
    try expect(n == 2 && a == "a" && b)
    try expectEqual(try vector(5) as LuaValues, [1, 5])
    let value = try vector(1, 2)
    try expectEqual(value, 2)
    try vector(1)
    let () = try vector(1)
    let maker: LuaTable = try lua.eval("setmetatable({}, {__call = function(class, x) return {x = x} end})")
    let made: LuaTable = try maker(3)
    try expectEqual(made["x"], 3)
  },
  area("a table without __call is refused, and so is what raises") { lua in
    let plain = try lua.table(1)
    try expectContains(try expectLuaError(.runtime) { try plain(1) }.message, "call")
    let raising: LuaTable = try lua.eval("setmetatable({}, {__call = function() error('raised') end})")
    try expectContains(try expectLuaError(.runtime) { _ = try raising() as Int }.message, "raised")
    let back: LuaTable = try lua.eval("setmetatable({}, {__call = function(self, f) return f(self) end})")
    let f = try lua.function { (table: LuaTable) in table == back }
    try expect(back(f))
    let other = try LuaRuntime.forCheck(lua.engine)
    defer { other.close() }
    try expectLuaError(.foreignValue) { try back(other.table()) }
  },
  area("methods are called with their table, own, inherited and computed") { lua in
    let player: LuaTable = try lua.execute(
      """
      local Player = {}
      Player.__index = Player
      function Player:move(dx, dy) self.x, self.y = self.x + dx, self.y + dy return self.x, self.y end
      function Player:itself() return self end
      function Player:count(...) return select('#', ...) end
      return setmetatable({x = 1, y = 2}, Player)
      """)
    let (x, y): (Int, Int) = try player.call(method: "move", 10, 20)
    try expect(x == 11 && y == 22)
    try player.call(method: "move", 1, 1)
    try expectEqual(player["x"], 12)
    let moved: Int = try player.call(method: "move", 1, 1)
    try expectEqual(moved, 13)
    try expectEqual(try player.call(method: "itself") as LuaTable, player)
    try expectEqual(try player.call(method: "count", nil as Int?, 1) as Int, 2)
    try expectEqual(try player.call(method: "move", 0, 0) as LuaValues, [13, 24])
    let () = try player.call(method: "itself")
    let callable: LuaTable = try lua.eval(
      "{run = setmetatable({}, {__call = function(_, self, n) return self.base + n end}), base = 5}")
    try expectEqual(try callable.call(method: "run", 2) as Int, 7)
  },
  area("a method that nothing else holds lives while it is called") { lua in
    let t: LuaTable = try lua.eval(
      "setmetatable({}, {__index = function() local x = {} return function(self, f) f() return x end end})")
    let churn = try lua.function { () -> Void in
      for i in 0..<20 { _ = try lua.table(i) }
      try lua.collectGarbage()
    }
    for _ in 0..<10 {
      try t.call(method: "m", churn)
      try expect((t.call(method: "m", churn) as LuaTable).isEmpty)
      try expectEqual((t.call(method: "m", churn) as LuaValues).count, 1)
      let (x, y): (LuaTable, LuaValue) = try t.call(method: "m", churn)
      try expect(x.isEmpty && y.isNil)
    }
  },
  area("a method that is none is named in the error") { lua in
    let t: LuaTable = try lua.eval("{number = 5, text = 'x'}")
    try expectContains(try expectLuaError(.runtime) { try t.call(method: "update", 0.5) }.message, "nil", "'update'")
    try expectContains(try expectLuaError(.runtime) { try t.call(method: "number") }.message, "number", "'number'")
    try expectContains(try expectLuaError(.runtime) { try t.call(method: "text") }.message, "string", "'text'")
    let angry: LuaTable = try lua.eval("setmetatable({}, {__index = function(_, k) error('no ' .. k) end})")
    try expectContains(try expectLuaError(.runtime) { try angry.call(method: "m") }.message, "no m")
    try expectLuaError(.conversion) {
      _ = try (lua.eval("{f = function() return {} end}") as LuaTable).call(method: "f") as Int
    }
  },
]
