internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.6: iterating Swift sequences in Lua.
let parityIterationChecks: [ConformanceCheck] = [
  row(51, "a Swift sequence is no iterator by itself") { lua in
    try expectLuaError(.runtime) { try lua.execute("for x in ... do end", lua.wrap([1, 2])) }
  },
  row(52, "swift.iter gives each item as one value") { lua in
    let copy: LuaFunction = try lua.eval(
      "function(list) local t = {} for item in swift.iter(list) do t[#t + 1] = item end return t end")
    try expectEqual(try copy(lua.wrap([1, 2, 3])) as [Int], [1, 2, 3])
    try expectEqual(try copy(lua.wrap(1...4)) as [Int], [1, 2, 3, 4])
    try expectEqual(try copy(lua.wrap(["a", "b"].lazy.map { $0 + "!" })) as [String], ["a!", "b!"])
  },
  row(53, "the copied table is an ordinary list") { lua in
    let table: LuaTable = try lua.execute(
      "local t, i = {}, 1 for item in swift.iter(...) do t[i] = item i = i + 1 end return t", lua.wrap([1, 2, 3, 4]))
    try expectEqual(table.count, 4)
    try expectEqual(try table[1] as Int, 1)
    try expect(try lua.eval("#... == 4", table) as Bool)
  },
  row(54, "swift.enumerate gives index and item, from 0") { lua in
    let table: LuaTable = try lua.execute(
      "local t = {} for i, x in swift.enumerate(...) do t[i + 1] = x end return t", lua.wrap(["a", "b"]))
    try expectEqual(try table.as([String].self), ["a", "b"])
    try expectEqual(
      try lua.execute("for i in swift.enumerate(...) do return i end", lua.wrap(["a"])) as Int, 0)
  },
  row.engine(55, "swift.iterex spreads tuples, however tuples are returned") { engine in
    for unpacks in [true, false] {
      var configuration = LuaConfiguration()
      configuration.unpacksReturnedTuples = unpacks
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      let copy: LuaTable = try lua.execute(
        "local t = {} for k, v in swift.iterex(...) do t[k] = v end return t", lua.wrap(["a": 1, "b": 2]))
      try expectEqual(try copy.as([String: Int].self), ["a": 1, "b": 2])
      let triples: LuaTable = try lua.execute(
        "local t = {} for a, b, c in swift.iterex(...) do t[a] = b .. c end return t",
        lua.wrap([(1, "x", "y"), (2, "z", "!")]))
      try expectEqual(try triples.as([String].self), ["xy", "z!"])
    }
  },
  row(56, "a dictionary in Lua shows keys; its own members need the attribute view") { lua in
    try lua.register(
      LuaClass<[String: Int]>("Counts") {
        $0.method("items") { $0.sorted { $0.key < $1.key }.map { [$0.key, String($0.value)] } }
      })
    let map = ["b": 2, "a": 1]
    try expect(try (lua.eval("(...).items", lua.wrap(map)) as LuaValue).isNil)
    let pairs: [[String]] = try lua.eval("(...).items()", lua.wrap(map, as: .attributes))
    try expectEqual(pairs, [["a", "1"], ["b", "2"]])
  },
]
