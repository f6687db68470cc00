internal import LobaCore

private let area = Area("introspection")

/// The names of variables without the globals, which are one on some engines.
private func names(_ variables: [LuaVariable]) -> [String] { variables.map(\.name).filter { $0 != "_ENV" } }

/// Runs a chunk that calls `look`, and gives what the body makes of the stack then.
private func looking<R>(
  _ lua: LuaRuntime, _ source: String, _ arguments: Int..., body: @escaping (LuaStack) throws -> R
) throws -> R {
  var result: R?
  try lua.globals.set("look", to: lua.function { (lua: LuaRuntime) in result = try body(lua.stack) })
  let chunk = try lua.compile(source, name: "@script.lua")
  try chunk(LuaValues(arguments.map { LuaValue.integer($0) })) as Void
  guard let result else { throw LuaError(message: "look has not been called") }
  return result
}

/// What functions, levels of the stack and variables are.
let introspectionChecks: [ConformanceCheck] = [
  area("a function says where it comes from") { lua in
    try lua.compile("\nfunction twice(a, b)\n  return a * 2\nend\nfunction rest(a, ...) end", name: "@script.lua")()
      as Void
    let twice: LuaFunction = try lua.globals["twice"], info = try twice.info
    try expectEqual(info.kind, .lua)
    try expectEqual(info.source, "@script.lua")
    try expectEqual(info.shortSource, "script.lua")
    try expectEqual(info.lineDefined, 2)
    try expectEqual(info.lastLineDefined, 4)
    try expect([nil, 2].contains(info.parameterCount), "\(info)")
    try expect([nil, false].contains(info.isVariadic), "\(info)")
    let lines = try twice.activeLines
    try expect(lines == [3, 4] || lines == [3], "\(lines)")
    let rest: LuaFunction = try lua.globals["rest"]
    try expect([nil, 1].contains(try rest.info.parameterCount))
    try expect([nil, true].contains(try rest.info.isVariadic))
    try expect((info.parameterCount == nil) == (try rest.info.parameterCount == nil))
  },
  area("chunks, functions of C and of Swift say what they are") { lua in
    let chunk = try lua.compile("local a = 1\n\nreturn a", name: "=setup")
    try expectEqual(try chunk.info.kind, .mainChunk)
    try expectEqual(try chunk.info.source, "=setup")
    try expect(try chunk.info.lineDefined == nil)
    try expect(try chunk.activeLines.contains(3) && !chunk.activeLines.contains(2))
    let print: LuaFunction = try lua.globals["print"]
    try expectEqual(try print.info.kind, .c)
    try expectEqual(try print.info.source, "=[C]")
    try expectEqual(try print.activeLines, [])
    try expect([0, nil].contains(try print.info.parameterCount))
    let host = try lua.function { 1 }
    try expectEqual(try host.info.kind, .host)
    try expectEqual(try host.info.upvalueCount, 0)
    try expectEqual(try host.upvalues.count, 0)
    let anonymous: LuaFunction = try lua.execute("return function() return 'some text' end")
    try expectContains(try anonymous.info.source, "'some text'")
  },
  area("a function without debug information says nothing wrong") { lua in
    let whole: LuaFunction = try lua.execute("local a, b = 1 return function(...) b = a return b, ... end")
    for function in [whole, try lua.compile("return ...")] {
      let stripped = try lua.compile(bytes: function.dump(stripping: true).bytes, mode: .binary)
      _ = try stripped.info
      _ = try stripped.activeLines
      _ = try stripped.upvalues
      do { _ = try stripped.upvalue("b") as LuaValue } catch is LuaError {}
      try stripped(1) as Void
      let look = try lua.function { (lua: LuaRuntime) in
        for frame in try lua.stack { _ = (try frame.info, try frame.locals, try frame.variadicArguments) }
      }
      let calling: LuaFunction = try lua.execute("return function(f, ...) local x = f() return x end")
      let bytes = try calling.dump(stripping: true).bytes
      try lua.compile(bytes: bytes, mode: .binary)(look, 2) as Void
    }
  },
  area("upvalues can be read and set") { lua in
    let counter: LuaFunction = try lua.execute(
      "local count, step = 0, 1 return function() count = count + step return count end")
    try counter() as Void
    try expectEqual(names(try counter.upvalues), ["count", "step"])
    try expectEqual(try counter.upvalue("count"), 1)
    try counter.setUpvalue("count", to: 41)
    try expectEqual(try counter(), 42)
    let index = try counter.upvalues.first { $0.name == "step" }!.index
    try counter.setUpvalue(index, to: 10)
    try expectEqual(try counter(), 52)
    try expectEqual(try counter.upvalue(index), 10)
    try expectLuaError(.conversion) { _ = try counter.upvalue("count") as [Int] }
    for index in [0, -1, 99, .max, .min] {
      try expectLuaError(.runtime) { _ = try counter.upvalue(index) as Int }
      try expectLuaError(.runtime) { try counter.setUpvalue(index, to: 1) }
    }
    try expectContains(
      try expectLuaError(.runtime) { try counter.setUpvalue("nothing", to: 1) }.message, "no upvalue 'nothing'")
  },
  area("functions share an upvalue that is set") { lua in
    let (get, set): (LuaFunction, LuaFunction) = try lua.execute(
      "local x = {} for i = 1, 200 do x = i end return function() return x end, function(v) x = v end")
    try set(1) as Void
    try expectEqual(try get(), 1)
    try set.setUpvalue("x", to: ["a": 1])
    try expectEqual(try get(), ["a": 1])
    try expectEqual(try get.upvalue("x"), ["a": 1])
  },
  area("compiled code sees an upvalue that is set") { lua in
    let loop: LuaFunction = try lua.execute(
      "local k = 1 return function() local n = 0 for i = 1, 1000 do n = n + k end return n end")
    for _ in 1...5 { try expectEqual(try loop(), 1000) }
    try loop.setUpvalue("k", to: 2)
    for _ in 1...5 { try expectEqual(try loop(), 2000) }
  },
  area("upvalues of functions that are not of Lua are not set") { lua in
    let iterator: LuaFunction = try lua.eval("string.gmatch('a b', '%a')")
    _ = try iterator.upvalues
    for index in 1...4 { try expectLuaError(.runtime) { try iterator.setUpvalue(index, to: LuaValue.nil) } }
    try expectEqual(try iterator(), "a")
    for source in ["print", "coroutine.wrap(function() end)", "pcall", "string.rep", "debug.getinfo"] {
      let function: LuaFunction = try lua.eval("\(source)")
      for variable in try function.upvalues {
        try expectLuaError(.runtime) { try function.setUpvalue(variable.index, to: 1) }
      }
    }
  },
  area("a host function sees who has called it") { lua in
    let source = "local function inner(a)\n  local b = a\n  look()\n  return b\nend\nlocal x = inner(7)\nreturn x"
    let infos = try looking(lua, source) { try $0.map { try $0.info } }
    try expectEqual(infos.count, 3)
    try expectEqual(infos[0].function.kind, .host)
    try expectEqual(infos[0].name, "look")
    try expectEqual(infos[0].nameKind, "global")
    try expect(infos[0].line == nil)
    try expectEqual(infos[1].name, "inner")
    try expectEqual(infos[1].nameKind, "local")
    try expectEqual(infos[1].line, 3)
    try expectEqual(infos[1].function.lineDefined, 1)
    try expectEqual(infos[1].function.source, "@script.lua")
    try expectEqual(infos[2].function.kind, .mainChunk)
    try expectEqual(infos[2].line, 6)
  },
  area("outside of calls there is no stack") { lua in
    try expectEqual(try lua.stack.count, 0)
    try expect(try lua.traceback().isEmpty)
  },
  area("a tail call shows where the engine tells") { lua in
    let source =
      "local function inner() look() return 1 end\nlocal function outer() return inner() end\nlocal x = outer()"
    let infos = try looking(lua, source) { try $0.map { try $0.info } }
    let isMarked = infos[1].isTailCall == true, isReplaced = infos.contains { $0.function.kind == .tailCall }
    try expect(isMarked || isReplaced || lua.engine.capabilities.contains(.jit), "\(infos)")
    try looking(lua, source) { stack in
      for frame in stack where try frame.info.function.kind == .tailCall {
        try expectEqual(try frame.locals.count, 0)
        try expectLuaError(.runtime) { _ = try frame.function }
        try expectLuaError(.runtime) { try frame.setLocal(1, to: 1) }
      }
    }
  },
  area("local variables can be read and set") { lua in
    let source = """
      local result = 0
      local function work(a, b)
        local x = a + b
        do local hidden = 1 end
        for i = 1, 1 do local x = 'inner' look() result = {a, x, i} end
        result[4] = x
        local later = 1
      end
      work(1, 2)
      function check() return result[1], result[2], result[3], result[4] end
      """
    try looking(lua, source) { stack in
      let frame = stack[1]
      try expectEqual(try frame.locals.map(\.name), ["a", "b", "x", "i", "x"])
      try expectEqual(try frame.local("a"), 1)
      try expectEqual(try frame.local("x"), "inner")
      try frame.setLocal("x", to: "outer")
      try frame.setLocal("a", to: [1, 2])
      try frame.setLocal(try frame.locals.first { $0.name == "x" }!.index, to: 30)
      for name in ["hidden", "later", "nothing", "", "(for state)", "(for index)", "(temporary)", "(*temporary)"] {
        try expectLuaError(.runtime) { _ = try frame.local(name) as LuaValue }
        try expectLuaError(.runtime) { try frame.setLocal(name, to: 1) }
      }
      for index in [0, -1, 100, 255, 256, .max, .min] {
        try expectLuaError(.runtime) { _ = try frame.local(index) as LuaValue }
        try expectLuaError(.runtime) { try frame.setLocal(index, to: 1) }
      }
      // The hidden variables of a loop are not to be touched.
      for index in 1...20 where try !frame.locals.contains(where: { $0.index == index }) {
        try expectLuaError(.runtime) { try frame.setLocal(index, to: "x") }
      }
      try expectEqual(try frame.local("i"), 1)
      try expectEqual(try stack[2].local("result"), 0)
    }
    let check: LuaFunction = try lua.globals["check"]
    let (list, inner, i, x): ([Int], String, Int, Int) = try check()
    try expectEqual(list, [1, 2])
    try expectEqual(inner, "outer")
    try expectEqual(i, 1)
    try expectEqual(x, 30)
  },
  area("functions of C and Swift have no local variables") { lua in
    let checked = try looking(lua, "pcall(function() look() end)") { stack in
      var checked = 0
      for frame in stack where try [.c, .host].contains(frame.info.function.kind) {
        try expectEqual(try frame.locals.count, 0)
        for index in 1...4 { try expectLuaError(.runtime) { try frame.setLocal(index, to: 1) } }
        checked += 1
      }
      return checked
    }
    try expect(checked > 0)
  },
  area("what a function was given for its dots") { lua in
    let values = try looking(lua, "local function f(a, ...) look() return a end f(1, 'x', nil, 3)") {
      try $0[1].variadicArguments
    }
    try expect(values.count == 0 || (values.count == 3 && values[0] == "x" && values[1].isNil), "\(values)")
    try expectEqual(values.count, try lua.eval("_VERSION == 'Lua 5.1' and not jit and 0 or 3"))
  },
  area("the function of a frame can be called") { lua in
    let function = try looking(lua, "local function f(a) look() return a end f(1)") { try $0[1].function }
    try expectEqual(try function.info.lineDefined, 1)
    try lua.globals.set("look", to: lua.function {})
    try expectEqual(try function(5), 5)
  },
  area("a frame is over when its call has returned") { lua in
    var frames: [LuaFrame] = []
    let look = try lua.function { (lua: LuaRuntime, isFirst: Bool) in
      if isFirst { frames = Array(try lua.stack) }
      for frame in frames {
        if isFirst {
          _ = try frame.info
        } else {
          try expectLuaError(.runtime) { _ = try frame.info }
          try expectLuaError(.runtime) { _ = try frame.locals }
          try expectLuaError(.runtime) { _ = try frame.function }
          try expectLuaError(.runtime) { try frame.setLocal("a", to: 1) }
        }
      }
    }
    let twice: LuaFunction = try lua.execute(
      "local look = ... return function() local function f(a) look(a) return a end f(true) f(false) end", look)
    try twice() as Void
    try twice() as Void
    for frame in frames {
      try expectContains(try expectLuaError(.runtime) { _ = try frame.info }.message, "has returned")
      try expectLuaError(.runtime) { _ = try frame.variadicArguments }
    }
    lua.close()
    for frame in frames { try expectLuaError(.closed) { _ = try frame.info } }
    try expectLuaError(.closed) { _ = try lua.stack }
    try expectLuaError(.closed) { _ = try lua.traceback() }
  },
  area("a frame is good in calls that its host function makes") { lua in
    let look = try lua.function { (lua: LuaRuntime, f: LuaFunction) in
      let frame = try lua.stack[1]
      let inner = try lua.function { (lua: LuaRuntime) in
        try expectEqual(try frame.local("x"), 5)
        try expectEqual(try frame.info.line, 3)
        let own = try lua.stack[1]
        try expectEqual(try own.local("depth"), 0)
        try frame.setLocal("x", to: try frame.local("x") + 1)
        try expectEqual(try lua.eval("...", frame.local("x") as Int), 6)
      }
      try f(inner) as Void
      let coroutine = try (lua.eval("function(f, inner) f(inner) end") as LuaFunction).coroutine(f, inner)
      try frame.setLocal("x", to: 5)
      _ = try coroutine.next() as LuaValue?
      try expectEqual(try frame.local("x"), 6)
    }
    try lua.execute(
      """
      local look = ... local function deep(n, f) local depth = n if n > 0 then deep(n - 1, f) else f() end end
      local x = 5
      look(function(f) deep(10, f) end)
      assert(x == 6)
      """, look)
  },
  area("a coroutine shows where it waits") { lua in
    let work: LuaFunction = try lua.execute(
      """
      return function(a)
        local b = a * 2
        local c = coroutine.yield(b)
        coroutine.yield(c, b)
        error('ended')
      end
      """)
    let co = try work.coroutine(4)
    try expectEqual(try co.stack.count, 0)
    _ = try co.next() as Int?
    let stack = try co.stack, frame = stack[stack.count - 1]
    try expectEqual(try frame.info.line, 3)
    try expectEqual(try frame.locals.map(\.name), ["a", "b"])
    try frame.setLocal("b", to: 9)
    try expectContains("\(try co.traceback())", ":3: in function")
    try expectEqual(try co.send("c"), ["c", 9] as LuaValues)
    try expectEqual(try co.stack[stack.count - 1].local("c"), "c")
    try expectLuaError(.runtime) { _ = try co.next() as Int? }
    _ = try co.stack.map { try $0.info }
    try co.close()
    for frame in try co.stack { _ = try frame.info }
    for frame in stack { do { _ = try frame.locals } catch is LuaError {} }
  },
  area("a frame of a coroutine is over when something else runs there") { lua in
    let work: LuaFunction = try lua.execute(
      """
      local function one() local x = 1 coroutine.yield() return x end
      local function two() local y = 2 coroutine.yield() return y end
      return function() local r = one() r = two() coroutine.yield() end
      """)
    let co = try work.coroutine()
    _ = try co.next() as LuaValue?
    let stack = try co.stack, frame = stack[stack.count - 2]
    try expectEqual(try frame.local("x"), 1)
    _ = try co.next() as LuaValue?
    try expectLuaError(.runtime) { _ = try frame.local("x") as Int }
    _ = try co.next() as LuaValue?
    try expectLuaError(.runtime) { try frame.setLocal(1, to: 1) }
    try expectEqual(try stack[stack.count - 1].local("r"), 2)
  },
  area("the stack of a coroutine that runs, or has resumed another") { lua in
    let check = try lua.function { (lua: LuaRuntime, own: LuaCoroutine, outer: LuaCoroutine?) in
      try expectEqual(try own.stack[1].local("mine"), "inner")
      try expectEqual(try lua.stack[1].local("mine"), "inner")
      guard let outer else { return }
      try expect(try outer.stack.contains { try $0.locals.contains { $0.name == "mine" && $0.value == "outer" } })
    }
    try lua.execute(
      """
      local check = ...
      local outer
      outer = coroutine.create(function()
        local mine = 'outer'
        local inner
        inner = coroutine.create(function() local mine = 'inner' check(inner, outer) return mine end)
        assert(coroutine.resume(inner))
        return mine
      end)
      assert(coroutine.resume(outer))
      """, check)
  },
  area("a traceback on demand") { lua in
    var text = ""
    try lua.globals.set("trace", to: lua.function { (lua: LuaRuntime) in text = "\(try lua.traceback())" })
    try lua.compile("local function f()\n  trace()\n  return 1\nend\nlocal x = f()", name: "@script.lua")() as Void
    try expectContains(text, "stack traceback:\n", "'trace'", "script.lua:2: in ", "script.lua:5: in main chunk")
  },
]
