import Loba

struct Mine: Error, Equatable { let n: Int }

func smoke(_ engine: any LuaEngine) throws {
  let lua = try LuaRuntime(engine: engine)
  print("==", engine.name, lua.release, engine.libraryPath ?? "?", lua.memoryUsed)
  let two: Int = try lua.eval("1 + 1")
  let (n, s): (Int, String) = try lua.eval("1, 'x'")
  let three: Int = try lua.eval("... + 1", 2)
  try lua.execute("function twice(x) return x * 2 end")
  let chunk: LuaFunction = try lua.compile("return 2 + 3", name: "=setup")
  let value: LuaValue = try lua.eval("{1, 2, 3}")
  let five: Int = try chunk()
  print(two, n, s, three, value, five)
  let globals = lua.globals
  try globals.set("answer", to: 42)
  let answer: Int = try globals["answer"]
  let upper: String = try globals.string.upper("abc")
  let missing: Int? = try globals["nothing"]
  let bytes: LuaString = try lua.eval("'a\\0\\255'")
  print(answer, upper, missing as Any, bytes.bytes)
  try globals.set("add", to: lua.function { (a: Int, b: Int) in a + b })
  let sum: Int = try lua.eval("add(3, 4)")
  let f: LuaFunction = try lua.eval("function(f, n) return f(n) end")
  let r: Int = try f(lua.function { (n: Int) in n + 1 }, 2)
  print(sum, r)
  let t = try lua.table(1, 2, 3, fields: ["a": 1])
  for (key, value) in t { print(key, value, terminator: "; ") }
  print(t.count, t.keys.count, t.values)
  let list = try lua.table(from: [1.5, 2.5]).as([Double].self)
  let dict = try lua.table(from: ["x": 1, "y": 2]).as([String: Int].self)
  print(list, dict, try lua.table(from: ["x": [1, 2], "y": [3]]).as([String: [Int]].self))
  let gen: LuaFunction = try lua.eval("function(n) for i = 1, n do coroutine.yield(i, 'v') end return 'end' end")
  let co = try gen.coroutine(3)
  while let v = try co.next() { print(v, terminator: " ") }
  print(co.status)
  do { try lua.execute("local function f() error({code = 7}) end f()") } catch let e as LuaError {
    print(e.kind, e.message, e.value, e.traceback)
  }
  do { try lua.execute("x = = 1") } catch let e as LuaError { print(e.kind, e.message) }
  try globals.set("fail", to: lua.function { (n: Int) in if n > 0 { throw Mine(n: n) } })
  do { try lua.execute("fail(7)") } catch let e as Mine { print("mine", e) }
  let (ok, text): (Bool, String) = try lua.eval("(function() local ok, e = pcall(fail, 3) return ok, tostring(e) end)()")
  print(ok, text)
  do { try lua.execute("fail('x')") } catch { print(error) }
  do { try lua.execute("local t = nil; t.x = 1") } catch { print(error) }
  let many = try lua.execute("return ...", LuaValues((1...7000).map { .integer($0) }))
  print(many.count)
  let big: Int = try lua.eval("#...", String(repeating: "x", count: 1_000_000))
  print(big)
  do { let x: Int = try lua.eval("'abc'"); print(x) } catch { print(error) }
  lua.close()
  do { try lua.execute("x = 1") } catch { print(error) }
}
for engine in LuaEngines.available { try smoke(engine) }
