internal import LobaCore

private let area = Area("type stubs")

private final class Animal {
  var energy = 10
}

private struct Vector { var x = 0.0 }

private struct Generic<T>: Sendable {}

/// What is said of members, names that mean something, tables, modules, and what could go wrong.
let typeStubTextChecks: [ConformanceCheck] = [
  area("what a member is for") { lua in
    try lua.register(
      LuaClass<Animal>("Animal") {
        $0.document("An animal.\n\n@class None\r\n | no, \"[[ this\n  indented")
        $0.document("new", "Makes one.")
        $0.document("energy", "From 0\nto 100.\u{2028}@field")
        $0.document("LIMIT", "The most.")
        $0.document("walk", "Walks.\n--[[")
        $0.document("all", "", parameters: "n", "n", "2", "end", "rest", "more")
        $0.document("nowhere", "Nobody reads this.")
        $0.initializer { Animal() }
        $0.property("energy", \.energy)
        $0.constant("LIMIT", 100)
        $0.method("walk") { (_: Animal) in }
        $0.staticMethod("all") { (_: Int, _: Int, _: Int, _: LuaRuntime, _: Int, _: Int) in }
      })
    try lua.expectStubs(
      #"""
      ---An animal.
      ---
      ---\@class None
      ---\| no, "[[ this
      ---  indented
      ---@class Animal
      ---@field LIMIT integer # read-only; The most.
      ---@field energy integer # From 0 to 100. @field
      ---@overload fun(): Animal
      Animal = {}

      ---@param n integer
      ---@param n_ integer
      ---@param arg3 integer
      ---@param arg4 integer
      ---@param rest integer
      function Animal.all(n, n_, arg3, arg4, rest) end

      ---Makes one.
      ---@return Animal
      function Animal.new() end

      ---Walks.
      -----[[
      function Animal:walk() end
      """#)
  },
  area("names that are none in Lua, and such as mean something to LuaCATS") { lua in
    try lua.register(
      LuaClass<Animal>("an animal") {
        $0.property("a b", \.energy)
        $0.property("private", get: { $0.energy })
        $0.property("x\n\"]]", \.energy)
        $0.constant("größe", 1)
        $0.method("end") { (animal, n: Int) in animal }
        $0.staticMethod("1st") { 1.5 }
        $0.asyncMethod("then-what") { (_: Animal, f: LuaFunction) async in }
      })
    try lua.register(LuaClass<Vector>("table") { $0.metamethod(.index) { (_: Vector, key: Int?) in "" } })
    try lua.globals.set("a b", to: 1.5)
    try lua.globals.set("x-y") { (n: Int) in n }
    try lua.globals.set("\n]]", to: lua.table(fields: ["while": true, "f": lua.function { 1 }]))
    try lua.expectStubs(
      #"""
      ---@class an_animal
      ---@field ["1st"] fun(): number
      ---@field ["a b"] integer
      ---@field ["end"] fun(self: an_animal, arg1: integer): an_animal
      ---@field ["größe"] integer # read-only
      ---@field ["private"] integer # read-only
      ---@field ["then-what"] async fun(self: an_animal, arg1: function)
      ---@field ["x\n\"]]"] integer
      do local an_animal = {} end

      ---@class table_2
      ---@field [any] string
      do local table_2 = {} end

      _G["\n]]"] = {}

      ---@type fun(): integer
      _G["\n]]"].f = nil

      ---@type boolean
      _G["\n]]"]["while"] = nil

      ---@type number
      _G["a b"] = nil

      ---@type an_animal
      _G["an animal"] = nil

      ---@type fun(arg1: integer): integer
      _G["x-y"] = nil
      """#)
  },
  area.engine("of what every Lua has nothing is said") { engine in
    var printing = LuaConfiguration.standard
    printing.print = { _ in }
    printing.modules = .dictionary([:])
    for configuration in [.standard, printing, .sandbox, LuaConfiguration(libraries: [])] {
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.expectStubs("")
    }
  },
  area("tables: loops, lists, those with much data, and deep ones") { lua in
    try lua.execute(
      """
      loop = {} loop.again = loop loop.globals = _G loop.strings = string
      list = {1, 2, {}, x = 1.5, [true] = 'no'}
      data = {} for i = 1, 1001 do data['k' .. i] = i + 0.5 end
      numbers = {} for i = 1, 100000 do numbers[i] = {} end
      deep = {} local t = deep for i = 1, 100000 do t.d = {} t = t.d end
      """)
    let deep = (0...8).map { "deep\(String(repeating: ".d", count: $0)) = {}" }.joined(separator: "\n\n")
    try lua.expectStubs(
      """
      data = {}

      \(deep)

      list = {}

      ---@type number
      list.x = nil

      loop = {}

      ---@type table
      loop.again = nil

      ---@type table
      loop.globals = nil

      ---@type table
      loop.strings = nil

      numbers = {}
      """)
  },
  area("no metamethod is asked, and no function called") { lua in
    try lua.execute(
      """
      local function fail() error('asked') end
      local mt = {__index = fail, __len = fail, __pairs = fail, __tostring = fail, __eq = fail, __name = fail,
        __call = fail}
      t = setmetatable({f = fail}, mt)
      setmetatable(_G, mt)
      """)
    try lua.expectStubs("t = {}")
    try lua.execute("setmetatable(_G, nil)")
  },
  area("classes of the same name, registered again, taken out of the globals, and put elsewhere") { lua in
    try lua.register(LuaClass<Animal>("Thing") { $0.property("energy", \.energy) })
    try lua.register(LuaClass<Vector>("Thing") { $0.property("x", \.x) })
    try lua.globals.set("f") { (animal: Animal, vector: Vector) in }
    try lua.expectStubs(
      """
      ---@class Thing
      ---@field x number
      Thing = {}

      ---@class Thing_2
      ---@field energy integer
      do local Thing_2 = {} end

      ---@param arg1 Thing_2
      ---@param arg2 Thing
      function f(arg1, arg2) end
      """)
    try lua.register(LuaClass<Animal>("Animal") { $0.method("eat") { (_: Animal) in } })
    try lua.execute("game, Animal, Thing, f = {Animal = Animal}, nil, 1.5, nil")
    try lua.expectStubs(
      """
      ---@class Animal
      do local Animal = {}

      function Animal:eat() end

      end

      ---@class Thing
      ---@field x number
      do local Thing = {} end

      ---@type number
      Thing = nil

      game = {}

      ---@type Animal
      game.Animal = nil
      """)
  },
  area("more classes than a chunk has local variables") { lua in
    func register<T>(_ type: T.Type, _ count: Int) throws {
      if count == 0 { return }
      try lua.register(LuaClass<T>("Generic") { $0.staticMethod("f") { 1 } })
      try register(Generic<T>.self, count - 1)
    }
    // Three trees of types, since types inside each other have names that grow.
    try register(Int.self, 80)
    try register(String.self, 80)
    try register(Bool.self, 80)
    try expectContains(lua.checkedStubs(), "---@class Generic_240\n")
  },
  area("modules: what they return, by their names") { lua in
    try lua.register(LuaClass<Animal>("Animal"))
    try lua.modules.set("game.audio") { lua in
      try lua.table(fields: ["volume": 0.5, "play": lua.function { (path: String) in Animal() }])
    }
    try lua.modules.set("function") { lua in try lua.function { (n: Int) in "" } }
    try lua.modules.set("class") { lua in try lua.globals["Animal"] as LuaTable }
    try lua.modules.set("theirs", to: .source("return function() end"))
    try lua.modules.set("a b\nos.exit()") { _ in }
    func expectModule(_ name: String, _ expected: String, line: UInt = #line) throws {
      let text = try lua.typeStubs(ofModule: name)
      _ = try lua.compile(text)
      try expectEqual(text, expected + "\n\nreturn module\n", line: line)
    }
    try expectModule(
      "game.audio",
      """
      ---@meta game.audio

      local module = {}

      ---@param arg1 string
      ---@return Animal
      function module.play(arg1) end

      ---@type number
      module.volume = nil
      """)
    try expectModule(
      "function",
      """
      ---@meta function

      ---@param arg1 integer
      ---@return string
      local function module(arg1) end
      """)
    try expectModule("class", "---@meta class\n\n---@type Animal\nlocal module = nil")
    try expectModule("theirs", "---@meta theirs\n\n---@type function\nlocal module = nil")
    try expectModule("a b\nos.exit()", "---@meta\n\n---@type boolean\nlocal module = nil")
    try expectLuaError(.runtime) { _ = try lua.typeStubs(ofModule: "nowhere") }
    try lua.modules.set("raising", to: .source("error('x')"))
    try expectLuaError(.runtime) { _ = try lua.typeStubs(ofModule: "raising") }
  },
  area("type stubs are asked for within calls of every kind") { lua in
    try lua.register(
      LuaClass<Animal>("Animal") {
        $0.initializer { (lua: LuaRuntime) in
          _ = try lua.typeStubs()
          return Animal()
        }
        $0.method("stubs") { (_: Animal, lua: LuaRuntime) in try lua.typeStubs() }
      })
    let expected = try lua.checkedStubs()
    let text: String = try lua.eval("Animal():stubs()")
    try expectEqual(text, expected)
    let inCoroutine: String = try lua.eval("coroutine.wrap(function() return Animal():stubs() end)()")
    try expectEqual(inCoroutine, expected)
  },
  area("a closed runtime has none") { lua in
    try lua.register(LuaClass<Animal>("Animal"))
    lua.close()
    try expectLuaError(.closed) { _ = try lua.typeStubs() }
    try expectLuaError(.closed) { _ = try lua.typeStubs(ofModule: "m") }
  },
  area.engine("a runtime that has been asked is let go of, and so is what it has had") { engine in
    let counter = LifetimeCounter()
    do {
      let lua = try LuaRuntime(engine: engine)
      let object = counter.makeTracker(1)
      try lua.register(LuaClass<Animal>("Animal") { $0.method("f") { (_: Animal) in object.number } })
      try lua.globals.set("f", to: lua.asyncFunction { () async in object.number })
      try lua.globals.set("g", to: lua.leaf { () in object.number })
      try lua.globals.set("h") { object.number }
      try expectContains(lua.checkedStubs(), "function f()", "function g()", "function h()")
      // What stands for a function does not keep it.
      let before = counter.alive
      do {
        let tracker = counter.makeTracker(2)
        _ = try lua.asyncFunction { () async in tracker.number }
        _ = try lua.leaf { tracker.number }
      }
      try expectEqual(counter.alive, before + 1)
      try lua.collectGarbage()
      try lua.collectGarbage()
      try expectEqual(counter.alive, before)
    }
    try expectEqual(counter.alive, 0)
  },
]
