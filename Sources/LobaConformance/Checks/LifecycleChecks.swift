internal import Foundation
internal import LobaCore

private let area = Area("lifecycle")

/// Opening and closing.
let lifecycleChecks: [ConformanceCheck] = [
  area.engine("several runtimes live side by side and share nothing") { engine in
    let runtimes = try (0..<20).map { _ in try LuaRuntime(engine: engine) }
    for (i, lua) in runtimes.enumerated() { try lua.execute("x = ... string.x = x", i) }
    for (i, lua) in runtimes.enumerated() { try expectEqual(try lua.eval("x + string.x") as Int, 2 * i) }
    for lua in runtimes.enumerated().filter({ $0.offset % 2 == 0 }).map(\.element) { lua.close() }
    for (i, lua) in runtimes.enumerated() where i % 2 == 1 { try expectEqual(try lua.eval("x") as Int, i) }
  },
  area.engine("runtimes call each other") { engine in
    let a = try LuaRuntime(engine: engine)
    let b = try LuaRuntime(engine: engine)
    defer { a.close(); b.close() }
    try a.globals.set("ask", to: a.function { (n: Int) -> Int in try b.eval("answer(...)", n) })
    try b.globals.set("ask", to: b.function { (n: Int) -> Int in try a.eval("answer(...)", n) })
    for lua in [a, b] { try lua.execute("function answer(n) if n == 0 then return 0 end return 1 + ask(n - 1) end") }
    try expectEqual(try a.eval("answer(20)") as Int, 20)
    let failing = try b.function { () throws -> Int in throw LuaError(message: "from b") }
    try b.globals.set("answer", to: failing)
    try expectEqual(try expectLuaError(.runtime) { _ = try a.eval("ask(1)") as Int }.message, "from b")
  },
  area.engine("a thousand runtimes are made and closed") { engine in
    for i in 0..<1_000 {
      let lua = try LuaRuntime(engine: engine)
      if i % 10 == 0 { try lua.execute("t = {} for i = 1, 100 do t[i] = {i} end") }
      if i % 2 == 0 { lua.close() }
    }
  },
  area.engine("closing releases what Lua holds and runs finalizers") { engine in
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    try lua.globals.set("o", to: lua.wrap(counter.makeTracker()))
    lua.close()
    try expectEqual(counter.alive, 0)
    try expect(lua.isClosed)
    lua.close()
  },
  area.engine("finalizers that collect garbage end wherever the collector was when the runtime closes") { engine in
    for step in 0..<160 {
      let lua = try LuaRuntime(engine: engine)
      try lua.execute(
        """
        kept = {}
        local function collect() collectgarbage() end
        local function nothing() end
        for i = 1, 1000 do
          local finalize = i % 100 == 0 and collect or nothing
          if newproxy then
            kept[i] = newproxy(true)
            getmetatable(kept[i]).__gc = finalize
          else
            kept[i] = setmetatable({}, {__gc = finalize})
          end
        end
        collectgarbage()
        pcall(collectgarbage, 'setstepmul', 400)
        for i = 1, ... do if collectgarbage('step', 0) then break end end
        """, step)
      lua.close()
    }
  },
  area.engine("finalizers of a closing runtime collect garbage and use coroutines") { engine in
    for limits in [nil, LuaLimits(coroutines: 4)] {
      let lua = try LuaRuntime(engine: engine)
      let co = try (lua.eval("function() coroutine.yield(1) end") as LuaFunction).coroutine()
      _ = try co.next()
      try co.close()
      var calls = 0
      try lua.globals.set("call", to: lua.function { calls += 1 })
      try lua.globals.set("object", to: lua.wrap([1, 2]))
      let prepare: () throws -> Void = {
        try lua.execute(
          """
          local function run()
            collectgarbage() collectgarbage()
            pcall(coroutine.wrap(function() coroutine.yield(1) end))
            local other = coroutine.create(function(...) return ... end)
            pcall(coroutine.status, other) pcall(coroutine.resume, other, 1) pcall(coroutine.status, other)
            pcall(coroutine.resume, closed) pcall(coroutine.status, closed)
            pcall(call) pcall(function() return object[0], #object, tostring(object), object == other end)
            pcall(error, object) pcall(error)
            local t = {} for i = 1, 2000 do t[i] = {tostring(i)} end
            collectgarbage()
            
          end
          closed = ...
          for i = 1, 3 do
            local wrapped = coroutine.wrap(function() coroutine.yield() end)
            if newproxy then
              kept = {newproxy(true), newproxy(true), kept}
              getmetatable(kept[1]).__gc, getmetatable(kept[2]).__gc = run, wrapped
            else
              kept = {setmetatable({}, {__gc = run}), setmetatable({}, {__gc = wrapped}), kept}
            end
          end
          -- In the middle of a cycle, in which Lua 5.3 alone does not come to an end.
          collectgarbage() collectgarbage('stop')
          for i = 1, 500 do kept[i + 4] = {i, function() end, pcall(coroutine.create, run)} end
          for i = 1, 3 do collectgarbage('step', 0) end
          """, co)
      }
      if let limits { try lua.withLimits(limits, prepare) } else { try prepare() }
      lua.close()
      try expect(lua.isClosed && calls == 0)
    }
  },
  area.engine("everything that throws throws of a closed runtime, everything else is empty") { engine in
    let lua = try LuaRuntime(engine: engine)
    let t = try lua.table(1, fields: ["a": 1])
    let f: LuaFunction = try lua.eval("function() coroutine.yield(1) end")
    let co = try f.coroutine()
    let fresh = try f.coroutine(1)
    let u: LuaUserdata = try lua.eval("io.stdout")
    let value = LuaValue.table(t)
    lua.close()
    let attempts: [() throws -> Void] = [
      { _ = try lua.eval("1") as Int }, { _ = try lua.eval("1") as LuaValue },
      { let _: (Int, Int) = try lua.eval("1, 2") },
      { try lua.execute("x = 1") }, { _ = try lua.execute("return 1") as Int }, { try lua.execute(bytes: [32]) },
      { _ = try lua.compile("x = 1") }, { _ = try lua.compile(bytes: [32]) }, { _ = try lua.table() },
      { _ = try lua.table(1, 2, fields: ["a": 1]) }, { _ = try lua.table(from: [1]) },
      { _ = try lua.table(from: ["a": 1]) },
      { _ = try lua.table(from: [1.5]) }, { _ = try lua.table(from: ["x"]) }, { _ = try lua.function { 1 } },
      { _ = try lua.wrap(1) }, { _ = try lua.value([1]) }, { try lua.collectGarbage() },
      { _ = try lua.withoutGarbageCollection { 1 } },
      { _ = try lua.globals["x"] as Int? }, { try lua.globals.set("x", to: 1) },
      { _ = try t["a"] as Int }, { _ = try t[1] as Int }, { _ = try t["a"] as LuaValue },
      { _ = try t.rawGet("a") as Int },
      { try t.set("a", to: 1) }, { try t.set(1, to: "x") }, { try t.set(t, to: t) }, { try t.rawSet("a", to: 1) },
      { _ = try t.length() }, { try t.append(1) }, { try t.removeAll() }, { _ = try t.as([Int].self) },
      { _ = try t.as([String: Int].self) }, { _ = try t.metatable }, { try t.setMetatable(nil) },
      { try t.setMetatable(t) },
      { _ = try t.pairs() }, { try t.forEachPair { _, _ in } }, { _ = try t.tostring() }, { _ = try t.isEqual(to: f) },
      { try f() }, { try f() as Void }, { _ = try f(1, "x", t) as Int }, { let _: (Int, Int) = try f() },
      { _ = try f() as LuaValues }, { _ = try f.dump() }, { _ = try f.coroutine(1) }, { _ = try f.coroutine() },
      { _ = try co.next() }, { _ = try co.next() as Int? }, { try co.send() }, { _ = try co.send(1) as Int },
      { _ = try co.collect() }, { try co.close() }, { _ = try co() }, { _ = try fresh.next() }, { try fresh.send(2) },
      { _ = try u["x"] as LuaValue }, { _ = try u.tostring() }, { _ = try value["a"] as LuaValue }, { try value() },
      { _ = try value.as([Int].self) }, { _ = try value.as(LuaTable.self) },
    ]
    for (index, attempt) in attempts.enumerated() {
      do {
        try attempt()
        try expect(false, "attempt \(index) did not throw")
      } catch let error as LuaError where error.kind == .closed {
      } catch {
        throw ConformanceFailure(message: "attempt \(index) threw \(error)", file: #fileID, line: #line)
      }
    }
    try expectEqual(t.count, 0)
    try expect(t.keys.isEmpty && t.values.isEmpty && t.entries.isEmpty && t.isEmpty)
    for _ in t { try expect(false, "a closed table has entries") }
    try expectEqual(co.status, .dead)
    try expect(t.identity == nil)
    try expectEqual(t, t)
    try expect(t != f)
    _ = t.hashValue
    try expectContains(t.description, "closed")
    _ = [lua.memoryUsed, lua.memoryLimit ?? 0]
    try expect(!lua.release.isEmpty)
    try expect(lua.isClosed)
  },
  area.engine("close inside a host function waits until Lua has returned") { engine in
    let counter = LifetimeCounter()
    let lua = try LuaRuntime(engine: engine)
    let tracker = counter.makeTracker()
    try lua.globals.set(
      "close",
      to: lua.function {
        tracker.touch()
        lua.close()
      })
    try lua.globals.set("inner", to: lua.function { try lua.eval("1 + 1") as Int })
    do {
      let results: LuaValues = try lua.execute("local t = {5} close() collectgarbage() return t[1], 'still here'")
      try expectEqual(results, [5, "still here"])
    } catch let error as LuaError where error.kind == .closed {}
    try expect(lua.isClosed)
    try expectLuaError(.closed) { _ = try lua.eval("1") as Int }
    let second = try LuaRuntime(engine: engine)
    try second.globals.set(
      "close",
      to: second.function { (t: LuaTable) in
        second.close()
        _ = t.count
      })
    try expectAnyLuaError {
      try second.execute("coroutine.wrap(function() pcall(close, {1}) close({2}) end)() error('x')")
    }
    try expect(second.isClosed)
  },
  area.engine("a runtime dies with its last handle, not before") { engine in
    var table: LuaTable? = try LuaRuntime(engine: engine).table(1, 2, 3)
    try expectEqual(try table!.as([Int].self), [1, 2, 3])
    weak let runtime = table!.runtime
    try expect(runtime != nil)
    table = nil
    try expect(runtime == nil)
  },
  area.engine("handles outlive the closing of their runtime") { engine in
    var handles: [LuaTable] = []
    do {
      let lua = try LuaRuntime(engine: engine)
      for i in 0..<100 { handles.append(try lua.table(i)) }
      lua.close()
    }
    try expectEqual(handles.map(\.count), Array(repeating: 0, count: 100))
    handles.removeAll()
  },
  area("the release is that of the library") { lua in
    let (major, minor) = lua.engine.version
    let name = lua.engine.capabilities.contains(.jit) ? "LuaJIT 2" : "Lua \(major).\(minor)"
    try expect(lua.release.hasPrefix(name), "\(lua.engine.name) has the release '\(lua.release)'")
    let version: String = try lua.eval("_VERSION")
    try expectEqual(version, "Lua \(major).\(minor)")
    try expect(lua.engine.libraryPath != nil)
  },
  area("garbage is collected, and memory counted") { lua in
    try lua.collectGarbage()
    let before = lua.memoryUsed
    try expect(before > 1_000)
    try lua.execute("t = {} for i = 1, 100000 do t[i] = {} end")
    try expect(lua.memoryUsed > before + 1_000_000)
    try lua.execute("t = nil")
    try lua.collectGarbage()
    try expect(lua.memoryUsed < before + 500_000, "\(lua.memoryUsed - before) bytes are left")
    let inside: Int = try lua.withoutGarbageCollection {
      try lua.withoutGarbageCollection {}
      try lua.execute("for i = 1, 100000 do garbage = {i} end")
      return lua.memoryUsed
    }
    try expect(inside > before + 1_000_000, "the collector ran: \(inside - before) bytes")
  }.excused(from: [.collectingCalls], because: "it counts on garbage that is there"),
]

/// What the engine says of itself, by scripts that show it.
let capabilityChecks: [ConformanceCheck] = [
  area("declared capabilities are there, and undeclared ones are not") { lua in
    let load = "local load = loadstring or load "
    let probes: [(LuaCapabilities, String)] = [
      (.integers, "return math.type ~= nil and math.type(1) == 'integer' and math.type(1.0) == 'float'"),
      (.toBeClosed, load + "return load('local x <close> = nil') ~= nil and coroutine.close ~= nil"),
      (
        .yieldAcrossPcall,
        """
        local co = coroutine.wrap(function() pcall(function() coroutine.yield(1) end) return 2 end)
        return co() == 1 and co() == 2
        """
      ),
      (
        .tableFinalizers,
        """
        do local t = setmetatable({}, {__gc = function() finalized = true end}) end
        collectgarbage()
        collectgarbage()
        return finalized == true
        """
      ),
      (.goto, load + "return load('goto done ::done::') ~= nil"),
      (.integerOperators, load + "return load('return 7 // 2 & 3 | 4 ~ 1 << 2 >> 1') ~= nil"),
      (
        .pairsAndLengthMetamethods,
        """
        local t = setmetatable({}, {__len = function() return 7 end, __pairs = function() return next, {k = 1} end})
        return #t == 7 and pairs(t) == next and select(2, pairs(t)).k == 1
        """
      ),
      (.functionEnvironments, "return setfenv ~= nil and getfenv ~= nil"),
      (.utf8Library, "return utf8 ~= nil"), (.bitLibrary, "return bit ~= nil"), (.bit32Library, "return bit32 ~= nil"),
      (.jit, "return jit ~= nil and jit.status ~= nil and jit.status() == true"),
      (.ffi, "return (pcall(require, 'ffi'))"),
      (
        .finalizerWarnings,
        """
        do
          local function fail() error('in a finalizer') end
          if newproxy then getmetatable(newproxy(true)).__gc = fail else setmetatable({}, {__gc = fail}) end
        end
        return (pcall(function() collectgarbage() collectgarbage() end))
        """
      ),
      (
        .finalizerErrorTexts,
        """
        do
          local function fail() error({}) end
          if newproxy then getmetatable(newproxy(true)).__gc = fail else setmetatable({}, {__gc = fail}) end
        end
        local ok, e = pcall(function() collectgarbage() collectgarbage() end)
        return not ok and type(e) == 'string'
        """
      ),
      (.nilErrorTexts, "return (select(2, pcall(error))) ~= nil"),
      // Lua 5.2 has one, but none that works.
      (
        .generationalCollector,
        "return _VERSION ~= 'Lua 5.2' and (pcall(function() collectgarbage(collectgarbage('generational')) end))"
      ),
    ]
    var probed: LuaCapabilities = []
    for (capability, code) in probes {
      probed.insert(capability)
      let present: Bool = try lua.execute(code)
      // Whoever builds Lua 5.3 chooses whether it has `bit32` as well.
      if capability == .bit32Library, present { continue }
      try expectEqual(present, lua.engine.capabilities.contains(capability), "\(capability)")
    }
    try expect(
      probed.isSuperset(of: lua.engine.capabilities), "not probed: \(lua.engine.capabilities.subtracting(probed))")
  }.excused(
    from: [.collectingCalls],
    because: "a finalizer raises out of the collection that it waits for, which is one of the hook"),
  area.engine("libraries can be chosen, in every pair") { engine in
    let globals: [(LuaLibraries, String, Bool)] = [
      (.base, "print", true), (.package, "require", true), (.coroutine, "coroutine", true), (.table, "table", true),
      (.io, "io", true), (.os, "os", true), (.string, "string", true), (.math, "math", true), (.debug, "debug", true),
      (.utf8, "utf8", engine.capabilities.contains(.utf8Library)),
      (.bit, "bit", engine.capabilities.contains(.bitLibrary)),
      (.bit32, "bit32", engine.capabilities.contains(.bit32Library)),
      (.jit, "jit", engine.capabilities.contains(.jit)),
    ]
    for (first, _, _) in globals {
      for (second, _, _) in globals {
        // Where the coroutine library is a part of the base library it cannot be without it.
        let libraries: LuaLibraries =
          first.union(second) == .coroutine ? [.coroutine, .base] : first.union(second).union(.base)
        let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: libraries))
        try expectUsable(lua)
        for (library, name, exists) in globals {
          let present: Bool = try lua.eval("\(name) ~= nil")
          try expectEqual(present, exists && libraries.contains(library), "\(name) with \(libraries.rawValue)")
        }
        try expectEqual(try lua.function { (n: Int) in n + 1 }(1) as Int, 2)
        try expectEqual(try (lua.eval("function() return 3 end") as LuaFunction).coroutine().next() as Int?, 3)
      }
    }
  },
  area.engine("a runtime without any library works") { engine in
    let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: []))
    try expectUsable(lua)
    try expect(try lua.eval("print == nil and string == nil and require == nil"))
    try expectEqual(try lua.function { (n: Int) in n + 1 }(1) as Int, 2)
    try expectEqual(try lua.table(from: [1, 2, 3]).as([Int].self), [1, 2, 3])
    let f: LuaFunction = try lua.eval("function(n) return n * 2 end")
    try expectEqual(try f.coroutine(4).next() as Int?, 8)
    try expectLuaError(.runtime) { try lua.execute("local x = nil + 1") }
    try expectLuaError(.runtime) { try lua.execute("print('x')") }
  },
  area.engine("a memory limit too small for the libraries is an error") { engine in
    for limit in [1, 100, 2_000] {
      try expectLuaError(.memory) {
        _ = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: limit))
      }
    }
    for limit in [0, -1, Int.min] {
      try expectLuaError(.memory) {
        _ = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: limit))
      }
    }
    try expectUsable(LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: .max)))
  },
  area.engine("a memory limit of any size leaves the process its standard streams") { engine in
    for limit in 4..<160 {
      do {
        _ = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: limit << 10))
      } catch let error as LuaError where error.kind == .memory || error.kind == .engine {}
    }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { try expect(fcntl(stream, F_GETFD) >= 0, "\(stream)") }
  },
  area.engine("a library that does not exist, or is another one, is an error that names it") { engine in
    _ = try LuaRuntime(engine: engine)
    for path in ["/nonexistent/liblua.so", "/dev/null", "libc.so.6"] {
      let error = try expectLuaError(.engine) {
        _ = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraryPath: path))
      }
      try expectContains(error.message, engine.name, path, engine.libraryVariable)
    }
    let again = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraryPath: engine.libraryPath))
    try expectUsable(again)
  },
]
