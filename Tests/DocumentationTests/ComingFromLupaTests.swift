// swift-format-ignore-file
// The snippets are laid out as the guide shows them.

import Loba
import LobaCore
import Testing

// The examples of docs/coming-from-lupa.md, in its order: what lies between `// example` and `// end` is the text of one
// code block there. ExampleTests compares them; here they run, on every engine.

private enum Examples {
  @TaskLocal static var engine: any LuaEngine = LuaEngines.default!
}

/// What the examples call to make a runtime: one of the engine that the test runs for.
private func LuaRuntime(configuration: LuaConfiguration = .standard) throws -> LobaCore.LuaRuntime {
  try LobaCore.LuaRuntime(engine: Examples.engine, configuration: configuration)
}

private func onEachEngine(_ body: () throws -> Void) throws {
  for engine in LuaEngines.available { try Examples.$engine.withValue(engine, operation: body) }
}

@Suite struct ComingFromLupaTests {
  @Test func usage() throws {
    try onEachEngine {
      // example
      let lua = try LuaRuntime()
      let two: Int = try lua.eval("1 + 1")                                   // 2

      let call: LuaFunction = try lua.eval("function(f, n) return f(n) end")
      let addOne = try lua.function { (n: Int) in n + 1 }
      let three: Int = try call(addOne, 2)                                   // 3

      let name: String = try lua.eval("string.upper('loba')")                // "LOBA"
      // end
      #expect(two == 2)
      #expect(three == 3)
      #expect(name == "LOBA")
      // example
      try lua.execute("a, b, c = 1, 2, 3")
      let globals = lua.globals
      let b: Int = try globals["b"]                                          // 2
      let type: LuaFunction = try globals.type                               // Lua's own type()
      let missing: Int? = try globals["missing"]                             // nil
      let (x, y): (Int, String) = try lua.execute("return 1, 'two'")         // several results: a tuple
      // end
      #expect(b == 2)
      #expect(try type(1) as String == "number")
      #expect(missing == nil)
      #expect(x == 1 && y == "two")
      // example
      let string: LuaTable = try lua.require("string")
      let kinds = (luaType(of: call), luaType(of: string), luaType(of: 123))  // .function, .table, nil
      // end
      #expect(try string.lower("A") as String == "a")
      #expect(kinds == (.function, .table, nil))
    }
  }

  @Test func tuples() throws {
    try onEachEngine {
      // example
      var configuration = LuaConfiguration()
      configuration.unpacksReturnedTuples = true                             // the default
      let spreading = try LuaRuntime(configuration: configuration)
      try spreading.globals.set("pair", to: spreading.function { () in (1, 2) })
      try spreading.execute("a, b, c = pair()")                              // 1, 2, nil

      configuration.unpacksReturnedTuples = false
      let opaque = try LuaRuntime(configuration: configuration)
      try opaque.globals.set("pair", to: opaque.function { () in (1, 2) })
      try opaque.execute("a, b = pair()")                                    // one value, and nil
      let pair: (Int, Int) = try opaque.globals["a"]                         // the same tuple
      // end
      #expect(try spreading.globals["b"] as Int == 2)
      #expect(try spreading.globals["c"] as Int? == nil)
      #expect(pair == (1, 2))
      #expect(try opaque.globals["b"] as Int? == nil)
    }
  }

