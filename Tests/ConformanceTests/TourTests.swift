import Loba
import Testing

/// The tour of the package, as it is promised: each spelling compiles and does what it says.
@Suite struct TourTests {
  static let engines = LuaEngines.available.map(Named.init)

  struct Named: Sendable, CustomTestStringConvertible {
    let engine: any LuaEngine
    var testDescription: String { engine.name }
  }

  @Test func defaultEngine() throws {
    let lua = try LuaRuntime()
    let two: Int = try lua.eval("1 + 1")
    #expect(two == 2)
    #expect(lua.engine.name == LuaEngines.available[0].name)
    for engine in LuaEngines.available { #expect(!engine.name.isEmpty) }
    #if LuaJIT
      let jit = try LuaRuntime(engine: .luaJIT)
      #expect(try jit.eval("jit ~= nil"))
    #endif
    #if Lua54
      let lua54 = try LuaRuntime(engine: .lua54, configuration: .standard)
      #expect(try lua54.eval("_VERSION") == "Lua 5.4")
      let (q, m): (Int, Int) = try lua54.eval("function(a, b) return a // b, a % b end", as: LuaFunction.self)(7, 2)
      #expect(q == 3 && m == 1)
    #endif
    #if Lua53
      #expect(try LuaRuntime(engine: .lua53).eval("_VERSION") == "Lua 5.3")
    #endif
    #if Lua52
      #expect(try LuaRuntime(engine: .lua52).eval("_VERSION") == "Lua 5.2")
    #endif
    #if Lua51
      #expect(try LuaRuntime(engine: .lua51).eval("_VERSION") == "Lua 5.1")
    #endif
  }

  @Test(arguments: engines) func running(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    let two: Int = try lua.eval("1 + 1")
    let (n, s): (Int, String) = try lua.eval("1, 'x'")
    let three: Int = try lua.eval("... + 1", 2)
    #expect(two == 2 && n == 1 && s == "x" && three == 3)
    try lua.execute("function twice(x) return x * 2 end")
    let chunk: LuaFunction = try lua.compile("return 2 + 3", name: "=setup")
    #expect(try chunk() == 5)
    let value: LuaValue = try lua.eval("{1, 2, 3}")
    #expect(value.type == .table)
  }

  @Test(arguments: engines) func tablesAndValues(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    let globals = lua.globals
    try globals.set("answer", to: 42)
    let answer: Int = try globals["answer"]
    let upper: String = try globals.string.upper("abc")
    let missing: Int? = try globals["nothing"]
    let bytes: LuaString = try lua.eval("'a\\0\\255'")
    #expect(answer == 42 && upper == "ABC" && missing == nil && bytes.bytes == [97, 0, 255])

    let t = try lua.table(1, 2, 3, fields: ["a": 1])
    var entries = 0
    for (key, value) in t {
      #expect(!key.isNil && !value.isNil)
      entries += 1
    }
    #expect(entries == 4)
    let keys = Array(t.keys), values = Array(t.values), n = t.count
    #expect(keys.count == 4 && values.count == 4 && n == 3)
    let list = try t.as([Int].self)
    #expect(list == [1, 2, 3])
    let dict = try lua.table(from: ["a": 1, "b": 2]).as([String: Int].self)
    #expect(dict == ["a": 1, "b": 2])
    #expect(try lua.table(from: [1, 2, 3].lazy.map { $0 * 2 }).as([Int].self) == [2, 4, 6])
    #expect(try lua.table(from: t).count == 3)
    #expect(throws: LuaError.self) { try t.as([String: Int].self) }
  }

  @Test(arguments: engines) func functions(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    let globals = lua.globals
    try globals.set("add", to: lua.function { (a: Int, b: Int) in a + b })
    #expect(try lua.eval("add(1, 2)") == 3)
    let f: LuaFunction = try lua.eval("function(f, n) return f(n) end")
    let r: Int = try f(lua.function { (n: Int) in n + 1 }, 2)
    #expect(r == 3)
    let (q, m): (Int, Int) = try lua.eval("function(a, b) return (a - a % b) / b, a % b end", as: LuaFunction.self)(
      7, 2)
    #expect(q == 3 && m == 1)
  }

  @Test(arguments: engines) func closures(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    try lua.globals.set("add") { (a: Int, b: Int) in a + b }
    let double: (Int) throws -> Int = (try lua.eval("function(x) return add(x, x) end") as LuaFunction).closure()
    #expect(try double(4) == 8)
  }

  @Test(arguments: engines) func modulesAndEnvironments(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    try lua.modules.set("config", to: .source("return {volume = 7}"))
    let plugin = try lua.environment(inheriting: lua.globals)
    try lua.execute("volume = require('config').volume", environment: plugin)
    let volume: Int = try plugin.volume
    let none: Int? = try lua.globals.volume
    #expect(volume == 7 && none == nil)
  }

  @Test(arguments: engines) func coroutines(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    let f: LuaFunction = try lua.eval("function(n) for i = 1, n do coroutine.yield(i) end end")
    let co: LuaCoroutine = try f.coroutine(4)
    var seen: [LuaValue] = []
    while let value = try co.next() { seen.append(value) }
    #expect(seen == [1, 2, 3, 4])
    let again = try co(1)
    let v: Int? = try again.next()
    #expect(v == 1)
    let echo: LuaFunction = try lua.eval("function(x) while true do x = coroutine.yield(x) end end")
    let conversation = try echo.coroutine()
    let first: Int = try conversation.send(1)
    #expect(first == 1 && conversation.status == .suspended)
    try conversation.close()
    #expect(conversation.status == .dead)
    #expect(try f.coroutine(2).collect() == [1, 2])
  }

  @Test(arguments: engines) func hostObjects(_ named: Named) throws {
    final class Account {
      var balance = 0
      func deposit(_ n: Int) throws { balance += n }
    }
    let lua = try LuaRuntime(engine: named.engine)
    let account = Account()
    let object = try lua.wrap(account)
    try lua.globals.set("acc", to: object)
    let back: Account = try lua.globals["acc"]
    let fromEval: Account = try lua.eval("acc")
    let fromCall: Account = try lua.eval("function() return acc end", as: LuaFunction.self)()
    #expect(back === account && fromEval === account && fromCall === account)
    try lua.globals.set("deposit", to: lua.function { (account: Account, n: Int) in try account.deposit(n) })
    try lua.execute("deposit(acc, 5)")
    #expect(account.balance == 5)
  }

  @Test(arguments: engines) func errors(_ named: Named) throws {
    let lua = try LuaRuntime(engine: named.engine)
    do {
      try lua.execute("error({code = 7})")
      Issue.record("nothing was thrown")
    } catch let error as LuaError {
      #expect(error.kind == .runtime)
      #expect(!error.message.isEmpty)
      #expect(try error.value.code == 7)
      #expect(!error.traceback.isEmpty)
      #expect(error.underlying == nil)
    }
    #expect(throws: LuaError.self) { try lua.execute("x =") }
  }
}
