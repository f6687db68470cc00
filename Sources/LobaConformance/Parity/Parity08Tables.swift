internal import LobaCore

private let row = ParityRows(section: 1)

/// 1.8: tables in Swift, as mappings.
let parityTableChecks: [ConformanceCheck] = [
  row(65, "a table is a mapping, lists included") { lua in
    let list: LuaTable = try lua.eval("{10, 20}")
    try expectEqual(try list.as([Int: Int].self), [1: 10, 2: 20])
    try expectEqual(Dictionary(uniqueKeysWithValues: list.map { ($0.key, $0.value) }), [1: 10, 2: 20])
  },
  row(66, "indices begin at 1") { lua in
    let list: LuaTable = try lua.eval("{10, 20, 30, 40}")
    try expectEqual(try list[1] as Int, 10)
    try expectEqual(try list[0] as Int?, nil)
  },
  row(67, "the last item has the index of the length; negative indices mean nothing special") { lua in
    let list: LuaTable = try lua.eval("{10, 20, 30, 40}")
    try expectEqual(try list[list.count] as Int, 40)
    try expectEqual(try list[-1] as Int?, nil)
  },
  row(68, "the keys can be iterated") { lua in
    let list: LuaTable = try lua.eval("{10, 20, 30, 40}")
    try expectEqual(list.keys, [1, 2, 3, 4])
    try expectEqual(list.map(\.key), [1, 2, 3, 4])
  },
  row(69, "the values can be iterated") { lua in
    let list: LuaTable = try lua.eval("{10, 20, 30, 40}")
    try expectEqual(list.values, [10, 20, 30, 40])
  },
  row(70, "keys and values can be iterated together") { lua in
    let mapping: LuaTable = try lua.eval("{[20] = -20, [3] = -3}")
    let sorted = try mapping.map { (try $0.key.as(Int.self), try $0.value.as(Int.self)) }.sorted { $0.0 < $1.0 }
    try expect(sorted.count == 2 && sorted[0] == (3, -3) && sorted[1] == (20, -20), "\(sorted)")
  },
  row(71, "a table becomes a dictionary") { lua in
    try expectEqual(try lua.eval("{a = 1, b = 2}") as [String: Int], ["a": 1, "b": 2])
    try expectEqual(Set(try (lua.eval("{a = 1, b = 2}") as LuaTable).keys), ["a", "b"])
  },
  row(72, "the count of a list is Lua's length") { lua in
    try expectEqual(try (lua.eval("{10, 20, 30, 40}") as LuaTable).count, 4)
  },
  row(73, "the count of a mapping is 0") { lua in
    let mapping: LuaTable = try lua.eval("{[20] = -20, [3] = -3}")
    try expectEqual(mapping.count, 0)
    try expectEqual(mapping.entries.count, 2)
    try expect(!mapping.isEmpty)
  },
  row(74, "the count of a list with fields leaves the fields out") { lua in
    let mixed: LuaTable = try lua.eval("{10, 20, a = 1, b = 2}")
    try expectEqual(mixed.count, 2)
    try expectEqual(mixed.entries.count, 4)
    // With holes the length may be more than there are entries.
    let holes: LuaTable = try lua.eval("{nil, nil, 3}")
    try expectEqual(holes.keys, [3])
    try expectEqual(holes.values, [3])
    try expectEqual(holes.map(\.key), [3])
    try expectEqual(Array(holes).count, 1)
  },
  row(75, "integer keys are read as they are") { lua in
    let mapping: LuaTable = try lua.eval("{[20] = -20, [3] = -3}")
    try expectEqual(try mapping[20] as Int, -20)
    try expectEqual(try mapping[3] as Int, -3)
  },
  row(76, "a single integer key") { lua in
    try expectEqual(try (lua.eval("{[1] = -1}") as LuaTable).keys, [1])
  },
  row(77, "assignment takes any key, also a negative one") { lua in
    let mapping: LuaTable = try lua.eval("{}")
    try mapping.set(-3, to: 3)
    try expectEqual(try mapping[-3] as Int, 3)
    try mapping.set(1.5, to: "x")
    try mapping.set(true, to: "y")
    try expect(try lua.eval("(...)[1.5] == 'x' and (...)[true] == 'y' and (...)[-3] == 3", mapping) as Bool)
  },
  row(78, "keys come in no promised order, but all of them once") { lua in
    let mapping: LuaTable = try lua.eval("{[20] = 1, [3] = 2, [-3] = 3}")
    try expectEqual(try mapping.keys.map { try $0.as(Int.self) }.sorted(), [-3, 3, 20])
  },
  row(79, "a missing key is nil") { lua in
    let list: LuaTable = try lua.eval("{10, 20}")
    try expectEqual(try list[1_000_000] as Int?, nil)
    try expectEqual(try list["missing"] as String?, nil)
    try expect(try (list["missing"] as LuaValue).isNil)
  },
  row(80, "a member is the item of that name") { lua in
    let table: LuaTable = try lua.eval("{a = 5}")
    try expectEqual(try table.a as Int, 5)
    try expectEqual(try table["a"] as Int, try table.a as Int)
  },
  row(81, "functions are called as members") { lua in
    let string: LuaTable = try lua.eval("string")
    try expectEqual(try string.lower("A") as String, "a")
    try expectEqual(try lua.globals.string.upper("abc") as String, "ABC")
  },
]

