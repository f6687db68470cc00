internal import LobaCore

private let area = Area("closures")

private final class Button {
  var onClick: LuaWeak<LuaFunction>?
  func click() throws { try onClick?.value?("clicked") as Void? }
}

/// Closures both ways, and handles that do not keep their runtime.
let closureChecks: [ConformanceCheck] = [
  area("a closure is a field's value") { lua in
    let table = try lua.table()
    try lua.globals.set("t", to: table)
    var called = 0
    try table.set("zero") { called += 1 }
    try table.set("one") { (a: Int) in a + 1 }
    try table.set("two") { (a: Int, b: String) in "\(a)\(b)" }
    try table.set("three") { (a: Int, b: Int, c: Int?) in (a, b, c) }
    try table.set("four") { (a: Int, b: Int, c: Int, d: Int) in [a, b, c, d] }
    try table.set("runtime") { (lua: LuaRuntime, a: Int) in try lua.table(a) }
    try table.set("failing") { throw LifetimeCounter().makeTracker(2) }
    try lua.execute(
      """
      t.zero() assert(t.one(1) == 2 and t.two(1, 'x') == '1x' and select('#', t.three(1, 2)) == 3)
      assert(t.four(1, 2, 3, 4)[4] == 4 and t.runtime(6)[1] == 6)
      """)
    try expectEqual(called, 1)
    try expectTracker(2) { try lua.execute("t.failing()") }
    let sealed: LuaTable = try lua.eval("setmetatable({}, {__newindex = function() error('sealed', 0) end})")
    try expectEqual(try expectLuaError(.runtime) { try sealed.set("f") { 1 } }.message, "sealed")
  },
  area("a Lua function is a closure of any type that its values have") { lua in
    let f: LuaFunction = try lua.eval("function(...) return ... end")
    let count: LuaFunction = try lua.eval("function(...) n = select('#', ...) return n end")
    let text = f.closure(((String) throws -> String).self)
    try expectEqual(try text("x"), "x")
    let pair: (Int, Int) throws -> (Int, Int) = f.closure()
    try expect(try pair(1, 2) == (1, 2))
    let none: () throws -> Void = count.closure()
    try none()
    let optional: (Int?) throws -> Int? = f.closure()
    try expect(try optional(nil) == nil && optional(3) == 3)
    let rows = try [3, 1, 2].map(f.closure(((Int) throws -> Int).self))
    try expectEqual(rows, [3, 1, 2])
    let wrong = f.closure(((String) throws -> Int).self)
    try expectLuaError(.conversion) { _ = try wrong("x") }
    let raising: (Int) throws -> Int = (try lua.eval("function(x) error('no ' .. x, 0) end") as LuaFunction).closure()
    try expectEqual(try expectLuaError(.runtime) { _ = try raising(1) }.message, "no 1")
    lua.close()
    try expectLuaError(.closed) { _ = try pair(1, 2) }
  },
  area.engine("a weak handle keeps its value, not its runtime") { engine in
    weak var weakRuntime: LuaRuntime?
    let button = Button()
    var table: LuaWeak<LuaTable>?
    do {
      let lua = try LuaRuntime(engine: engine)
      weakRuntime = lua
      try lua.register(
        LuaClass<Button>("Button") {
          $0.method("listen") { (button: Button, f: LuaFunction) in button.onClick = try LuaWeak(f) }
        })
      try lua.globals.set("button", to: button)
      try lua.execute("button:listen(function(text) said = text end)")
      for _ in 0..<2 { try lua.collectGarbage() }
      try button.click()
      try expectEqual(try lua.globals["said"], "clicked")
      let kept: LuaTable = try lua.eval("{7}")
      table = try LuaWeak(kept)
      try expectEqual(table?.value, kept)
      let coroutine: LuaCoroutine = try lua.eval("coroutine.create(function() return 5 end)")
      let weakCoroutine = try LuaWeak(coroutine)
      try expectEqual(try weakCoroutine.value?.next(), 5)
    }
    try expect(weakRuntime == nil)
    try expect(table?.value == nil && button.onClick?.value == nil)
    try button.click()
    table = nil
    let lua = try LuaRuntime(engine: engine)
    let closed = try LuaWeak(lua.table())
    lua.close()
    try expect(closed.value == nil)
    _ = try expectLuaError(.closed) { _ = try LuaWeak(lua.globals) }
  },
]
