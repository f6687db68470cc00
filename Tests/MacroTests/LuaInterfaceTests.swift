#if Macros
  import Loba
  import LobaMacros
  import Testing

  @LuaInterface protocol Plugin {
    var name: String { get throws }
    func update(dt: Double, _ names: [String]) throws -> Bool
    func load(from path: String) async throws -> Int
    func stop() throws
  }

  @LuaInterface(passesSelf: true) protocol Counter {
    func add(_ n: Int) throws -> Int
  }

  @Suite struct LuaInterfaceTests {
    @Test("a table implements a protocol", arguments: LuaEngines.available)
    func implements(_ engine: any LuaEngine) async throws {
      let lua = try LuaRuntime(engine: engine)
      try lua.globals.set(
        "nap",
        to: lua.asyncFunction { (n: Int) in
          await Task.yield()
          return n
        })
      let plugin: any Plugin = try LuaPlugin(
        lua.eval(
          """
          {name = 'first', update = function(dt, names) return dt > 1 and names[2] == 'b' end,
           load = function(path) return nap(#path) end, stop = function() stopped = true error('late') end}
          """))
      #expect(try plugin.name == "first")
      #expect(try plugin.update(dt: 2, ["a", "b"]))
      #expect(try await plugin.load(from: "four") == 4)
      #expect(throws: LuaError.self) { try plugin.stop() }
      #expect(try lua.globals["stopped"] as Bool)
      let counter = try LuaCounter(lua.eval("{n = 1, add = function(self, n) self.n = self.n + n return self.n end}"))
      #expect(try counter.add(2) == 3)
    }

    @Test("a table that misses functions is refused with their names", arguments: LuaEngines.available)
    func misses(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      let error = #expect(throws: LuaError.self) {
        try LuaPlugin(lua.eval("{update = print, stop = 1, load = setmetatable({}, {__call = print})}"))
      }
      #expect(error?.kind == .conversion)
      #expect(error?.message == "the table is no Plugin: it has no function stop (which is a number)", "\(error!)")
    }
  }

  @Suite struct LuaScriptTests {
    @Test("a script in the source has the source's places", arguments: LuaEngines.available)
    func places(_ engine: any LuaEngine) throws {
      let lua = try LuaRuntime(engine: engine)
      let line = #line
      let script = #lua(
        """
        local n = ...
        if n > 5 then error('too many') end
        return n * 2
        """)
      #expect(try lua.execute(script, 2) == 4)
      let error = #expect(throws: LuaError.self) { try lua.execute(script, 6) }
      #expect(error?.message == "MacroTests/LuaInterfaceTests.swift:\(line + 4): too many", "\(error!)")
      let short = #lua("error('here')")
      let other = #expect(throws: LuaError.self) { try lua.execute(short) }
      #expect(other?.message == "MacroTests/LuaInterfaceTests.swift:\(#line - 2): here", "\(other!)")
    }
  }
#endif
