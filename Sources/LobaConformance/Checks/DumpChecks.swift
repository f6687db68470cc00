internal import LobaCore

private let area = Area("dumps of tables")

/// The contents of tables as text.
let dumpChecks: [ConformanceCheck] = [
  area("a dump is what source would say, lists first, keys in their order") { lua in
    func dump(_ source: String) throws -> String { try (lua.eval(source) as LuaTable).dump() }
    try expectEqual(dump("{}"), "{}")
    try expectEqual(dump("{1, 'two', true, false, 2.5}"), #"{1, "two", true, false, 2.5}"#)
    try expectEqual(
      dump("{b = 1, a = {x = {}}, 'first', [-1] = 0, [0.5] = 'half', [true] = 1}"),
      #"{"first", [-1] = 0, [0.5] = "half", a = {x = {}}, b = 1, [true] = 1}"#)
    try expectEqual(dump("{[1] = 1, [2] = 2, [4] = 4, [0] = 0}"), "{1, 2, [0] = 0, [4] = 4}")
    try expectEqual(dump("{[0] = 'zero'}"), #"{[0] = "zero"}"#)
    try expectEqual(
      dump("{['a key'] = 1, ['end'] = 2, ['goto'] = 3, _x1 = 4, ['1x'] = 5, [''] = 6}"),
      #"{[""] = 6, ["1x"] = 5, _x1 = 4, ["a key"] = 1, ["end"] = 2, ["goto"] = 3}"#)
    try expectEqual(
      dump("{'\\n\\r\\t\\\"\\\\', '\\0\\1\\127', '\\255x'}"),
      #"{"\n\r\t\"\\", "\000\001\127", "\255x"}"#)
    try expectEqual(lua.table("Grüße, 世界 🌔", "\u{9B}2J\u{1B}").dump(), #"{"Grüße, 世界 🌔", "\194\1552J\027"}"#)
    try expectEqual(dump("{1/0, -1/0, 1e300}"), "{1/0, -1/0, 1e+300}")
  },
  area("long contents stand on lines of their own") { lua in
    let t: LuaTable = try lua.eval("{list = {('x'):rep(40), ('y'):rep(40)}, short = {1, 2}}")
    let x = String(repeating: "x", count: 40), y = String(repeating: "y", count: 40)
    try expectEqual(t.dump(), "{\n  list = {\n    \"\(x)\",\n    \"\(y)\",\n  },\n  short = {1, 2},\n}")
  },
  area("Lua reads a dump as a table with the same contents") { lua in
    let t: LuaTable = try lua.execute(
      """
      local t = {1, 2, {3, {4}}, -1, 2^53, 0.1, 1e-300, -0.5, 'text', ('long'):rep(50), '\\0\\n\\r\\\\\\"\\200', true,
        list = {}, ['not a name'] = {x = {y = {z = 'deep'}}}, [100] = 'far', [-0.5] = false, [false] = 'no'}
      for i = 1, 30 do t['key ' .. i] = {i, name = 'n' .. i} end
      return t
      """)
    let again: LuaTable = try lua.eval(t.dump())
    try expectEqual(again.dump(), t.dump())
    let equal: LuaFunction = try lua.execute(
      """
      local function equal(a, b)
        if type(a) ~= 'table' or type(b) ~= 'table' then return a == b end
        for k, v in pairs(a) do if not equal(v, b[k]) then return false end end
        for k in pairs(b) do if a[k] == nil then return false end end
        return true
      end
      return equal
      """)
    try expect(equal(t, again))
  },
  area("the least integer and floats stay what they are", requires: [.integers]) { lua in
    let t: LuaTable = try lua.eval("{math.mininteger, math.maxinteger, 2.0, -0.0, 2^63}")
    let again: LuaTable = try lua.eval(t.dump())
    try expect(
      lua.eval(
        "(function(a) for i = 1, 5 do if math.type(a[i]) ~= (i < 3 and 'integer' or 'float') then return false end end "
          + "return a[1] == math.mininteger and a[2] == math.maxinteger and a[5] == 2^63 end)(...)", again))
  },
  area("cycles are marked, and what has no source is a comment") { lua in
    let t: LuaTable = try lua.execute(
      "local t = {print, shared = {1}} t.itself = t t.inner = {up = t} t.again = t.shared return t")
    let text = t.dump()
    try expectContains(text, "itself = nil --[[cycle: \(t)]]", "inner = {up = nil --[[cycle: \(t)]]}", "again = {1}")
    try expectContains(text, "nil --[[function: 0x")
    let keyed = try lua.table()
    try keyed.set(keyed, to: 1)
    try expectContains(keyed.dump(), "[nil --[[\(keyed)]]] = 1")
    try expectContains(try lua.table(lua.wrap(lua.function { 1 })).dump(), "nil --[[")
    try expectEqual((lua.eval("{swift.none}") as LuaTable).dump(), "{nil}")
  },
  area("depth and size are bounded") { lua in
    let deep: LuaTable = try lua.execute("local t = {} for i = 1, 100000 do t = {t} end return t")
    try expectEqual(deep.dump(depth: 2), "{{{--[[...]]}}}")
    try expectEqual(deep.dump(depth: 0), "{--[[...]]}")
    try expectEqual(deep.dump(depth: -1), "{--[[...]]}")
    try expect(deep.dump(depth: .max).utf8.count < 30_000)
    let wide: LuaTable = try lua.execute("local t = {} for i = 1, 200000 do t[i] = i end return t")
    let text = wide.dump(limit: 1000)
    try expect(text.utf8.count < 3000)
    try expectContains(text, "more]]")
    let shared: LuaTable = try lua.execute("local t = {} for i = 1, 60 do t = {t, t} end return t")
    try expect(shared.dump(depth: 100, limit: 10_000).utf8.count < 1_000_000)
    let long: LuaTable = try lua.eval("{('x'):rep(1000000), [('k'):rep(1000000)] = 1}")
    try expect(long.dump(limit: 100).utf8.count < 1000)
    try expectContains(long.dump(limit: 100), "more bytes]]", "1 more]]")
    try expectEqual(lua.table(1, 2).dump(limit: 0), "{--[[2 more]]}")
    try expectEqual(lua.table(1, 2).dump(limit: .min), "{--[[2 more]]}")
  },
  area("a dump asks no metamethod") { lua in
    let t: LuaTable = try lua.execute(
      """
      local function fail() error('asked') end
      local mt = {__index = fail, __len = fail, __pairs = fail, __tostring = fail, __eq = fail, __lt = fail, __name = 'x'}
      return setmetatable({1, x = setmetatable({2}, mt)}, mt)
      """)
    try expectEqual(t.dump(), "{1, x = {2}}")
  },
]