  @Test func objects() throws {
    try onEachEngine {
      let lua = try LuaRuntime()
      // example
      let type: LuaFunction = try lua.eval("type")
      let kinds: [String] = try [
        type(1), type("abc"), type(type),                                    // number, string, function
        type(lua.function { 1 }), type([1, 2]),                              // function, table
        type(lua.wrap([1, 2])),                                              // userdata
      ]
      // end
      #expect(kinds == ["number", "string", "function", "function", "table", "userdata"])
      // example
      final class Account {
        var balance = 0
        func deposit(_ amount: Int) { balance += amount }
      }
      try lua.register(LuaClass<Account>("Account") {
        $0.initializer { Account() }
        $0.property("balance", get: { $0.balance })
        $0.method("deposit") { (account, amount: Int) in account.deposit(amount) }
      })

      let account = Account()
      try lua.execute("local account = ... account:deposit(5)", account)     // account.balance == 5
      // end
      #expect(account.balance == 5)
      // example
      let scores = try lua.wrap(["ann": 3])
      try lua.execute("local scores = ... scores.ben = scores['ann'] + 1", scores)
      let back: [String: Int] = try LuaValue.userdata(scores).as()           // ["ann": 3, "ben": 4]
      // end
      #expect(back == ["ann": 3, "ben": 4])
      // example
      try lua.register(LuaClass<[String: Int]>("Scores") {
        $0.property("size", get: { $0.count })
        $0.method("get") { (scores, name: String) in scores[name] }
      })
      let items = try lua.wrap(["size": 10], as: .items)
      let members = try lua.wrap(["size": 10], as: .attributes)
      let ten: Int = try lua.eval("(...).size", items)                       // 10, the item
      let one: Int = try lua.eval("(...).size", members)                     // 1, the property
      let get: LuaFunction = try lua.eval("(...).get", members)              // bound to its object
      let value: Int = try get("size")                                       // 10
      let same: Int = try lua.eval("swift.as_itemgetter(...).size", members) // 10
      // end
      #expect((ten, one, value, same) == (10, 1, 10, 10))
    }
  }

  @Test func iteration() throws {
    try onEachEngine {
      let lua = try LuaRuntime()
      // example
      let copy: LuaFunction = try lua.eval(
        "function(list) local t = {} for item in swift.iter(list) do t[#t + 1] = item end return t end")
      let numbers: [Int] = try copy(lua.wrap(1...4))                         // [1, 2, 3, 4]

      let joined: String = try lua.execute(
        "local s = '' for i, item in swift.enumerate(...) do s = s .. i .. item end return s",
        lua.wrap(["a", "b"]))                                                // "0a1b"

      let swapped: [Int: String] = try lua.execute(
        "local t = {} for key, value in swift.iterex(...) do t[value] = key end return t",
        lua.wrap(["one": 1, "two": 2]))                                      // [1: "one", 2: "two"]
      // end
      #expect(numbers == [1, 2, 3, 4])
      #expect(joined == "0a1b")
      #expect(swapped == [1: "one", 2: "two"])
      // example
      let isNil: LuaFunction = try lua.eval("function(value) return value == nil end")
      let yes: Bool = try isNil(Int?.none)                                   // true
      let flags: [Bool] = try lua.execute(
        "local t = {} for x in swift.iter(...) do t[#t + 1] = x == swift.none end return t",
        lua.wrap([1, nil, 2]))                                               // [false, true, false]
      // end
      #expect(yes)
      #expect(flags == [false, true, false])
    }
  }

  @Test func strings() throws {
    try onEachEngine {
      // example
      var configuration = LuaConfiguration()
      configuration.stringEncoding = .isoLatin1
      let latin = try LuaRuntime(configuration: configuration)
      let length: Int = try latin.eval("#...", "é")                          // 1 byte; 2 in UTF-8, the default

      let bytes: LuaString = try latin.eval("'\\0\\255'")                    // .bytes: [0, 255]
      let data: [UInt8] = try latin.eval("string.char(1, 2, 3)")             // Foundation's Data as well
      let back: Int = try latin.eval("#...", LuaString(bytes: [0, 255]))     // 2
      // end
      #expect(length == 1)
      #expect(bytes.bytes == [0, 255])
      #expect(data == [1, 2, 3])
      #expect(back == 2)
    }
  }