/// 1.8: making tables in Swift.
let parityTableBuildingChecks: [ConformanceCheck] = [
  row(82, "lua.table(…) makes a list") { lua in
    let list = try lua.table(1, 2, 3, 4)
    try expectEqual(try list.as([Int].self), [1, 2, 3, 4])
    try expectEqual(list.keys, [1, 2, 3, 4])
  },
  row(83, "lua.table(…, fields:) adds fields") { lua in
    let table = try lua.table(1, 2, 3, 4, fields: ["a": 1, "b": 2])
    try expectEqual(try table[3] as Int, 3)
    try expectEqual(try table["b"] as Int, 2)
  },
  row(84, "lua.table(from:) merges any number of mappings and sequences") { lua in
    let table = try lua.table(from: [1, 2, 3], ["a": 1], ["b": 2] as KeyValuePairs, lua.table(fields: ["c": 3]))
    try expectEqual(try table.as([LuaValue: Int].self), [1: 1, 2: 2, 3: 3, "a": 1, "b": 2, "c": 3])
    let sorted = ["x": 1, "y": 2].sorted { $0.key < $1.key }
    try expectEqual(try lua.table(from: sorted, [7]).as([LuaValue: Int].self), ["x": 1, "y": 2, 1: 7])
    try expect(try lua.table(from: [Int](), [String: Int]()).isEmpty)
    try expectEqual(try lua.table(from: "ab").as([String].self), ["a", "b"])
    try expectEqual(try lua.table(from: [LuaValue.nil, 2]).keys, [2])
    struct Undeclared {}
    for (build, place) in [
      ({ try lua.table(from: ["k": Undeclared()]) }, "key k"),
      ({ try lua.table(from: [1, Undeclared()] as [Any]) }, "key 2"),
      ({ try lua.table(from: ["k": [Undeclared()]]) }, "key k: the value of key 1"),
    ] as [(() throws -> LuaTable, String)] {
      try expectContains(try expectLuaError(.conversion) { _ = try build() }.message, place, "Undeclared")
    }
  },
  row(85, "sequences share one running index") { lua in
    let table = try lua.table(from: [1, 2, 3], ["a": 1], (4...5).lazy.map { $0 }, ["x"])
    try expectEqual(try table[5] as Int, 5)
    try expectEqual(table.count, 6)
    try expectEqual(try table[6] as String, "x")
  },
  row(86, "the last value of a key wins") { lua in
    let table = try lua.table(from: [1, 2, 3], ["a": 1, "b": 2], [4, 5], ["b": 42])
    try expectEqual(try table["b"] as Int, 42)
    try expectEqual(try table["a"] as Int, 1)
    let numbered = try lua.table(from: ["x", "y"], [1: "over"])
    try expectEqual(numbered.values, ["over", "y"])
  },
]
