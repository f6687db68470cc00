internal import Foundation
internal import LobaCore

private let area = Area("modules")

/// A check with runtimes of every kind that can have the host's modules: with the package library and without, and a sandbox.
private func each(
  _ sentence: String, modules: LuaModuleLoader? = nil, _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  area.engine(sentence) { engine in
    var sandbox = LuaConfiguration.sandbox
    sandbox.limits = LuaLimits.none
    for var configuration in [.standard, LuaConfiguration(libraries: .all.subtracting([.package])), sandbox] {
      configuration.modules = modules
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try body(lua)
      guard !lua.isClosed else { return }
      try lua.collectGarbage()
      try expectUsable(lua)
    }
  }
}

/// The host's modules: given by name, found by a loader, unloaded and loaded again.
let hostModuleChecks: [ConformanceCheck] = [
  each("modules that the host gives: source, scripts, files, what Swift makes") { lua in
    try withFolder(["m.lua": "local name, more = ... return {name = name}"]) { folder in
      try lua.modules.set("source", to: .source("loads = (loads or 0) + 1 return {name = ..., loads = loads}"))
      try lua.modules.set("script", to: .script(LuaScript("return 'script ' .. ...")))
      try lua.modules.set("a.file", to: .file(folder.appending(path: "m.lua")))
      try lua.modules.set("swift") { lua in try lua.table(fields: ["double": lua.function { (x: Int) in 2 * x }]) }
      try lua.modules.set("nothing") { _ in nil }
      try lua.modules.set("void") { lua in lua.context[Int.self] = 1 }
      try lua.modules.set("number") { _ in 7 }
      try lua.execute(
        """
        local source = require('source')
        assert(source.name == 'source' and source.loads == 1 and require('source') == source)
        assert(require('script') == 'script script')
        assert(require('a.file').name == 'a.file')
        assert(require('swift').double(4) == 8 and require('swift') == require('swift'))
        assert(require('nothing') == true and require('void') == true and require('number') == 7)
        """)
      try expectEqual(lua.modules.names, ["a.file", "nothing", "number", "script", "source", "swift", "void"])
      try expectEqual(try (lua.require("source") as LuaTable)["loads"], 1)
      try expect(lua.modules["script"] != nil && lua.modules["none"] == nil)
      try expect(try lua.modules.isLoaded("source") && !lua.modules.isLoaded("none"))
      try lua.modules.set("source", to: nil)
      try expect(try lua.eval("require('source').loads == 1"))
      try lua.modules.unload("source")
      try expect(try !lua.modules.isLoaded("source") && lua.eval("not pcall(require, 'source')"))
    }
  },
  each("a module that there is not, does not compile, or fails, says so") { lua in
    try lua.modules.set("broken", to: .source("x = = 1"))
    try lua.modules.set("raising", to: .source("error('from within')"))
    try lua.modules.set("throwing") { _ in throw LifetimeCounter().makeTracker(3) }
    try lua.modules.set("missing", to: .file(URL(filePath: "/no/such/file.lua")))
    try lua.modules.set("loop", to: .source("return require('loop')"))
    let none = try expectLuaError(.runtime) { try lua.require("none") }
    try expectContains(none.message, "module 'none' not found", "\n\tno module 'none' of the host")
    let broken = try expectLuaError(.syntax) { try lua.require("broken") }
    try expectContains(broken.message, "error loading module 'broken'", "broken:1:")
    for _ in 0..<2 {
      try expectContains(try expectLuaError(.runtime) { try lua.require("raising") }.message, "raising:1: from within")
      try expect(try !lua.modules.isLoaded("raising"))
      try expectTracker(3) { try lua.require("throwing") }
      // The package library of Lua 5.1 does not try again by itself.
      for name in ["raising", "throwing"] { try lua.modules.unload(name) }
    }
    try expectThrown { try lua.require("missing") }
    try expectThrown { try lua.require("loop") }
    // They are there once they are mended.
    try lua.modules.set("broken", to: .source("return 1"))
    try expectEqual(try lua.require("broken"), 1)
    try expect(try lua.eval("not pcall(require) and not pcall(require, {}) and not pcall(require, nil)"))
  },
  each(
    "a loader finds modules that have not been given",
    modules: .first(
      of: .dictionary(["a": "return 'a'"]),
      LuaModuleLoader { name in
        if name == "wrong" { throw ConformanceFailure(message: "asked", file: #fileID, line: #line) }
        return name.hasPrefix("x.") ? .source("return ...") : nil
      })
  ) { lua in
    try lua.execute("assert(require('a') == 'a' and require('x.y') == 'x.y' and not pcall(require, 'b'))")
    do {
      try lua.require("wrong")
      throw ConformanceFailure(message: "nothing was thrown", file: #fileID, line: #line)
    } catch let error as ConformanceFailure {
      try expectEqual(error.message, "asked")
    }
    try lua.modules.set("a", to: .source("return 'given'"))
    try expectEqual(try lua.require("a"), "a")
    try expectEqual(try lua.modules.reload("a", keepingState: false), "given")
  },
  area.engine("a folder has modules, and no name leads out of it") { engine in
    let files = [
      "in/a.lua": "return 'a'", "in/b/init.lua": "return 'b'", "in/b/c.lua": "return ...", "out.lua": "return 1",
      "in/.h.lua": "",
    ]
    try withFolder(files) { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "in/link.lua"), withDestinationURL: folder.appending(path: "out.lua"))
      try FileManager.default.createDirectory(
        at: folder.appending(path: "in/d.lua"), withIntermediateDirectories: false)
      var configuration = LuaConfiguration.sandbox
      configuration.modules = .directory(folder.appending(path: "in"))
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.execute("assert(require('a') == 'a' and require('b') == 'b' and require('b.c') == 'b.c')")
      for name in [
        "../out", "...out", "link", ".h", "", ".", "..", "a/b", "b..c", "a\0", "d", "/etc/hosts", "b.", "a.lua", "%61",
        String(repeating: "a.", count: 300_000) + "a",
      ] {
        let error = try expectLuaError(.runtime) { try lua.require(name) }
        try expectContains(error.message, "not found")
      }
      try expectContains(try expectLuaError(.runtime) { try lua.require("e.f") }.message, "e/f.lua'", "e/f/init.lua'")
    }
  },
  each("a module is loaded again, and keeps its state") { lua in
    try lua.modules.set(
      "m",
      to: .source(
        "local M = {n = 1, list = {1}, class = {hp = 5}} function M.get() return 'old' .. M.n end "
          + "function M.class.name() return 'old' end return M"))
    try lua.execute("m = require('m') m.n = 10 m.list[2] = 2 m.class.hp = 6 f = m.get")
    try lua.modules.set(
      "m",
      to: .source(
        "local M = {n = 1, more = true, list = {1}, class = {hp = 5}} M.self = M "
          + "function M.get(self) return 'new' .. self.n end function M.class.name() return 'new' end return M"))
    let same: LuaTable = try lua.modules.reload("m").as()
    try expectEqual(same, try lua.globals["m"])
    try lua.execute(
      """
      assert(m == require('m') and m.n == 10 and m.more and #m.list == 2)
      assert(m:get() == 'new10' and m.class.name() == 'new' and m.class.hp == 6 and f() == 'old10')
      """)
    // What fails changes nothing.
    for source in ["x = = 1", "error('no')"] {
      try lua.modules.set("m", to: .source(source))
      try expectThrown { try lua.modules.reload("m") }
      try lua.execute("assert(m == require('m') and m:get() == 'new10')")
    }
    try lua.modules.set("m", to: .source("return {}"))
    try lua.modules.reload("m", keepingState: false)
    try expect(try lua.eval("require('m') ~= m and next(require('m')) == nil"))
    try expectThrown { try lua.modules.reload("none") }
  },
  each("new functions use the tables that everybody has, and metamethods have no say") { lua in
    let source = """
      local M = {count = 0, sub = {n = 1}} M.__index = M
      local function step() M.count = M.count + %d return M.count end
      function M.inc() return step() end
      function M.make() return setmetatable({}, M) end
      function M.sub.get() return M.sub.n end
      setmetatable(M, {__eq = error, __index = function() return 'no' end, __newindex = error})
      return M
      """
    try lua.modules.set("m", to: .source(source.replacing("%d", with: "1")))
    try lua.execute("m = require('m') object = m.make() m.inc() m.inc() rawset(m, 'loop', m) m.sub.n = 2")
    try lua.modules.set("m", to: .source(source.replacing("%d", with: "10")))
    try lua.execute("put = rawset rawget, rawset, next, type, pairs = nil, nil, nil, nil, nil")
    try lua.modules.reload("m")
    try lua.execute(
      """
      assert(m.inc() == 12 and m.count == 12)
      put(m, 'added', 'added')
      assert(object.added == 'added' and m.make().added == 'added' and getmetatable(m.make()) == m)
      assert(m.sub.get() == 2 and m.loop == m and m.__index == m)
      """)
  },
  area.engine("a module that a limit has stopped can be loaded later") { engine in
    let lua = try LuaRuntime(engine: engine, configuration: .sandbox)
    defer { lua.close() }
    try lua.modules.set("x", to: .source("while true do end"))
    for _ in 0..<2 {
      let error = try expectLuaError(.limit) {
        try lua.withLimits(LuaLimits(instructions: 100_000)) { try lua.execute("pcall(require, 'x')") }
      }
      try expectEqual(error.limit, .instructions)
    }
    try lua.modules.set("x", to: .source("return 5"))
    try expectEqual(try lua.require("x"), 5)
    // Nothing that a script does changes what the host gets, or gives it what is the host's.
    try lua.modules.set("y", to: .source("return 6"))
    try lua.execute(
      """
      require = function() return 'evil' end
      package = {searchers = {1, 2}, loaders = {1, 2}, loaded = {z = 'evil'}}
      pcall, error, type, table, _G = nil, nil, nil, nil, setmetatable({}, {__newindex = function() end})
      """)
    try lua.modules.set("z", to: .source("return 7"))
    try expect(try !lua.modules.isLoaded("z"))
    try expect(try lua.require("y") == 6 && lua.require("z") == 7)
  },
  each("what is let go of may use what it was in") { lua in
    final class User {
      let body: () -> Void
      init(_ body: @escaping () -> Void) { self.body = body }
      deinit { body() }
    }
    var count = 0
    func user() -> User {
      User { [unowned lua] in
        count += 1
        _ = lua.modules.names
        _ = lua.context[User.self]
        _ = try? lua.execute("return require('u')")
      }
    }
    try lua.modules.set("u") { [user = user()] _ in withExtendedLifetime(user) { 1 } }
    try lua.modules.set("u") { [user = user()] _ in withExtendedLifetime(user) { 2 } }
    try lua.modules.set("u", to: nil)
    lua.context[User.self] = user()
    lua.context[User.self] = user()
    lua.context[User.self] = nil
    // A loader that has been called is garbage.
    for _ in 0..<3 { try lua.collectGarbage() }
    try expectEqual(count, 4)
  },
  each("what modules capture is released with the runtime, and whoever loads may do anything") { lua in
    let counter = LifetimeCounter()
    do {
      let tracker = counter.makeTracker()
      try lua.modules.set("self") { lua in
        tracker.touch()
        try lua.modules.set("self", to: nil)
        try lua.collectGarbage()
        return try lua.execute("return {}") as LuaTable
      }
    }
    try lua.execute("assert(type(require('self')) == 'table')")
    try lua.modules.set("captured") { [tracker = counter.makeTracker()] lua in
      tracker.touch()
      return lua.globals
    }
    try lua.modules.set("closing") { lua in
      lua.close()
      return 1
    }
    _ = try? lua.require("closing")
    try expect(lua.isClosed)
    try expectEqual(counter.alive, 0)
    _ = try expectLuaError(.closed) { try lua.modules.set("m", to: nil) }
    _ = try expectLuaError(.closed) { try lua.modules.reload("m") }
    _ = try expectLuaError(.closed) { _ = try lua.modules.loaded }
  },
]