  @Test func tables() throws {
    try onEachEngine {
      let lua = try LuaRuntime()
      // example
      let list: LuaTable = try lua.eval("{10, 20, 30, 40}")
      let first: Int = try list[1]                                           // 10: indices are Lua's
      let count = list.count                                                 // 4
      let keys = list.keys, values = list.values                             // 1…4; 10, 20, 30, 40
      let array = try list.as([Int].self)                                    // [10, 20, 30, 40]

      let mapping: LuaTable = try lua.eval("{[20] = -20, [3] = -3}")
      let empty = mapping.count                                              // 0: Lua's length of a list that is not there
      let dictionary: [Int: Int] = try mapping.as()                          // [20: -20, 3: -3]
      for (key, value) in mapping { print(key, value) }                      // in no promised order
      try mapping.forEachEntry { (k: Int, v: Int) in print(k + v) }          // typed, and without a snapshot
      // end
      #expect(first == 10)
      #expect((count, empty) == (4, 0))
      #expect(keys == [1, 2, 3, 4] && values == [10, 20, 30, 40])
      #expect(array == [10, 20, 30, 40])
      #expect(dictionary == [20: -20, 3: -3])
      // example
      try mapping.set(-3, to: 3)
      try mapping.removeValue(forKey: 20)
      let none: Int? = try mapping[20]                                       // nil

      let table = try lua.table(1, 2, 3, fields: ["a": 1])
      let a: Int = try table.a                                               // the same as table["a"]
      let merged = try lua.table(from: [1, 2, 3], ["a": 1, "b": 2], [4, 5], ["b": 42])
      let five: Int = try merged[5], b: Int = try merged.b                   // 5, 42
      // end
      #expect(none == nil)
      #expect(a == 1)
      #expect((five, b) == (5, 42))
      // example
      let settings = try lua.table(from: ["size": [800, 600], "title": "moon"] as [String: Any], recursive: true)
      let width: Int = try lua.eval("(...).size[1]", settings)               // 800
      let plain = try settings.swiftValue() as? [String: Any]                // Swift values all the way down
      // end
      #expect(width == 800)
      #expect(plain?["size"] as? [Int] == [800, 600])
    }
  }

  @Test func callables() throws {
    try onEachEngine {
      let lua = try LuaRuntime()
      // example
      let area = try lua.function(named: "width", "height") { (width: Int, height: Int?) in width * (height ?? width) }
      try lua.globals.set("area", to: area)
      let areas: [Int] = try lua.eval("{area(2, 3), area{width = 2, height = 3}, area{2, height = 3}, area{2}}")
      // end
      #expect(areas == [6, 6, 6, 4])
      // example
      let sum = try lua.function { (numbers: LuaValues) in try numbers.reduce(0) { try $0 + $1.as(Int.self) } }
      try lua.globals.set("sum", to: sum)
      let ten: Int = try lua.eval("sum(1, swift.args{2, 3}, 4)")             // 10
      let six: Int = try lua.eval("area(2, swift.args{height = 3})")         // 6
      // end
      #expect((ten, six) == (10, 6))
    }
  }

  @Test func coroutines() throws {
    try onEachEngine {
      let lua = try LuaRuntime()
      // example
      let bits: LuaFunction = try lua.eval("function(n) for i = 0, n do coroutine.yield(i % 2) end end")
      let all: [Int] = try bits.coroutine(4).collect()                       // [0, 1, 0, 1, 0]

      let doubler: LuaFunction = try lua.eval("function() local x while true do x = coroutine.yield(x) * 2 end end")
      let co = try doubler.coroutine()
      try co.send()                                                          // runs to the first yield
      let four: Int = try co.send(2)                                         // 4
      let ended = co.status == .dead                                         // false
      // end
      #expect(all == [0, 1, 0, 1, 0])
      #expect(four == 4 && !ended)
      // example
      let waiting: LuaCoroutine = try lua.eval("coroutine.create(function(n) coroutine.yield(n) end)")
      let seven: Int? = try waiting(7).next()                                // a fresh coroutine each time
      let eight: Int? = try waiting(8).next()

      struct Cancelled: Error {}
      do { try co.throw(Cancelled()) } catch is Cancelled {}                 // raised at the yield; nothing caught it
      // end
      #expect((seven, eight) == (7, 8))
      #expect(co.status == .dead)
    }
  }

