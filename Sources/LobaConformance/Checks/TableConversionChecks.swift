internal import LobaCore

private let area = Area("tables")

/// Whole tables: building, iterating, converting.
let tableConversionChecks: [ConformanceCheck] = [
  area("a table is made of values and fields") { lua in
    let t = try lua.table(1, "two", 3.5, fields: ["a": 1, "b": "x", "c": [1, 2]])
    try expectEqual(t.count, 3)
    try expectEqual(try t[2] as String, "two")
    try expectEqual(try t["a"] as Int, 1)
    try expectEqual(try t["c"] as [Int], [1, 2])
    try expect(try lua.table().isEmpty)
    try expect(try lua.eval("(...)[1] == 1 and (...)[3] == 3.5 and (...).b == 'x'", t))
    let holes = try lua.table(1, LuaValue.nil, 3)
    try expectEqual(try holes[3] as Int, 3)
    try expectEqual(try holes[2] as Int?, nil)
  },
  area("a table is made of an array, a dictionary, a set, a sequence, a table") { lua in
    try expectEqual(try lua.table(from: [1, 2, 3]).values, [1, 2, 3])
    try expectEqual(try lua.table(from: ["a": 1])["a"] as Int, 1)
    try expectEqual(try lua.table(from: Set([7]))[7] as Bool, true)
    try expectEqual(try lua.table(from: (1...4).lazy.map { $0 * $0 }).values, [1, 4, 9, 16])
    try expectEqual(try lua.table(from: [1.5, 2.5]).values, [1.5, 2.5])
    try expectEqual(try lua.table(from: ["x", "y"]).values, ["x", "y"])
    try expectEqual(try lua.table(from: [Int]()).count, 0)
    try expectEqual(try lua.table(from: [Double]()).count, 0)
    try expectEqual(try lua.table(from: [1, 2, 3].dropFirst()).values, [2, 3])
    let original = try lua.table(1, fields: ["a": 2])
    let copy = try lua.table(from: original)
    try expect(copy != original)
    try expectEqual(try copy.as([LuaValue: Int].self), [1: 1, "a": 2])
    try copy.set("a", to: 3)
    try expectEqual(try original["a"] as Int, 2)
  },
  area("a string is one value, not a sequence of characters, in a table") { lua in
    try expectEqual(try lua.table(from: ["abc"]).values, ["abc"])
    try expectEqual(try lua.table("abc").values, ["abc"])
  },
  area("nested Swift values become nested tables, and come back") { lua in
    let nested = ["x": [[1, 2], []], "y": [[3]]]
    let t = try lua.table(from: nested)
    try expect(try lua.eval("(...).x[1][2] == 2 and (...).y[1][1] == 3 and #(...).x[2] == 0", t))
    try expectEqual(try t.as([String: [[Int]]].self), nested)
    let mixed: [String: Any] = ["n": 1, "list": [1, "a", [true]] as [Any], "sub": ["k": 2.5] as [String: Any]]
    let m = try lua.table(from: mixed)
    try expect(try lua.eval("(...).list[3][1] == true and (...).sub.k == 2.5 and (...).n == 1", m))
  },
  area("the same array given twice becomes two equal tables") { lua in
    let shared = ["x": 1]
    let t = try lua.table(from: ["a": shared, "b": shared])
    try expectEqual(try t.as([String: [String: Int]].self), ["a": shared, "b": shared])
  },
  area("tables convert to arrays, dictionaries, sets and optionals") { lua in
    let list: LuaTable = try lua.eval("{3, 1, 2}")
    try expectEqual(try list.as([Int].self), [3, 1, 2])
    try expectEqual(try list.as([Double].self), [3, 1, 2])
    try expectEqual(try list.as([UInt8].self), [3, 1, 2])
    try expectEqual(try list.as([Float].self), [3, 1, 2])
    try expectEqual(try list.as([Int: Int].self), [1: 3, 2: 1, 3: 2])
    try expectEqual(try list.as([LuaValue].self), [3, 1, 2])
    try expectEqual(try list.as([Int?].self), [3, 1, 2])
    try expectEqual(try list.as([Int]?.self), [3, 1, 2])
    let set: LuaTable = try lua.eval("{a = true, b = 1, c = false}")
    try expectEqual(try set.as(Set<String>.self), ["a", "b", "c"])
    let strings: LuaTable = try lua.eval("{'a', 'b'}")
    try expectEqual(try strings.as([String].self), ["a", "b"])
    try expectEqual(try strings.as([LuaString].self), ["a", "b"])
    let tables: LuaTable = try lua.eval("{{1}, {2}}")
    try expectEqual(try tables.as([LuaTable].self).map(\.count), [1, 1])
    try expectEqual(try tables.as([[Int]].self), [[1], [2]])
    let functions: LuaTable = try lua.eval("{print, type}")
    try expectEqual(try functions.as([LuaFunction].self).count, 2)
  },
  area("results convert to arrays and dictionaries without a table in between") { lua in
    try expectEqual(try lua.eval("{1, 2, 3}") as [Int], [1, 2, 3])
    try expectEqual(try lua.eval("{1.5, 2}") as [Double], [1.5, 2])
    try expectEqual(try lua.eval("{'a', 'b'}") as [String], ["a", "b"])
    try expectEqual(try lua.eval("{true, false}") as [Bool], [true, false])
    try expectEqual(try lua.eval("{a = 1, b = 2}") as [String: Int], ["a": 1, "b": 2])
    try expectEqual(try lua.eval("{a = {x = {1, 2}}}") as [String: [String: [Int]]], ["a": ["x": [1, 2]]])
    try expectEqual(try lua.eval("{{1, 2}, {3}}") as [[Int]], [[1, 2], [3]])
    let (numbers, names): ([Int], [String: String]) = try lua.eval("{1}, {k = 'v'}")
    try expectEqual(numbers, [1])
    try expectEqual(names, ["k": "v"])
    let field: [String] = try lua.table(fields: ["list": ["a", "b"]])["list"]
    try expectEqual(field, ["a", "b"])
    let fields: [String: [String]] = try lua.table(fields: ["d": ["k": ["v", "w"]]])["d"]
    try expectEqual(fields, ["k": ["v", "w"]])
  },
  area("arrays and dictionaries as arguments of Swift functions") { lua in
    let sum = try lua.function { (list: [Int], names: [String: [String]]) in
      list.reduce(0, +) + names.values.map(\.count).reduce(0, +)
    }
    try expectEqual(try lua.eval("(...)({1, 2, 3}, {a = {'x', 'y'}, b = {'z'}})", sum) as Int, 9)
    let reverse = try lua.function { (list: [String]) in Array(list.reversed()) }
    try expectEqual(try lua.eval("table.concat((...)({'a', 'b', 'c'}))", reverse) as String, "cba")
  },
  area("an element of another type throws and says where it was") { lua in
    let list: LuaTable = try lua.eval("{1, 2, 'three'}")
    for attempt in [
      { _ = try list.as([Int].self) }, { _ = try list.as([Double].self) }, { _ = try list.as([Int8].self) },
    ] {
      let error = try expectLuaError(.conversion, attempt)
      try expectContains(error.message, "element 3", "three")
    }
    let direct = try expectLuaError(.conversion) { let _: [String] = try lua.eval("{'a', 2}") }
    try expectContains(direct.message, "element 2", "String", "2")
    let key = try expectLuaError(.conversion) { let _: [Int: Int] = try lua.eval("{a = 1}") }
    try expectContains(key.message, "key", "Int")
    let value = try expectLuaError(.conversion) { let _: [String: Int] = try lua.eval("{a = 'x'}") }
    try expectContains(value.message, "a", "Int", "x")
    let nested = try expectLuaError(.conversion) { let _: [[String: Int]] = try lua.eval("{{}, {k = true}}") }
    try expectContains(nested.message, "element 2", "k", "Int", "true")
    try expectLuaError(.conversion) { let _: [Int] = try lua.eval("'no table'") }
    try expectLuaError(.conversion) { let _: [String: Int] = try lua.eval("5") }
  },
  area("a list ends at its raw length, without a trap in its holes") { lua in
    let holes: LuaTable = try lua.eval("{1, nil, 3}")
    let count = holes.count
    if count == 3 {
      try expectEqual(try holes.as([Int?].self), [1, nil, 3])
      try expectLuaError(.conversion) { _ = try holes.as([Int].self) }
    } else {
      try expectEqual(try holes.as([Int].self), [1])
    }
    try expectEqual(try holes.as([Int: Int].self), [1: 1, 3: 3])
  },
  area("keys, values, entries and iteration show each entry once") { lua in
    let t: LuaTable = try lua.eval(
      "(function() local t = {} for i = 1, 500 do t[i] = -i t['k' .. i] = {i} end return t end)()")
    try expectEqual(t.keys.count, 1_000)
    try expectEqual(Set(t.keys).count, 1_000)
    try expectEqual(t.values.count, 1_000)
    var sum = 0
    for (key, value) in t {
      switch (key, value) {
      case (.integer(let key), .integer(let value)):
        try expectEqual(value, -key)
        sum += key
      case (.string(let key), .table(let value)):
        try expectEqual(key, LuaString("k\(try value[1] as Int)"))
        sum += try value[1] as Int
      default: try expect(false, "\(key) = \(value)")
      }
    }
    try expectEqual(sum, 2 * 125_250)
    try expectEqual(zip(t.keys, t.values).map { "\($0)" }.count, 1_000)
  },
  area("a table may change while it is iterated") { lua in
    let t: LuaTable = try lua.eval("{a = 1, b = 2, c = 3, 4, 5, 6}")
    var seen = 0
    for (key, _) in t {
      try t.set(key, to: LuaValue.nil)
      for i in 0..<200 { try t.set("new\(seen) \(i)", to: i) }
      if seen % 2 == 0 { try lua.collectGarbage() }
      seen += 1
    }
    try expectEqual(seen, 6)
    for _ in t { try t.removeAll() }
    try expect(t.isEmpty)
  },
  area("large arrays and dictionaries go through") { lua in
    let integers = Array(0..<100_000)
    try expect(try lua.table(from: integers).as([Int].self) == integers)
    let doubles = integers.map { Double($0) / 2 }
    try expect(try lua.table(from: doubles).as([Double].self) == doubles)
    let texts = integers.prefix(20_000).map { "text \($0)" }
    try expect(try lua.table(from: texts).as([String].self) == texts)
    let map = Dictionary(uniqueKeysWithValues: texts.map { ($0, $0.count) })
    try expect(try lua.table(from: map).as([String: Int].self) == map)
    try expectEqual(try lua.eval("(...)[100000]", integers) as Int, 99_999)
  },
  area("values given to a table of type Any that Lua cannot hold throw") { lua in
    struct Unknown {}
    let error = try expectLuaError(.conversion) { _ = try lua.table(from: [1, Unknown()] as [Any]) }
    try expectContains(error.message, "Unknown")
    try expectLuaError(.conversion) { _ = try lua.table(fields: ["a": Unknown()]) }
    try expectLuaError(.conversion) { _ = try lua.table(from: ["a": Unknown()]) }
    try expectLuaError(.conversion) { _ = try lua.table(1, Unknown()) }
  },
]
