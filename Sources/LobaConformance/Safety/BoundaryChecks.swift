internal import LobaCore
internal import LobaSoak

// What crosses the boundary stays what it is, whatever runs meanwhile.

private let area = Area("boundary")

private struct Boom: Error, Equatable {
  let number: Int
}

private func text(_ number: Int) -> String { "\(number) " + String(repeating: "text", count: 60) }

private final class Texts {
  var count: Int
  init(_ count: Int) { self.count = count }
}

/// Runs the function that it is read from.
private struct Runner: LuaConstructible {
  static func construct(from reader: LuaReader) throws -> Runner {
    try reader.read(as: LuaFunction.self)() as Void
    return Runner()
  }
}

let boundaryChecks: [ConformanceCheck] = [
  area.engine("results written while scripts run keep their bytes") { engine in
    // A filter, handlers and conversions that call Lua while the results of the call wait.
    func describe(_ lua: LuaRuntime) throws {
      try lua.register(
        LuaClass<Texts>("Texts") {
          $0.initializer { Texts(8) }
          $0.method("all") { (texts) in LuaValues((0..<texts.count).map { .string(LuaString(text($0))) }) }
          $0.property("many", get: { texts in LuaValues((0..<texts.count).map { .string(LuaString(text($0))) }) })
          $0.property("one", get: { _ in text(0) })
        })
    }
    var configuration = LuaConfiguration.standard
    configuration.memberAccess = .filter { _, name, _ in name }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try describe(lua)
    let spell = String(repeating: "x", count: 900)
    try lua.globals.set("spell", to: lua.function { (n: Int) -> String in "\(n) \(spell)" })
    let texts = try lua.execute(
      "local t = Texts() local r = {t.many} for i = 1, 40 do spell(i) end r[#r + 1] = t.one return #r, r[1], r[2]")
    try expectEqual(texts[0], 2)
    try expectEqual(texts[1].as(String.self), text(0))
    try expectEqual(texts[2].as(String.self), text(0))
    let all: [String] = try lua.eval("(function() local t = Texts() return {t:all()} end)()")
    try expectEqual(all, (0..<8).map(text))
  },
  area("a host call that uses Lua between its results gives them all") { lua in
    struct Busy: LuaRepresentable {
      let number: Int
      func write(to writer: inout LuaWriter) throws {
        let echo: LuaFunction = try writer.runtime.eval("function(...) return ... end")
        let back: String = try echo(text(number))
        let nested = try writer.runtime.function { (n: Int) in LuaValues((0..<n).map { .string(LuaString(text(-$0))) })
        }
        let values: LuaValues = try nested(12)
        try expectEqual(values.count, 12)
        try writer.write(back)
      }
    }
    let f = try lua.function { () -> (Busy, Busy, Busy, Busy) in
      (Busy(number: 1), Busy(number: 2), Busy(number: 3), Busy(number: 4))
    }
    let (a, b, c, d): (String, String, String, String) = try f()
    try expectEqual([a, b, c, d], (1...4).map(text))
    let table = try lua.table(from: (0..<30).map { Busy(number: $0) })
    try expectEqual(table.as([String].self), (0..<30).map(text))
  },
  area("texts of objects leave no memory behind within one call") { lua in
    final class Long: CustomStringConvertible {
      var description: String { String(repeating: "long ", count: 200) }
    }
    try lua.globals.set("object", to: lua.wrap(Long()))
    try expectMemoryWithin(20_000_000) { try lua.execute("for i = 1, 50000 do tostring(object) end") }
  },
  area("results that cannot be pushed leave no memory behind within one call") { lua in
    let give = try lua.function { () -> (String, String, String) in
      let text = String(repeating: "y", count: 1000)
      return (text + "1", text + "2", text + "3")
    }
    let script: LuaFunction = try lua.eval("function(give) for i = 1, 30000 do pcall(give) end end")
    lua.memoryLimit = lua.memoryUsed + 3000
    try expectMemoryWithin(20_000_000) {
      do { try script(give) as Void } catch let error as LuaError { try expectEqual(error.kind, .memory) }
    }
    lua.memoryLimit = nil
  },
  area("results for which there is no room are let go of") { lua in
    let counter = LifetimeCounter()
    let give = try lua.function { () throws -> LuaValues in
      let object = LuaValue.userdata(try lua.wrap(counter.makeTracker()))
      return LuaValues(repeatElement(object, count: 300))
    }
    // In a coroutine of its own, whose stack has to grow for them.
    let script: LuaFunction = try lua.eval(
      "function(give) return coroutine.wrap(function() return (select('#', give())) end)() end")
    try expectEqual(script(give), 300)  // from now on there are references enough
    var failures = 0
    for n in 0..<200 {
      lua.failAllocations(after: n)
      let count = try? script(give) as Int
      lua.failAllocations(after: -1)
      try lua.collectGarbage()
      try expectEqual(counter.alive, 0, "results are held after \(n) allocations")
      if count == 300 { break }
      failures += 1
    }
    try expect(failures > 0 && failures < 200, "\(failures) failures")
  },

  // MARK: errors

  area("an error that was caught does not come back for a later one of the same text") { lua in
    let fail = try lua.function { () throws -> Void in throw LuaError(message: "same", underlying: Boom(number: 1)) }
    for script in [
      "pcall(...) error('same', 0)",
      "pcall(...) local function f() error('same', 0) end f()",
      "local fail = ... pcall(fail) coroutine.wrap(function() end)() error('same', 0)",
      "local fail = ... coroutine.resume(coroutine.create(function() fail() end)) error('same', 0)",
      "local fail = ... xpcall(fail, function(e) return e end) error('same', 0)",
    ] {
      let error = try expectLuaError(.runtime) { try lua.execute(script, fail) }
      try expect(error.underlying == nil, script)
      try expect(!error.traceback.isEmpty, script)
      try expectEqual(error.message, "same")
    }
    // In a coroutine that Swift resumes.
    let f: LuaFunction = try lua.eval("function(fail) pcall(fail) error('same', 0) end")
    let late = try expectLuaError(.runtime) { _ = try f.coroutine(fail).next() as Int? }
    try expect(late.underlying == nil && !late.traceback.isEmpty)
    // And one that nothing catches is that one.
    for script in ["local fail = ... fail()", "local fail = ... return setmetatable({}, {__index = fail}).x"] {
      let error = try expectLuaError(.runtime) { try lua.execute(script, fail) }
      try expectEqual(error.underlying as? Boom, Boom(number: 1))
    }
    let g: LuaFunction = try lua.eval("function(fail) coroutine.yield(1) fail() end")
    let co = try g.coroutine(fail)
    _ = try co.next() as Int?
    let direct = try expectLuaError(.runtime) { _ = try co.next() as Int? }
    try expectEqual(direct.underlying as? Boom, Boom(number: 1))
  },
  area("errors of the same table are told apart by who raises it") { lua in
    let value = try lua.table(fields: ["code": 7])
    let fail = try lua.function { () throws -> Void in
      throw LuaError(message: "table", value: .table(value), underlying: Boom(number: 2))
    }
    let caught = try expectLuaError(.runtime) { try lua.execute("local _, e = pcall(...) error(e)", fail) }
    try expectEqual(caught.value, .table(value))
    try expect(caught.underlying == nil)
    let direct = try expectLuaError(.runtime) { try lua.execute("(...)()", fail) }
    try expectEqual(direct.underlying as? Boom, Boom(number: 2))
  },
  area("a real lack of memory is one, and its text alone is not") { lua in
    let fail = try lua.function { () throws -> Void in throw LuaError(message: "not enough memory") }
    try expectLuaError(.runtime) { try lua.execute("error('not enough memory', 0)") }
    try expectLuaError(.runtime) { try lua.execute("(...)()", fail) }
    let f: LuaFunction = try lua.eval("function() error('not enough memory', 0) end")
    try expectLuaError(.runtime) { try f() as Void }
    try expectLuaError(.runtime) { _ = try f.coroutine().next() as Int? }
    lua.memoryLimit = lua.memoryUsed + 50_000
    let error = try expectLuaError(.memory) {
      try lua.execute("pcall(...) local t = {} for i = 1, 1e6 do t[i] = {} end", fail)
    }
    try expectContains(error.message, "not enough memory")
    lua.memoryLimit = nil
    try expectLuaError(.runtime) { try f() as Void }
  },
  area("finalizers that raise do so as errors of calls, whatever is made meanwhile") { lua in
    struct Refused: Error {}
    try lua.globals.set("refuse", to: lua.function { () throws -> Int in throw Refused() })
    let (length, pass): (LuaFunction, LuaFunction) = try lua.execute(
      """
      local newproxy, setmetatable, getmetatable, error, refuse = newproxy, setmetatable, getmetatable, error, refuse
      local function finalize() error('finalizer', 0) end
      local metatable = {__gc = finalize}
      local function litter()
        if newproxy then getmetatable(newproxy(true)).__gc = finalize else setmetatable({}, metatable) end
      end
      return function(s) litter() return #s end, function(s) litter() return refuse(s) end
      """)
    var (done, raised) = (0, 0)
    func expectFinalizer(_ error: LuaError) throws {
      try expectContains(error.message, "finalizer")
      raised += 1
    }
    for i in 0..<3000 {
      let text = String(repeating: "x", count: 900 + i % 100) + String(i)
      do {
        try expectEqual(try length(text) as Int, text.utf8.count)
        done += 1
      } catch let error as LuaError { try expectFinalizer(error) }
      do {
        _ = try pass(text) as Int
        try expect(false)
      } catch is Refused { done += 1 } catch let error as LuaError { try expectFinalizer(error) }
      do { try lua.globals.set("text", to: text) } catch let error as LuaError { try expectFinalizer(error) }
    }
    try expect(done > 3000, "\(done) done, \(raised) raised")
    // On Lua 5.4 they are warnings.
    try expect(raised > 0 || lua.engine.version >= (5, 4), "\(done) done, \(raised) raised")
    while (try? lua.collectGarbage()) == nil {}
  },
  area("an error is raised, or let go of, whatever finalizers do just before") { lua in
    // Deinits run while room for the error is made, once many objects have been finalized; then there is no memory for it.
    final class Taker {
      let lua: LuaRuntime
      let isArmed: () -> Bool
      init(_ lua: LuaRuntime, _ isArmed: @escaping () -> Bool) { (self.lua, self.isArmed) = (lua, isArmed) }
      deinit { if isArmed() { lua.memoryLimit = 1 } }
    }
    let counter = LifetimeCounter()
    var isArmed = false
    let make = try lua.function { [unowned lua] () in try LuaValue.userdata(lua.wrap(Taker(lua) { isArmed })) }
    let fail = try lua.function { () throws -> Void in
      isArmed = true
      throw counter.makeTracker()
    }
    let script: LuaFunction = try lua.eval(
      """
      function(make, fail)
        local all = {}
        for i = 1, 3000 do all[i] = make() end
        all = nil
        collectgarbage()
        make()
        fail()
      end
      """)
    for _ in 0..<20 {
      do {
        try script(make, fail) as Void
      } catch is LifetimeTracker {
      } catch let error as LuaError {
        try expectEqual(error.kind, .memory)
      }
      isArmed = false
      lua.memoryLimit = nil
    }
    for _ in 0..<3 {
      try lua.collectGarbage()
      lua.memoryLimit = nil
    }
    _ = try? lua.execute("error('another', 0)")  // the last error may be kept until there is one
    try expectEqual(counter.alive, 0)
  },
  area("an error whose deinit runs a script, when others come") { lua in
    final class Loud: Error, @unchecked Sendable {
      let lua: LuaRuntime
      init(_ lua: LuaRuntime) { self.lua = lua }
      deinit {
        _ = try? lua.execute("error('from a deinit', 0)")
        _ = try? lua.eval("1 + 1") as Int
      }
    }
    let fail = try lua.function { [unowned lua] (n: Int) throws -> Void in
      throw n == 0 ? LuaError(message: "by value", underlying: Loud(lua)) : LuaError(message: "number \(n)")
    }
    for n in 1..<30 {
      let error = try expectLuaError(.runtime) {
        try lua.execute("local fail, n = ... pcall(fail, 0) pcall(fail, 0) fail(n)", fail, n)
      }
      try expectEqual(error.message, "number \(n)")
      let byValue = try expectLuaError(.runtime) { try lua.execute("(...)(0)", fail) }
      try expectEqual(byValue.message, "by value")
    }
  },
  area("a conversion that calls a failing function inside of a dictionary throws its error") { lua in
    let table = try lua.table(fields: ["a": lua.eval("function() error('inner', 0) end") as LuaFunction])
    for _ in 0..<3 {
      let error = try expectLuaError(.runtime) { _ = try table.as([String: Runner].self) }
      try expectEqual(error.message, "inner")
    }
    // A table that can be called is not taken for a message handler.
    let called = try lua.table()
    try table.setMetatable(lua.table(fields: ["__call": lua.function { (_: LuaValues) in try called.set(1, to: 1) }]))
    let error = try expectLuaError(.runtime) { _ = try table.as([String: Runner].self) }
    try expectEqual(error.message, "inner")
    try expectEqual(called.count, 0)
  },

  // MARK: coroutines

  area("a coroutine that Swift has closed is dead for everybody") { lua in
    try lua.execute("function body(n) for i = 1, n do coroutine.yield(i) end end")
    try lua.execute("co = coroutine.create(body) coroutine.resume(co, 5)")
    let co: LuaCoroutine = try lua.globals.co
    let other: LuaCoroutine = try lua.globals.co
    try co.close()
    try expectEqual(co.status, .dead)
    try expectEqual(other.status, .dead)
    let (ok, message): (Bool, String) = try lua.eval("coroutine.resume(co)")
    try expect(!ok)
    try expectEqual(message, "cannot resume dead coroutine")
    try expectEqual(lua.eval("coroutine.status(co)"), "dead")
    try expect(try other.next() as Int? == nil)
    try expectLuaError(.coroutine) { _ = try other.send(1) as Int }
    try co.close()
    // One that wrap has made, and one that has not been started.
    try lua.execute(
      "wrapped = coroutine.wrap(function() co = coroutine.running() coroutine.yield(1) coroutine.yield(2) end) wrapped()"
    )
    try (lua.globals.co as LuaCoroutine).close()
    try expectLuaError(.runtime) { try lua.execute("wrapped()") }
    let fresh: LuaCoroutine = try lua.eval("coroutine.create(body)")
    try fresh.close()
    try expectEqual(fresh.status, .dead)
    try expect(try fresh.next() as Int? == nil)
    // Others are as alive as before.
    let alive: LuaFunction = try lua.globals.body
    try expectEqual(alive.coroutine(3).collect(), [1, 2, 3])
  },
  area("closing from another thread while the runtime is in use leaves the coroutine alive") { lua in
    let co = try (lua.eval("function() coroutine.yield(1) coroutine.yield(2) end") as LuaFunction).coroutine()
    try expectEqual(co.next(), 1)
    let f = try lua.function { () -> Bool in
      var isRefused = false
      onAnotherThread {
        do { try co.close() } catch let error as LuaError { isRefused = error.kind == .wrongThread } catch {}
      }
      return isRefused
    }
    try expect(try f())
    try expectEqual(co.status, .suspended)
    try expectEqual(co.next(), 2)
  },
  area("first arguments are kept until the coroutine has started") { lua in
    let f: LuaFunction = try lua.eval("function(...) coroutine.yield(select('#', ...)) end")
    let long = String(repeating: "long", count: 1000)
    for count in [1, 3, 12, 200] {
      let co = try f.coroutine(LuaValues((0..<count).map { .string(LuaString("\($0) \(long)")) }))
      var failures = 0
      for n in 0..<2000 {
        lua.failAllocations(after: n)
        defer { lua.failAllocations(after: -1) }
        do {
          let given: Int? = try co.next()
          lua.failAllocations(after: -1)
          try expectEqual(given, count)
          break
        } catch let error as LuaError where error.kind == .memory {
          failures += 1
          if co.status == .dead { break }
        }
      }
      try expect(failures > 0 || count == 1, "\(count) arguments: nothing failed")
    }
  },
  area("an error thrown into a coroutine comes out as itself, or is caught") { lua in
    let f: LuaFunction = try lua.eval(
      "function() local ok, e = pcall(function() coroutine.yield(1) end) coroutine.yield(tostring(e)) error('thrown', 0) end"
    )
    let thrown = LuaError(message: "thrown", underlying: Boom(number: 3))
    if lua.engine.capabilities.contains(.yieldAcrossPcall) {
      let co = try f.coroutine()
      _ = try co.next() as Int?
      try expectEqual(co.throw(thrown) as String, "thrown")
      let later = try expectLuaError(.runtime) { _ = try co.next() as String? }
      try expect(later.underlying == nil, "an error that was caught came back")
    }
    let g: LuaFunction = try lua.eval("function() coroutine.yield(1) end")
    let plain = try g.coroutine()
    _ = try plain.next() as Int?
    let itself = try expectLuaError(.runtime) { try plain.throw(thrown) }
    try expectEqual(itself.underlying as? Boom, Boom(number: 3))
    try expectError(Boom(number: 4)) { try g.coroutine().throw(Boom(number: 4)) }
    let again = try expectLuaError(.runtime) { try lua.execute("error('thrown', 0)") }
    try expect(again.underlying == nil)
  },

  // MARK: handles and little stack

  area("the places of handles that have been let go are used again") { lua in
    let kept = try (0..<100).map { try lua.table($0) }
    try lua.collectGarbage()
    let before = lua.memoryUsed
    for i in 0..<20_000 { try expectEqual(lua.table(i).count, 1) }
    try lua.collectGarbage()
    try expect(lua.memoryUsed < before + 100_000, "\(lua.memoryUsed - before) bytes more")
    for (i, table) in kept.enumerated() { try expectEqual(table[1], i) }
  },
  area.engine("handles in a set stay what they are when the runtime closes") { engine in
    let lua = try LuaRuntime(engine: engine)
    let tables = try (0..<9000).map { try lua.table($0) }  // more than lie on a stack
    func another(_ table: LuaTable) throws -> LuaTable { try lua.eval("...", table) }
    let (same, sameAsLast) = (try another(tables[0]), try another(tables[8999]))
    let function: LuaFunction = try lua.eval("print")
    let set = Set<LuaHandle>(tables + [function])
    let values = Set<LuaValue>(tables.map { .table($0) })
    let names = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($1 as LuaHandle, $0) })
    lua.close()
    for (i, table) in tables.enumerated() {
      try expect(set.contains(table) && values.contains(.table(table)))
      try expectEqual(names[table], i)
    }
    try expect(set.contains(function))
    try expect(same == tables[0] && same != tables[1] && set.contains(same))
    try expect(sameAsLast == tables[8999] && sameAsLast != tables[8998] && sameAsLast != same)
    try expectEqual([names[same], names[sameAsLast]], [0, 8999])
    try expect(same.identity == nil)
  },
  area("what cannot fail does not lie with little stack left") { lua in
    let table = try lua.table(
      1, 2, 3,
      fields: [
        "a": lua.table(), "f": lua.eval("function() end") as LuaFunction,
        "c": lua.eval("coroutine.create(function() end)") as LuaCoroutine,
      ])
    try withLittleStack {
      try expectEqual(table.count, 3)
      try expectEqual(table.entries.count, 6)
      try expectEqual(table.keys.count, 6)
      try expectEqual(table.values.count, 6)
      try expect(!table.isEmpty)
      try expectLuaError(.stackOverflow) { _ = try lua.eval("1") as Int }
    }
  },
  area("many results held at once by conversions that call Lua") { lua in
    struct Nested: LuaConstructible {
      let depth: Int
      static func construct(from reader: LuaReader) throws -> Nested {
        let n: Int = try reader.read()
        if n == 0 { return Nested(depth: 0) }
        let f: LuaFunction = try reader.runtime.eval("function(n) return n, 'a' .. n, 'b', {}, 'c', {}, 'd', {} end")
        let (inner, text, _, _, _, _, _, _): (Nested, String, String, LuaTable, String, LuaTable, String, LuaTable) =
          try f(n - 1)
        try expectEqual(text, "a\(n - 1)")
        return Nested(depth: inner.depth + 1)
      }
    }
    let deep: Nested = try lua.eval("100")
    try expectEqual(deep.depth, 100)
    let call = try lua.function { (n: Nested) in n.depth }
    try expectEqual(call(60), 60)
  },

  // MARK: the safe libraries

  area.engine("the safe libraries reach no files and load no binary chunks") { engine in
    let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: .safe))
    defer { lua.close() }
    for name in ["dofile", "loadfile", "io", "os", "require", "package", "debug", "ffi", "jit"] {
      try expect((lua.globals[name] as LuaValue).isNil, name)
    }
    let script = """
      local f = string.dump(function() return 42 end)
      local load = ...
      local function refused(g, message)
        assert(g == nil and (message:find('binary') or message:find('mode')), message)
      end
      local function reader(text, size)
        return function() local part = text:sub(1, size) text = text:sub(size + 1) return part end
      end
      if loadstring then
        refused(loadstring(f))
        assert(loadstring('return 1 + 1')() == 2)
      end
      if load then
        for _, size in ipairs{1, 7, 100000} do
          refused(load(reader(f, size)))
          refused(load(reader(f, size), 'name'))
          assert(load(reader('return 1 + 1', size))() == 2)
        end
        local first = true
        assert(load(function() if first then first = false return '' end end))
        local ok, message = load(function() error('broken', 0) end)
        assert(ok == nil and message == 'broken')
        local ok, message = load(function() return {} end)
        assert(ok == nil and message:find('string'))
      end
      """
    try lua.execute(script, lua.globals["load"] as LuaValue)
    if engine.capabilities.contains(.integers) || engine.capabilities.contains(.jit) {
      try lua.execute(
        """
        local f = string.dump(function() return 42 end)
        for _, mode in ipairs{'b', 'bt', 't', 'tb', ''} do
          local g, message = load(f, 'name', mode)
          assert(g == nil and (message:find('binary') or message:find('mode')), mode)
        end
        assert(load(f, 'name', nil) == nil and load(f) == nil)
        assert(load('return x', 'name', 't', {x = 5})() == 5)
        assert(load('return x', 'name', nil, {x = 5})() == 5)
        assert(load('return 1')() == 1)
        assert(load('return 1', 'name', 'b') == nil)
        """)
    }
    let standard = try LuaRuntime(engine: engine)
    defer { standard.close() }
    try expectEqual(standard.eval("(loadstring or load)(string.dump(function() return 42 end))()"), 42)
  },
]

/// Fails if the process needs more memory during the body than a bound.
private func expectMemoryWithin(
  _ bound: Int, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void
) throws {
  let before = residentMemory()
  try body()
  if let before, let after = residentMemory() {
    try expect(after - before < bound, "\(after - before) bytes more", file: file, line: line)
  }
}

/// Runs a body on a thread of which hardly any stack is left.
private func withLittleStack(_ body: () throws -> Void) throws {
  var failure: (any Error)?
  onAnotherThread {
    do { try descend(body) } catch { failure = error }
  }
  if let failure { throw failure }
}

@inline(never)
private func descend(_ body: () throws -> Void) throws {
  if LuaRuntime.stackLeft < 40 << 10 { return try body() }
  try withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { bytes in
    bytes.initializeMemory(as: UInt8.self, repeating: 1)
    try descend(body)
  }
}
