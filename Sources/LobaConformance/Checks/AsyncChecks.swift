internal import LobaCore

private let area = Area("async")

private struct Refused: Error, Equatable {}

private class Document {
  let name: String
  init(_ name: String) { self.name = name }
}

private final class Letter: Document {}

extension LuaRuntime {
  /// Functions of the scripts below: `nap(…)` gives its arguments after a while, `fail()` throws.
  fileprivate func openNaps() throws {
    try globals.set(
      "nap",
      to: asyncFunction { (values: LuaValues) -> LuaValues in
        await Task.yield()
        return values
      })
    try globals.set(
      "fail",
      to: asyncFunction { () -> Void in
        await Task.yield()
        throw Refused()
      })
  }
}

/// Functions that wait, and coroutines that are waited for.
let asyncChecks: [ConformanceCheck] = [
  area.waits("an asynchronous function gives its result to the script that has called it") { lua in
    try lua.globals.set(
      "add",
      to: lua.asyncFunction { (a: Int, b: Int) in
        await Task.yield()
        return a + b
      })
    let f: LuaFunction = try lua.eval("function(n) local sum = 0 for i = 1, n do sum = add(sum, i) end return sum end")
    try expectEqual(try await f.callAsync(100) as Int, 5050)
    let g: LuaFunction = try lua.eval("function(...) return select('#', ...), add(1, 2) end")
    let (count, three): (Int, Int) = try await g.callAsync("a", nil as Int?)
    try expectEqual([count, three], [2, 3])
    let value = try await g.callAsync()
    try expectEqual(value, 0)
    try expectEqual(try await g.callAsync(1) as LuaValues, [1, 3])
    let nothing: Void = try await g.callAsync()
    _ = nothing
  },
  area.waits("any number of parameters, a runtime among them, and results of any type") { lua in
    let none = try lua.asyncFunction { () -> (Int, String) in (1, "one") }
    let three = try lua.asyncFunction { (lua: LuaRuntime, a: String, rest: LuaValues) in
      try lua.table(from: [a, "\(rest.count)"])
    }
    let four = try lua.asyncFunction { (a: Int, b: Int?, c: [Int], d: LuaValue) in
      a + (b ?? 10) + c.count + (d == .nil ? 0 : 1)
    }
    let f: LuaFunction = try lua.eval("function(f, ...) return f(...) end")
    let (one, text): (Int, String) = try await f.callAsync(none)
    try expect(one == 1 && text == "one")
    try expectEqual(try await f.callAsync(three, "a", 1, 2) as [String], ["a", "2"])
    try expectEqual(try await f.callAsync(four, 1, nil as Int?, [1, 2]) as Int, 13)
    // Called itself.
    try expectEqual(try await four.callAsync(1, 2, [3], 4) as Int, 5)
  },
  area.waits("what the function throws can be caught, and arrives as itself") { lua in
    try lua.openNaps()
    let caught: LuaFunction = try lua.eval(
      "function() local ok, e = pcall(fail) local again, f = pcall(function() fail() end) return ok, again, rawequal(e, f) end"
    )
    let (first, second, _): (Bool, Bool, Bool) = try await caught.callAsync()
    try expect(!first && !second)
    let failing: LuaFunction = try lua.eval("function() nap(1) fail() end")
    do {
      try await failing.callAsync()
      try expect(false, "nothing was thrown")
    } catch is Refused {}
    let raising: LuaFunction = try lua.eval("function() nap(1) error({code = 7}) end")
    do {
      try await raising.callAsync()
      try expect(false, "nothing was thrown")
    } catch let error as LuaError {
      try expectEqual(try error.value.as(LuaTable.self)["code"] as Int, 7)
    }
  },
  area.waits("a wrong argument is told of where the script has called") { lua in
    try lua.globals.set("sleep", to: lua.asyncFunction { (seconds: Double) in _ = seconds })
    let f: LuaFunction = try lua.execute("local function f()\n sleep('long') return 1 end return f", name: "=zombie")
    do {
      try await f.callAsync()
      try expect(false, "nothing was thrown")
    } catch let error as LuaError {
      try expectEqual(error.kind, .conversion)
      try expectContains(error.message, "zombie:2: bad argument #1 to 'sleep'")
    }
  },
  area.waits("it waits through pcall, xpcall and coroutines of the script's own") { lua in
    try lua.openNaps()
    let f: LuaFunction = try lua.eval(
      """
      function()
        local results = {}
        local function add(...) for i = 1, select('#', ...) do results[#results + 1] = tostring((select(i, ...))) end end
        add(pcall(nap, 1, 2))
        add(pcall(function() local a = nap('x') return pcall(function() return a, nap('y') end) end))
        add(xpcall(function() nap() error('oh', 0) end, function(e) return 'handled ' .. e end))
        add(select('#', pcall(nap)), select('#', pcall(nap, nil, nil)))
        local co = coroutine.create(function(a) local b = coroutine.yield(nap(a)) nap() return b, nap('end') end)
        add(coroutine.resume(co, 'first')) add(coroutine.status(co))
        add(coroutine.resume(co, 'second')) add(coroutine.status(co)) add(coroutine.resume(co))
        local numbers = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(nap(i)) end end)
        add(numbers(), numbers(), numbers())
        local outer = coroutine.wrap(function()
          local inner = coroutine.wrap(function() pcall(function() coroutine.yield(nap('in')) end) return nap('out') end)
          coroutine.yield((inner())) coroutine.yield((inner()))
        end)
        add(outer(), outer())
        add(pcall(coroutine.wrap(function() nap() error('through', 0) end)))
        return table.concat(results, ' ')
      end
      """)
    let text: String = try await f.callAsync()
    try expectEqual(
      text,
      "true 1 2 true true x y false handled oh 1 3 true first suspended true second end dead false "
        + "cannot resume dead coroutine 1 2 3 in out false through")
  },
  area.waits("what cannot wait says so, and the runtime goes on") { lua in
    try lua.openNaps()
    let direct = try expectLuaError(.coroutine) { try lua.execute("nap(1)") }
    try expectContains(direct.message, "callAsync")
    let co: LuaCoroutine = try (lua.eval("function() return nap(1) end") as LuaFunction).coroutine()
    try expectLuaError(.coroutine) { _ = try co.next() as LuaValue? }
    // Between them stands a function of Swift's that cannot wait.
    try lua.globals.set("call", to: lua.function { (f: LuaFunction) throws -> LuaValue in try f() })
    try lua.globals.set("next1", to: lua.function { (f: LuaFunction) throws -> LuaValue? in try f.coroutine().next() })
    let f: LuaFunction = try lua.eval(
      "function(name) local ok, e = pcall(function() return _G[name](function() return nap(1) end) end) return ok, tostring(e), nap(2) end"
    )
    for name in ["call", "next1"] {
      let (ok, message, two): (Bool, String, Int) = try await f.callAsync(name)
      try expect(!ok && two == 2)
      try expectContains(message, "cannot wait here")
    }
    let sorted: LuaFunction = try lua.eval(
      "function() local ok = pcall(table.sort, {1, 2, 3}, function(a, b) return nap(a < b) end) return ok, nap(3) end")
    let (ok, three): (Bool, Int) = try await sorted.callAsync()
    try expect(!ok && three == 3)
  },
  area.waits("where C stands between, the error says so") { lua in
    guard try lua.eval("coroutine.isyieldable ~= nil") as Bool else { return }  // where Lua tells
    try lua.openNaps()
    let f: LuaFunction = try lua.execute(
      "local function f()\n table.sort({1, 2}, function(a, b) local x = nap(true) return x end) return 1 end return f",
      name: "=list")
    do {
      try await f.callAsync()
      try expect(false, "nothing was thrown")
    } catch let error as LuaError {
      try expectEqual(error.kind, .coroutine)
      try expectContains(error.message, "list:2: ", "written in C")
    }
  },
  area.waits("coroutines are what they were, but for waiting") { lua in
    let script = """
      local results = {}
      local function add(...) for i = 1, select('#', ...) do results[#results + 1] = tostring((select(i, ...))) end end
      local w = coroutine.wrap(function() return 1 end)
      add(w()) add(pcall(w))
      local v v = coroutine.wrap(function() return pcall(v) end)
      add(v())
      add(pcall(coroutine.wrap(function() error({}, 0) end)) == false)
      add((pcall(function() coroutine.resume(1) end)), (pcall(function() coroutine.wrap(1) end)))
      local co = coroutine.create(function() error('oh', 0) end)
      add(coroutine.resume(co)) add(coroutine.resume(co)) add(coroutine.status(co))
      return table.concat(results, ' ')
      """
    let before: String = try lua.execute(script, name: "=script")
    try lua.openNaps()
    let after: String = try lua.execute(script, name: "=script")
    // Where the caller is named, it may be another of its lines.
    func words(_ text: String) -> [Substring] { text.split(separator: " ").filter { !$0.contains(":") } }
    try expectEqual(words(after), words(before))
  },
  area.waits("pcall of functions that yield themselves") { lua in
    try lua.openNaps()
    let f: LuaFunction = try lua.eval(
      """
      function()
        local w = coroutine.wrap(function() return pcall(coroutine.yield, 1) end)
        local first = w()
        local ok, second = w(5)
        return first, ok, second, pcall(nap, 7)
      end
      """)
    guard lua.engine.capabilities.contains(.yieldAcrossPcall) || lua.engine.identifier == "lua51" else { return }
    let results: LuaValues = try await f.callAsync()
    try expectEqual(results, [1, true, 5, true, 7])
    var yielded: [Int] = []
    let co: LuaCoroutine = try
      (lua.eval("function() pcall(coroutine.yield, 1) pcall(coroutine.yield, 2) end") as LuaFunction)
      .coroutine()
    for try await i in co.elements(as: Int.self) { yielded.append(i) }
    try expectEqual(yielded, [1, 2])
  },
  area.waits("coroutines that are let go of while they wait or yield are garbage") { lua in
    try lua.openNaps()
    let f: LuaFunction = try lua.eval(
      """
      function(n)
        for i = 1, n do
          local co = coroutine.create(function() pcall(function() coroutine.yield(nap(i)) end) end)
          coroutine.resume(co)
        end
      end
      """)
    try await f.callAsync(50)
    try lua.collectGarbage()
    let before = lua.memoryUsed
    try await f.callAsync(500)
    try lua.collectGarbage()
    try expect(lua.memoryUsed < before + 100_000, "\(lua.memoryUsed - before) bytes are left")
  },
  area.engine("a runtime is freed after a call that was cancelled") { engine in
    try waiting {
      let objects = LifetimeCounter()
      do {
        let lua = try LuaRuntime.forCheck(engine)
        let tracker = objects.makeTracker()
        try lua.globals.set("tracker", to: lua.wrap(tracker))
        try lua.globals.set(
          "work",
          to: lua.asyncFunction { (_: LuaRuntime, _: LuaValue) throws -> Void in
            withUnsafeCurrentTask { $0?.cancel() }
            try Task.checkCancellation()
          })
        let f: LuaFunction = try lua.eval("function() while true do pcall(work, {}) end end")
        do {
          try await f.callAsync()
          try expect(false, "nothing was thrown")
        } catch is CancellationError {}
      }
      try expectEqual(objects.alive, 0)
    }
  },
  area.engine("without coroutines there are no functions that wait") { engine in
    for libraries in [[], [.base], [.base, .string]] as [LuaLibraries] {
      let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: libraries))
      defer { lua.close() }
      guard try lua.globals["coroutine"] as LuaValue == .nil else { continue }
      let error = try expectLuaError(.engine) { _ = try lua.asyncFunction { () in 1 } }
      try expectContains(error.message, "coroutine library")
      try expectUsable(lua)
    }
  },
  area.waits("a script that resumes a coroutine which waits does not break it") { lua in
    try lua.openNaps()
    try lua.execute("co = coroutine.create(function() return nap('done') end)")
    try lua.globals.set(
      "meddle",
      to: lua.asyncFunction { (lua: LuaRuntime) throws -> LuaValues in try lua.execute("return coroutine.resume(other)")
      })
    try lua.execute("other = coroutine.create(function() return meddle() end)")
    let f: LuaFunction = try lua.eval("function() return coroutine.resume(other) end")
    let results: LuaValues = try await f.callAsync()
    try expectEqual(results.first, false)
    try expectContains(results[1].description, "dead")
    try expectEqual(try await (lua.eval("function() return nap(1) end") as LuaFunction).callAsync() as Int, 1)
  },
  area.waits("a function that yields to nobody is an error, and its coroutine is closed") { lua in
    let f: LuaFunction = try lua.eval("function() coroutine.yield(1) end")
    do {
      try await f.callAsync()
      try expect(false, "nothing was thrown")
    } catch let error as LuaError {
      try expectEqual(error.kind, .coroutine)
      try expectContains(error.message, "callAsync", "coroutine")
    }
  },
  area.waits("what a coroutine yields between two waits comes as an asynchronous sequence") { lua in
    try lua.openNaps()
    let f: LuaFunction = try lua.eval("function(n) for i = 1, n do nap() coroutine.yield(nap(i)) end end")
    var values: [Int] = []
    for try await i in try f.coroutine(4).elements(as: Int.self) { values.append(i) }
    try expectEqual(values, [1, 2, 3, 4])
    let mixed: LuaFunction = try lua.eval("function() coroutine.yield('a') nap() coroutine.yield(nil) return 'end' end")
    var all: [LuaValue] = []
    for try await value in try mixed.coroutine() { all.append(value) }
    try expectEqual(all, ["a", nil, "end"])
  },
  area.waits("several calls of one runtime wait side by side") { lua in
    final class Log { var entries: [String] = [] }
    let log = Log()
    try lua.globals.set("log", to: lua.function { (text: String) in log.entries.append(text) })
    try lua.globals.set(
      "turn",
      to: lua.asyncFunction { (name: String, other: LuaFunction?) in
        log.entries.append("\(name) begins")
        // Another call, while this one waits.
        if let other { try await other.callAsync() }
        log.entries.append("\(name) ends")
      })
    let f: LuaFunction = try lua.eval(
      "function() log('in') turn('a', function() turn('b', function() log('inmost') end) end) log('out') end")
    try await f.callAsync()
    try expectEqual(log.entries, ["in", "a begins", "b begins", "inmost", "b ends", "a ends", "out"])
  },
  area.waits("cancelling the task ends the script where it waits, whatever it catches") { lua in
    final class Counter { var count = 0 }
    let counter = Counter()
    let objects = LifetimeCounter()
    try lua.globals.set(
      "work",
      to: lua.asyncFunction { () throws -> Void in
        let tracker = objects.makeTracker()
        counter.count += 1
        withUnsafeCurrentTask { if counter.count == 3 { $0?.cancel() } }
        try Task.checkCancellation()
        tracker.touch()
      })
    let f: LuaFunction = try lua.eval("function() while true do pcall(work) end end")
    do {
      try await f.callAsync()
      try expect(false, "nothing was thrown")
    } catch is CancellationError {}
    try expectEqual(counter.count, 3)
    try expectEqual(objects.alive, 0)
  },
  area.waits("closing the runtime while a call waits is an error of the call") { lua in
    try lua.globals.set("close", to: lua.asyncFunction { (lua: LuaRuntime) in lua.close() })
    let f: LuaFunction = try lua.eval("function() close() return 1 end")
    do {
      try await f.callAsync()
      try expect(false, "nothing was thrown")
    } catch let error as LuaError {
      try expectEqual(error.kind, .closed)
    }
  },
  area.waits("a loop over a coroutine whose runtime is closed meanwhile throws, and does not end as if that were all") {
    lua in
    let f: LuaFunction = try lua.eval("function() for i = 1, 3 do coroutine.yield(i) end end")
    var values: [Int] = []
    do {
      for try await i in try f.coroutine().elements(as: Int.self) {
        values.append(i)
        if i == 2 { lua.close() }
      }
      try expect(false, "nothing was thrown")
    } catch let error as LuaError {
      try expectEqual(error.kind, .closed)
    }
    try expectEqual(values, [1, 2])
  },
  area.engine("methods of classes that wait, also inherited and where members are asked about") { engine in
    try waiting {
      for access in [LuaMemberAccess.open, .filter({ _, name, _ in name })] {
        var configuration = LuaConfiguration.standard
        configuration.memberAccess = access
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        defer { lua.close() }
        try lua.register(
          LuaClass<Document>("Document") {
            $0.initializer { (name: String) in Document(name) }
            $0.asyncMethod("load") { (document: Document) in
              await Task.yield()
              return document.name
            }
            $0.asyncMethod("save") { (document: Document, times: Int, name: String?) in
              await Task.yield()
              return String(repeating: name ?? document.name, count: times)
            }
          })
        try lua.register(LuaClass<Letter>("Letter", inheriting: Document.self) { $0.initializer { Letter("letter") } })
        let f: LuaFunction = try lua.eval(
          "function() local d = Document('paper') return d:load() .. d:save(2) .. d:save(1, '!') .. Letter():load() end"
        )
        try expectEqual(try await f.callAsync() as String, "paperpaperpaper!letter")
        let wrong: LuaFunction = try lua.eval("function() return Document('x'):save('often') end")
        do {
          try await wrong.callAsync()
          try expect(false, "nothing was thrown")
        } catch let error as LuaError {
          try expectContains(error.message, "bad argument #1 to 'Document.save'")
        }
        try expectLuaError(.coroutine) { try lua.execute("Document('x'):load()") }
      }
    }
  },
  area.engine("an actor's scripts wait, and others use it meanwhile") { engine in
    try waiting {
      let actor = try LuaActor(engine: engine) { lua in
        try lua.globals.set(
          "pause",
          to: lua.asyncFunction { () -> Void in for _ in 0..<10 { await Task.yield() } })
        try lua.execute("count = 0 function step(n) for i = 1, n do pause() count = count + 1 end return count end")
      }
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await actor.run { lua in
              let step: LuaFunction = try lua.globals["step"]
              return try await step.callAsync(10)
            }
          }
        }
        for try await count in group { try expect(count >= 10) }
      }
      let count: Int = try await actor.run { lua in try lua.globals["count"] }
      try expectEqual(count, 80)
      try await actor.run { lua in try lua.execute("x = 1") }
      await actor.close()
    }
  },
]
