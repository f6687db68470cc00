internal import LobaCore

private func coroutine(
  _ name: String, _ source: String, requires: LuaCapabilities = [],
  _ body: @escaping @Sendable (LuaRuntime, LuaFunction) throws -> Void
) -> Sweep.Operation {
  Sweep.Operation(name, requires: requires) { lua, _ in
    let f: LuaFunction = try lua.eval(source)
    return { try body(lua, f) }
  }
}

private let yieldAll =
  "function(...) local a = {...} while true do a = {coroutine.yield((unpack or table.unpack)(a))} end end"

let coroutineOperations: [Sweep.Operation] = [
  coroutine("coroutine, made", "function() end") { _, f in try expectEqual(f.coroutine().status, .suspended) },
  coroutine("coroutine, next", "function(n) for i = 1, n do coroutine.yield('item ' .. i) end end") { _, f in
    let co = try f.coroutine(2)
    try expectEqual(co.next(), "item 1")
    try expectEqual(co.next(), "item 2")
    try expectEqual(co.next(), String?.none)
    try expectEqual(co.status, .dead)
  },
  coroutine("coroutine, send strings", "function(x) while true do x = coroutine.yield(x .. '!') end end") { _, f in
    let co = try f.coroutine()
    try expectEqual(co.send("one"), "one!")
    try expectEqual(co.send("two"), "two!")
  },
  coroutine("coroutine, 9 arguments", "function(...) return select('#', ...) .. select(9, ...) end") { _, f in
    try expectEqual(f.coroutine().send(1, 2, 3, 4, 5, 6, 7, 8, "nine"), "9nine")
  },
  coroutine("coroutine, 300 values in and out", yieldAll) { _, f in
    let co = try f.coroutine()
    let values = LuaValues((1...300).map { .string(LuaString("v\($0)")) })
    let first: LuaValues = try co.send(values)
    try expectEqual(first, values)
    let second: LuaValues = try co.send(1)
    try expectEqual(second, [1])
  },
  coroutine("coroutine, 5 tables out", "function() coroutine.yield({}, {}, {}, {}, 'x' .. 1) end") { _, f in
    let co = try f.coroutine()
    let values: LuaValues = try co.send()
    try expectEqual(values.count, 5)
    try expectEqual(values[4], "x1")
  },
  coroutine(
    "coroutine, 20 results at its end",
    "function() local t = {} for i = 1, 20 do t[i] = {} end return (unpack or table.unpack)(t) end"
  ) { _, f in
    let co = try f.coroutine()
    do {
      let values: LuaValues = try co.send()
      try expectEqual(values.count, 20)
    } catch {
      try expectEqual(co.status, .dead, "after \(error)")
      throw error
    }
  },
  coroutine("coroutine, collect", "function() for i = 1, 10 do coroutine.yield({i}) end end") { _, f in
    let lists: [[Int]] = try f.coroutine().collect()
    try expectEqual(lists, (1...10).map { [$0] })
  },
  coroutine("coroutine, an error", "function() coroutine.yield(1) error('in the ' .. 'coroutine') end") { _, f in
    let co = try f.coroutine()
    try expectEqual(co.next(), 1)
    try expectThrown(.runtime, "in the coroutine") { _ = try co.next() as Int? }
    try expectEqual(co.status, .dead)
    try expectThrown(.coroutine, "dead") { try co.send(1) as Void }
  },
  coroutine("coroutine, closed", "function() coroutine.yield(1) end") { _, f in
    let co = try f.coroutine()
    try expectEqual(co.next(), 1)
    try co.close()
    try expectEqual(co.next(), Int?.none)
  },
  Sweep.Operation("coroutine, closed with variables to close", requires: .toBeClosed) { lua, _ in
    let f = try lua.compile(
      "local x <close> = setmetatable({}, {__close = function() closed = 'closed' .. 1 end}) coroutine.yield(1)")
    return {
      let co = try f.coroutine()
      try expectEqual(co.next(), 1)
      try co.close()
      try expectEqual(lua.globals["closed"], "closed1")
    }
  },
  coroutine("coroutine, started again", "function(x) coroutine.yield(x .. 1) end") { _, f in
    let co = try f.coroutine("a")
    try expectEqual(co.next(), "a1")
    let other = try co("b")
    try expectEqual(other.next(), "b1")
  },
  coroutine("coroutine of Lua's", "function() return coroutine.create(function() coroutine.yield('lua' .. 1) end) end")
  { _, f in
    let co: LuaCoroutine = try f()
    try expectEqual(co.next(), "lua1")
  },
  Sweep.Operation("coroutine, host calls inside") { lua, context in
    let tracker = context.tracker
    let echo = try lua.function { (s: String) in s + "." }
    let fail = try lua.function { () -> Int in throw tracker.makeTracker(9) }
    let f: LuaFunction = try lua.eval(
      "function(echo, fail) coroutine.yield(echo('a' .. 1)) fail() end")
    return {
      let co = try f.coroutine(echo, fail)
      try expectEqual(co.next(), "a1.")
      try expectTracker(9) { _ = try co.next() as Int? }
    }
  },
  coroutine(
    "coroutine inside a coroutine",
    "function() local inner = coroutine.wrap(function() coroutine.yield('in' .. 1) end) coroutine.yield(inner() .. 'out') end"
  ) { _, f in
    try expectEqual(f.coroutine().next(), "in1out")
  },
]
