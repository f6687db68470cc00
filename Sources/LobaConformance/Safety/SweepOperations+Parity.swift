internal import LobaCore

private final class Caller {
  let tracker: LifetimeTracker
  init(_ tracker: LifetimeTracker) { self.tracker = tracker }
}

private func registerCaller(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Caller>("Caller") {
      $0.method("join") { (_, a: String, b: String) in a + b }
      $0.method("named", named: "a", "b") { (_, a: String, b: String?) in a + (b ?? "-") }
      $0.metamethod(.call) { (_: Caller, a: String) in a + "!" }
    })
}

private final class Chain: Sequence {
  var items: [Any] = []
  func makeIterator() -> IndexingIterator<[Any]> { items.makeIterator() }
}

let parityOperations: [Sweep.Operation] = [
  Sweep.Operation("throw into a coroutine, a Swift error") { lua, context in
    let tracker = context.tracker
    let f: LuaFunction = try lua.eval("function() coroutine.yield('a' .. 1) end")
    return {
      let co = try f.coroutine()
      try expectEqual(co.next(), "a1")
      do {
        try co.throw(tracker.makeTracker(5))
        try expect(false, "nothing was thrown")
      } catch let error as LifetimeTracker {
        try expectEqual(error.number, 5)
        try expectEqual(co.status, .dead)
      }
    }
  },
  Sweep.Operation("throw into a coroutine that catches it", requires: .yieldAcrossPcall) { lua, _ in
    let f: LuaFunction = try lua.eval(
      "function() local ok, e = pcall(function() coroutine.yield('a' .. 1) end) coroutine.yield(e .. 2) end")
    return {
      let co = try f.coroutine()
      try expectEqual(co.next(), "a1")
      try expectEqual(co.throw(LuaError(message: "thrown")), "thrown2")
    }
  },
  Sweep.Operation("argument packs") { lua, _ in
    let join = try lua.function { (values: LuaValues) in values.map(\.description).joined() }
    let named = try lua.function(named: "a", "b") { (a: String, b: String) in a + b }
    let f: LuaFunction = try lua.eval(
      """
      function(join, named)
        local p = swift.args{'a' .. 1, 'b' .. 2}
        return join(p, 'c', p) .. named(swift.args{'x' .. 1, b = 'y'})
      end
      """)
    return { try expectEqual(f(join, named), "a1b2ca1b2x1y") }
  },
  Sweep.Operation("attribute views, bound methods, functions of objects") { lua, context in
    let tracker = context.tracker
    try registerCaller(lua)
    let f: LuaFunction = try lua.eval(
      """
      function(object, view)
        local join, call = swift.as_attrgetter(object).join, swift.as_function(object)
        return join('a' .. 1, 'b') .. call('c' .. 2) .. view.named{'d' .. 3, b = 'e'}
      end
      """)
    return {
      let object = Caller(tracker.makeTracker())
      try expectEqual(f(lua.wrap(object), lua.wrap(object, as: .attributes)), "a1bc2!d3e")
    }
  },
  Sweep.Operation("an object behind a function") { lua, context in
    let object = Caller(context.tracker.makeTracker())
    try registerCaller(lua)
    let f: LuaFunction = try lua.eval("function(object) return swift.as_function(object) end")
    return {
      let back: Caller = try f(lua.wrap(object))
      try expect(back === object)
    }
  },
  Sweep.Operation("tables of several sources, recursively") { lua, _ in
    let circle = Chain()
    return {
      circle.items = ["x", ["k": [1, 2]] as [String: Any], circle]
      defer { circle.items = [] }
      let table = try lua.table(from: circle, ["a": circle], [7], recursive: true)
      try expectEqual(table[4] as Int, 7)
      let again: LuaTable = try table["a"]
      try expectEqual(again, table)
    }
  },
  Sweep.Operation("a table as Swift values") { lua, _ in
    let table: LuaTable = try lua.eval("{a = {1, 2, {b = 'x'}}, c = 'y'}")
    return {
      let value = try table.swiftValue() as? [String: Any]
      try expectEqual((value?["a"] as? [Any])?.count, 3)
    }
  },
  Sweep.Operation("the overflow handler") { lua, _ in
    let handler: LuaFunction = try lua.eval("function(text) return text .. '!' end")
    return {
      try lua.setOverflowHandler(handler)
      try expectEqual(lua.overflowHandler, handler)
      try expectEqual(lua.eval("...", UInt64.max), "\(UInt64.max)!")
      try lua.setOverflowHandler(nil)
    }
  },
  Sweep.Operation("require") { lua, _ in
    try lua.execute("package.preload.mine = function() return {name = 'mine' .. 1} end")
    return {
      try lua.execute("package.loaded.mine = nil")
      let module: LuaTable = try lua.require("mine")
      try expectEqual(module["name"], "mine1")
    }
  },
  Sweep.Operation("swift.none as a key") { lua, _ in
    let table = try lua.table()
    return {
      try table.set(LuaNone(), to: "v")
      try expectEqual(table[LuaNone()], "v")
      try table.removeValue(forKey: LuaNone())
    }
  },
]
