import Loba

/// Work of a size that is chosen: what it costs is measured at several.
struct GrowthCase: Sendable {
  let name: String
  /// The smallest size and the largest, ten times the one before each.
  let sizes: [Int]
  /// Prepares the work, and returns what is timed. What that gives back is let go of within the time as well.
  let prepare: @Sendable (LuaRuntime, Int) throws -> () throws -> Void

  init(
    _ name: String, _ sizes: [Int], _ prepare: @escaping @Sendable (LuaRuntime, Int) throws -> () throws -> Void
  ) {
    self.name = name
    self.sizes = sizes
    self.prepare = prepare
  }

  private static let many = [10_000, 100_000, 1_000_000]
  private static let some = [1_000, 10_000, 100_000]

  static let all = [
    GrowthCase("elements to Lua", many) { lua, n in
      let numbers = (0..<n).map { Double($0) + 0.5 }
      return { _ = try lua.table(from: numbers) }
    },
    GrowthCase("elements from Lua", many) { lua, n in
      let table: LuaTable = try lua.execute("local t = {} for i = 1, ... do t[i] = i - 0.5 end return t", n)
      return { _ = try table.as([Double].self) }
    },
    GrowthCase("entries to Lua", some) { lua, n in
      let entries = Dictionary(uniqueKeysWithValues: (0..<n).map { ("key\($0)", $0) })
      return { _ = try lua.table(from: entries) }
    },
    GrowthCase("entries from Lua", some) { lua, n in
      let table: LuaTable = try lua.execute("local t = {} for i = 1, ... do t['key' .. i] = i end return t", n)
      return { _ = try table.as([String: Int].self) }
    },
    GrowthCase("entries with keys of any type", some) { lua, n in
      let table: LuaTable = try lua.execute("local t = {} for i = 1, ... do t['key' .. i] = i end return t", n)
      return { _ = try table.as([LuaValue: Int].self) }
    },
    GrowthCase("strings kept in Lua", some) { lua, n in
      let strings = (0..<n).map { "a string of some length, \($0)" }
      return {
        let table = try lua.table()
        for (i, string) in strings.enumerated() { try table.set(i + 1, to: string) }
      }
    },
    GrowthCase("live handles", many) { lua, n in
      {
        var handles: [LuaTable] = []
        handles.reserveCapacity(n)
        for _ in 0..<n { handles.append(try lua.table()) }
        for handle in handles { try handle.set(1, to: true) }
      }
    },
    GrowthCase("host objects kept in Lua", some) { lua, n in
      try lua.register(LuaClass<Counter>("Counter") { $0.property("value", get: { $0.value }, set: { $0.value = $1 }) })
      let use: LuaFunction = try lua.eval("function(t) for i = 1, #t do t[i].value = i end end")
      return {
        let table = try lua.table()
        for i in 1...n { try table.set(i, to: lua.wrap(Counter())) }
        try use(table)
      }
    },
    GrowthCase("live coroutines", [100, 1_000, 10_000]) { lua, n in
      let generator: LuaFunction = try lua.eval("function() for i = 1, 3 do coroutine.yield(i) end end")
      return {
        let coroutines = try (0..<n).map { _ in try generator.coroutine() }
        for _ in 1...3 {
          for coroutine in coroutines { let _: Int? = try coroutine.next() }
        }
      }
    },
    GrowthCase("registered members", [100, 1_000, 10_000]) { lua, n in
      {
        let lua = try LuaRuntime(engine: lua.engine, configuration: LuaConfiguration(libraries: .safe))
        try lua.register(
          LuaClass<Counter>("Counter") {
            for i in 1...n { $0.property("member\(i)", get: { $0.value }, set: { $0.value = $1 }) }
          })
        let use: LuaFunction = try lua.eval("function(o, n) for i = 1, n do o['member' .. i] = i end end")
        try use(lua.wrap(Counter()), n)
      }
    },
    GrowthCase("live runtimes", [10, 100, 1_000]) { lua, n in
      {
        let runtimes = try (0..<n).map { _ in try LuaRuntime(engine: lua.engine) }
        for runtime in runtimes { let _: Int = try runtime.eval("1 + 1") }
      }
    },
  ]
}