  @Test(arguments: LuaEngines.available)
  func threads(_ engine: any LuaEngine) async throws {
    try await Examples.$engine.withValue(engine) {
      // example
      let sums = try await withThrowingTaskGroup(of: Int.self) { group in
        for n in 1...8 {
          group.addTask {
            let lua = try LuaRuntime()                                       // one for each task, no lock
            return try lua.execute("local s = 0 for i = 1, 10000 do s = s + i % ... end return s", n)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }

      let actor = try LuaActor(engine: engine)                               // one for many tasks
      let three: Int = try await actor.run { lua in try lua.eval("1 + 2") }
      // end
      #expect(sums.sorted() == (1...8).map { n in (1...10_000).reduce(0) { $0 + $1 % n } }.sorted())
      #expect(three == 3)
    }
  }

  @Test func access() throws {
    try onEachEngine {
      // example
      struct AccessDenied: Error { let name: String }
      final class Person { var name = "Ann"; var secret = "…" }
      let person = LuaClass<Person>("Person") {
        $0.property("name", get: { $0.name }, set: { $0.name = $1 })
        $0.property("secret", get: { $0.secret })
      }

      var configuration = LuaConfiguration()
      configuration.memberAccess = .filter { object, name, isWriting in
        if isWriting || name == "secret" { throw AccessDenied(name: "\(name)") }
        return name                                                          // or another name to use instead
      }
      let lua = try LuaRuntime(configuration: configuration)
      try lua.register(person)
      let name: String = try lua.eval("(...).name", Person())                // "Ann"
      do {
        try lua.execute("local person = ... person.name = 'Ben'", Person())
      } catch let denied as AccessDenied { print("denied:", denied.name) }   // the error itself
      // end
      #expect(name == "Ann")
      #expect(throws: AccessDenied.self) { try lua.execute("local p = ... p.name = 'Ben'", Person()) }
      #expect(throws: AccessDenied.self) { _ = try lua.eval("(...).secret", Person()) as String }
      // example
      configuration.memberAccess = .handlers(
        get: { object, name in name == "answer" ? 42 : nil },
        set: { object, name, value in throw AccessDenied(name: "\(name)") })
      let handled = try LuaRuntime(configuration: configuration)
      let answer: Int = try handled.eval("(...).answer", handled.wrap(Person()))  // 42
      // end
      #expect(answer == 42)
      // example
      var sandbox = LuaConfiguration(libraries: .safe, memoryLimit: 16 << 20)
      sandbox.swiftLibrary = [.none, .iteration]                             // neither swift.eval nor swift.builtins
      let safe = try LuaRuntime(configuration: sandbox)
      let closed: Bool = try safe.eval("io == nil and require == nil and swift.builtins == nil")  // true
      // end
      #expect(closed)
    }
  }

  @Test func newer() throws {
    try onEachEngine {
      // example
      let lua = try LuaRuntime(configuration: LuaConfiguration(memoryLimit: 8 << 20))
      do {
        try lua.execute("t = {} for i = 1, 10000000 do t[i] = {} end")
      } catch let error as LuaError where error.kind == .memory {
        lua.memoryLimit = nil                                                // it goes on: now without a limit
      }
      let used = lua.memoryUsed - lua.memoryBaseline
      try lua.withoutGarbageCollection { try lua.execute("for i = 1, 1000 do t = {} end") }
      try lua.collectGarbage()
      // end
      #expect(lua.memoryLimit == nil && used > -1_000_000)
      // example
      let chunk = try lua.compile("error('here')", name: "@setup.lua")
      do {
        try chunk() as Void
      } catch let error as LuaError {
        print(error.message)                                                 // setup.lua:1: here
        print(error.traceback)                                               // apart from the message
      }
      // end
      let error = #expect(throws: LuaError.self) { try chunk() as Void }
      #expect(error?.message == "setup.lua:1: here")
      // example
      try lua.setOverflowHandler(lua.eval("function(digits) return 'big ' .. digits end"))
      let big: String = try lua.eval("...", UInt64.max)                      // "big 18446744073709551615"
      let release = lua.release                                              // "Lua 5.4.4", from the library itself
      // end
      #expect(big == "big 18446744073709551615")
      #expect(release.hasPrefix("Lua"))
    }
  }
}
